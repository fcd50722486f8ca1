"""Scanners on the wire: every scan whole, once, in order, and nothing of a card kept."""

import json
import queue
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.hid import fields
from drivers.hid import record as record_of
from drivers.line import CLOCK, LineLost, Tape, masked, open_line
from drivers.scanners import evdev, hid_pos, serial
from drivers.scanners.evdev import Keys, grab
from drivers.scanners.hid_pos import Places
from drivers.scanners.layouts import LAYOUTS
from drivers.scanners.serial import Lines, redact
from drivers.scanners.serial import redact as redact_serial
from drivers.simulated.keyboard import record, stroke, strokes
from drivers.simulated.scanner import Scanner
from drivers.simulated.scanner_hid import DESCRIPTOR, reports
from kiosk.barcode import Badge, DepositVoucher, GiftCard, Member, Product, ShopCodes
from kiosk.checkout.effects import HoldScanner
from kiosk.checkout.events import Event, Scanned
from kiosk.checkout.passed import DeviceSeen, UnreadableScanned
from kiosk.checkout.session import Health
from tests.drivers.rig import Rig

PATIENCE = 30.0
SHOP = ShopCodes(member=("2950*",), badge=("STAFF-????",), gift_card=("GC*",), deposit_voucher=("99*",))
TIN = "4006381333931"
CARD = "4111111111111111"


WRITE = {
    "serial": lambda text: f"{text}\r".encode("latin-1"),
    "evdev": lambda text: strokes(text + "\n"),
    "hid-pos": lambda text: b"".join(map(record_of, reports(text, "\0\0\0"))),
}
"""What a scanner of that kind says over its line."""


class Till:
    """A scanner's driver on a rig."""

    def __init__(self, kind: str, **config: object) -> None:
        self.rig = Rig()
        self.secrets: list[tuple[str, str]] = []
        family = {"serial": serial, "evdev": evdev, "hid-pos": hid_pos}[kind]
        worker = family.worker(
            "scanner",
            family.Config(port="x", **config),
            SHOP,
            lambda *secret: self.secrets.append(secret),
            self.rig.emit,
        )
        self._driver = worker.driver
        self._write = WRITE[kind]

    def bytes_of(self, *texts: str) -> bytes:
        return b"".join(self._write(text) for text in texts)

    def say_at(self, time: float, data: bytes) -> None:
        self.rig.clock.at(time, lambda: self.rig.say(data))

    def run(self, seconds: float = 100.0) -> list[object]:
        """What was scanned: numbers, classes of cards, or reasons."""
        self.rig.run(self._driver, seconds)
        found: list[object] = []
        for event in self.rig.said(Scanned, UnreadableScanned):
            if isinstance(event, UnreadableScanned):
                found.append(event.reason)
            else:
                found.append(event.code.printed if isinstance(event.code, Product) else type(event.code))
        return found


@pytest.fixture(params=["serial", "evdev", "hid-pos"])
def till(request):
    return Till(request.param)


def test_one_scan(till):
    till.say_at(1, till.bytes_of(TIN))
    assert till.run() == [TIN]
    assert till.rig.said(DeviceSeen)[0].device.health is Health.READY


def test_glued_scans_are_two(till):
    till.say_at(1, till.bytes_of(TIN, "96385074"))
    assert till.run() == [TIN, "96385074"]


def test_a_scan_cut_at_every_byte_is_whole(till):
    data = till.bytes_of(TIN)
    for cut in range(1, len(data)):
        till.say_at(cut, data[:cut])
        till.say_at(cut + 0.1, data[cut:])
    assert till.run(len(data) + 10) == [TIN] * (len(data) - 1)


def test_half_a_scan_is_thrown_away_after_a_gap(till):
    data = till.bytes_of(TIN)
    till.say_at(1, data[: len(data) // 2])
    till.say_at(2, till.bytes_of("96385074"))
    assert till.run() == ["cut", "96385074"]


def test_a_scan_of_no_end_is_one_error(till):
    till.say_at(1, till.bytes_of("1" * 10_000, TIN))
    assert till.run() == ["too_long", TIN]


def test_unplugged_in_mid_scan(till):
    data = till.bytes_of(TIN)
    till.say_at(1, data + data[:30])
    till.rig.clock.at(1.01, till.rig.unplug)
    assert TIN in till.run(5)
    assert till.rig.clock.time < 2


def test_a_wrong_check_digit_is_no_product(till):
    till.say_at(1, till.bytes_of("4006381333937"))
    assert till.run() == ["check_digit"]


def test_numbers_of_members_and_staff_go_where_they_may(till):
    till.say_at(1, till.bytes_of("2950000000017", "STAFF-0042"))
    assert till.run() == [Member, Badge]
    assert till.secrets == [("member", "2950000000017"), ("badge", "STAFF-0042")]
    assert "0042" not in repr(till.rig.events) and "2950" not in repr(till.rig.events)


def test_numbers_that_are_money_stay_with_who_may_know_them(till):
    till.say_at(1, till.bytes_of("GC9876543210987612", "990000000325"))
    assert till.run() == [GiftCard, DepositVoucher]
    assert till.secrets == [("gift_card", "GC9876543210987612"), ("deposit_voucher", "990000000325")]
    assert "7612" not in repr(till.rig.events) and "0325" not in repr(till.rig.events)


TRACKS = {
    "1": "%B4111111111111111^DOE/JOHN^2512101000000000?",
    "2": ";4111111111111111=25121010000000000000?",
    "3": ";014111111111111111=724724100000000000030300XXXX0400000000000000000000=?",
    "3, as many readers mark it": "+014111111111111111=724724100000000000030300?",
}


@pytest.mark.parametrize("text", [CARD, *TRACKS.values()], ids=["number", *TRACKS])
def test_a_payment_card_leaves_nothing(till, text):
    till.say_at(1, till.bytes_of(text))
    assert till.run() == ["payment_card"]
    assert not till.secrets and "4111" not in repr(till.rig.events)


def test_a_whole_swipe_leaves_nothing_wherever_it_is_torn(till, caplog):
    """All tracks at once, torn at every byte by a pause long enough to throw half of it away."""
    swipe = till.bytes_of("".join(TRACKS.values()))
    step = 1 + len(swipe) // 400
    for number, at in enumerate(range(0, len(swipe), step)):
        till.say_at(number * 10 + 1, swipe[:at])
        till.say_at(number * 10 + 4, swipe[at:])
        till.say_at(number * 10 + 7, till.bytes_of(TIN))
    heard = till.run(10 * number + 20)
    assert heard.count(TIN) == number + 1  # the next scan stands for itself
    assert not till.secrets
    left = repr(till.rig.events) + caplog.text
    assert "4111" not in left and "DOE" not in left
    assert {type(event) for _, event in till.rig.events} == {DeviceSeen, Scanned, UnreadableScanned}
    assert all(event.code.printed == TIN for event in till.rig.said(Scanned))


@pytest.mark.parametrize("kind", ["serial", "evdev", "hid-pos"])
def test_a_tape_has_nothing_of_a_swipe(kind, tmp_path):
    """As it runs over the line: in pieces with silence between them, each a run of its own on the tape."""
    path = tmp_path / "swipe.tape"
    redact = {
        "serial": lambda run: redact_serial(run, SHOP),
        "evdev": masked,
        "hid-pos": hid_pos.Redaction(lambda descriptor: Places(fields(descriptor)), SHOP),
    }[kind]
    tape = Tape(path, redact, CLOCK)
    if kind == "hid-pos":
        tape.note("in", record_of(DESCRIPTOR))
        tape.flush()
    swipe = b"".join(WRITE[kind](text) for text in TRACKS.values())
    for size in (len(swipe), 7, 30, 66, 100):
        for at in range(0, len(swipe), size):
            tape.note("in", swipe[at : at + size])
            tape.flush()
    tape.close()
    said = b"".join(bytes.fromhex(json.loads(row)["hex"]) for row in path.read_text().splitlines())
    assert len(said) >= 5 * len(swipe)
    for text in TRACKS.values():
        for at in range(len(text) - 4):
            assert text[at : at + 4].encode() not in said.replace(record_of(DESCRIPTOR), b"")


def test_what_is_scanned_while_held_is_thrown_away(till):
    till.rig.clock.at(1, lambda: till.rig.orders.put(HoldScanner(True)))
    till.say_at(2, till.bytes_of(TIN))
    till.rig.clock.at(3, lambda: till.rig.orders.put(HoldScanner(False)))
    till.say_at(4, till.bytes_of("96385074"))
    assert till.run() == ["96385074"]


def test_noise_seldom_makes_another_product():
    """1 % of bytes are others. A mod 10 digit misses one error in ten at most, and an EAN has no more."""
    till = Till("serial")
    chance = random.Random(3)
    for time in range(1, 1000):
        data = bytes(
            chance.randrange(256) if chance.random() < 0.01 else b for b in till.bytes_of("]E0" + TIN)
        )
        till.say_at(time, data)
    scanned = [number for number in till.run(1100) if isinstance(number, str) and number.isdecimal()]
    assert scanned.count(TIN) > 800
    assert len(scanned) - scanned.count(TIN) <= 1


# ---- serial only


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_each_suffix_ends_one_scan(end):
    assert Lines().feed(b"]E0" + TIN.encode() + end) == [("]E0" + TIN, "")]


def test_the_commands_that_hold_a_scanner():
    till = Till("serial", hold="command", off="\x16U\r", on="\x16T\r")
    till.rig.clock.at(1, lambda: till.rig.orders.put(HoldScanner(True)))
    till.rig.clock.at(2, lambda: till.rig.orders.put(HoldScanner(False)))
    till.run(3)
    assert till.rig.heard == b"\x16T\r\x16U\r\x16T\r"


@pytest.mark.parametrize("secret", [CARD, "2950000000017", "STAFF-0042", "%B4111111111111111^A/B^2512?"])
def test_a_tape_keeps_goods_and_masks_the_rest(secret):
    run = b"]E04006381333931\r" + secret.encode() + b"\r\n]E0" + TIN[:6].encode()
    kept = redact(run, SHOP)
    assert kept == b"]E04006381333931\r" + b"*" * len(secret) + b"\r\n" + b"*" * 9


@given(st.lists(st.binary(max_size=40)))
def test_no_bytes_upset_the_lines_or_the_redaction(chunks):
    lines = Lines()
    texts = [text for chunk in chunks for text in lines.feed(chunk)]
    whole = Lines().feed(b"".join(chunks))
    assert texts == whole
    assert len(redact(b"".join(chunks), SHOP)) == len(b"".join(chunks))


# ---- evdev only


def test_the_layout_is_that_of_a_us_keyboard():
    """Key codes of linux/input-event-codes.h, written out by hand."""
    keys = Keys("us")
    number_row = b"".join(stroke(code) for code in range(2, 14))
    assert keys.feed(number_row + stroke(28)) == [("1234567890-=", "")]
    letters = b"".join(stroke(code) for code in (16, 30, 44, 21, 50, 52, 57))
    assert keys.feed(letters + stroke(28)) == [("qazym. ", "")]
    shifted = b"".join(stroke(code, 42) for code in (16, 3, 12, 40, 86 - 43))
    assert keys.feed(shifted + stroke(96)) == [('Q@_"|', "")]


def test_a_record_is_24_bytes_of_the_kernel():
    one = bytes.fromhex("0000000000000000 0000000000000000 0100 0200 01000000")
    enter = bytes.fromhex("0000000000000000 0000000000000000 0100 1c00 01000000")
    assert Keys("us").feed(one + enter) == [("1", "")]


def test_keypad_caps_lock_and_control():
    keys = Keys("us")
    assert keys.feed(stroke(79) + stroke(80) + stroke(81) + stroke(96)) == [("123", "")]
    assert keys.feed(stroke(58) + stroke(30) + stroke(30, 42) + stroke(2) + stroke(15)) == [("Aa1", "")]
    assert keys.feed(stroke(58) + stroke(30) + stroke(27, 29) + stroke(30, 54) + stroke(28)) == [
        ("a\x1dA", "")
    ]
    assert keys.feed(stroke(30) + stroke(36, 29)) == [("a", "")]  # Ctrl+J is LF


def test_a_character_typed_by_its_number():
    alt = [(56, 1), (71, 1), (71, 0), (76, 1), (76, 0), (56, 0)]
    data = b"".join(record(1, code, value) for code, value in [(56, 1), (82, 1), (82, 0), *alt[1:]])
    assert Keys("us").feed(data + stroke(28)) == [("K", "")]


def test_a_held_key_counts_once():
    held = record(1, 2, 1) + record(1, 2, 2) * 5 + record(1, 2, 0)
    assert Keys("us").feed(held + stroke(28)) == [("1", "")]


@pytest.mark.parametrize("name", LAYOUTS)
def test_all_of_ascii_and_gs(name):
    text = "".join(map(chr, range(32, 127))) + "\x1d\x1e"
    assert Keys(name).feed(strokes(text, name) + stroke(28)) == [(text, "")]


def test_digits_and_identifiers_of_french_and_german_keyboards():
    """Typed by hand from pictures of these keyboards."""
    digits = b"".join(stroke(code, 42) for code in range(2, 12))
    assert Keys("fr").feed(stroke(12, 100) + stroke(18, 42) + digits + stroke(28)) == [("]E1234567890", "")]
    assert Keys("de").feed(stroke(10, 100) + stroke(44) + stroke(21) + stroke(28)) == [("]yz", "")]


def test_only_an_input_node_can_be_grabbed():
    with pytest.raises(LineLost, match="cannot be grabbed"):
        grab(open_line("/dev/null"))


def test_what_the_kernel_dropped_spoils_the_whole_scan():
    dropped = record(0, 3, 0) + record(1, 9, 1) + record(0, 0, 0)
    keys = Keys("us")
    assert keys.feed(strokes("40063") + dropped + strokes("81333931\n")) == [("", "dropped")]
    assert keys.feed(strokes("96385074\n")) == [("96385074", "")]


@given(st.binary(max_size=240))
def test_no_records_upset_the_keys(data):
    keys = Keys("us")
    for text, spoiled in keys.feed(data):
        assert text or spoiled


def test_a_tape_of_keys_keeps_none():
    assert masked(strokes("4111")) == b"*" * len(strokes("4111"))


def codes(seed: int, count: int) -> list[str]:
    chance = random.Random(seed)
    heads = [f"{chance.randrange(40 * 10**10, 45 * 10**10):012d}" for _ in range(count)]
    return [head + str(-sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(head)) % 10) for head in heads]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_thousand_scans_at_a_millisecond_a_key(layout):
    till = Till("evdev", layout=layout)
    sent = codes(7, 1000)
    time = 1.0
    for code in sent:
        for char in code + "\n":
            till.say_at(time, strokes(char, layout))
            time += 0.001
    assert till.run(time + 1) == sent


def test_a_scanner_is_held_and_comes_back_after_a_replug():
    events: queue.Queue[Event] = queue.Queue()
    with Scanner() as peer:
        config = serial.Config(port=peer.port, hold="command", off="\x16U\r", on="\x16T\r")
        worker = serial.worker("scanner", config, SHOP, lambda *_: None, events.put)
        worker.start()
        assert events.get(timeout=PATIENCE).device.health is Health.READY
        peer.scan(TIN)
        assert events.get(timeout=PATIENCE).code.printed == TIN
        peer.unplug()
        assert events.get(timeout=PATIENCE).device.health is Health.OFFLINE
        peer.replug()
        while events.get(timeout=PATIENCE).device.health is not Health.READY:
            pass
        peer.scan(TIN)
        assert events.get(timeout=PATIENCE).code.printed == TIN
        assert worker.stop(PATIENCE)


def test_a_scan_says_what_kind_of_symbol_carried_it():
    till = Till("serial")
    till.say_at(1, till.bytes_of(f"]E0{TIN}", f"]d2010{TIN}17261231\x1d21X", TIN))
    till.run()
    scans = till.rig.said(Scanned)
    assert [scan.carrier for scan in scans] == ["linear", "matrix", ""]
    assert [scan.code.pack.use_by for scan in scans] == ["", "2026-12-31", ""]
