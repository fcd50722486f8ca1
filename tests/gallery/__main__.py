"""python -m tests.gallery [--all] [--languages en fr] [--themes …] [--looks …] [--panels …] [--states basket …]

Draws every state of the shop and writes out/gallery/index.html: by language, theme, look and panel, grouped by phase;
and for every picture golden that differs from what is drawn now, before, after and difference side by side.
Without options: all states in every language upright and in landscape, the themes and looks in English.
"""

import argparse
import json
import os
import shutil
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

from kiosk.checkout.session import Finishing, Handover, Idle, OutOfService, Paying, Refunding
from kiosk.text import languages
from tests.gallery.draw import differing, draw
from tests.screens import pictures
from tests.screens.matrix import BUILD, LOOKS, PANELS, THEMES, looks, page, seen, words_for

OUT = Path("out/gallery")
PROCESSES = 2
GROUPS = {
    Idle: "Before the first product",
    Paying: "Paying",
    Finishing: "Receipt and goodbye",
    Handover: "Paying at a staffed till",
    Refunding: "Money back",
    OutOfService: "Taking a break",
}
STAFF = {"staff": "Colleagues", "service": "Technicians"}


class Wanted(argparse.Namespace):
    all: bool
    languages: list[str]
    themes: list[str]
    looks: list[str]
    panels: list[str]
    states: list[str]
    out: Path


def main() -> None:
    wanted = asked()
    began = time.monotonic()
    shutil.rmtree(wanted.out, ignore_errors=True)
    wanted.out.mkdir(parents=True)
    states = [name for name in BUILD if not wanted.states or any(part in name for part in wanted.states)]
    sets = list(chosen(wanted))
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        count = sum(pool.map(draw, [(one, states, wanted.out) for one in sets]))
        changed = [name for name in pool.map(differing, [(name, wanted.out) for name in states]) if name]
    data = {
        "states": [{"name": name, "group": group(name), "looks": looks(name)} for name in states],
        "sets": ["-".join(one) for one in sets],
        "languages": {code: words_for(code).name for code in sorted({one[0] for one in sets})},
        "rtl": [code for code in languages() if words_for(code).rtl],
        "themes": [each for each in THEMES if any(one[1] == each for one in sets)],
        "looks": [each for each in LOOKS if any(one[2] == each for one in sets)],
        "panels": {name: PANELS[name].px for name in PANELS if any(one[3] == name for one in sets)},
        "changed": [[name, str(pictures.chosen(name))] for name in changed],
    }
    text = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
    file = wanted.out / "index.html"
    file.write_text(text.replace("/*DATA*/null", json.dumps(data, ensure_ascii=False)), encoding="utf-8")
    took = time.monotonic() - began
    print(f"{file}: {count} pictures of {len(states)} states in {took:.0f} s, {len(changed)} goldens differ")


def asked() -> Wanted:
    parser = argparse.ArgumentParser(prog="python -m tests.gallery")
    parser.add_argument("--all", action="store_true", help="everything: some 25,000 pictures, half an hour")
    parser.add_argument("--languages", nargs="+", default=[], choices=languages())
    parser.add_argument("--themes", nargs="+", default=[], choices=THEMES)
    parser.add_argument("--looks", nargs="+", default=[], choices=LOOKS)
    parser.add_argument("--panels", nargs="+", default=[], choices=PANELS)
    parser.add_argument("--states", nargs="+", default=[], help="parts of their names")
    parser.add_argument("--out", type=Path, default=OUT)
    return parser.parse_args(namespace=Wanted())


Set = tuple[str, str, str, str]


def chosen(wanted: Wanted) -> Iterable[Set]:
    """The sets to draw, each a language, a theme, a look and a panel."""
    for language, theme, look, panel in product(languages(), THEMES, LOOKS, PANELS):
        asked_for = (
            (wanted.languages, language),
            (wanted.themes, theme),
            (wanted.looks, look),
            (wanted.panels, panel),
        )
        if any(names and name not in names for names, name in asked_for):
            continue
        given = any(names for names, _ in asked_for)
        small = panel in ("wide", "square")
        odd = (language != "en") + (theme != "light") + (look != "normal") + 2 * small
        if wanted.all or given or odd <= 1 or (small and odd == 2):
            yield language, theme, look, panel


def group(state: str) -> str:
    """Under which heading a state stands."""
    tone = page(state).head.tone
    return STAFF.get(tone) or GROUPS.get(type(seen(state, "en")[0].kept.phase), "Shopping")


if __name__ == "__main__":
    main()
