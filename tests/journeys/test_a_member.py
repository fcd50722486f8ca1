"""A member at the lane: a card that comes late, a number typed while the server is away, and all of it counted once."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from kiosk.checkout.records import ValueOrder
from kiosk.checkout.session import Finishing, Idle, Paying, Session, Shopping
from kiosk.pricing import LoyaltyCredit, LoyaltyPoints
from kiosk.units import Minor, Rate
from store import app_codes, loyalty, members
from store.database import member_salt, value_salt, writing
from tests.journeys.rig import CARD, PIN, STAMPS, Journey, stock
from tests.journeys.shop import Shop, shop
from tests.lane import EGGS

NUMBER, PHONE = "2950000000006", "0612345000"
RULES = 'tenders = ["credit", "voucher", "gift_card", "card"]\nmember_phone = true'
EARNS = (LoyaltyPoints(id="P", per=Minor(100), points=1), LoyaltyCredit(id="C", pct=Rate(100_000)))


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Shop]:
    stock(tmp_path / "catalogue.db", more=EARNS)
    with shop(tmp_path) as here, here.linked():
        value_salt(here.engine)
        with writing(here.engine) as db:
            members.add(db, member_salt(here.engine), NUMBER, "Ada", PHONE)
        yield here


@pytest.fixture
def journey(tmp_path: Path, here: Shop) -> Iterator[Journey]:
    with Journey(tmp_path, rules=RULES, link=here.toml) as journey:
        journey.devices_ready()
        journey.until(lambda s: s.passing.server, "the store server")
        yield journey


def ada(here: Shop) -> str:
    with here.engine.connect() as db:
        return members.token_of(db, member_salt(here.engine), NUMBER)


def has(here: Shop) -> loyalty.Held:
    with here.engine.connect() as db:
        return loyalty.held(db, ada(here), here_now())


def here_now() -> int:
    return time.time_ns() // 1_000_000


def give(here: Shop, kind: str, amount: int) -> None:
    with writing(here.engine) as db:
        loyalty.give(db, ada(here), kind, amount, "EUR", "Sam", 1)


def show_card(journey: Journey, number: str = NUMBER) -> None:
    journey.lane.scanner.scan(number, "]C0")
    journey.until(known, "the member")


def known(session: Session) -> bool:
    phase = session.kept.phase
    return isinstance(phase, Shopping | Paying) and phase.sale.member is not None


def arrived(journey: Journey) -> None:
    journey.until_true(lambda: not journey.kiosk.journal.depth(), "everything to be at the server")


def by_card(journey: Journey) -> None:
    journey.press("pay")
    journey.present(CARD)
    journey.until_phase(Finishing)


def test_her_card_comes_late_and_her_prices_and_her_credit_count(journey: Journey, here: Shop) -> None:
    give(here, "credit", 100)
    journey.buy(EGGS)
    journey.press("pay")
    journey.until_page("ways")
    assert journey.says("€3.29") and not journey.says("Your credit")
    show_card(journey)
    journey.until_says("€2.89")
    journey.until_key("way-credit")
    journey.press("way-credit")
    journey.until_says("Member credit: €1.00")
    by_card(journey)
    arrived(journey)
    assert (journey.sold, journey.charged, here.booked) == ([289], 189, 100)
    assert has(here) == loyalty.Held(points=2, credit=29, vouchers=(), tiers=())


def test_not_me(journey: Journey) -> None:
    journey.buy(EGGS)
    show_card(journey)
    journey.until_says("Member prices are on")
    journey.press("coupon")
    journey.until_page("coupon")
    assert not journey.says("Ada")
    journey.press("not_me")
    journey.until_says("€3.29")


def test_a_code_of_the_app_that_works_once(journey: Journey, here: Shop) -> None:
    journey.buy(EGGS)
    code = app_codes.made(member_salt(here.engine), ada(here), here_now(), once=True)
    show_card(journey, code)
    journey.press("coupon")
    journey.until_page("coupon")
    journey.press("not_me")
    journey.until(lambda s: not known(s), "nobody")
    journey.lane.scanner.scan(code, "]Q1")
    journey.until_says("We do not know this card yet")


def test_the_server_goes_away_while_she_types_her_number(
    journey: Journey, here: Shop, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    journey.buy(EGGS)
    journey.press("coupon")
    journey.until_page("coupon")
    journey.press("phone_number")
    journey.until_page("phone")
    here.server.stop()
    journey.type(PHONE)
    assert not any(PHONE in word for word in journey.words), "dots, at once"
    journey.press("ok")
    journey.until_says("This cannot be checked just now.")
    here.server.start()
    journey.type(PHONE)
    journey.press("ok")
    journey.until(known, "the member")
    journey.until_says("€2.89")
    phase = journey.session.kept.phase
    assert isinstance(phase, Shopping) and phase.sale.member is not None and not phase.sale.member.spends
    journey.stop()
    journey.start()
    for file in tmp_path.rglob("*"):
        if file.is_file() and file.suffix != ".sock":
            assert PHONE[1:].encode() not in file.read_bytes(), file.name
    assert PHONE[1:] not in caplog.text


def test_points_earned_offline_come_twice_and_count_once(journey: Journey, here: Shop) -> None:
    journey.buy(EGGS)
    show_card(journey)
    here.server.stop()
    journey.until(lambda s: not s.passing.server, "the server to be missed")
    journey.press("pay")
    journey.until_page("ways")
    by_card(journey)
    journey.press("none")
    assert has(here).points == 0
    here.server.start()
    here.server.mischief.words = ["lost", "500", "lost"]
    arrived(journey)
    assert (has(here).points, has(here).credit) == (2, 29)


def test_what_is_brought_back_takes_its_points_back(journey: Journey, here: Shop) -> None:
    journey.buy(EGGS)
    show_card(journey)
    journey.press("pay")
    journey.until_page("ways")
    by_card(journey)
    journey.press("none")
    journey.press("finish")
    journey.until_phase(Idle)
    journey.world.change(card=None)
    arrived(journey)
    assert (has(here).points, has(here).credit) == (2, 29)
    journey.staff("17", PIN)
    journey.press("refund")
    journey.until_page("refund")
    journey.lane.scanner.scan("0187-4-000001", "]C0")
    journey.until_key("whole")
    journey.press("whole")
    journey.press("reason-return")
    journey.until(
        lambda s: not s.kept.giving_back and getattr(s.kept.phase, "done", None) is not None, "a refund"
    )
    arrived(journey)
    assert (has(here).points, has(here).credit) == (0, 0)


def test_credit_is_reserved_the_power_fails_and_the_sale_is_given_up(journey: Journey, here: Shop) -> None:
    give(here, "credit", 100)
    journey.buy(EGGS)
    show_card(journey)
    journey.press("pay")
    journey.until_page("ways")
    journey.until_key("way-credit")
    journey.press("way-credit")
    journey.until_says("Member credit: €1.00")
    assert has(here).credit == 0
    journey.stop()
    journey.start()
    journey.until(
        lambda s: isinstance(s.kept.phase, Paying) and bool(s.kept.phase.sale.tenders), "her basket"
    )
    journey.devices_ready()
    journey.press("back")
    journey.until_phase(Shopping)
    arrived(journey)
    assert has(here).credit == 100
    assert [order.do for order in journey.recorded(ValueOrder)] == ["cancel"]
    journey.scan(STAMPS)


def test_nothing_of_a_member_is_told_to_who_measures(journey: Journey, here: Shop) -> None:
    """Telemetry and the metrics page know counts, no person."""
    journey.buy(EGGS)
    show_card(journey)
    journey.press("pay")
    journey.until_page("ways")
    by_card(journey)
    arrived(journey)
    address = f"{here.server.url}/metrics"
    journey.until_true(
        lambda: "sco_sales_total" in requests.get(address, timeout=20).text, "the lane's count"
    )
    told = requests.get(address, timeout=20).text
    assert not any(secret in told for secret in (ada(here), NUMBER, PHONE, "Ada"))
