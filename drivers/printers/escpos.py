"""A receipt printer that speaks ESC/POS and answers: no receipt lost, none doubled without a mark.

A job is sent only to a printer that has just said that it is ready, and counts as printed only once the printer
has answered the request at its end and is still there. Paper that runs out half-way is waited for, because the
printer keeps the rest; whatever else cuts the answer off leaves the job "lost", and the core may print a duplicate.
"""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from drivers.line import CLOCK, Clock, Line, LineLost, SerialConfig, open_line
from drivers.printers import commands
from drivers.printers.job import job, test_slip
from drivers.printers.page import Page
from drivers.printers.status import Answers, Auto, Done, Noise, RealTime, Status, from_auto, from_real_time
from drivers.worker import Emit, Orders, Worker
from kiosk.checkout.effects import Deed, Print, TestDevice
from kiosk.checkout.events import Event, Printed, PrintFailed
from kiosk.checkout.passed import DeviceSeen
from kiosk.checkout.session import Device, Health
from kiosk.receipt import Receipt, ShopDetails
from kiosk.slips import document

ASK_EVERY = 1.0  # seconds between looks at a quiet printer
UNANSWERED = 2  # questions without an answer within that time until it is called offline
GAP = 0.5  # seconds after an unanswered question in which a late answer is let pass
ANSWER_WITHIN = 10.0  # seconds for the end of a job, beside the time that its bytes take
BYTES_PER_SECOND = 500  # slowest of line and paper that is waited for
STUCK = 30.0  # seconds in which a printer that claims to be ready must take another byte
CHUNK = 256  # bytes; a serial line is called writable as soon as it can take so many
ALL = (1, 2, 3, 4)
CELL_WIDTH = 12  # dots of font A
MOST_ROWS, LOGO_ROWS = (
    60,
    400,
)  # dots high: a drawn line of big letters, and what is cleared where a logo is printed


class Config(
    SerialConfig, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="escpos"
):
    """One printer. `columns` of font A and `dots` across; `code_page` is the number in ESC t (19 is PC858).

    `port` may also be /dev/usb/lp0. `languages` are those whose letters the paper can bear; a receipt in another
    one is printed in the first. `fonts` are TTF files for letters outside the page, best first, to be asked before
    those that are installed; `logo` is a picture above the receipt. `near_end_inverted`: clones whose near-end bits
    of DLE EOT 4 mean plenty.
    """

    baud: Annotated[int, Meta(ge=300, le=921600)] = 38400
    columns: Annotated[int, Meta(ge=24, le=64)] = 48
    dots: Annotated[int, Meta(ge=288, le=1024)] = 576
    code_page: int = 19
    near_end_inverted: bool = False
    languages: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()
    logo: str = ""

    def __post_init__(self) -> None:
        if self.code_page not in commands.CODECS:
            raise ValueError(f"code_page must be one of {sorted(commands.CODECS)}, not {self.code_page}")
        if self.dots < self.columns * CELL_WIDTH:
            raise ValueError(f"{self.columns} columns need {self.columns * CELL_WIDTH} dots, not {self.dots}")

    def open(self, redact: Callable[[bytes], bytes], clock: Clock = CLOCK) -> Line:
        if not self.port.startswith("/dev/usb/"):
            return super().open(redact, clock)
        record = Path(self.record) if self.record else None
        return open_line(self.port, writes=True, record=record, redact=redact, clock=clock)


def redact(run: bytes) -> bytes:
    """A receipt names neither a person nor a card number: tapes keep it as it came."""
    return run


def worker(
    name: str, config: Config, shop: ShopDetails, currency: str, emit: Emit, clock: Clock = CLOCK
) -> Worker[Line]:
    """The printer in a thread of its own."""
    driver = Printer(config, shop, currency, name)
    return Worker(name, lambda: config.open(redact, clock), driver, emit, clock)


class Printer:
    """Answers Print with Printed or PrintFailed (paper_out, cover_open, offline: nothing printed; lost: unknown)."""

    def __init__(self, config: Config, shop: ShopDetails, currency: str, name: str = "printer") -> None:
        self.config = config
        self.shop = shop
        self.currency = currency
        self.name = name
        self.page = Page(config.code_page, config.fonts)
        self.torn = False

    def run(self, line: Line, orders: Orders, emit: Emit) -> None:
        at_work = _AtWork(self, line, orders, emit)
        try:
            at_work.live()
        finally:
            at_work.end()

    def refuse(self, deed: Deed) -> tuple[Event, ...]:
        return (PrintFailed(deed.job, "offline"),) if isinstance(deed, Print) else ()

    def cleared(self, doubt: bool) -> bytes:
        """What goes before the first job on a line: the printer may have been cut off inside a picture or a code.

        It gets as many bytes as that can still wait for, forgets its line, and with `doubt` cuts off what is there.
        """
        return commands.NOTHING * self.longest + (commands.INIT + commands.CUT if doubt else b"")

    @property
    def longest(self) -> int:
        """Bytes of the largest picture that a job can hold."""
        return (LOGO_ROWS if self.config.logo else MOST_ROWS) * self.config.dots // 8

    def bytes_of(self, deed: Print | TestDevice) -> bytes:
        """The job of a deed, ready to send."""
        config = self.config
        if isinstance(deed, TestDevice):
            language = config.languages[0] if config.languages else "en"
            paper = test_slip(self.shop.name, language, self.currency, config.columns)
        else:
            made = document(
                deed.document, self.shop, copy=deed.copy, signature=deed.signature, excerpt=deed.excerpt
            )
            paper = self._on_paper(made)
        return job(paper, self.page, columns=config.columns, dots=config.dots, logo=config.logo)

    def _on_paper(self, made: Receipt) -> Receipt:
        languages = self.config.languages
        if not languages or made.language in languages:
            return made
        return Receipt(languages[0], made.currency, made.exponent, made.blocks)


class _Job:
    """A job under way: what is still to be sent, and by when its end must have been answered."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.size = len(data)
        self.unsent = memoryview(data)
        self.deadline = 0.0
        self.answered = False

    @property
    def patience(self) -> float:
        return ANSWER_WITHIN + self.size / BYTES_PER_SECOND


class _AtWork:
    """The driver while its line is open."""

    def __init__(self, printer: Printer, line: Line, orders: Orders, emit: Emit) -> None:
        self.printer = printer
        self.line = line
        self.orders = orders
        self.emit = emit
        self.clock = orders.clock
        self.answers = Answers()
        self.status = Status()
        self.auto = False
        self.asked: deque[int] = deque()
        self.heard: dict[int, int] = {}
        self.unanswered = 0
        self.next_look = self.clock.now()
        self.queue: deque[Print | TestDevice] = deque()
        self.job: _Job | None = None
        self.fresh = True

    # ---- life

    def live(self) -> None:
        self.line.drain()
        self.line.write(commands.AUTO_STATUS)
        while True:
            deed = self.orders.wait(self.line, self._pause())
            if isinstance(deed, Print | TestDevice):
                self._obey(deed)
            for answer in self.answers.feed(self.line.read(0)):
                self._take(answer)
            if self.clock.now() >= self.next_look:
                self._look_again()
            if self.job is not None:
                self._push(self.job)
                self._watch(self.job)

    def end(self) -> None:
        """The line is gone: what was begun is lost, what was not is refused."""
        if self.job is not None:
            self.printer.torn = True
            if self.job.name:
                self.emit(PrintFailed(self.job.name, "lost"))
        self._refuse_queue("offline")

    def _pause(self) -> float:
        if self.job is not None and self.job.unsent:
            return 0.0
        return max(0.0, self.next_look - self.clock.now())

    # ---- what the printer says

    def _look(self, what: tuple[int, ...]) -> None:
        """Ask, one by one, because only their order tells the answers apart; never within a job's bytes."""
        self.next_look = self.clock.now() + ASK_EVERY
        self.asked.clear()
        self.heard = {}
        sending = self.job is not None and self.job.unsent
        if not sending and self.clock.wait([self.line.fileno()], 0.0, writing=True):
            self.asked.extend(what)
            self.line.write(commands.ask(what[0]))

    def _look_again(self) -> None:
        if not self.asked:
            self._look((1,) if self.auto and not self.queue else ALL)
            return
        self.asked.clear()
        self.next_look = self.clock.now() + GAP
        self.unanswered += 1
        if self.fresh and self.unanswered == 1:
            self._fill()
        if self.unanswered >= UNANSWERED:
            self.auto = False
            self._report(Health.OFFLINE, "no answer", "")
            self._refuse_queue("offline")

    def _fill(self) -> None:
        """No answer on a new line: it may wait inside a picture for bytes that never came, and take ours for them."""
        for _ in range(0, self.printer.longest, CHUNK):
            if not self.clock.wait([self.line.fileno()], 0.0, writing=True):
                return
            self.line.write(commands.NOTHING * CHUNK)
        self.line.write(commands.AUTO_STATUS)

    def _take(self, answer: RealTime | Auto | Done | Noise) -> None:
        match answer:
            case Noise():
                if self.job is not None:
                    self.job.answered = False
            case Auto(bits):
                self.auto = True
                self._learn(from_auto(bits))
            case Done():
                if self.job is not None and not self.job.unsent and not self.status.why:
                    self.job.answered = True
                    if not self.asked:
                        self._look((1,))
            case RealTime(bits):
                self._heard(bits)

    def _heard(self, bits: int) -> None:
        if not self.asked:
            return
        away, self.unanswered = self.unanswered >= UNANSWERED, 0
        if away:
            self._back()
        if self.job is not None and self.job.answered:
            self._printed(self.job)
        self.heard[self.asked.popleft()] = bits
        if self.asked:
            self.next_look = self.clock.now() + ASK_EVERY
            self.line.write(commands.ask(self.asked[0]))
        elif len(self.heard) == len(ALL):
            inverted = self.printer.config.near_end_inverted
            self._learn(from_real_time(self.heard, near_end_inverted=inverted))
            self._begin()
        elif self.queue or bool(bits & 0x08) != self.status.offline:
            self._look(ALL)

    def _back(self) -> None:
        """It was silent and speaks again: it may have been switched off, and then its buffer is gone."""
        if self.job is not None:
            raise LineLost("was away during a job")
        self.line.write(commands.AUTO_STATUS)

    def _learn(self, status: Status) -> None:
        self.status = status
        if status.fatal and self.job is not None:
            raise LineLost(f"error: {status.error}")
        stopped = status.why and status.why != "paper_out"
        health = Health.FAULT if stopped else Health.READY
        self._report(health, status.error or status.why, status.paper)

    def _report(self, health: Health, detail: str, paper: str) -> None:
        self.emit(DeviceSeen(Device(self.printer.name, health, detail, paper=paper)))

    # ---- jobs

    def _obey(self, deed: Print | TestDevice) -> None:
        self.queue.append(deed)
        if self.job is not None and self.status.why:
            self._refuse_queue(self.status.why)
        elif not self.asked:
            self._look(ALL)

    def _refuse_queue(self, why: str) -> None:
        for deed in self.queue:
            if isinstance(deed, Print):
                self.emit(PrintFailed(deed.job, why))
        self.queue.clear()

    def _begin(self) -> None:
        """All four answers are fresh: start the next job, or say why not."""
        if self.status.why:
            self._refuse_queue(self.status.why)
        elif self.queue and self.job is None:
            deed = self.queue[0]
            name, data = deed.job if isinstance(deed, Print) else "", self.printer.bytes_of(deed)
            if self.fresh:
                doubt = self.printer.torn or (isinstance(deed, Print) and deed.copy > 0)
                data = self.printer.cleared(doubt) + data
            self.fresh = self.printer.torn = False
            self.job = _Job(name, data)
            self.job.deadline = self.clock.now() + STUCK
            self.queue.popleft()

    def _push(self, job: _Job) -> None:
        """Send as much as the line takes now; a printer without paper takes none, and keeps what it has."""
        while job.unsent:
            if not self.clock.wait([self.line.fileno()], 0.05, writing=True):
                return
            self.line.write(bytes(job.unsent[:CHUNK]))
            job.unsent = job.unsent[CHUNK:]
            job.deadline = self.clock.now() + (STUCK if job.unsent else job.patience)

    def _watch(self, job: _Job) -> None:
        if self.status.why and self.unanswered < UNANSWERED:
            job.deadline = self.clock.now() + (STUCK if job.unsent else job.patience)
        elif self.clock.now() >= job.deadline:
            raise LineLost("a job's end was not answered")

    def _printed(self, job: _Job) -> None:
        self.job = None
        if job.name:
            self.emit(Printed(job.name))
