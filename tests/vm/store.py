"""The shop's server outside the guest, as its owner runs it: the commands of `store`, in processes of their own."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Self

from kiosk.commands.demo import answers, free_port, until
from tests.vm.machine import GATE

DOOR = 8700
"""Where a guest finds it, at GATE."""


class Store:
    """With the demo's shop; a `with` begins and ends its serving."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.file = folder / "store.db"
        pepper = folder / "pepper"
        pepper.write_text("0f" * 32)
        pepper.chmod(0o600)
        self.run("demo-data", "--pepper", str(pepper))

    def run(self, *command: str) -> str:
        """One `store` command, to its end."""
        words = [sys.executable, "-m", "store", *command, "--db", f"sqlite:///{self.file}"]
        done = subprocess.run(
            words, cwd=self.folder, capture_output=True, text=True, check=False, timeout=120
        )
        if done.returncode:
            raise RuntimeError(f"store {' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def invite(self, lane: str, terminal: int) -> str:
        """enrol.toml for a guest."""
        address = f"https://{GATE}:{DOOR}"
        return self.run(
            "lane",
            "invite",
            lane,
            "--server",
            address,
            "--terminal",
            f"socket://{GATE}:{terminal}",
            "--country",
            "FR",
        )

    def __enter__(self) -> Self:
        words = ["serve", "--db", f"sqlite:///{self.file}", "--port", str(self.port)]
        with (self.folder / "serve.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "store", *words], cwd=self.folder, stdout=log, stderr=subprocess.STDOUT
            )
        until(lambda: answers(self.port), "the store server")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)

    def sales(self) -> list[str]:
        """The sales it has, by their ids."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as db:
            return [id for (id,) in db.execute("SELECT id FROM sales ORDER BY id")]
