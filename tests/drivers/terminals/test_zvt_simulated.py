"""The simulated terminal answers the vectors' bytes as the manual says, whatever our driver believes."""

import pytest

from drivers.line import LineLost, open_line
from drivers.simulated.terminal_book import Rule, State
from drivers.terminals.zvt.frames import Apdus
from drivers.terminals.zvt.messages import StatusInformation, decode

PATIENCE = 20.0
ACK = "800000"
REGISTER = "06000e123456be0978060626040a0206d3"  # registration_kiosk_mode
PAY = "06010904000000003300020a"  # auth_33_00_eur_issue_of_goods


class Wire:
    """Bytes in hex, whole messages in and out."""

    def __init__(self, port):
        self.line, self.apdus, self.frames = open_line(port), Apdus(), []

    def say(self, text):
        self.line.write(bytes.fromhex(text))

    def hear(self):
        while not self.frames:
            data = self.line.read(PATIENCE)
            assert data, "silent"
            self.frames += self.apdus.feed(data)
        return self.frames.pop(0)

    def ask(self, text, answers):
        """Say a command, acknowledge what comes, and compare how each message begins."""
        self.say(text)
        heard = [self.hear()]
        while heard[-1][:2] not in (b"\x06\x0f", b"\x06\x1e") and len(heard) < len(answers):
            heard.append(self.hear())
            self.say(ACK)
        assert [frame.hex()[: len(start)] for frame, start in zip(heard, answers, strict=True)] == answers
        return heard

    def until_result(self):
        """Pay up to the first 04 0F, which is not answered yet."""
        self.ask(REGISTER, [ACK, "060f"])
        self.ask(PAY, [ACK, "04ff020a", "04ff0104"])
        return decode(self.hear())


@pytest.fixture
def wire(terminal):
    terminal.repeat_seconds = 0.0
    wire = Wire(terminal.port)
    yield wire
    wire.line.close()


def test_it_registers_with_the_bytes_of_a_real_one(wire):
    assert (
        wire.ask(REGISTER, [ACK, "060f"])[1].hex() == "060f0a19002929001006490978"
    )  # completion_registration


def test_it_says_how_it_is(wire, terminal):
    assert wire.ask("050100", [ACK, "060f"])[1][-1] == 0x00
    terminal.busy_answers = 1
    assert wire.ask("050100", [ACK, "060f"])[1][-1] == 0x9C


def test_it_repeats_its_last_receipt_in_silence(wire):
    status = decode(wire.ask("0620050000000303", [ACK, "040f", "060f00"])[1])
    assert (status.receipt_no, status.trace, status.result_code) == ("0470", "000733", 0)


def test_it_pays_and_stores_only_when_all_is_acknowledged(wire, terminal):
    status = wire.until_result()
    assert isinstance(status, StatusInformation) and (status.amount, status.receipt_no) == (3300, "0471")
    assert terminal.book.entries[0].state is State.PENDING
    wire.say(ACK)
    for start in ("06d3", "06d3", "060f"):
        assert wire.hear().hex().startswith(start)
        wire.say(ACK)
    assert terminal.book.charged == 3300


def test_not_issued_is_reversed(wire, terminal):
    wire.until_result()
    wire.say("846600")  # ecr_issue_failed
    assert wire.hear().hex() == "061e016c"
    assert terminal.book.charged == 0


def test_not_yet_is_repeated_as_often_as_was_said_and_then_reversed(wire, terminal):
    first = wire.until_result()
    for _ in range(10):
        wire.say("849c00")  # ecr_needs_more_time
        assert decode(wire.hear()) == first
    wire.say("849c00")
    assert wire.hear().hex() == "061e016c"
    assert terminal.book.charged == 0


def test_a_part_that_is_issued_is_all_that_is_paid(wire, terminal):
    wire.until_result()
    wire.say("849d0704000000002200")  # ecr_partial_issue_22_00
    for _ in range(3):
        wire.hear()
        wire.say(ACK)
    assert terminal.book.charged == 2200


@pytest.mark.parametrize(("rule", "charged"), [(Rule.KEEPS, 3300), (Rule.REVERSES, 0)])
def test_a_till_that_is_gone_is_not_waited_for(wire, terminal, rule, charged):
    terminal.book.rule = rule
    wire.until_result()
    wire.line.close()
    again = Wire(terminal.port)
    again.ask("050100", [ACK, "060f"])
    assert terminal.book.charged == charged
    again.line.close()


def test_a_second_command_finds_it_busy(wire, terminal):
    terminal.world.change(card=None)
    wire.ask(PAY, [ACK, "04ff"])
    wire.say("050100")
    assert wire.hear().hex() == "849c00"
    wire.say("06b000")  # abort_by_ecr
    assert wire.hear().hex() == ACK
    assert wire.hear().hex().startswith("040f")


def test_it_reverses_once_and_only_what_it_knows(wire, terminal):
    wire.until_result()
    wire.say(ACK)
    for _ in range(3):
        wire.hear()
        wire.say(ACK)
    wire.ask("06300d00000087047104000000002040", [ACK, "061e01b5"])
    status = decode(wire.ask("06300d00000087047104000000003300", [ACK, "040f", "06d3", "06d3", "060f00"])[1])
    assert (status.orig_trace, status.receipt_no) == ("000734", "0472")
    wire.ask("06300d00000087047104000000003300", [ACK, "061e01b4"])


def test_what_it_does_not_know_it_refuses_and_what_is_no_zvt_it_hangs_up_on(wire):
    wire.ask("062400", ["848300"])
    wire.say("ffff")
    with pytest.raises(LineLost):
        wire.hear()


def test_it_closes_its_day_and_begins_the_next_with_nothing(wire, terminal):
    wire.until_result()
    wire.say(ACK)
    for _ in range(3):
        wire.hear()
        wire.say(ACK)
    status = decode(wire.ask("065003000000", [ACK, "040f", "06d3", "060f00"])[1])
    assert (status.totals.first, status.totals.last, status.totals.amount) == ("0471", "0471", 3300)
    assert [card.number for card in status.totals.cards] == [0, 0, 0, 0, 1, 0, 0]
    status = decode(wire.ask("065003000000", [ACK, "040f", "06d3", "060f00"])[1])
    assert status.totals.amount == 0
    wire.ask("06300d00000087047104000000003300", [ACK, "061e01b5"])


@pytest.mark.parametrize(
    ("mirrored", "charged"), [("0201d7", 3300), ("0201d6", 0), ("0201d0", 3300), ("00", 3300)]
)
def test_it_takes_back_what_the_till_does_not_know_of(wire, terminal, mirrored, charged):
    wire.until_result()
    wire.say(ACK)
    for _ in range(3):
        wire.hear()
        wire.say(ACK)
    terminal.world.change(card=None)
    tlv = "1f1f" + mirrored
    pay = "04000000001230490978" + "06" + f"{len(tlv) // 2:02x}" + tlv
    wire.ask("0601" + f"{len(pay) // 2:02x}" + pay, [ACK, "04ff"])
    assert terminal.book.charged == charged


@pytest.mark.parametrize("command", ["067000", "069303000000"])
def test_it_looks_itself_over(wire, command):
    wire.ask(command, [ACK, "04ff", "060f00"])


def test_it_numbers_its_messages_once_it_has_echoed_the_tills(wire, terminal):
    terminal.echoes = True
    register = "0600140000009e0978060c26040a0206d31f7303000000"  # registration_with_msgseqid
    assert decode(wire.ask(register, ["8000", "060f"])[1]).msg_seq_id is not None
    wire.say("05010806061f7303000001")
    assert decode(wire.hear()).msg_seq_id == 1
    assert decode(wire.hear()).msg_seq_id is not None
