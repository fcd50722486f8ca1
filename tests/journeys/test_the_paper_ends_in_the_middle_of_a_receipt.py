"""Paper out, cover open, printer gone: the sale stands, and the receipt comes home in some way, once."""

from pathlib import Path

from kiosk.checkout.session import Finishing, Session
from tests.journeys.rig import CARD, PIN, STAMPS, Journey


def paid(journey: Journey) -> None:
    journey.devices_ready()
    journey.scan(STAMPS)
    journey.pay_by_card(CARD)


def printed(how: str) -> object:
    return lambda session: isinstance(session.kept.phase, Finishing) and session.kept.phase.printed == how


def paper(state: str, health: str = "ready") -> object:
    def seen(session: Session) -> bool:
        return any(
            d.name == "printer" and d.paper == state and d.health == health for d in session.passing.devices
        )

    return seen


def test_paper_is_refilled_and_the_receipt_goes_on_whole(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        paid(journey)
        journey.world.change(paper=20)
        journey.press("print")
        journey.until(paper("out"), "the paper to end")
        assert journey.lane.printer.papers == []
        journey.world.change(paper=80_000)
        journey.until(printed("printed"), "the receipt")
        (receipt,) = journey.lane.printer.papers
        assert "1.19" in receipt.text
        assert "DUPLICATE" not in receipt.text


def test_the_cover_is_opened_in_the_middle_and_closed_again(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        paid(journey)

        def open_it(scene: object) -> None:
            if not opened and journey.world.scene.paper < 79_980:
                opened.append(True)
                journey.world.change(cover_open=True)

        opened: list[bool] = []
        journey.world.watch(open_it)
        journey.press("print")
        journey.until(lambda s: any(d.detail == "cover_open" for d in s.passing.devices), "the open cover")
        journey.world.change(cover_open=False)
        journey.until(printed("printed"), "the receipt")
        assert len(journey.lane.printer.papers) == 1


def test_no_printer_and_the_phone_takes_the_receipt(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        paid(journey)
        journey.unplug("printer")
        journey.press("print")
        journey.until_says("No paper here, for now. Your phone can take it.")
        journey.press("phone")
        journey.until(lambda s: getattr(s.kept.phase, "receipt", "") == "phone", "the phone")
        assert journey.says("Your receipt is on your phone")
        journey.finish()
        assert journey.sold == [119]


def test_the_printer_dies_in_the_middle_and_a_colleague_prints_a_duplicate(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        paid(journey)
        journey.world.change(paper=20)
        journey.press("print")
        journey.until(paper("out"), "the paper to end")
        journey.unplug("printer")
        journey.until(printed("lost"), "the receipt to be lost")
        assert journey.says("The paper did not come out whole")
        journey.lane.printer.mechanism.switch_off_and_on()
        journey.world.change(paper=80_000)
        journey.replug("printer")
        journey.staff("17", PIN)
        journey.press("print_again")
        journey.until(printed("printed"), "the duplicate")
        assert "DUPLICATE" in journey.lane.printer.papers[-1].text
        assert journey.sold == [119]
        assert journey.charged == 119
