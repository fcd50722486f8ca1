"""A root shell in the guest, on a serial line: what a test asks and does there."""

import itertools
import time
from typing import NamedTuple

from tests.vm.channel import Channel, Silence

LONGEST = 4_000
"""Bytes that a terminal takes in one line."""
PLAIN = "bind 'set enable-bracketed-paste off' 2>/dev/null || :"
"""bash else puts signs of its own between what it is asked and what it says."""
AGAIN = 5.0
"""Seconds after which a shell that may not be there yet is asked again."""


class Ran(NamedTuple):
    status: int
    output: str


class Shell:
    """`run` a command. The line is a terminal and may echo: answers stand between marks that no command contains."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self._numbers = itertools.count(1)

    def run(self, command: str, seconds: float = 60.0) -> Ran:
        """The status and the output, errors among it; Silence if the command does not end in time."""
        number = next(self._numbers)
        line = f"printf '%s%s\\n' BEG IN{number}\n{{ {command}\n}} 2>&1; printf '\\n%s%s %d\\n' E ND{number} $?\n"
        if max(map(len, line.split("\n"))) > LONGEST:
            raise ValueError(f"more than {LONGEST} bytes in a line")
        self.channel.send(line.encode())
        pattern = rf"^BEGIN{number}\r?\n(.*?)\r?\nEND{number} (\d+)\r?\n"
        match = self.channel.until(pattern.encode(), seconds)
        return Ran(int(match[2]), match[1].decode(errors="replace").replace("\r\n", "\n"))

    def good(self, command: str, seconds: float = 60.0) -> str:
        """The output of a command that has to succeed."""
        ran = self.run(command, seconds)
        if ran.status:
            raise RuntimeError(f"{command!r} ended with {ran.status}: {ran.output}")
        return ran.output.strip()

    def ready(self, seconds: float) -> None:
        """Ask until somebody answers, then have the line carry answers only."""
        until = time.monotonic() + seconds
        while True:
            try:
                self.run(f"stty -echo 2>/dev/null; PS1=; PS2=; PROMPT_COMMAND=; {PLAIN}", min(seconds, AGAIN))
                return
            except Silence:
                if time.monotonic() > until:
                    raise
