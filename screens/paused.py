"""While the disk takes nothing: what cannot be written down cannot be pressed, and a colleague is on her way."""

from msgspec.structs import replace

from kiosk.checkout.events import Fact
from kiosk.checkout.passed import Opened
from kiosk.checkout.session import Finishing, Paying, Refunding
from screens.lane import Lane
from screens.widgets import Block, Headline, Key, Page, Slip, SlipLine, Strip

READABLE = frozenset({"help", "access", "limits"})
"""Panels that need nothing written."""


def paused(lane: Lane, page: Page) -> Page:
    """The page with every key off that only the disk could make true, and with the reason on its slip."""
    why = lane.words("Nothing can be saved here just now. A colleague comes.")
    blocks: tuple[Block, ...] = tuple(
        untouched(block, why) if isinstance(block, Slip) else block for block in page.blocks
    )
    return replace(
        page,
        blocks=printed(lane, blocks),
        tools=tuple(off(key, why) for key in page.tools),
        letters=tuple(tuple(off(key, why) for key in row) for row in page.letters),
        go=off(page.go, why) if page.go else None,
        foot=tuple(off(key, why) for key in page.foot),
    )


def off(key: Key, why: str) -> Key:
    sends = key.sends
    locked = isinstance(sends, Opened) and sends.panel.name not in READABLE
    if key.off or not (isinstance(sends, Fact) or locked):
        return key
    return replace(key, sends=None, off=True, why=why)


def untouched(slip: Slip, why: str) -> Slip:
    """The same paper, whose lines and strips wait for no finger."""
    strips = tuple(replace(each, keys=tuple(off(key, why) for key in each.keys)) for each in slip.strips)
    headline = slip.headline
    if isinstance(headline, Headline):
        headline = replace(headline, line=still(headline.line))
    return replace(slip, lines=tuple(still(line) for line in slip.lines), headline=headline, strips=strips)


def still(line: SlipLine) -> SlipLine:
    return replace(line, touch=None)


def printed(lane: Lane, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Said where the basket's pages do not say it already."""
    slips = [block for block in blocks if isinstance(block, Slip)]
    if any(strip.id == "limit-storage" for slip in slips for strip in slip.strips):
        return blocks
    strip = reason(lane)
    if not slips:
        return (*blocks, Slip(strips=(strip,), id="paused"))
    last = slips[-1]
    return tuple(replace(each, strips=(*each.strips, strip)) if each is last else each for each in blocks)


def reason(lane: Lane) -> Strip:
    """What it means at this moment, to whoever stands here."""
    words = lane.words
    match lane.session.kept.phase:
        case Finishing():
            title, text = words("It is paid"), words("Take your receipt with your phone, and just go.")
        case Paying(attempt=attempt) if attempt is not None:
            title, text = words("A colleague is coming"), words("Please do not pay again.")
        case Refunding():
            title, text = (
                words("Nothing can be saved"),
                words("The disk is full or away. What is chosen stays."),
            )
        case _:
            title, text = words("A colleague is coming"), words("Your basket is kept.")
    return Strip("limit-storage", "pause", title, text)
