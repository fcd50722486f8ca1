"""Timers are lost with the process: every phase that waits for one asks for it again, and nobody stays signed in."""

import msgspec
import pytest
from msgspec.structs import replace

from kiosk.checkout.effects import Authorise, Fade, Remind, Report
from kiosk.checkout.events import (
    LaneClosed,
    PayPressed,
    PinAccepted,
    ReadyToSend,
    Reminded,
    Restarted,
    TenderChosen,
    TerminalAnswered,
)
from kiosk.checkout.money import Ended, Mark, Outcome, PaymentResult, TenderKind
from kiosk.checkout.passed import Faded
from kiosk.checkout.records import ClosedSale
from kiosk.checkout.session import Kept
from kiosk.units import AttemptId, Millis, Minor
from tests.lane import MILK, POLICY, Lane, item

SHOP = replace(POLICY, tenders=tuple(TenderKind))
SANDWICH = item(8, "Sandwich", 450, meal_voucher=True)
MARK = Mark("T1")


def asked(lane: Lane) -> Authorise:
    return lane.done(Authorise)[-1]  # type: ignore[return-value]


def half_paid() -> Lane:
    """4,50 with a meal voucher, 1,25 still due."""
    lane = Lane(items=(MILK, SANDWICH))
    lane.play(Restarted(SHOP)).buy(SANDWICH, MILK).play(PayPressed(), TenderChosen("meal_voucher"))
    yes = PaymentResult(Outcome.APPROVED, asked(lane).amount, "EUR", "T1", "8")
    return lane.play(ReadyToSend(asked(lane).attempt, MARK), TerminalAnswered(asked(lane).attempt, yes))


def test_a_shopper_who_has_left_half_paid_goods_leaves_no_lane_that_waits_for_ever() -> None:
    lane = half_paid()
    assert Fade("idle", SHOP.idle_prompt) in lane.turn(Restarted(SHOP))
    assert Remind("abandon", SHOP.idle_countdown) in lane.turn(Faded("idle"))
    lane.play(Reminded("abandon"))
    assert [each.amount for each in lane.session.kept.giving_back] == [450]


@pytest.mark.parametrize("where", ["Idle", "Shopping", "Paying", "OutOfService"])
def test_nobody_stays_signed_in(where: str) -> None:
    lane = half_paid() if where == "Paying" else Lane()
    if where == "Shopping":
        lane.buy(MILK)
    if where == "OutOfService":
        lane.play(PinAccepted("17", "Sam"), LaneClosed("staff"))
    lane.play(PinAccepted("17", "Sam"), Restarted(SHOP))
    assert lane.phase == where and lane.session.kept.staff is None


def test_what_was_asked_for_is_what_is_sold_though_the_rules_have_changed_since() -> None:
    """The price of a basket whose money is on its way is that of the rules by which it was asked for."""
    lane = Lane().buy(MILK).play(PayPressed())
    ask = asked(lane)
    lane.play(ReadyToSend(ask.attempt, MARK), Restarted(replace(POLICY, tax_mode="exclusive")))
    lane.play(TerminalAnswered(ask.attempt, PaymentResult(Outcome.APPROVED, ask.amount, "EUR", "T1", "8")))
    (sale,) = [deed.record for deed in lane.done(Report) if isinstance(deed.record, ClosedSale)]  # type: ignore[attr-defined]
    assert sale.priced.total == ask.amount == Minor(125)


def test_a_journal_restored_from_a_backup_names_no_payment_as_one_that_it_has_forgotten() -> None:
    """A terminal would take the look-up of the new one for a question about the old."""
    backup = Lane().buy(MILK).session
    lane = Lane(backup).play(PayPressed())
    lane.play(TerminalAnswered(asked(lane).attempt, PaymentResult(Outcome.NOT_CHARGED)), PayPressed())
    before = {deed.attempt for deed in lane.done(Authorise)}  # type: ignore[attr-defined]
    later = Lane(backup)
    later.now = Millis(lane.now + 60_000)
    assert len(before) == 2 and asked(later.play(PayPressed())).attempt not in before


def test_how_attempts_ended_is_read_as_an_older_journal_has_it() -> None:
    kept = msgspec.json.decode(b'{"concluded":[["j0-1-1","approved"]]}', type=Kept)
    assert kept.concluded == (Ended(AttemptId("j0-1-1"), Outcome.APPROVED),)
