"""A receipt printer that speaks ESC/POS: it keeps paper, answers what it is asked, and draws what it prints."""

import threading
from collections import deque
from collections.abc import Callable

from drivers.simulated.escpos_tokens import Command, Tokens
from drivers.simulated.paper import DOTS_PER_MM, LINE, Bars, Dots, Feed, Glyph, Letters, Mark, Paper, Qr
from drivers.simulated.peer import Peer
from drivers.simulated.world import Scene, World

KEEPS = 200  # pieces of paper
QR_BYTES = 1273  # of the largest code at the highest correction
PAGES = {
    0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857", 14: "cp737", 15: "iso8859-7",
    16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858",
}  # fmt: skip
NEAR_END = 3_000  # millimetres left on the roll when its sensor begins to warn
IGNORED = {b"\x1bR", b"\x1bM", b"\x1b2", b"\x1b3", b"\x1b-", b"\x1b{", b"\x1dB", b"\x1df", b"\r", b"\0"}
ERRORS = {1: "L", 48: "L", 49: "M", 50: "Q", 51: "H"}


class Mechanism:
    """The printer itself: bytes in, answers out through `say`, paper from the world. No thread, no line.

    It stops at the end of its paper and with its cover open, keeps what it has been sent, and goes on. `mute`: it
    prints and says nothing. `broken` names an error: cutter, unrecoverable. `near_end_inverted`: such a clone.
    """

    def __init__(
        self,
        world: World,
        say: Callable[[bytes], None],
        *,
        dots: int = 576,
        buffer: int = 4096,
        near_end_inverted: bool = False,
    ) -> None:
        self.world = world
        self.papers: list[Paper] = []
        self.drawer_pulses = 0
        self.cuts = 0
        self.unknown: list[Command] = []
        self.mute = False
        self.near_end_inverted = near_end_inverted
        self._error = ""
        self._say = say
        self._dots = dots
        self._room = buffer
        self._lock = threading.RLock()
        self._tokens = Tokens()
        self._waiting: deque[Command] = deque()
        self._printed: list[Mark] = []
        self._auto = False
        self._told = b""
        self._working = False
        self._reset()
        world.watch(self._changed)

    def hear(self, data: bytes) -> None:
        """Bytes from the line; what asks for the state now is answered now, the rest when its turn comes."""
        with self._lock:
            for command in self._tokens.feed(data):
                if command.name[:1] == b"\x10":
                    self._real_time(command)
                else:
                    self._waiting.append(command)
            self._go_on()

    def full(self) -> bool:
        """Whether the buffer takes no more bytes (flow control holds the sender)."""
        return sum(len(command.data) + 2 for command in self._waiting) >= self._room

    def break_down(self, error: str) -> None:
        """cutter, unrecoverable, or an empty string: repaired."""
        self._error = error
        self._changed(self.world.scene)

    def switch_off_and_on(self) -> None:
        """Everything that was not on paper yet is forgotten; the paper itself stays where it is."""
        with self._lock:
            self._tokens.clear()
            self._waiting.clear()
            self._auto = False
            self._reset()

    @property
    def unfinished(self) -> Paper:
        """What has been printed and not cut yet."""
        return Paper(tuple(self._printed), self._dots)

    # ---- state

    def _stopped(self) -> bool:
        scene = self.world.scene
        return scene.paper <= 0 or scene.cover_open or bool(self._error)

    def _changed(self, _: Scene) -> None:
        with self._lock:
            self._go_on()

    def _go_on(self) -> None:
        """Work until nothing is left or something stops it; printing changes the world, which calls this again."""
        if self._working:
            return
        self._working = True
        self._tell()
        while self._waiting and not self._stopped():
            self._do(self._waiting.popleft())
            self._tell()
        self._working = False

    def _tell(self) -> None:
        """Automatic status, if it is on and has changed."""
        if self._auto and (state := self._four_bytes()) != self._told:
            self._told = state
            self._answer(state)

    def _answer(self, data: bytes) -> None:
        if not self.mute:
            self._say(data)

    def _four_bytes(self) -> bytes:
        scene = self.world.scene
        first = 0x10 | 0x08 * self._stopped() | 0x20 * scene.cover_open
        second = {"cutter": 0x08, "unrecoverable": 0x20}.get(self._error, 0)
        third = 0x0F if scene.paper <= 0 else 0x03 if scene.paper < NEAR_END else 0
        return bytes((first, second, third, 0))

    def _real_time(self, command: Command) -> None:
        scene = self.world.scene
        name, what = command.name, command.data[:1].hex()
        if name == b"\x10\x14" and what == "01":
            self.drawer_pulses += 1
        if name != b"\x10\x04":
            return
        out, near = scene.paper <= 0, scene.paper < NEAR_END
        answer = {
            "01": 0x08 * self._stopped(),
            "02": 0x04 * scene.cover_open | 0x20 * out | 0x40 * bool(self._error),
            "03": {"cutter": 0x08, "unrecoverable": 0x20}.get(self._error, 0),
            "04": 0x60 * out | 0x0C * (near != self.near_end_inverted),
        }.get(what)
        if answer is not None:
            self._answer(bytes((0x12 | answer,)))

    # ---- what it does with commands

    def _reset(self) -> None:
        self._page = PAGES[0]
        self._strong = False
        self._wide = self._high = 1
        self._align = 0
        self._line: list[Glyph] = []
        self._bar = (3, 162, False)
        self._qr: dict[int, bytes] = {}

    def _put(self, mark: Mark) -> None:
        self._printed.append(mark)
        self.world.change(paper=max(0, self.world.scene.paper - -(-mark.height // DOTS_PER_MM)))

    def _do(self, command: Command) -> None:
        name, data = command.name, command.data
        match name:
            case b"":
                self._letters(data)
            case b"\n":
                self._put(Letters(tuple(self._line), self._align))
                self._line = []
            case b"\x1b@":
                self._auto = False
                self._reset()
            case b"\x1bd":
                self._put(Feed(data[0] * LINE))
            case b"\x1bJ":
                self._put(Feed(data[0]))
            case b"\x1bp":
                self.drawer_pulses += 1
            case b"\x1dV":
                self._cut(data)
            case b"\x1dh" | b"\x1dw" | b"\x1dH" | b"\x1dk":
                self._bars(name, data)
            case b"\x1d(":
                self._parenthesis(data)
            case b"\x1dv":
                self._put(Dots(data[6:], int.from_bytes(data[2:4], "little") * 8, self._align))
            case b"\x1da" | b"\x1dr" | b"\x1dI":
                self._asked(name, data[0])
            case _ if name not in IGNORED:
                self._style(command)

    def _style(self, command: Command) -> None:
        """How the letters that follow look."""
        name, data = command.name, command.data
        match name:
            case b"\x1bt":
                self._page = PAGES.get(data[0], "ascii")
            case b"\x1bE":
                self._strong = bool(data[0] & 1)
            case b"\x1d!":
                self._wide, self._high = (data[0] >> 4 & 7) + 1, (data[0] & 7) + 1
            case b"\x1b!":
                self._strong = bool(data[0] & 8)
                self._wide, self._high = (data[0] >> 5 & 1) + 1, (data[0] >> 4 & 1) + 1
            case b"\x1ba":
                self._align = data[0] % 48 if data[0] % 48 < 3 else self._align
            case _:
                self.unknown.append(command)

    def _letters(self, data: bytes) -> None:
        columns = self._dots // 12
        for char in data.decode(self._page, "replace"):
            if sum(glyph.wide for glyph in self._line) + self._wide > columns:
                self._put(Letters(tuple(self._line), self._align))
                self._line = []
            self._line.append(Glyph(char, self._strong, self._wide, self._high))

    def _cut(self, data: bytes) -> None:
        if data[0] in (65, 66):
            self._put(Feed(12 * DOTS_PER_MM + (data[1] if len(data) > 1 else 0)))
        self.cuts += 1
        self.papers.append(self.unfinished)
        del self.papers[:-KEEPS]
        self._printed = []

    def _bars(self, name: bytes, data: bytes) -> None:
        module, tall, caption = self._bar
        if name == b"\x1dh":
            self._bar = (module, data[0], caption)
        elif name == b"\x1dw":
            self._bar = (data[0], tall, caption)
        elif name == b"\x1dH":
            self._bar = (module, tall, data[0] % 48 in (2, 3))
        else:
            text = (data[2:] if data[0] >= 65 else data[1:-1]).decode("ascii", "replace")
            if data[0] == 73 and text.startswith("{B") and text.isprintable() and text.isascii():
                text = text.removeprefix("{B").replace("{{", "{")
                self._put(Bars("code128", text, module, tall, caption, self._align))
            elif data[0] in (2, 67) and text.isdecimal() and text.isascii() and len(text) in (12, 13):
                self._put(Bars("ean13", text, module, tall, caption, self._align))
            else:
                self.unknown.append(Command(name, data))

    def _parenthesis(self, data: bytes) -> None:
        """GS ( k: the QR code's settings, its text, and the order to print it."""
        if data[:1] != b"k" or data[3:4] != b"1" or len(data) < 6:
            self.unknown.append(Command(b"\x1d(", data))
            return
        self._qr[data[4]] = data[5:]
        if data[4] == ord("Q"):
            module = self._qr.get(ord("C"), b"\x03")[0]
            text = self._qr.get(ord("P"), b"0")[1:].decode("utf-8", "replace")
            error = ERRORS.get(self._qr.get(ord("E"), b"0")[0], "L")
            if 0 < len(text.encode()) <= QR_BYTES:
                self._put(Qr(text, module, error, self._align))

    def _asked(self, name: bytes, what: int) -> None:
        if name == b"\x1da":
            self._auto = bool(what)
            self._told = b""
            self._tell()
        elif name == b"\x1dr":
            self._answer(bytes((0x03 if self.world.scene.paper < NEAR_END else 0,)))
        elif what in (1, 49):
            self._answer(b"\x20")
        elif what in (66, 67):
            self._answer(b"_" + {66: b"KIOSK", 67: b"TM-SIM"}[what] + b"\0")


class PrinterPeer(Peer):
    """The mechanism behind a TCP port. `papers` are the pieces cut so far."""

    def __init__(self, world: World, number: int = 0) -> None:
        self.mechanism = Mechanism(world, self.send)
        super().__init__(number)

    @property
    def papers(self) -> list[Paper]:
        return self.mechanism.papers

    def received(self, data: bytes) -> None:
        self.mechanism.hear(data)
