"""Paper out, cover open, printer gone: the sale stands, and the receipt comes home in some way, once."""

from pathlib import Path

from kiosk.checkout.jobs import JobState
from kiosk.checkout.records import Duplicate
from kiosk.checkout.session import Idle, Session, Shopping
from tests.journeys.rig import CARD, PIN, STAMPS, Journey, job, unmarked
from tests.lane import EGGS


def paid(journey: Journey) -> None:
    journey.devices_ready()
    journey.scan(STAMPS)
    journey.pay_by_card(CARD)


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
        journey.until(job(JobState.PRINTED), "the receipt")
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
        journey.until(job(JobState.PRINTED), "the receipt")
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
        journey.until(job(JobState.UNKNOWN), "the receipt to be lost")
        assert journey.says("The paper did not come out whole")
        journey.lane.printer.mechanism.switch_off_and_on()
        journey.world.change(paper=80_000)
        journey.replug("printer")
        journey.staff("17", PIN)
        journey.press("print_again")
        journey.until(job(JobState.PRINTED), "the duplicate")
        assert "DUPLICATE" in journey.lane.printer.papers[-1].text
        assert journey.sold == [119]
        assert journey.charged == 119


def test_the_next_shopper_starts_while_the_printer_waits_for_paper(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        paid(journey)
        journey.world.change(paper=20)
        journey.press("print")
        journey.until(paper("out"), "the paper to end")
        journey.scan(EGGS)
        assert isinstance(journey.session.kept.phase, Shopping)
        assert [each.state for each in journey.session.kept.jobs] == [JobState.SENT]
        journey.world.change(paper=80_000)
        journey.until(job(JobState.PRINTED), "the receipt of the shopper before")
        assert isinstance(journey.session.kept.phase, Shopping)
        assert (len(journey.lane.printer.papers), unmarked(journey.lane)) == (1, 1)


def test_the_printer_loses_its_power_and_the_next_shopper_has_begun(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        paid(journey)
        journey.world.change(paper=20)
        journey.press("print")
        journey.until(paper("out"), "the paper to end")
        journey.scan(EGGS)
        journey.unplug("printer")
        journey.until(job(JobState.UNKNOWN), "nobody to know of it")
        journey.lane.printer.mechanism.switch_off_and_on()
        journey.world.change(paper=80_000)
        journey.replug("printer")
        journey.staff("17", PIN)
        (lost,) = journey.session.kept.jobs
        journey.press(f"job-{lost.of}-print")
        journey.until(job(JobState.PRINTED), "the duplicate")
        assert "DUPLICATE no. 1" in journey.lane.printer.papers[-1].text
        assert unmarked(journey.lane) == 0, "the first never came out whole"
        (duplicate,) = journey.recorded(Duplicate)
        assert (duplicate.copy, duplicate.why, duplicate.by) == (1, "asked", "17")
        assert isinstance(journey.session.kept.phase, Shopping)


def test_an_open_job_outlives_the_idle_mark_until_a_colleague_drops_it(tmp_path: Path) -> None:
    with Journey(tmp_path) as journey:
        paid(journey)
        journey.world.change(paper=20)
        journey.press("print")
        journey.until(paper("out"), "the paper to end")
        journey.press("finish")
        journey.until_phase(Idle)
        journey.stop()
        journey.start()
        assert [each.state for each in journey.session.kept.jobs] == [JobState.UNKNOWN]
        journey.devices_ready("scanner")
        journey.staff("17", PIN)
        journey.press(f"job-{journey.session.kept.jobs[-1].of}-drop")
        journey.until(job(JobState.DROPPED), "the list to be empty")
