"""Adam Equipment's own language: AZextra, CBD and their kin, with the label that has the weight in a line.

4800 or 9600 8N1; P CR LF asks. The answer is a line: perhaps ST or US (stable or not) and GS or NT (gross or net), then
sign, weight and unit, CR LF (public manuals of AZextra and CBD 4). An AZextra answers only when it has found a new
stable weight, never says 0 again, and may beep when asked again: `rate` says how often it is.
"""

import re
from functools import lru_cache

from drivers.scales.config import Adam as Config
from drivers.scales.frames import BadFrame, Frame, Silence, Status, Weight, Word, newest, number
from drivers.scales.scale import STALE, Answer, Talk, answer

# ---- decode

ASKS = {b"P\r\n": "weight", b"Z\r\n": "zero", b"T\r\n": "tare"}

ANSWER = re.compile(
    rb"(?:^|[\r\n])(?:(?:(?P<state>ST|US)(?:,(?P<kind>GS|NT))?,?)?(?: *|\.\.)"
    rb"(?P<sign>[+-]?) *(?P<digits>\d+(?:\.\d+)?) *(?P<unit>kg|lb|oz|g)|OL[^\r\n]*) *\r",
    re.I,
)


@lru_cache(maxsize=8)
def decode(received: bytes) -> Frame:
    """The last complete answer in what came after a request; nothing at all means unchanged. Raises BadFrame.

    The line has eight bits and no parity.
    """
    if not received:
        return Word("unchanged")
    found = newest(ANSWER, received)
    if found["digits"] is None:
        return Status(frozenset({"over_capacity"}))
    return Weight(
        value=number(found["sign"].replace(b"+", b"") + found["digits"]),
        unit=found["unit"].decode().lower(),
        stable=(found["state"] or b"ST").upper() == b"ST",
        net=(found["kind"] or b"").upper() == b"NT",
    )


def redact(run: bytes) -> bytes:
    """A weight is nobody's secret: tapes keep it as it came."""
    return run


# ---- run


class Adam:
    """The codec as the driver wants it.

    Of a scale that says each weight once nothing is thrown away but what was there before the line was opened. What
    it said stands while it is silent, for `keep` seconds: then nobody knows whether that still lies there.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._said, self._until = Answer(STALE), 0.0
        self._opened = False

    def weigh(self, talk: Talk) -> Answer:
        if not self._config.silent:
            return talk.ask(b"P\r\n", self.read)
        if not self._opened:
            talk.drain()
        self._opened = True
        talk.tell(b"P\r\n")
        try:
            self._said = talk.hear(self.read, self._config.silence)
            self._until = talk.now() + self._config.keep
        except Silence:
            if talk.now() >= self._until:
                self._said = Answer(STALE)
        except BadFrame:  # there was another weight, and it is not said again
            self._said = Answer(STALE)
            raise
        return self._said

    def zero(self, talk: Talk) -> None:
        talk.tell(b"Z\r\n")

    def read(self, received: bytes) -> Answer:
        return answer(decode(received))


codec = Adam
