"""Two names where the shop wants two: a dear price or refund waits for another colleague's yes."""

from msgspec.structs import replace

from kiosk.checkout.effects import LookUpSale, Note, Remind, Report
from kiosk.checkout.events import (
    BagScaleSeen,
    CountersignDropped,
    LaneClosed,
    LineVoided,
    PayPressed,
    PinAccepted,
    PinRefused,
    PriceOverridden,
    RefundAllChosen,
    RefundBegun,
    RefundConfirmed,
    Reminded,
    Restarted,
    SaleFound,
    TrainingChosen,
)
from kiosk.checkout.records import Refund, Technical
from kiosk.checkout.session import Finishing
from kiosk.units import LineNo, Minor
from tests.checkout.test_a_sale import pay
from tests.lane import MILK, POLICY, TIN, WINE, Lane

SAM, ALEX = PinAccepted("17", "Sam"), PinAccepted("23", "Alex")
STRICT = replace(POLICY, override_limit=Minor(500), refund_limit=Minor(200))


def strict() -> Lane:
    return Lane().play(Restarted(STRICT), BagScaleSeen(True))


def told(lane: Lane, name: str) -> list[dict[str, str | int]]:
    records = [deed.record for deed in lane.deeds if isinstance(deed, Report)]
    return [each.fields for each in records if isinstance(each, Technical) and each.name == name]


def test_a_small_change_is_one_colleagues_own() -> None:
    lane = strict().buy(TIN).play(SAM, PriceOverridden(LineNo(1), Minor(50), "damaged"))
    assert lane.sale.priced is not None and lane.sale.priced.total == 50
    assert (
        told(lane, "price_override")[0] | {"asked": "shopper", "by": "17"} == told(lane, "price_override")[0]
    )


def test_a_dear_one_waits_for_another_colleague_and_both_are_named() -> None:
    lane = strict().buy(WINE).play(SAM, PriceOverridden(LineNo(1), Minor(100), "damaged"))
    assert lane.sale.priced is not None and lane.sale.priced.total == 790, "not yet"
    assert lane.session.kept.staff is None and lane.session.kept.countersign is not None
    assert lane.play(SAM).sale.priced == lane.sale.priced, "the same colleague is no second one"
    assert lane.session.passing.notice == "another_colleague" and lane.session.kept.staff is None
    lane.play(PinRefused("23"), ALEX)
    assert lane.sale.priced is not None and lane.sale.priced.total == 100
    assert lane.session.kept.countersign is None and lane.session.kept.staff is None, (
        "nothing else is open to her"
    )
    (done,) = told(lane, "price_override")
    assert (done["asked"], done["by"], done["reason"], done["was"]) == ("17", "23", "damaged", 790)


def test_nobody_comes_and_the_price_stays() -> None:
    for end in (CountersignDropped(), Reminded("staff"), Restarted(STRICT)):
        lane = strict().buy(WINE).play(SAM, PriceOverridden(LineNo(1), Minor(100), "damaged"))
        assert Remind("staff", STRICT.staff_seconds) in lane.deeds
        lane.play(end)
        assert lane.session.kept.countersign is None
        assert lane.play(ALEX).sale.priced is not None and lane.sale.priced is not None
        assert lane.sale.priced.total == 790 and lane.session.kept.staff is not None


def test_a_dear_refund_waits_too() -> None:
    lane = pay(strict().buy(MILK, TIN))
    assert isinstance(lane.session.kept.phase, Finishing)
    sale = lane.session.kept.phase.closed
    lane.play(Reminded("receipt"), Reminded("thanks"), SAM, RefundBegun(), SaleFound(sale), RefundAllChosen())
    lane.play(RefundConfirmed("damaged"))
    assert not [each for each in lane.deeds if isinstance(each, Report) and isinstance(each.record, Refund)]
    lane.play(ALEX)
    (back,) = [
        deed.record for deed in lane.deeds if isinstance(deed, Report) and isinstance(deed.record, Refund)
    ]
    assert (back.by, back.second, back.reason, back.amount) == ("17", "23", "damaged", 220)
    assert lane.phase == "Refunding" and LookUpSale("1") not in lane.deeds


def test_every_act_has_its_reason_and_both_names_in_the_ledger() -> None:
    lane = Lane().buy(MILK, TIN).play(SAM, LineVoided(LineNo(1), "damaged"))
    assert told(lane, "line_voided") == [
        {"sale": "j0-1", "line": 1, "amount": 125, "reason": "damaged", "asked": "shopper", "by": "17"}
    ]
    idle = pay(lane.put(-1030)).play(Reminded("receipt"), Reminded("thanks"))
    idle.play(SAM, TrainingChosen(True, "new_colleague"), SAM, LaneClosed("cleaning"))
    assert (
        told(idle, "training")[0] | {"on": 1, "reason": "new_colleague", "by": "17"}
        == told(idle, "training")[0]
    )
    assert told(idle, "lane_closed") == [{"reason": "cleaning", "asked": "17", "by": "17"}]


def test_a_lockout_is_told_once_for_each() -> None:
    lane = Lane()
    for _ in range(POLICY.free_tries + 1):
        lane.play(PinRefused("17"))
    notes = [deed for deed in lane.deeds if isinstance(deed, Note) and deed.name == "security.pin_lockout"]
    assert len(notes) == 2 and lane.play(PayPressed()).phase == "Idle"
