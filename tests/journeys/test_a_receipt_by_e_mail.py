"""An address is typed on the glass: it goes where it is meant to go, and is written down nowhere."""

from pathlib import Path

from kiosk.checkout.passed import LinkSeen
from kiosk.checkout.session import Finishing, Session
from tests.journeys.rig import CARD, STAMPS, Journey

ADDRESS = "ada.lovelace@mail.example"


def paid(journey: Journey) -> None:
    journey.devices_ready()
    journey.scan(STAMPS)
    journey.pay_by_card(CARD)


def panel(name: str) -> object:
    def shown(session: Session) -> bool:
        return (session.passing.panel.name if session.passing.panel else "") == name

    return shown


def test_without_the_store_server_it_is_politely_not_now(tmp_path: Path) -> None:
    with Journey(tmp_path, rules="email = true") as journey:
        paid(journey)
        journey.press("email")
        journey.until_says("No e-mail from here, for now. Your phone can take it.")


def test_an_address_that_cannot_be_handed_over_is_forgotten_and_she_chooses_again(tmp_path: Path) -> None:
    with Journey(tmp_path, rules="email = true") as journey:
        paid(journey)
        journey.kiosk.inbox.put(LinkSeen(True, 0))  # the link was there a moment ago
        journey.until_key("email")
        journey.press("email")
        journey.until(panel("email"), "the keyboard")
        for sign in ADDRESS:
            journey.press(f"type-{sign}")
        journey.until_says(ADDRESS)
        journey.press("send")
        journey.until(lambda s: getattr(s.kept.phase, "email", "") == "not_taken", "an answer")
        journey.until_says("No e-mail from here, for now")
        assert not journey.says(ADDRESS)
        journey.print()
        journey.press("finish")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert ADDRESS.encode() not in path.read_bytes(), path


def test_half_an_address_is_gone_when_she_steps_back(tmp_path: Path) -> None:
    with Journey(tmp_path, rules="email = true") as journey:
        paid(journey)
        journey.kiosk.inbox.put(LinkSeen(True, 0))
        journey.until_key("email")
        journey.press("email")
        journey.until(panel("email"), "the keyboard")
        journey.press("type-a")
        journey.press("digits")
        journey.until_key("type-7")
        journey.press("type-7")
        journey.until_says("a7")
        journey.step_back()
        journey.press("email")
        journey.until(panel("email"), "the keyboard")
        assert not journey.says("a7")
        assert isinstance(journey.session.kept.phase, Finishing)
