"""The store server under systemd: the real command, heard on a real socket."""

import signal
import socket
import subprocess
import sys
from pathlib import Path


def test_the_server_says_when_it_answers(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        command = [sys.executable, "-m", "store.commands", "--db", f"sqlite:///{tmp_path}/store.db", "serve"]
        with subprocess.Popen(
            [*command, "--plain", "--port", "0"],
            env={"NOTIFY_SOCKET": str(tmp_path / "notify"), "PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=subprocess.PIPE,
            text=True,
        ) as server:
            try:
                assert systemd.recv(4096) == b"READY=1\nSTATUS=open"
                assert server.stdout is not None
                port = int(server.stdout.readline().rpartition(":")[2])
                socket.create_connection(("127.0.0.1", port), timeout=10).close()
            finally:
                server.send_signal(signal.SIGTERM)
