"""One thing more: once a basket, at rest, never in anybody's way, and counted."""

import pytest
from msgspec.structs import replace

from kiosk.checkout.effects import Authorise, Fade, FindOffer, Note
from kiosk.checkout.events import (
    BackPressed,
    HelpPressed,
    MemberFound,
    PayPressed,
    Restarted,
    TerminalAnswered,
)
from kiosk.checkout.money import Outcome, PaymentResult
from kiosk.checkout.passed import Faded, Opened
from kiosk.checkout.session import Panel, Policy
from kiosk.checkout.suggesting import AFTER, STAYS
from kiosk.checkout.suggestion import Offered
from tests.lane import EGGS, MILK, POLICY, TIN, WINE, Lane

ON = replace(POLICY, offers=True)


def lane(policy: Policy = ON) -> Lane:
    here = Lane()
    here.offer = Offered(EGGS)
    return here.play(Restarted(policy)).buy(MILK)


def counted(here: Lane) -> list[dict[str, str | int]]:
    return [deed.fields for deed in here.done(Note) if isinstance(deed, Note) and deed.name == "offer"]


def test_it_comes_at_rest_and_goes_by_itself() -> None:
    here = lane()
    assert Fade("offer", AFTER) in here.deeds
    here.play(Faded("offer"))
    assert here.session.passing.offer is not None and here.session.passing.offer.item == EGGS
    assert Fade("offer_over", STAYS) in here.deeds
    here.play(Faded("offer_over"))
    assert here.session.passing.offer is None
    assert [one["result"] for one in counted(here)] == ["shown", "left"]


def test_once_a_basket_even_after_the_payment_page() -> None:
    here = lane().play(Faded("offer"))
    here.play(PayPressed())
    ask = here.done(Authorise)[-1]
    assert isinstance(ask, Authorise), "Pay means pay"
    here.play(BackPressed(), TerminalAnswered(ask.attempt, PaymentResult(Outcome.NOT_CHARGED)))
    assert here.phase == "Shopping"
    here.buy(TIN).play(Faded("offer"))
    assert here.session.passing.offer is None
    assert [one["result"] for one in counted(here)] == ["shown", "left"]


def test_taken_is_counted_with_the_seconds_that_it_took() -> None:
    here = lane().play(Faded("offer"))
    here.scan(EGGS, after=7_000)
    assert counted(here) == [{"result": "shown", "seconds": 0}, {"result": "taken", "seconds": 7}]
    assert here.session.passing.offer is None


def test_another_scan_sends_it_away() -> None:
    here = lane().play(Faded("offer"))
    here.scan(TIN)
    assert here.session.passing.offer is None and counted(here)[-1]["result"] == "left"


@pytest.mark.parametrize("name", ["off", "audio", "help", "age", "panel", "undo", "nothing"])
def test_never_in_the_way(name: str) -> None:
    here = lane(POLICY if name == "off" else ON)
    match name:
        case "audio":
            here.session = replace(here.session, passing=replace(here.session.passing, speaking=True))
        case "help":
            here.play(HelpPressed())
        case "age":
            here.buy(WINE)
        case "panel":
            here.play(Opened(Panel("finder")))
        case "undo":
            here.session = replace(
                here.session, passing=replace(here.session.passing, undo=here.sale.lines[0])
            )
        case "nothing":
            here.offer = None
    here.play(Faded("offer"))
    assert here.session.passing.offer is None and counted(here) == []


def test_who_she_is_changes_nothing_of_it() -> None:
    """The rules know a basket; no profile of anybody is asked."""
    assert FindOffer.__struct_fields__ == ("items",)
    here = lane().play(MemberFound("t0ken"), Faded("offer"))
    assert here.session.passing.offer is not None and here.session.passing.offer.item == EGGS
