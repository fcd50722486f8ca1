"""The lines to a guest, with a local shell, socket or simulated device at the other end."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.simulated.scale_8217 import Scale8217
from drivers.simulated.world import World
from tests.vm.channel import Channel, Silence
from tests.vm.machine import PIPE, Drive, Machine
from tests.vm.qmp import Qmp, Refused
from tests.vm.shell import LONGEST, Shell
from tests.vm.usb import UsbLine


@pytest.fixture
def ends() -> Iterator[tuple[Channel, socket.socket]]:
    ours, theirs = socket.socketpair()
    theirs.settimeout(10)
    channel = Channel(ours)
    yield channel, theirs
    theirs.close()
    channel.close()


@pytest.fixture
def shell(ends: tuple[Channel, socket.socket]) -> Iterator[Shell]:
    channel, theirs = ends
    with subprocess.Popen(
        ["sh"], stdin=theirs.fileno(), stdout=theirs.fileno(), stderr=theirs.fileno()
    ) as process:
        yield Shell(channel)
        process.kill()


def test_what_comes_is_kept_until_somebody_asks(ends: tuple[Channel, socket.socket]) -> None:
    channel, theirs = ends
    theirs.sendall(b"one\r\ntwo\nthr")
    assert channel.line(10) == b"one"
    theirs.sendall(b"ee\n")
    assert channel.until(rb"(\w+)\n(\w+)\n", 10).groups() == (b"two", b"three")
    assert channel.heard == b"one\r\ntwo\nthree\n"


def test_silence_says_what_came_last(ends: tuple[Channel, socket.socket]) -> None:
    channel, theirs = ends
    theirs.sendall(b"half a li")
    channel.until(rb"(?=half a li)", 10)
    with pytest.raises(Silence, match="half a li"):
        channel.line(0)
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(Silence, match="the other end is gone"):
        channel.line(60)


def test_a_command_its_output_and_its_status(shell: Shell) -> None:
    shell.ready(10)
    assert shell.run("echo one; echo two >&2; (exit 3)") == (3, "one\ntwo\n")
    assert shell.good("echo 'END1 0'; echo $((6 * 7))") == "END1 0\n42"
    with pytest.raises(RuntimeError, match="'false' ended with 1"):
        shell.good("false")


def test_a_command_that_no_terminal_takes(shell: Shell) -> None:
    with pytest.raises(ValueError, match="bytes in a line"):
        shell.run("echo " + "x" * LONGEST)


def test_an_order_its_answer_and_the_events_between(ends: tuple[Channel, socket.socket]) -> None:
    channel, theirs = ends
    qmp = Qmp(channel)
    stats = [{"device": "root", "stats": {"wr_bytes": 0}}, {"device": "data", "stats": {"wr_bytes": 4096}}]
    messages: tuple[dict[str, Any], ...] = (
        {"QMP": {}},
        {"return": {}, "id": 1},
        {"event": "DEVICE_DELETED", "data": {"device": "scale"}},
        {"return": stats, "id": 2},
        {"error": {"class": "GenericError", "desc": "no"}, "id": 3},
        {"event": "RESET", "data": {}},
    )
    for message in messages:
        theirs.sendall(json.dumps(message).encode() + b"\r\n")
    qmp.greet()
    assert qmp.written("data") == 4096
    with pytest.raises(Refused, match="system_reset: no"):
        qmp.reset()
    assert qmp.event("RESET", 10)["event"] == "RESET"
    assert qmp.event("DEVICE_DELETED", 10)["data"] == {"device": "scale"}
    sent = [json.loads(line) for line in theirs.recv(65536).splitlines()]
    assert [each["execute"] for each in sent] == ["qmp_capabilities", "query-blockstats", "system_reset"]


def test_keys_are_pressed_one_after_the_other(ends: tuple[Channel, socket.socket]) -> None:
    channel, theirs = ends
    for number in (1, 2, 3):
        theirs.sendall(json.dumps({"return": {}, "id": number}).encode() + b"\n")
    Qmp(channel).type("3A\n")
    sent = [json.loads(line)["arguments"]["keys"] for line in theirs.recv(65536).splitlines()]
    assert [[key["data"] for key in keys] for keys in sent] == [["3"], ["shift", "a"], ["ret"]]


def asked(end: socket.socket) -> bytes:
    """What the scale answers to W."""
    end.sendall(b"W")
    answer = b""
    while not answer.endswith(b"\r"):
        answer += end.recv(64)
    return answer


def test_a_usb_line_that_is_unplugged_and_plugged_in_again(tmp_path: Path) -> None:
    world = World()
    world.put("bag", 500)
    with socket.socket(socket.AF_UNIX) as qemu, Scale8217(world, "bag") as scale:
        qemu.bind(str(tmp_path / "scale"))
        qemu.listen()
        line = UsbLine(tmp_path / "scale", scale.number)
        with line:
            guest, _ = qemu.accept()
            guest.settimeout(10)
            assert b"500" in asked(guest)
            line.unplug()
            assert guest.recv(1) == b""
            guest.close()
            line.plug()
            guest, _ = qemu.accept()
            guest.settimeout(10)
            assert b"500" in asked(guest)
        assert guest.recv(1) == b""
        guest.close()


def test_a_door_to_the_loopback() -> None:
    """Each connection of a guest is a process of its own, which ends with it."""
    with socket.create_server(("127.0.0.1", 0)) as outside:
        outside.settimeout(10)

        def serve() -> None:
            connection, _ = outside.accept()
            with connection:
                connection.sendall(connection.recv(5).upper())

        server = threading.Thread(target=serve)
        server.start()
        words = [sys.executable, "-S", "-E", str(PIPE), str(outside.getsockname()[1])]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(b"hello")
            process.stdin.flush()
            assert process.stdout.read() == b"HELLO"
            assert process.wait(10) == 0
        server.join()


def test_a_guest_reaches_nothing_but_its_doors() -> None:
    alone = " ".join(Machine(drives=()).words(Path("f"), "python"))
    assert "-nic none" in alone and "-netdev" not in alone
    doors = " ".join(Machine(drives=(), doors={20007: 4711}).words(Path("f"), "python"))
    assert "user,id=net,restrict=on,guestfwd=tcp:10.0.2.100:20007-cmd:python -S -E " in doors
    assert doors.count("guestfwd") == 1 and "hostfwd" not in doors


def test_no_guest_asks_for_an_accelerator() -> None:
    for arch in ("amd64", "arm64"):
        words = Machine(drives=(Drive("root", Path("image"), kept=False),), arch=arch).words(
            Path("f"), "python"
        )
        assert "accel=tcg" in words[1] and "file=image,if=none,id=root,format=raw,snapshot=on" in words
