"""Draw every state of the screens in a language, and name what does not fit:

python -m tests.screens.look OUT --language ar [--panel portrait] [--large] [--only basket] [--no-pictures]
"""

import argparse
import os
from functools import lru_cache
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

from msgspec.structs import replace

from kiosk.text import Words
from screens.layout import lay_out
from screens.lint import findings
from screens.screen import Screen
from screens.text import Type
from screens.theme import Panel, theme
from screens.view import view
from screens.widgets import Page
from tests.screens.states import BUILD, session

PANELS = {
    "portrait": Panel((1080, 1920), (194, 344)),
    "landscape": Panel((1920, 1080), (344, 194)),
    "1366": Panel((1366, 768), (344, 194)),
    "1024": Panel((1024, 768), (304, 228)),
}


def page(name: str, language: str, large: bool = False) -> Page:
    here, now = session(name, language)
    return view(replace(here, passing=replace(here.passing, large=large)), lru_cache(Words), now)


def main() -> None:
    parser = argparse.ArgumentParser(prog="look", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--language", default="en")
    parser.add_argument("--panel", nargs="*", choices=[*PANELS], default=[*PANELS])
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--no-pictures", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    letters = Type()
    for size in options.panel:
        panel, found = PANELS[size], 0
        screen = None if options.no_pictures else Screen(panel, reduced=True)
        for name in BUILD:
            if options.only not in name:
                continue
            shown = page(name, options.language, options.large)
            frame = lay_out(shown, panel, theme(shown.theme, shown.large), letters.measure)
            wrong = findings(frame, panel)
            found += len(wrong)
            for finding in wrong:
                print(f"{size} {name}: {finding}")
            if screen:
                screen.show(shown, 0)
                screen.settle(0)
                screen.png(options.out / f"{name}-{options.language}-{size}.png")
        print(f"{size}: {found} findings in {options.language}")


if __name__ == "__main__":
    main()
