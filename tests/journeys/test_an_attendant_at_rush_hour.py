"""Everything at once at one lane: the gravest first, each act with a reason and its names, and nobody is stuck."""

from pathlib import Path
from typing import TypeVar

from kiosk.checkout.events import LineVoided, PinAccepted
from kiosk.checkout.model import Why
from kiosk.checkout.records import ClosedSale, Technical
from kiosk.checkout.session import Idle, Shopping
from kiosk.commands.script import shopping
from tests.journeys.rig import OTHER_PIN, PIN, STAMPS, Journey
from tests.lane import EGGS, MILK, TIN, WINE

T = TypeVar("T")


def told(journey: Journey, name: str) -> list[dict[str, str | int]]:
    return [each.fields for each in journey.recorded(Technical) if each.name == name]


def answer(journey: Journey, key: str) -> None:
    """One PIN, one action."""
    journey.staff("17", PIN)
    journey.press(key)
    journey.until(lambda s: s.kept.staff is None, "one action")


def facts(journey: Journey, kind: type[T]) -> list[T]:
    """The journal's events of that kind."""
    return [fact for turn in journey.kiosk.journal.turns() for fact in turn.facts if isinstance(fact, kind)]


def test_a_tin_and_a_wine_and_a_strange_code_at_once(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.buy(MILK)
        journey.put(-100)
        journey.put(570)  # a tin that nobody has scanned
        journey.until_asked(Why.WEIGHT_UNEXPECTED)
        journey.press("colleague")
        journey.scan(WINE)
        journey.lane.scanner.scan("4006381333931")
        journey.until_asked(Why.WEIGHT_UNEXPECTED, Why.AGE_RESTRICTED, Why.ITEM_NOT_FOUND)
        journey.scan(EGGS)  # nothing of it stops scanning
        journey.until_says("Pay opens after")
        answer(journey, "ask-age.restricted-2-yes")
        answer(journey, f"ask-weight.unexpected-{line(journey, Why.WEIGHT_UNEXPECTED)}-yes")
        answer(journey, "ask-item.not_found-0-yes")
        journey.bag(WINE)
        journey.bag(EGGS)
        journey.finish()
        (sale,) = journey.recorded(ClosedSale)
        done = {each.intervention.why: each for each in sale.settled}
        assert {each.by for each in done.values()} == {"17"} and len(done) == 3
        assert all(
            each.intervention.raised <= (each.intervention.seen or 0) <= each.at for each in done.values()
        )


def line(journey: Journey, why: Why) -> int:
    phase = journey.session.kept.phase
    assert isinstance(phase, Shopping)
    return next((asked.line or 0 for asked in phase.sale.open if asked.why is why), 0)


def test_two_colleagues_for_a_dear_price(tmp_path: Path) -> None:
    with Journey(tmp_path, rules="override_limit = 50") as journey:
        journey.devices_ready()
        journey.scan(STAMPS)
        journey.press("quantity")
        journey.press("dispute")
        journey.until_asked(Why.PRICE_DISPUTE)
        journey.staff("17", PIN)
        journey.press("ask-price.dispute-1-yes")
        journey.press("type-5")
        journey.press("reason-shelf_price")
        journey.until(lambda s: s.kept.countersign is not None, "a second colleague to be asked for")
        journey.until_says("A second colleague, please")
        journey.badge("17")
        journey.type(PIN)
        journey.press("ok")
        journey.until_says("Another colleague than Sam, please.")
        journey.badge("23")
        journey.type(OTHER_PIN)
        journey.press("ok")
        journey.until(shopping(lambda sale: sale.priced.total == 5), "the new price")
        assert journey.session.kept.staff is None
        journey.finish()
        (fields,) = told(journey, "price_override")
        assert (fields["asked"], fields["by"], fields["reason"]) == ("17", "23", "shelf_price")
        assert (fields["was"], fields["price"]) == (119, 5) and journey.sold == [5]


def test_a_rescan_finds_one_too_few(tmp_path: Path) -> None:
    rules = "audit = true\naudit_least = 1000000\naudit_most = 1000000\naudit_items = 1"
    with Journey(tmp_path, rules=rules) as journey:
        journey.devices_ready()
        journey.buy(MILK)
        journey.scan(STAMPS)
        journey.scan(STAMPS)
        journey.press("pay")
        journey.until_asked(Why.AUDIT_RANDOM)
        journey.until_says("Today we check a few baskets")
        answer(journey, "ask-audit.random-0-yes")
        journey.until_page("rescan")
        for count in (1, 2, 3):
            journey.lane.scanner.scan(f"{STAMPS.gtin:013d}")
            journey.until(
                shopping(lambda sale, n=count: sale.audit is not None and sale.audit.counts[0][1] == n),
                f"{count}",
            )
        journey.until_says("3 scanned, 2 in the basket")
        journey.press("solve-2")
        journey.until_says("All is right")
        journey.press("end_audit")
        journey.finish()
        assert journey.sold == [125 + 3 * 119]
        (fields,) = told(journey, "audit")
        assert (fields["code"], fields["hits"], fields["value"], fields["by"]) == (
            "audit.random",
            1,
            119,
            "17",
        )


def test_a_power_cut_at_a_staffed_till(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.staff("17", PIN)
        journey.press("assist")
        journey.until(lambda s: s.kept.cashier is not None, "the staffed till")
        journey.until_page("till")
        journey.scan(WINE)
        journey.scan(MILK)
        journey.put(4000)  # whatever lies there, the bag is not checked
        journey.stop()
        journey.start()
        journey.devices_ready()
        assert journey.session.kept.cashier is None, "nobody is signed in after a power cut"
        assert (
            isinstance(journey.session.kept.phase, Shopping)
            and len(journey.session.kept.phase.sale.lines) == 2
        )
        journey.staff("23", OTHER_PIN)
        journey.press("assist")
        journey.until_page("till")
        journey.press("ask-age.restricted-1-yes")
        journey.until(shopping(lambda sale: not sale.open), "the age to be known")
        journey.finish()
        (sale,) = journey.recorded(ClosedSale)
        assert sale.cashier == "Alex" and {each.by for each in sale.settled} == {"23"}
        assert [each["by"] for each in told(journey, "assisted_begun")] == ["17", "23"]
        assert journey.session.kept.cashier is not None
        journey.until_key("end_assist")
        journey.press("end_assist")
        journey.until(
            lambda s: s.kept.cashier is None and isinstance(s.kept.phase, Idle), "the shoppers' lane again"
        )


def test_the_journal_has_who_came_and_why(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.buy(TIN)
        journey.staff("17", PIN)
        journey.press("void")
        journey.press(TIN.name)
        journey.press("reason-damaged")
        journey.until(shopping(lambda sale: not sale.lines), "the line to go")
        assert told(journey, "line_voided")[0]["reason"] == "damaged"
        assert [fact.reason for fact in facts(journey, LineVoided)] == ["damaged"]
        assert [fact.person for fact in facts(journey, PinAccepted)] == ["17"]
