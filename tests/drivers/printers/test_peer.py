"""The simulated printer against what others say: bytes of manuals and measurements, python-escpos, zxing."""

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from drivers.printers import commands
from drivers.printers.escpos import Printer
from drivers.printers.status import Answers, Auto, Done, Noise, RealTime, Status, from_auto, from_real_time
from drivers.simulated.escpos_tokens import Command, Tokens
from drivers.simulated.printer_escpos import PAGES, Mechanism
from drivers.simulated.world import World
from kiosk.checkout.effects import Print
from tests.drivers.printers.lane import CONFIG, Lane
from tests.receipt.sample import SHOP, closed


class Bench:
    """A mechanism without driver or line."""

    def __init__(self, **scene: object) -> None:
        self.world = World()
        self.said = b""
        self.mechanism = Mechanism(self.world, self.hear)
        self.world.change(**scene)

    def hear(self, data: bytes) -> None:
        self.said += data

    def answers(self, data: bytes) -> bytes:
        self.said = b""
        self.mechanism.hear(data)
        return self.said


MEASURED = {
    "ok": ({}, "12121212"),
    "near end": ({"paper": 2000}, "1212121e"),
    "paper out": ({"paper": 0}, "1a32127e"),
    "cover open": ({"cover_open": True}, "1a161212"),
}
"""Answers to DLE EOT 1 to 4 of another simulator over TCP (reference of the house, not written here)."""


@pytest.mark.parametrize("state", MEASURED)
def test_answers_as_measured_elsewhere(state):
    scene, answers = MEASURED[state]
    bench = Bench(**scene)
    said = bench.answers(b"".join(commands.ask(n) for n in (1, 2, 3, 4)))
    assert said.hex() == answers
    status = from_real_time(dict(zip((1, 2, 3, 4), said, strict=True)))
    assert (status.out, status.cover_open) == (state == "paper out", state == "cover open")
    assert status.near_end == (state in ("near end", "paper out"))


def test_automatic_status_as_measured_elsewhere():
    bench = Bench()
    assert bench.answers(commands.AUTO_STATUS).hex() == "10000000"
    bench.said = b""
    bench.world.change(paper=0)
    assert bench.said.hex() == "18000f00"
    assert from_auto(bytes.fromhex("18000f00")) == Status(offline=True, near_end=True, out=True)


@pytest.mark.parametrize(
    ("data", "answers"),
    [
        ("12", [RealTime(0x12)]),
        ("18000f00", [Auto(bytes.fromhex("18000f00"))]),
        ("181300110f1300", [Auto(bytes.fromhex("18000f00"))]),
        ("00", [Done()]),
        ("0f", [Done()]),
        ("1000000000", [Auto(b"\x10\0\0\0"), Done()]),
        ("1812", [RealTime(0x12)]),
        ("00ff", [Noise()]),
        ("80", [Noise()]),
        ("15", [Noise()]),
    ],
)
def test_answers_are_told_apart_by_their_fixed_bits(data, answers):
    assert Answers().feed(bytes.fromhex(data)) == answers


def test_an_answer_may_come_in_pieces():
    answers = Answers()
    assert [answers.feed(bytes((byte,))) for byte in b"\x10\0\x03\0"] == [[], [], [], [Auto(b"\x10\0\x03\0")]]


def test_commands_may_come_in_pieces():
    data = Printer(CONFIG, SHOP, "EUR").bytes_of(Print("x", closed()))
    whole = list(Tokens().feed(data))
    tokens = Tokens()
    pieces = [command for byte in data for command in tokens.feed(bytes((byte,)))]
    assert [c for c in pieces if c.name] == [c for c in whole if c.name]
    assert b"".join(c.data for c in pieces if not c.name) == b"".join(c.data for c in whole if not c.name)


def test_the_rest_is_kept_while_there_is_no_paper():
    bench = Bench(paper=4)
    bench.answers(b"PART ONE\n")
    assert bench.answers(b"PART TWO\n\x1dV\x00\x1dr\x01") == b""
    bench.world.change(paper=1000)
    assert bench.said == b"\x03"
    assert [paper.text for paper in bench.mechanism.papers] == ["PART ONE\nPART TWO\n"]


def test_codes_on_the_drawn_receipt_can_be_read():
    lane = Lane()
    lane.print("job-1")
    lane.run(3)
    found = {(code.format.name, code.text) for code in zxingcpp.read_barcodes(lane.papers[0].image())}
    assert found == {
        ("QRCode", "https://r.marche-lumiere.example/2026-11-21-1-42"),
        ("Code128", "0001-1-000042"),
    }


def test_codes_on_the_picture_of_the_receipt_can_be_read(tmp_path):
    lane = Lane()
    lane.print("job-1")
    lane.run(3)
    lane.papers[0].png(tmp_path / "receipt.png")
    with Image.open(tmp_path / "receipt.png") as picture:
        texts = {code.text for code in zxingcpp.read_barcodes(picture.convert("L"))}
    assert texts == {"https://r.marche-lumiere.example/2026-11-21-1-42", "0001-1-000042"}


def test_a_receipt_made_by_another_library(tmp_path):
    """python-escpos writes, our printer prints: neither was made for the other."""
    from escpos.printer import Dummy

    other = Dummy(profile="TM-T88V")
    other.set(align="center", bold=True, double_height=True, double_width=True)
    other.text("SHOP\n")
    other.set(align="left", bold=False, normal_textsize=True)
    other.text("Crème brûlée 2.50\n")
    other.barcode("4006381333931", "EAN13", height=64, width=2, pos="BELOW")
    other.qr("https://example.org/r/1", native=True, size=5)
    other.text("\n\n")
    other.image(Image.new("1", (64, 16), 0), impl="bitImageRaster")
    other.cut()
    bench = Bench()
    bench.answers(other.output)
    [paper] = bench.mechanism.papers
    assert bench.mechanism.unknown == []
    assert "SHOP" in paper.text
    assert "Crème brûlée 2.50" in paper.text
    assert "[picture]" in paper.text
    found = {(code.format.name, code.text) for code in zxingcpp.read_barcodes(paper.image())}
    assert found == {("EAN13", "4006381333931"), ("QRCode", "https://example.org/r/1")}


def test_our_commands_are_those_of_another_library():
    from escpos.printer import Dummy

    other = Dummy(profile="TM-T88V")
    other.qr("https://example.org/r/1", native=True, size=6, ec=1)
    ours = list(Tokens().feed(commands.qr("https://example.org/r/1")))
    theirs = [c for c in Tokens().feed(other.output) if c.name == b"\x1d("]
    assert ours == theirs
    other = Dummy(profile="TM-T88V")
    other.barcode(
        "{B0001-1-000042", "CODE128", height=72, width=2, pos="BELOW", align_ct=False, function_type="B"
    )
    ours = sorted(Tokens().feed(commands.code128("0001-1-000042")), key=str)
    theirs = [c for c in Tokens().feed(other.output) if c.name in {command.name for command in ours}]
    assert ours == sorted(theirs, key=str)


def test_code_pages_have_the_numbers_of_another_library():
    from escpos.capabilities import CAPABILITIES

    pages = CAPABILITIES["profiles"]["TM-T88V"]["codePages"]
    encodings = CAPABILITIES["encodings"]
    for table in (commands.CODECS, PAGES):
        for number, codec in table.items():
            name = pages[str(number)]
            theirs = str(encodings[name].get("python_encode", name)).lower().replace("_", "-")
            assert "".encode(codec) == b""
            assert theirs.replace("-", "") == codec.lower().replace("_", "").replace("-", ""), (
                number,
                theirs,
                codec,
            )


def test_unknown_commands_are_named():
    bench = Bench()
    bench.answers(b"\x1dC0\x1b@")
    assert bench.mechanism.unknown[0] == Command(b"\x1dC", b"")


def test_a_drawer_pulse_is_counted():
    bench = Bench()
    bench.answers(b"\x1bp\x00\x19\xfa" + b"\x10\x14\x01\x00\x05")
    assert bench.mechanism.drawer_pulses == 2


@given(
    st.lists(
        st.binary(max_size=12)
        | st.sampled_from(
            [b"\x1b", b"\x1d", b"\x10", b"\x1d(k\x04\x001A2\x00", b"\x1d(k\x03\x001Q0", b"\x1dk", b"\x1dV"]
        )
    )
)
def test_no_bytes_break_the_peer(pieces):
    bench = Bench()
    for piece in pieces:
        bench.mechanism.hear(piece)
    for paper in [*bench.mechanism.papers, bench.mechanism.unfinished]:
        assert paper.text.endswith("\n")
