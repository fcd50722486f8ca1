"""Gift cards, deposit slips and payments by phone: raced for, withdrawn, lost on the way; booked as often as sold."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.simulated.lane import SimulatedLane
from kiosk.checkout.records import ClosedSale, ValueOrder
from kiosk.checkout.session import Finishing, Paying, Session, Shopping
from tests.journeys.doomed import Doomed
from tests.journeys.rig import CARD, STAMPS, Journey
from tests.journeys.shop import GIFT, VOUCHER, Shop, shop

RULES = 'tenders = ["deposit_voucher", "gift_card", "wallet", "card"]'


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Shop]:
    with shop(tmp_path) as here, here.linked():
        yield here


@pytest.fixture
def journey(tmp_path: Path, here: Shop) -> Iterator[Journey]:
    with Journey(tmp_path, rules=RULES, link=here.toml) as journey:
        yield ready(journey)


def ready(journey: Journey) -> Journey:
    journey.devices_ready()
    journey.until(lambda s: s.passing.server, "the store server")
    return journey


def at_the_choice(journey: Journey) -> None:
    journey.scan(STAMPS)
    journey.press("pay")
    journey.until_page("ways")


def refused(session: Session) -> bool:
    phase = session.kept.phase
    return isinstance(phase, Paying) and phase.attempt is None and bool(phase.declined)


def decided(session: Session) -> bool:
    return isinstance(session.kept.phase, Finishing) or refused(session)


def arrived(journey: Journey) -> None:
    journey.until_true(lambda: not journey.kiosk.journal.depth(), "everything to be at the server")


def by_card(journey: Journey) -> None:
    journey.press("pay")
    journey.present(CARD)
    journey.until_phase(Finishing)


# ---- gift cards and slips


def test_its_number_pays_and_is_nowhere(journey: Journey, here: Shop, tmp_path: Path) -> None:
    here.issue(GIFT, 5_000)
    at_the_choice(journey)
    journey.lane.scanner.scan(GIFT, "]C0")
    journey.until_phase(Finishing)
    arrived(journey)
    assert (here.booked, here.left(GIFT), journey.charged) == (119, 5_000 - 119, 0)
    journey.print()
    journey.stop()
    journey.start()
    for file in tmp_path.rglob("journal*"):
        assert GIFT.encode() not in file.read_bytes(), file.name


def test_a_card_without_value_one_that_nobody_knows_and_then_a_bank_card(
    journey: Journey, here: Shop
) -> None:
    at_the_choice(journey)
    journey.lane.scanner.scan("GC1111222233334445", "]C0")
    journey.until(refused, "the server's no")
    assert not journey.says("Nothing was charged")
    by_card(journey)
    arrived(journey)
    assert journey.sold == [119] == [journey.charged]
    assert here.booked == 0 and here.alarms == []


def test_two_lanes_race_for_one_deposit_slip(journey: Journey, here: Shop, tmp_path: Path) -> None:
    """The other one is a process of its own, as in a shop."""
    here.issue(VOUCHER, 119)
    link = here.other(tmp_path / "five", "5")
    with (
        link.linked(),
        SimulatedLane() as lane,
        Doomed(link.folder, lane, rules=RULES, link=link.toml, number="5") as other,
    ):
        other.ready()
        other.until(lambda now: bool(now["server"]), "server")
        at_the_choice(journey)
        other.scan(STAMPS)
        other.press("pay")
        other.until(lambda now: now["phase"] == "Paying", "choice")
        journey.lane.scanner.scan(VOUCHER, "]C0")
        lane.scanner.scan(VOUCHER, "]C0")
        journey.until(decided, "the server's word")
        other.until(lambda now: now["phase"] == "Finishing" or bool(now["declined"]), "word of the server")
        won = isinstance(journey.session.kept.phase, Finishing)
        assert won is bool(other.now["declined"])
        if won:
            assert other.now["declined"] == "already_redeemed"
            lane.world.change(card=CARD)
            other.press("pay")
            other.until(lambda now: now["phase"] == "Finishing", "payment")
        else:
            assert journey.says("This was used already.")
            by_card(journey)
        journey.until_true(
            lambda: len(here.stored) == 2 and here.booked == 119, "both sales to be at the server"
        )
        assert here.left(VOUCHER) == 0
        assert (journey.charged, lane.terminal.book.charged) == ((0, 119) if won else (119, 0))
        assert here.alarms == []


def test_the_server_is_away_and_says_so_politely(journey: Journey, here: Shop) -> None:
    here.issue(GIFT, 5_000)
    at_the_choice(journey)
    here.server.stop()
    journey.until(lambda s: not s.passing.server, "the server to be missed")
    journey.press("way-gift_card")  # off
    journey.until_says("This cannot be checked just now. Please pay otherwise.")
    journey.lane.scanner.scan(GIFT, "]C0")
    journey.until(refused, "a polite no")
    assert journey.says("Please pay otherwise.")
    by_card(journey)
    here.server.start()
    arrived(journey)
    assert here.left(GIFT) == 5_000 and here.booked == 0
    assert journey.charged == 119


def test_the_answer_is_lost_and_the_card_is_whole_again_or_paid(journey: Journey, here: Shop) -> None:
    """The server has set it aside, and never says so: asked, given up, called off durably."""
    here.issue(GIFT, 5_000)
    at_the_choice(journey)
    here.server.mischief.on = "/v1/value"
    here.server.mischief.words = ["lost", *["500"] * 9]
    journey.lane.scanner.scan(GIFT, "]C0")
    journey.until(decided, "an end")
    here.server.mischief.words = []
    paid = isinstance(journey.session.kept.phase, Finishing)
    if not paid:
        by_card(journey)
    arrived(journey)
    assert journey.sold == [119]
    assert here.booked + journey.charged == 119
    assert here.left(GIFT) == 5_000 - here.booked
    assert all(one.state != "reserved" for one in here.reservations)


def test_the_link_dies_while_the_server_is_asked(journey: Journey, here: Shop) -> None:
    here.issue(GIFT, 5_000)
    at_the_choice(journey)
    here.server.mischief.on = "/v1/value"
    here.server.mischief.words = ["hang"]
    journey.lane.scanner.scan(GIFT, "]C0")
    journey.until_true(here.server.mischief.hanging.is_set, "the question to be at the server")
    stopping = threading.Thread(target=here.stop)
    stopping.start()
    here.server.mischief.let_go()
    stopping.join()
    journey.until(decided, "an end")
    here.start()
    if not isinstance(journey.session.kept.phase, Finishing):
        by_card(journey)
    arrived(journey)
    assert journey.sold == [119]
    assert here.booked + journey.charged == 119
    assert here.left(GIFT) == 5_000 - here.booked
    assert all(one.state != "reserved" for one in here.reservations)


def test_back_while_the_server_thinks(journey: Journey, here: Shop) -> None:
    here.issue(GIFT, 5_000)
    at_the_choice(journey)
    here.server.mischief.on = "/v1/value"
    here.server.mischief.words = ["hang"]
    journey.lane.scanner.scan(GIFT, "]C0")
    journey.until_true(here.server.mischief.hanging.is_set, "the question to be at the server")
    journey.press("back")
    journey.until_says("We are stopping the payment.")
    here.server.mischief.let_go()
    journey.until(
        lambda s: isinstance(s.kept.phase, Finishing | Shopping) or s.kept.phase.attempt is None, "an end"
    )
    if isinstance(journey.session.kept.phase, Paying):
        journey.press("back")
        journey.until_phase(Shopping)
    arrived(journey)
    assert here.left(GIFT) == 5_000 - here.booked
    assert here.booked == sum(journey.sold)
    assert all(one.state != "reserved" for one in here.reservations)


# ---- by phone


def code_shown(journey: Journey) -> str:
    """The shopper sees the code; the id of her payment."""
    at_the_choice(journey)
    journey.press("way-wallet")
    session = journey.until(lambda s: bool(s.kept.phase.attempt and s.kept.phase.attempt.shown), "the code")
    journey.until_page("wallet")
    return str(session.kept.phase.attempt.id)


def test_paid_by_phone(journey: Journey, here: Shop) -> None:
    payment = code_shown(journey)
    here.wallet.pay(payment)
    journey.until_phase(Finishing)
    arrived(journey)
    assert here.wallet.charged == [(payment, 119)] and here.wallet.refunded == []
    assert here.booked == 119 and journey.charged == 0
    (sale,) = journey.recorded(ClosedSale)
    assert [tender.kind.value for tender in sale.tenders] == ["wallet"]


def test_the_phone_confirms_after_she_went_back(journey: Journey, here: Shop) -> None:
    """Cancelled at the provider's, which charges all the same: it is given back."""
    payment = code_shown(journey)
    journey.press("back")
    journey.until(
        lambda s: isinstance(s.kept.phase, Shopping) or s.kept.phase.attempt is None, "the end of it"
    )
    callback = here.wallet.pay(payment, however=True)
    here.wallet_says(callback)
    journey.until_true(lambda: here.wallet.refunded == [(payment, 119)], "the money to go back")
    if isinstance(journey.session.kept.phase, Shopping):
        journey.press("pay")
        journey.until_page("ways")
    by_card(journey)
    arrived(journey)
    assert journey.charged == 119 and here.booked == 0


def test_the_power_fails_while_the_phone_is_awaited(journey: Journey, here: Shop) -> None:
    """She pays meanwhile: found out after the start, and sold."""
    payment = code_shown(journey)
    journey.stop()
    here.wallet.pay(payment)
    journey.start()
    journey.until_phase(Finishing)
    arrived(journey)
    assert here.booked == 119 and journey.sold == [119]
    assert here.wallet.charged == [(payment, 119)] and here.wallet.refunded == []


def test_the_time_of_the_code_is_over_and_the_bank_card_pays(journey: Journey, here: Shop) -> None:
    payment = code_shown(journey)
    here.wallet.fail(payment)
    journey.until(refused, "the phone's no")
    by_card(journey)
    arrived(journey)
    assert journey.charged == 119 and here.booked == 0 and here.wallet.charged == []


def test_the_link_dies_while_the_phone_is_awaited(journey: Journey, here: Shop) -> None:
    payment = code_shown(journey)
    here.stop()
    here.wallet.pay(payment)
    here.start()
    journey.until(decided, "an end")
    if not isinstance(journey.session.kept.phase, Finishing):
        by_card(journey)
    arrived(journey)
    journey.until_true(lambda: here.booked + journey.charged == 119, "one payment")
    given_back = sum(amount for _, amount in here.wallet.refunded)
    assert 119 - given_back == here.booked
    assert journey.sold == [119]
    for order in journey.recorded(ValueOrder):
        assert order.do in {"commit", "cancel"}
