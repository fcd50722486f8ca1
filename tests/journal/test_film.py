"""A stored visit becomes the screens that the shopper saw: pixel by pixel, in order, and honest about what it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from kiosk.barcode import Product
from kiosk.checkout.events import (
    AddWeighed,
    PinAccepted,
    ReceiptChosen,
    RefundAllChosen,
    RefundBegun,
    RefundConfirmed,
    SaleCancelled,
    SaleFound,
    Scanned,
    Started,
)
from kiosk.checkout.passed import Closed, Opened, ScaleRead
from kiosk.checkout.session import Finishing, LiveWeight, Panel, Reading
from kiosk.commands import film
from kiosk.commands import journal as command
from kiosk.journal.film import FilmError, visit
from kiosk.text import Words
from kiosk.units import Grams
from kiosk.version import VERSION
from screens import film as pictures
from screens.reading import script
from screens.screen import Screen
from tests.journal.recorder import PANES, Recorded
from tests.screens.sessions import LOAF, MILK, POLICY, TOMATOES


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Recorded]:
    made = Recorded(tmp_path)
    yield made
    made.journal.close()


def drawn(recorded: Recorded, wanted: str = "") -> list[tuple[film.Shot, bytes]]:
    """The film's shots, with the panel's part of each picture."""
    out = []
    screen = Screen(PANES, reduced=True)
    shots = list(film.shots_of(visit(recorded.journal, wanted)))
    for shot in shots:
        image, band = film.drawing(screen, shot, shots[0].at), pictures.top(shot.caption)
        out.append((shot, image.crop((0, band, PANES.px[0], band + PANES.px[1])).tobytes()))
    return out


def test_each_picture_is_what_was_on_the_glass(recorded: Recorded) -> None:
    recorded.sale()
    scenes = visit(recorded.journal)
    after = [rgb for shot, rgb in drawn(recorded) if shot.name != "before"]
    live = [recorded.seen[scene.seq] for scene in scenes]
    assert len(after) == len(live) > 12
    assert [scene.seq for scene, one, two in zip(scenes, after, live, strict=True) if one != two] == []


def test_what_passed_is_drawn_before_the_fact_or_named(recorded: Recorded) -> None:
    recorded.hear(Started(), Scanned(Product(MILK.gtin)), Opened(Panel("finder")), Closed())
    recorded.hear(Opened(Panel("weigh", item=TOMATOES)), ScaleRead("produce", LiveWeight(Reading.ZERO)))
    recorded.hear(
        ScaleRead("produce", LiveWeight(Reading.WEIGHT, Grams(655))),
        AddWeighed(TOMATOES, Grams(645), Grams(10)),
    )
    shots = list(film.shots_of(visit(recorded.journal)))
    (before,) = [shot for shot in shots if shot.page.name == "weigh"]
    assert before.name == "before" and any("0.645" in text for text in script(Words("en"), before.page))
    assert "finder 20" in before.caption.passed and "weigh 20" in before.caption.passed
    assert [shot.at for shot in shots] == sorted(shot.at for shot in shots)


@pytest.mark.parametrize("version", ["1.2.3", ""])
def test_another_version_says_so_on_every_picture(version: str, tmp_path: Path) -> None:
    recorded = Recorded(tmp_path, version)
    recorded.sale()
    said = {shot.caption.warning for shot, _ in drawn(recorded)}
    told = (
        "the sale was made with 1.2.3."
        if version
        else "the journal does not say which version made the sale."
    )
    assert said == {f"Drawn by {VERSION}; {told}"}
    shot = next(film.shots_of(visit(recorded.journal)))
    image = film.drawing(Screen(PANES), shot, shot.at)
    assert image.size == (540, 960 + pictures.STRIP + pictures.top(shot.caption)) and pictures.top(
        shot.caption
    )
    assert image.getpixel((2, 2)) == (255, 227, 90), "a band above the panel"
    recorded.journal.close()


def test_the_same_version_has_no_band(recorded: Recorded) -> None:
    recorded.sale()
    assert {shot.caption.warning for shot, _ in drawn(recorded)} == {""}


def test_sales_are_found_by_id_and_receipt_number_though_newer_ones_and_starts_follow(
    recorded: Recorded,
) -> None:
    for _ in range(3):
        recorded.sale()
    recorded.begin()
    closed = list(recorded.journal.sales())
    for number, sale in enumerate(closed, 1):
        for wanted in (sale.id, f"0187-4-{number:06}", str(number)):
            scenes = visit(recorded.journal, wanted)
            ending = [s.after.kept.phase.closed for s in scenes if isinstance(s.after.kept.phase, Finishing)]
            assert ending[0] == sale, "as it is in the ledger"
    assert visit(recorded.journal)[0].at == closed[-1].started


def test_an_open_sale_goes_on_over_a_restart(recorded: Recorded) -> None:
    recorded.sale()
    recorded.hear(Started(), Scanned(Product(MILK.gtin)))
    recorded.begin()
    recorded.hear(Scanned(Product(LOAF.gtin)))
    names = [type(scene.facts[0]).__name__ for scene in visit(recorded.journal)]
    assert names[0] == "Started" and "Restarted" in names and names[-1] == "Scanned"
    live = [rgb for shot, rgb in drawn(recorded) if shot.name == "Scanned"]
    assert live[-1] == recorded.seen[max(recorded.seen)]


def test_an_abandoned_basket_and_a_refund_have_films_too(recorded: Recorded) -> None:
    recorded.sale()
    (sold,) = recorded.journal.sales()
    recorded.hear(Started(), Scanned(Product(MILK.gtin)), PinAccepted("17", "Sam"), SaleCancelled())
    recorded.hear(
        PinAccepted("17", "Sam"), RefundBegun(), SaleFound(sold), RefundAllChosen(), RefundConfirmed("return")
    )
    assert type(visit(recorded.journal)[0].facts[0]).__name__ == "RefundBegun"
    cancelled = f"{POLICY.journal}-2"
    assert type(visit(recorded.journal, cancelled)[-1].facts[0]).__name__ == "SaleCancelled"


def test_a_sale_that_is_not_here_is_answered_with_those_that_are(recorded: Recorded) -> None:
    with pytest.raises(FilmError, match="no sale; none is here"):
        visit(recorded.journal)
    recorded.sale()
    with pytest.raises(FilmError, match="no sale 99; here are j0-1"):
        visit(recorded.journal, "99")


def test_the_command_writes_pictures_and_a_film(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recorded = Recorded(tmp_path)
    recorded.sale()
    recorded.journal.close()
    (tmp_path / "copy.db").write_bytes((tmp_path / "journal.db").read_bytes())
    file = str(tmp_path / "copy.db")
    assert command.main(["replay", file, "--film", "--out", str(tmp_path / "film")]) == 0
    names = sorted(path.name for path in (tmp_path / "film").iterdir())
    assert names[0] == "0001-Started.png" and names[-1].endswith("-FinishPressed.png")
    with Image.open(tmp_path / "film" / names[0]) as image:
        assert image.size == (1080, 1920 + pictures.STRIP)
    assert command.main(["replay", file, "--film", "1", "--out", str(tmp_path / "one.mp4")]) == 0
    import cv2

    film = cv2.VideoCapture(str(tmp_path / "one.mp4"))
    assert film.get(cv2.CAP_PROP_FRAME_COUNT) > len(names)
    assert film.read()[0]
    assert command.main(["replay", file, "--film"]) == 2
    assert command.main(["replay", file, "--film", "77", "--out", str(tmp_path / "x")]) == 2
    assert "no sale 77; here are" in capsys.readouterr().err


def test_before_the_purge_limit_there_is_a_film_and_after_it_there_is_none(recorded: Recorded) -> None:
    recorded.sale()
    recorded.time += 40 * 86_400_000
    recorded.sale()
    first, last = recorded.journal.sales()
    with pytest.raises(
        FilmError, match=f"sale {first.id} is in the ledger, but its turns are no longer kept"
    ):
        visit(recorded.journal, first.id)
    assert visit(recorded.journal, last.id)[0].at == last.started
    ending = visit(recorded.journal, last.id)[-2].after.kept.phase
    assert isinstance(ending, Finishing) and ending.closed == last
    notes, first_turn = recorded.journal.glimpses(0, 9_999), recorded.journal.span()[0]
    assert [seq for seq in notes if seq < first_turn] == [first_turn - 1]
    pictures_of_last = [rgb for shot, rgb in drawn(recorded, last.id) if shot.name == "ReceiptChosen"]
    (turn,) = [s.seq for s in visit(recorded.journal, last.id) if isinstance(s.facts[0], ReceiptChosen)]
    assert pictures_of_last == [recorded.seen[turn]], "the devices that were there then, too"
