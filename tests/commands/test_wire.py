"""kiosk wire decode: captured messages as JSON, one line each, and errors that say where."""

import io
import json

import pytest

from kiosk.commands.wire import main


@pytest.fixture
def wire(capsys, monkeypatch):
    """Runs the command; exit code, what it printed as JSON, and what it said on standard error."""

    def run(*arguments, stdin=b""):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(["decode", *arguments])
        out, err = capsys.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err

    return run


def test_a_message_is_a_line(wire):
    code, (told,), _ = wire("zvt", "04 ff 01 0a")
    assert code == 0
    assert (told["protocol"], told["command"], told["message"]) == ("zvt", "04 FF", "IntermediateStatus")
    assert (told["status"], told["means"], told["hex"]) == ("0A", "present_card", "04ff010a")


def test_several_messages_in_one_capture_and_several_captures(wire):
    code, told, _ = wire("zvt", stdin=b"80000004ff010a\n\n06:0f:00\n")
    assert code == 0 and [each["message"] for each in told] == [
        "Positive",
        "IntermediateStatus",
        "Completion",
    ]


def test_a_serial_stream(wire):
    code, told, _ = wire("zvt-serial", "06 10 02 06 70 00 10 03 d9 f9 15")
    assert code == 0 and [each.get("control") or each["message"] for each in told] == [
        "ACK",
        "Diagnosis",
        "NAK",
    ]


def test_card_data_and_password_are_masked(wire):
    status = "040f1727000400000000204022f0f8541333008960411187" + "0470"
    code, (told,), _ = wire("zvt", status)
    assert code == 0 and told["last4"] == "4111"
    code, registered, _ = wire("zvt", "060006123456ba0978")
    assert registered[0]["password"] == "******"
    assert "5413" not in json.dumps(told) and "123456" not in json.dumps(registered)


def test_totals_by_card(wire):
    totals = "04710472" + "00000000000000" * 4 + "02000000004080" + "00000000000000" * 2
    length = len(totals) // 2
    data = f"270060f0f{length // 10}f{length % 10}{totals}"
    _, (told,), _ = wire("zvt", f"040f{len(data) // 2:02x}{data}")
    assert told["totals"]["amount"] == 4080
    assert told["totals"]["cards"]["visa"] == {"number": 2, "amount": 4080}


def test_a_character_set(wire):
    line = "06d106002ac42a2041"
    assert wire("zvt", line, "--charset", "cp437")[1][0]["text"] == "*─* A"
    assert wire("zvt", line, "--charset", "iso-8859-1")[1][0]["text"] == "*Ä* A"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["zvt", "04ff02"], "zvt: message 1, at byte 0: cut short, 2 bytes are missing"),
        (["zvt", "80000099"], "message 2, at byte 3: not ZVT: begins with 99"),
        (["zvt", "04fg"], "no hex digit at place 4"),
        (["zvt", "04f"], "half a byte at the end, after 1 whole ones"),
        (["zvt", ""], "nothing to read"),
        (["zvt", "800000", "--charset", "klingon"], "no such character set: 'klingon'"),
        (["zvt", "800000", "--speed", "9"], "unknown option speed"),
        (["zvt", "800000", "--speed"], "not understood: --speed"),
        (["zvt-serial", "100206700010030000"], "message 1, at byte 0: wrong CRC"),
        (["zvt-serial", "10020670"], "a frame without its end"),
        (["zvt-serial", "80"], "begins with 80"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(wire, arguments, says):
    code, told, err = wire(*arguments)
    assert code == 2 and told == []
    assert says in err and err.count("\n") == 1 and err.startswith("kiosk wire: ")


def test_one_bad_line_does_not_hide_the_others(wire):
    code, told, err = wire("zvt", "-", stdin=b"800000\nnonsense\n060f00\n")
    assert code == 2 and len(told) == 2 and err.startswith("kiosk wire: line 2: zvt: ")


@pytest.mark.parametrize(
    ("protocol", "capture", "said"),
    [
        ("toledo8217", "0230312e3235300d", ("weight", "1.250", "kg")),
        ("nci", "0a30312e3235304b470d0a5330300d03", ("weight", "1.250", "kg")),
        ("cas", "0102532030312e3235306b67670304", ("weight", "1.250", "kg")),
        ("sma", "0a2031472020202020202020322e33356c625f0d", ("weight", "2.35", "lb")),
        ("adam", "53542c47532020302e3531326b670d0a", ("weight", "0.512", "kg")),
        (
            "digi",
            "40420d3020312e3235300d3420302e3030300d552020312e39390d54202020322e34390d0a",
            ("weight", "1.250", "kg"),
        ),
        ("dialog06", "0230321b331b30313235301b3030303139391b30303032343903", ("weight", "1.250", "kg")),
        ("hid", "03040bff2a00", ("weight", "4.2", "oz")),
    ],
)
def test_what_a_scale_says(wire, protocol, capture, said):
    code, (told,), _ = wire(protocol, capture)
    assert code == 0 and told["protocol"] == protocol
    assert (told["kind"], told["value"], told["unit"]) == said


def test_what_a_scale_is_asked_and_what_is_no_answer(wire):
    code, (told,), _ = wire("dialog06", "04 05")
    assert code == 0 and (told["kind"], told["request"]) == ("request", "result")
    code, told, error = wire("nci", "0a30312e3235")
    assert code == 2 and not told and "no complete answer" in error
