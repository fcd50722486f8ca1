"""A serial is sold once, whatever happens to the kiosk, and again when it was given back; a recalled pack never."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec

from kiosk.barcode import Pack
from kiosk.catalogue import Intake
from kiosk.checkout.events import Picked
from kiosk.checkout.model import Why
from kiosk.checkout.records import ClosedSale, Refund, Technical
from kiosk.checkout.session import Idle, Refunding, Session, Shopping
from kiosk.units import ItemId
from kiosk.wire import CatalogueChanged, CataloguePage, Recall, Terms
from tests.journeys.rig import PIN, STAMPS, Journey, stock
from tests.lane import MILK

ONE = Pack(batch="A7", serial="S1")


def read(journey: Journey, batch: str = "A7", serial: str = "S1") -> None:
    """A stamp's DataMatrix under the scanner."""
    more = f"10{batch}" + (f"\x1d21{serial}" if serial else "")
    journey.lane.scanner.scan(f"01{STAMPS.gtin:014}{more}", "]d2")


def holds(lines: int) -> Callable[[Session], bool]:
    def held(session: Session) -> bool:
        phase = session.kept.phase
        return isinstance(phase, Shopping) and len(phase.sale.lines) == lines

    return held


def bought(journey: Journey) -> None:
    read(journey)
    journey.until(holds(1), "the pack")
    journey.finish()


def test_sold_once_and_again_after_it_came_back(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        bought(journey)
        journey.stop()
        journey.start()
        journey.devices_ready()
        read(journey)
        journey.until_asked(Why.ITEM_SOLD_BEFORE)
        assert journey.says("A colleague looks at this one: Stamps")
        journey.staff("17", PIN)
        assert journey.says("Its serial was sold before. Sell it?")
        journey.press("cancel_sale")
        journey.press("reason-changed_mind")
        journey.until_phase(Idle)
        given_back(journey)
        bought(journey)
        assert [line.pack for sale in journey.recorded(ClosedSale) for line in sale.lines] == [ONE, ONE]


def given_back(journey: Journey) -> None:
    journey.staff("17", PIN)
    journey.press("refund")
    journey.until_phase(Refunding)
    journey.lane.scanner.scan("0187-4-000001", "]C0")
    journey.until(lambda s: isinstance(s.kept.phase, Refunding) and s.kept.phase.sale is not None, "the sale")
    journey.press("whole")
    journey.press("reason-return")
    journey.until(
        lambda s: isinstance(s.kept.phase, Refunding) and s.kept.phase.done is not None, "the refund"
    )
    journey.press("end")
    journey.until_phase(Idle)
    assert len(journey.recorded(Refund)) == 1


def test_a_pack_on_the_recall_list_is_not_sold_and_the_books_name_it(tmp_path: Path) -> None:
    assert STAMPS.gtin is not None and MILK.gtin is not None
    stock(tmp_path / "catalogue.db", (STAMPS.gtin, "A7", ""), (MILK.gtin, "", ""))
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        read(journey)
        journey.until_asked(Why.ITEM_RECALLED)
        assert journey.says("This one is not for sale today: Stamps")
        read(journey, "A8", "")
        journey.until(holds(1), "the other batch")
        journey.kiosk.loop.inbox.put(Picked(MILK.id))
        journey.until_says("This one is not for sale today: Whole milk 1 L")
        journey.finish()
        stamps, milk = (one.fields for one in journey.recorded(Technical) if one.name == "not_sold")
        assert stamps == {
            "code": "item.recalled",
            "gtin": f"{STAMPS.gtin:014}",
            "batch": "A7",
            "serial": "S1",
        }
        assert milk == {"code": "item.recalled", "gtin": f"{MILK.gtin:014}"}
        assert [line.item for sale in journey.recorded(ClosedSale) for line in sale.lines] == [STAMPS]


def test_a_recall_that_the_link_brings_takes_a_pack_out_of_an_open_basket(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        read(journey)
        read(journey, "A8", "")
        journey.until(holds(2), "both packs")
        assert STAMPS.gtin is not None
        terms = Terms(recalls=(Recall(STAMPS.gtin, "A7"),))
        page = CataloguePage("tests", 1, 2, 2, ItemId(99), (), last=True, terms=terms)
        with closing(Intake(tmp_path / "catalogue.db")) as intake:
            assert intake.take(msgspec.json.encode(page))
        journey.kiosk.loop.inbox.put(CatalogueChanged(2))
        journey.until(holds(1), "one pack less")
        journey.until_asked(Why.ITEM_RECALLED)
        journey.finish()
        assert [line.pack for sale in journey.recorded(ClosedSale) for line in sale.lines] == [
            Pack(batch="A8")
        ]
