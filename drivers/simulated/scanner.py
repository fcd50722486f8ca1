"""A scanner on a serial line."""

from drivers.simulated.peer import Peer


class Scanner(Peer):
    """Says every code with its AIM identifier and a suffix. `off` and `on` are the commands that it obeys."""

    def __init__(
        self, *, suffix: bytes = b"\r", off: bytes = b"\x16U\r", on: bytes = b"\x16T\r", number: int = 0
    ) -> None:
        self.held = False
        self._suffix, self._off, self._on = suffix, off, on
        self._heard = b""
        super().__init__(number)

    def scan(self, text: str, aim: str = "]E0") -> bool:
        """Show it a code; False if its light is off."""
        if not self.held:
            self.send((aim + text).encode("latin-1") + self._suffix)
        return not self.held

    def received(self, data: bytes) -> None:
        self._heard = (self._heard + data)[-64:]
        off, on = self._heard.rfind(self._off), self._heard.rfind(self._on)
        if max(off, on) >= 0:
            self.held = off > on
