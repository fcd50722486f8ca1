"""The receipt printer on the wire: no receipt lost, none doubled without a mark, no drawer ever opened."""

import os
import random
import socket

import pytest
from msgspec.structs import replace

from drivers.line import LineLost
from drivers.printers import commands
from drivers.printers.escpos import Config, Printer
from kiosk.checkout.effects import Print
from kiosk.checkout.effects import TestDevice as Technician
from kiosk.checkout.events import Printed, PrintFailed
from kiosk.checkout.model import Line
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Device, Health
from kiosk.receipt import receipt
from kiosk.text.receipt_lines import lines, words_for
from kiosk.units import ItemId, LineNo
from tests.drivers.printers.lane import CONFIG, Lane
from tests.receipt.sample import BREAD, SHOP, closed


def long_sale(things: int, number: int = 42):
    goods = (replace(BREAD, id=ItemId(100 + i), name=f"Thing number {i}") for i in range(things))
    return closed(tuple(Line(LineNo(i + 1), item) for i, item in enumerate(goods)), number=number)


def test_a_receipt_is_printed_cut_and_confirmed():
    lane = Lane()
    lane.print("job-1")
    assert lane.run(3) is None
    assert lane.answers == [Printed("job-1")]
    assert len(lane.papers) == lane.mechanism.cuts == 1
    assert lane.mechanism.drawer_pulses == 0
    assert lane.mechanism.unknown == []
    document = receipt(closed(), SHOP)
    wanted = [line.strip() for line in lines(document, words_for(document))]
    spelled = [line.replace("\u2212", "-").replace("\u2013", "-").replace("\u00a0", " ") for line in wanted]
    printed = [line.strip().strip("[]") for line in lane.papers[0].text.splitlines()]
    squeezed = [" ".join(line.split()) for line in printed if line and "- - -" not in line]
    assert squeezed == [" ".join(line.split()) for line in spelled]


def test_the_job_ends_with_the_request_that_proves_it():
    data = Printer(CONFIG, SHOP, "EUR").bytes_of(Print("x", closed()))
    assert data.startswith(b"\x1b@\x1da\xff\x1bR\x00\x1bt\x13")
    assert data.endswith(b"\x1dVB\x00\x1dr\x01")


def test_ready_is_said_only_once_the_printer_has_answered():
    lane = Lane()
    lane.mechanism.mute = True
    lane.run(5)
    assert lane.seen == [Device("printer", Health.OFFLINE, "no answer")]
    lane = Lane()
    lane.run(5)
    assert lane.seen == [Device("printer", Health.READY, paper="ok")]


@pytest.mark.parametrize(
    ("scene", "why", "health", "paper"),
    [
        ({"paper": 0}, "paper_out", Health.READY, "out"),
        ({"cover_open": True}, "cover_open", Health.FAULT, "ok"),
        ({"paper": 2000}, "", Health.READY, "low"),
    ],
)
def test_a_change_is_seen_within_a_second(scene, why, health, paper):
    lane = Lane()
    lane.at(10.3, **scene)
    lane.run(20)
    time, event = next((at, event) for at, event in lane.rig.events if at > 10)
    assert event == DeviceSeen(Device("printer", health, why, paper=paper))
    assert time < 11.3


def test_a_printer_without_automatic_status_is_seen_too():
    lane = Lane()
    lane.rig.through = lambda answer: [] if len(answer) == 4 else [answer]
    lane.at(10.3, cover_open=True)
    lane.run(20)
    assert [device.detail for device in lane.seen] == ["", "cover_open"]
    assert next(at for at, event in lane.rig.events if at > 10 and event.device.detail) < 11.4


def test_a_quiet_hour_costs_one_question_a_second():
    lane = Lane()
    lane.run(7200)
    assert lane.seen == [Device("printer", Health.READY, paper="ok")]
    assert lane.rig.heard.count(b"\x10\x04") < 7210


@pytest.mark.parametrize(
    ("scene", "why"), [({"paper": 0}, "paper_out"), ({"cover_open": True}, "cover_open")]
)
def test_a_printer_that_is_not_ready_gets_no_bytes(scene, why):
    lane = Lane()
    lane.world.change(**scene)
    lane.print("job-1")
    lane.run(5)
    assert lane.answers == [PrintFailed("job-1", why)]
    assert lane.papers == []
    assert commands.INIT not in lane.rig.heard


def test_a_dumb_printer_fails_the_job_and_gets_no_bytes():
    lane = Lane()
    lane.mechanism.mute = True
    lane.print("job-1")
    lane.run(10)
    assert lane.answers == [PrintFailed("job-1", "offline")]
    assert commands.INIT not in lane.rig.heard


def test_a_printer_without_a_line_refuses():
    printer = Printer(CONFIG, SHOP, "EUR")
    assert printer.refuse(Print("job-1", closed())) == (PrintFailed("job-1", "offline"),)
    assert printer.refuse(Technician("print")) == ()


def test_paper_out_in_the_middle_is_waited_for_and_not_sent_again():
    lane = Lane()
    lane.world.change(paper=60)
    lane.print("job-1")
    lane.at(3600, paper=80_000)
    assert lane.run(3700) is None
    assert lane.answers == [Printed("job-1")]
    assert next(at for at, event in lane.rig.events if isinstance(event, Printed)) >= 3600
    assert len(lane.papers) == 1
    assert lane.papers[0].text.count("TOTAL") == 1
    assert [device.paper for device in lane.seen] == ["low", "out", "ok"]


def test_the_next_job_does_not_wait_for_paper():
    lane = Lane()
    lane.world.change(paper=60)
    lane.print("job-1")
    lane.print("job-2", closed(number=43), at=5)
    lane.at(3600, paper=80_000)
    lane.run(3700)
    assert lane.answers == [PrintFailed("job-2", "paper_out"), Printed("job-1")]


def test_a_printer_that_takes_no_more_bytes_is_waited_for():
    lane = Lane(buffer=600)
    rig, hear = lane.rig, lane.rig._pump
    with socket.socket(fileno=os.dup(rig.line.fileno())) as ours:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4608)
    rig.clock.pump = lambda: None if lane.mechanism.full() and not rig._outgoing else hear()
    lane.world.change(paper=60)
    lane.print("job-1", long_sale(400))
    lane.at(600, paper=80_000)
    assert lane.run(700) is None
    assert lane.answers == [Printed("job-1")]
    assert "Thing number 399" in lane.papers[0].text


def test_an_unplugged_printer_loses_the_job_that_was_under_way():
    lane = Lane()
    lane.world.change(paper=60)
    lane.print("job-1")
    lane.rig.clock.at(5, lane.rig.unplug)
    assert isinstance(lane.run(10), LineLost)
    assert lane.answers == [PrintFailed("job-1", "lost")]


def test_a_printer_switched_off_and_on_has_lost_the_job():
    lane = Lane()
    lane.world.change(paper=60)
    lane.print("job-1")
    lane.rig.clock.at(5, lambda: setattr(lane.mechanism, "mute", True))
    lane.rig.clock.at(8, lane.mechanism.switch_off_and_on)
    lane.at(8.1, paper=80_000)
    lane.rig.clock.at(9, lambda: setattr(lane.mechanism, "mute", False))
    assert isinstance(lane.run(30), LineLost)
    assert lane.answers == [PrintFailed("job-1", "lost")]
    lane.plug()
    lane.print("job-1", at=lane.rig.clock.time + 1, duplicate=True)
    assert lane.run(10) is None
    assert lane.answers == [PrintFailed("job-1", "lost"), Printed("job-1")]
    assert "DUPLICATE no. 1" in lane.papers[-1].text


def test_a_printer_that_says_nothing_at_the_end_has_lost_the_job():
    lane = Lane()
    lane.rig.through = lambda answer: [] if answer in (b"\x00", b"\x03") else [answer]
    lane.print("job-1")
    assert isinstance(lane.run(60), LineLost)
    assert lane.answers == [PrintFailed("job-1", "lost")]


def test_the_spike_of_a_printer_switched_off_is_no_answer():
    lane = Lane()
    lane.rig.through = lambda answer: [] if answer in (b"\x00", b"\x03") else [answer]
    lane.print("job-1")

    def off() -> None:
        lane.mechanism.mute = True
        lane.rig.say(b"\x00")

    lane.rig.clock.at(2.7, off)
    assert isinstance(lane.run(60), LineLost)
    assert lane.answers == [PrintFailed("job-1", "lost")]


def test_an_error_that_needs_the_switch_loses_the_job():
    lane = Lane()
    lane.world.change(paper=60)
    lane.print("job-1")
    lane.rig.clock.at(5, lambda: lane.mechanism.break_down("unrecoverable"))
    assert isinstance(lane.run(10), LineLost)
    assert lane.answers == [PrintFailed("job-1", "lost")]


def test_a_stuck_knife_stops_the_next_job_and_is_named():
    lane = Lane()
    lane.rig.clock.at(1, lambda: lane.mechanism.break_down("cutter"))
    lane.print("job-1", at=5)
    lane.run(10)
    assert lane.answers == [PrintFailed("job-1", "offline")]
    assert lane.seen[-1] == Device("printer", Health.FAULT, "cutter", paper="ok")


def test_jobs_wait_for_each_other():
    lane = Lane()
    for number in range(5):
        lane.print(f"job-{number}", closed(number=number))
    lane.run(10)
    assert lane.answers == [Printed(f"job-{number}") for number in range(5)]
    assert [paper.codes[-1] for paper in lane.papers] == [f"0001-1-00000{number}" for number in range(5)]


def test_nothing_is_asked_inside_a_job():
    lane = Lane()
    lane.print("job-1", long_sale(300))
    lane.run(5)
    start = lane.rig.heard.index(commands.INIT)
    end = lane.rig.heard.index(commands.CUT + commands.DONE)
    assert b"\x10\x04" not in lane.rig.heard[start:end]


def test_a_clone_with_inverted_near_end_bits():
    config = replace(CONFIG, near_end_inverted=True)
    for paper, seen in ((80_000, "ok"), (2000, "low")):
        lane = Lane(config, near_end_inverted=True)
        lane.rig.through = lambda answer: [] if len(answer) == 4 else [answer]
        lane.world.change(paper=paper)
        lane.run(3)
        assert [device.paper for device in lane.seen] == [seen]


def test_a_technicians_test_shows_the_letters_and_answers_nothing():
    lane = Lane()
    lane.rig.clock.at(1, lambda: lane.rig.orders.put(Technician("print")))
    lane.run(5)
    assert lane.answers == []
    assert "ÀÉÎÕÜ àéîõü çñß OEoe £ € × 0123456789" in lane.papers[0].text
    assert lane.papers[0].codes == ("printer test", "TEST-0123456789")


def test_a_receipt_in_a_language_that_paper_cannot_bear_is_printed_in_the_shops_own():
    lane = Lane(replace(CONFIG, languages=("fr", "en")))
    lane.print("job-1", closed(language="ar"))
    lane.print("job-2", closed(language="en"))
    lane.run(5)
    assert "Sous-total" in lane.papers[0].text
    assert "Subtotal" in lane.papers[1].text


@pytest.mark.parametrize("wrong", [{"code_page": 1}, {"columns": 80}, {"columns": 48, "dots": 384}])
def test_a_wrong_configuration_is_refused(wrong):
    with pytest.raises(ValueError, match=r"code_page|columns"):
        Config(port="x", **wrong)


def test_a_job_cut_off_inside_a_picture_does_not_eat_the_next_receipt():
    """The printer stayed on and waits for the rest of the picture: it gets something else for it."""
    lane = Lane()
    foreign = long_sale(3)
    drawn = replace(
        foreign, lines=tuple(replace(ln, item=replace(ln.item, name="Φέτα")) for ln in foreign.lines)
    )
    data = lane.printer.bytes_of(Print("job-1", drawn))
    at = data.index(b"\x1dv0") + 300
    hear, heard = lane.mechanism.hear, bytearray()

    def torn(piece: bytes) -> None:
        start = len(heard)
        heard.extend(piece)
        hear(bytes(piece[: max(0, lane.printer.longest + at - start)]) if commands.INIT in heard else piece)

    lane.mechanism.hear = torn
    lane.print("job-1", drawn)
    lane.rig.clock.at(5, lane.rig.unplug)
    assert isinstance(lane.run(10), LineLost)
    lane.mechanism.hear = hear
    lane.plug()
    lane.print("job-2", closed(number=43), at=lane.rig.clock.time + 1)
    assert lane.run(10) is None
    assert lane.answers == [PrintFailed("job-1", "lost"), Printed("job-2")]
    half, whole = lane.papers
    assert "0001-1-000043" not in half.text and "TOTAL" in whole.text and "Φέτα" not in whole.text
    assert whole.codes[-1] == "0001-1-000043"
    assert lane.mechanism.unknown == []


@pytest.mark.parametrize("seed", range(40))
def test_every_job_is_on_paper_once_or_marked(seed):
    """Paper, cover, power, cable, noise and lost answers at random; the core prints a duplicate of what was lost."""
    chance = random.Random(seed)
    lane = Lane()
    lane.world.change(paper=400)
    waiting = [(f"job-{number}", closed(number=number), False) for number in range(12)]
    printed: dict[str, int] = {}
    for attempt in range(200):
        if not waiting:
            break
        if attempt:
            lane.plug()
        job, sale, duplicate = waiting[0]
        now = lane.rig.clock.time
        lane.print(job, sale, at=now + chance.uniform(0, 3), duplicate=duplicate)
        misfortune(lane, chance, now)
        lane.run(150)
        for event in lane.rig.said(Printed, PrintFailed):
            if isinstance(event, Printed):
                printed[event.job] = printed.get(event.job, 0) + 1
                waiting.pop(0)
            elif event.why == "lost":
                waiting[0] = (job, sale, True)
        if lane.mechanism.unfinished.marks and not lane.mechanism._waiting:
            lane.mechanism.switch_off_and_on()
    assert waiting == []
    assert printed == {f"job-{number}": 1 for number in range(12)}
    assert lane.mechanism.drawer_pulses == 0
    for number in range(12):
        whole = [paper.text for paper in lane.papers if f"[0001-1-{number:06d}]" in paper.text]
        assert whole, number
        assert sum("DUPLICATE" not in text for text in whole) <= 1


def misfortune(lane: Lane, chance: random.Random, now: float) -> None:
    """At most one thing goes wrong, and is put right after a while; other misfortunes belong to the line."""
    when = now + chance.uniform(0, 6)
    later = when + chance.uniform(1, 60)
    clock = lane.rig.clock
    mechanism = lane.mechanism
    match chance.randrange(8):
        case 0:
            clock.at(when, lambda: lane.world.change(paper=0))
        case 1:
            clock.at(when, lambda: lane.world.change(cover_open=True))
        case 2:
            clock.at(when, lane.rig.unplug)
        case 3:
            clock.at(when, mechanism.switch_off_and_on)
        case 4:
            lane.rig.through = lambda answer: [] if chance.random() < 0.2 else [answer]
        case 5:
            lane.rig.through = lambda answer: [bytes((byte,)) for byte in answer]
        case 6:
            lane.rig.through = lambda answer: (
                [bytes([0x00, 0xFF, 0x7F, 0x80, 0x15]) + answer] if chance.random() < 0.2 else [answer]
            )
        case 7:
            lane.rig.late = chance.uniform(0, 0.8)
    if lane.world.scene.paper < 500 or chance.random() < 0.9:
        clock.at(later, lambda: lane.world.change(paper=chance.choice((80, 400, 80_000)), cover_open=False))
