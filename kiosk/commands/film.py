"""The flight recorder: a stored visit drawn again as the shopper saw it, as PNG files or one MP4, without a camera."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from msgspec import Struct
from PIL import Image

from kiosk.checkout.session import Policy, Session
from kiosk.journal import Journal
from kiosk.journal.film import FilmError, Scene, visit
from kiosk.journal.told import said
from kiosk.text import Words
from kiosk.units import Millis
from kiosk.version import VERSION
from screens.film import Caption, picture
from screens.screen import Screen
from screens.theme import Panel
from screens.view import view
from screens.widgets import Page

WordsFor = Callable[[str], Words]

FPS = 5
LONGEST, SHORTEST, AT_END = 5.0, 0.6, 3.0
"""Seconds that one picture of an MP4 stays: a wait is cut short, and the strip below says the time that it was."""
PASSED = frozenset({"finder"})
"""Panels whose pages cannot be drawn again: what they had found was not kept."""


class Shot(Struct, frozen=True):
    """One page, when it was on the glass (UTC ms), and what to write below it."""

    at: Millis
    name: str
    page: Page
    caption: Caption


def shoot(journal: Journal, wanted: str, out: Path, panel: Panel, brand: str) -> int:
    """Make the film of a visit (empty: the last one) into a folder or an .mp4 file; how many pictures it has.

    Raises FilmError.
    """
    shots = list(shots_of(visit(journal, wanted)))
    screen = Screen(panel, brand, reduced=True)
    drawn = (drawing(screen, shot, shots[0].at) for shot in shots)
    if out.suffix == ".mp4":
        write_mp4(out, shots, drawn)
        return len(shots)
    out.mkdir(parents=True, exist_ok=True)
    for number, (shot, image) in enumerate(zip(shots, drawn, strict=True), 1):
        image.save(out / f"{number:04}-{shot.name}.png")
    return len(shots)


def drawing(screen: Screen, shot: Shot, start: Millis) -> Image.Image:
    """A shot's picture, as much later than `start` on the screen's clock as it was in the shop: time bars have run."""
    screen.show(shot.page, shot.at - start)
    screen.settle(shot.at - start)
    return picture(screen.rgb(), screen.panel.px, shot.caption)


def shots_of(scenes: list[Scene]) -> Iterator[Shot]:
    """A shot after each turn, and one before it where something had passed that can be drawn."""
    words_for = words_of(scenes[-1].after.kept.policy)
    warning = other_version(scenes)
    shown: Page | None = None
    for scene in scenes:
        policy = scene.after.kept.policy
        passed = "; ".join(f"{name.replace('_', ' ')} {clock(at, policy)}" for at, name in scene.opened)
        passed = f"opened before it: {passed}" if passed else ""
        if shown is not None and (page := earlier(scene.before, words_for, scene.at)) not in (None, shown):
            assert page is not None
            when = f"before {clock(scene.at, policy)}"
            yield Shot(scene.at, "before", page, Caption(when, "What was on the glass", passed, warning))
            passed = ""
        shown = view(scene.after, words_for, scene.at)
        what = said(scene.facts, words_for("en"))
        caption = Caption(clock(scene.at, policy), what, passed, warning)
        yield Shot(scene.at, type(scene.facts[0]).__name__, shown, caption)


def earlier(session: Session, words_for: WordsFor, now: Millis) -> Page | None:
    """The page just before a turn, None where only its name is known."""
    panel = session.passing.panel
    return None if panel is not None and panel.name in PASSED else view(session, words_for, now)


def words_of(policy: Policy) -> WordsFor:
    """The words of each language, with the shop's currency."""
    return lru_cache(lambda language: Words(language, policy.currency, policy.exponent))


def other_version(scenes: list[Scene]) -> str:
    """What every picture says where this is not the software that the shopper saw; empty where it is."""
    made = sorted({scene.version for scene in scenes})
    if made == [VERSION]:
        return ""
    if "" in made:
        return f"Drawn by {VERSION}; the journal does not say which version made the sale."
    return f"Drawn by {VERSION}; the sale was made with {' and '.join(made)}."


def clock(at: Millis, policy: Policy) -> str:
    """Date and time of day at the shop, to the millisecond."""
    local = datetime.fromtimestamp(at / 1000, UTC) + timedelta(minutes=policy.utc_offset_minutes)
    return local.strftime("%Y-%m-%d %H:%M:%S.") + f"{at % 1000:03}"


def write_mp4(out: Path, shots: list[Shot], drawn: Iterator[Image.Image]) -> None:
    import cv2
    import numpy

    out.parent.mkdir(parents=True, exist_ok=True)
    writer = None
    try:
        for number, image in enumerate(drawn):
            if writer is None:
                code = cv2.VideoWriter.fourcc(*"mp4v")
                writer = cv2.VideoWriter(str(out), code, FPS, image.size)
                if not writer.isOpened():
                    raise FilmError("OpenCV writes no MP4 here (mp4v): name a folder, for pictures")
            frame = numpy.ascontiguousarray(numpy.asarray(image)[:, :, ::-1])
            for _ in range(round(stays(shots, number) * FPS)):
                writer.write(frame)
    finally:
        if writer is not None:
            writer.release()


def stays(shots: list[Shot], number: int) -> float:
    """Seconds of the film that a shot is seen."""
    if number + 1 == len(shots):
        return AT_END
    return min(LONGEST, max(SHORTEST, (shots[number + 1].at - shots[number].at) / 1000))
