"""Lay states of the shop beside the pictures of the look: python -m tests.screens.compare OUT [name...]

For each it prints the mean difference of a colour channel (0 to 255), as it is and after a blur of 6 px, and writes
OUT/<name>.png: look, ours, and what differs. The look's basket is not quite ours, so a difference is something to look
at, no failure. Pictures that are not there are skipped.
"""

import sys
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

from tests.conftest import ROOT
from tests.screens.matrix import Shown
from tests.screens.pictures import difference, image

LOOK = ROOT.parent / "shared" / "look"
PICTURES = {
    "01-start": Shown("start-ten-languages"),
    "02-empty": Shown("empty"),
    "03-basket": Shown("basket"),
    "04-finder": Shown("finder-typed"),
    "05-weigh": Shown("weigh-stable"),
    "06-self-fix": Shown("bag-heavier"),
    "07-help-and-age": Shown("age"),
    "08-remove-undo": Shown("removed"),
    "09-payment": Shown("pay-present"),
    "10-payment-checking": Shown("pay-checking"),
    "11-receipt": Shown("receipt"),
    "12-thanks": Shown("thanks-phone"),
    "13-attendant": Shown("staff-weight"),
    "14-pin": Shown("pin"),
    "15-service": Shown("service"),
    "16-out-of-service": Shown("closed"),
    "17-limits": Shown("start-no-printer"),
    "18-more-time": Shown("more-time"),
    "20-basket-dark-french": Shown("basket", "fr", theme="dark"),
    "21-basket-contrast-large-german": Shown("basket", "de", "large", "contrast"),
    "22-basket-low-reach": Shown("basket", look="low"),
    "22-finder-low-reach": Shown("finder-typed", look="low"),
}
"""What we show where the look has a picture."""


def main(out: Path, wanted: list[str]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, shown in PICTURES.items():
        for panel in ("portrait", "landscape"):
            full = f"{name}-{panel}"
            if wanted and not any(part in full for part in wanted):
                continue
            if not (LOOK / f"{full}.png").exists():
                print(f"{full}: no picture, skipped")
                continue
            look = Image.open(LOOK / f"{full}.png").convert("RGB")
            ours = image(Shown(shown.state, shown.language, shown.look, shown.theme, panel))
            soft = [each.filter(ImageFilter.BoxBlur(6)) for each in (look, ours)]
            print(f"{full:44} sharp {difference(look, ours):6.2f}   blurred {difference(*soft):6.2f}")
            width, height = look.size
            sheet = Image.new("RGB", (3 * width, height))
            for at, each in enumerate((look, ours, ImageChops.difference(look, ours))):
                sheet.paste(each, (at * width, 0))
            sheet.save(out / f"{full}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
