"""Draw the sample pages and lay them beside the pictures of the look: python tests/screens/compare.py OUT
[name...]

For each it prints the mean difference of a colour channel (0 to 255), as it is and after a blur of 6 px,
and writes OUT/<name>.png: look, ours, and what differs. Pictures that are not there are skipped.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PIL import Image, ImageChops, ImageFilter, ImageStat

from screens.screen import Screen
from screens.theme import Panel
from tests.screens.gallery import ONLY, PASSED_MS, SAMPLES, VARIANTS

LOOK = Path(__file__).resolve().parents[4] / "shared" / "look"
PANELS = {"portrait": Panel((1080, 1920), (194, 344)), "landscape": Panel((1920, 1080), (344, 194))}


def drawn(name: str, orientation: str, file: Path) -> Image.Image:
    screen = Screen(PANELS[orientation])
    screen.show((SAMPLES | VARIANTS)[name](orientation == "portrait"), 0)
    if name == "14-pin":
        for digit in "123":
            screen.press(digit)
    if name == "25-basket-keypad-focus":
        screen.focus("quantity")
    screen.settle(PASSED_MS.get(name, 0))
    screen.png(file)
    return Image.open(file).convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def main(out: Path, wanted: list[str]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name in SAMPLES | VARIANTS:
        for orientation in [ONLY[name]] if name in ONLY else PANELS:
            full = f"{name}-{orientation}"
            if wanted and not any(part in full for part in wanted):
                continue
            ours = drawn(name, orientation, out / f"{full}-ours.png")
            if not (LOOK / f"{full}.png").exists():
                print(f"{full}: no picture, skipped")
                continue
            look = Image.open(LOOK / f"{full}.png").convert("RGB")
            soft = [image.filter(ImageFilter.BoxBlur(6)) for image in (look, ours)]
            print(f"{full:34} sharp {difference(look, ours):6.2f}   blurred {difference(*soft):6.2f}")
            width, height = look.size
            sheet = Image.new("RGB", (3 * width, height))
            for at, image in enumerate((look, ours, ImageChops.difference(look, ours))):
                sheet.paste(image, (at * width, 0))
            sheet.save(out / f"{full}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
