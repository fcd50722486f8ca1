"""kiosk simulate terminal: what a technician can make it do, by lines."""

import json

import pytest

from drivers.simulated.peer import Faults
from drivers.simulated.scales import peer as scale_peer
from drivers.simulated.terminal import Fault
from drivers.simulated.terminal_book import Rule
from drivers.simulated.world import Card, World
from kiosk.commands.simulate import DEVICES, Refused, done, tell, terminal


@pytest.fixture
def peer():
    with terminal("zvt", World(), 0, serial=False) as made:
        yield made


def say(peer, line):
    verb, *rest = line.split()
    return done(verb, rest, peer, peer.world)


def test_the_shopper_and_the_terminal_do_as_they_are_told(peer):
    for line in (
        "card declines",
        "rule reverses_and_shows_it",
        "authorises 1500",
        "busy 2",
        "busy_with 999",
        "late 9",
    ):
        assert say(peer, line) == ""
    assert peer.world.scene.card == Card(bank="declines")
    assert (peer.book.rule, peer.authorises, peer.busy_with) == (Rule.REVERSES_AND_SHOWS_IT, 1500, 999)
    assert (peer.busy_answers, peer.late_seconds) == (2, 9.0)
    say(peer, "skew -7200")
    assert peer.clock_skew.total_seconds() == -7200
    say(peer, "authorises")
    assert peer.authorises is None


def test_faults_are_written_into_its_script(peer):
    say(peer, "script 6 cut_after")
    peer.steps.extend(["hear 06 00"] * 3)
    say(peer, "script +2 lose")
    assert peer.script == {6: Fault.CUT_AFTER, 5: Fault.LOSE}
    say(peer, "script")
    assert peer.script == {}


def test_its_book_and_its_steps_are_json_lines(peer):
    entry = peer.book.open(2040, 978, Card())
    peer.book.store(entry)
    peer.book.reverse(entry)
    rows = [json.loads(line) for line in say(peer, "ledger").splitlines()]
    assert [(row["receipt"], row["amount"], row["state"], row["reverses"]) for row in rows] == [
        (471, 2040, "reversed", None),
        (472, 2040, "stored", 734),
    ]
    peer.steps.append("hear 06 00")
    assert json.loads(say(peer, "steps")) == {"step": 0, "what": "hear 06 00"}


@pytest.mark.parametrize(
    "line", ["script 6 unheard", "rule unheard", "card unheard", "busy much", "script 6", "paper 0"]
)
def test_what_cannot_be_done_is_said_and_passed_over(peer, capsys, line):
    tell([line, "busy 1"], peer, peer.world)
    wrong, right = capsys.readouterr().out.splitlines()
    assert wrong.startswith(f"not done: {line}: ") and right == "ok"


def test_a_serial_terminal_is_one_too(capsys):
    with terminal("zvt", World(), 0, serial=True) as made:
        assert made.port.startswith("socket://127.0.0.1:")


def test_one_kind_of_line_is_no_two():
    with pytest.raises(Refused):
        terminal("caisse", World(), 0, serial=True)


def test_there_is_no_scale_among_the_terminals():
    with pytest.raises(Refused, match="no nci terminal"):
        terminal("nci", World(), 0, serial=False)


def told(model, *lines):
    world = World()
    with scale_peer(model, world, "bag") as scale:
        answers = [done(line.split()[0], line.split()[1:], scale, world) for line in lines]
        return scale, world, answers


def test_a_scale_is_loaded_and_misbehaves():
    scale, world, _ = told("sma", "put 500", "put -200", "noise 2", "hiss 0.01", "split 1 3", "garbage 2")
    assert (world.scene.bag, world.scene.noise) == (300, 2)
    assert (scale.faults.hiss, scale.faults.split) == (0.01, (1, 3))


def test_what_one_kind_of_scale_can_do():
    scale, _, _ = told("dialog06", "secret 1A2B 8005", "challenge")
    assert scale.balance.secret == (0x1A2B, 0x8005)
    scale, _, _ = told("cas", "busy 2")
    assert scale.balance.busy == 2
    with pytest.raises(Refused, match="a Sma does not know it"):
        told("sma", "challenge")


def test_hiss_makes_bytes_others():
    faults = Faults()
    faults.hiss = 0.5
    (heard,) = faults.applied(bytes(1000))
    assert len(heard) == 1000 and 400 < sum(byte != 0 for byte in heard) < 600


@pytest.mark.parametrize("device", ["scanner", "hid-scanner", "wedge"])
def test_every_kind_of_scanner_scans_by_a_line(device):
    with DEVICES[device](World(), 0) as scanner:
        heard = []
        scanner.send = heard.append
        assert done("scan", ["96385074", "]E4"], scanner, World()) == ""
    assert b"96385074" in b"".join(heard) or (device == "wedge" and len(heard[0]) % 24 == 0)
    with DEVICES[device](World(), 0) as scanner, pytest.raises(Refused):
        done("paper", ["0"], scanner, World())
