"""The table of troubles and moments: how each is reached, and what must be true of every cell.

A cell is a lane of `tests.screens.sessions` in virtual time: its pages are looked at and their keys pressed as a
shopper would, its deeds are done by a small world whose devices may be away.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from kiosk.checkout.effects import AskTerminal, Authorise, FiscalFinish, Print, Report
from kiosk.checkout.events import (
    BagScaleSeen,
    FiscalDone,
    NoAnswer,
    Printed,
    PrintFailed,
    ReadyToSend,
    ReceiptChosen,
    RefundLineChosen,
    ResultReceived,
    Started,
    TerminalAnswered,
)
from kiosk.checkout.hints import meant
from kiosk.checkout.money import Attempt, Mark, Outcome, PaymentResult
from kiosk.checkout.passed import DeviceSeen, LinkSeen, ScaleRead, TerminalSays
from kiosk.checkout.records import ClosedSale, FiscalSignature
from kiosk.checkout.session import (
    Device,
    Health,
    Idle,
    LiveWeight,
    Paying,
    Reading,
    Session,
    Shopping,
)
from kiosk.text import Words
from kiosk.units import LineNo, Millis
from screens.view import view
from screens.widgets import Finder, Hero, Key, Page, Slip, Weighing
from tests.screens.sessions import DEVICES, MILK, Shop, heavier, refund, ways, weighing

words_for = lru_cache(Words)
STORAGE = ("storage",)
READY = {each.name: each for each in DEVICES}


# ---- troubles


class Trouble(Struct, frozen=True):
    """What goes wrong: `devices` are what the lane then sees, `reads` and `server` what else it hears.

    `sells`: a sale can be paid and ended while it lasts. `staff`: only colleagues are told, for shoppers nothing is
    different.
    """

    title: str
    devices: tuple[Device, ...] = ()
    reads: tuple[ScaleRead, ...] = ()
    server: bool = True
    sells: bool = True
    staff: bool = False


def gone(name: str, detail: str = "") -> tuple[Device, ...]:
    return (Device(name, Health.ABSENT, detail),)


def heavy(scale: str) -> tuple[ScaleRead, ...]:
    return (ScaleRead(scale, LiveWeight(Reading.OVERLOADED)),)


TROUBLES = {
    "printer": Trouble("Printer unplugged", gone("printer")),
    "paper": Trouble("Paper out", (Device("printer", Health.READY, paper="out"),)),
    "cover": Trouble("Printer’s cover open", (Device("printer", Health.FAULT, "cover_open", paper="ok"),)),
    "produce": Trouble("Produce scale unplugged", gone("produce")),
    "produce_heavy": Trouble("Produce scale overloaded", reads=heavy("produce")),
    "bag": Trouble("Bag scale unplugged", gone("bag"), staff=True),
    "bag_heavy": Trouble("Bag scale overloaded", reads=heavy("bag"), sells=False),
    "scanner": Trouble("Scanner unplugged", gone("scanner")),
    "camera": Trouble("Camera away, scanner there", gone("scanner 2"), staff=True),
    "terminal": Trouble("Card terminal away", gone("terminal"), sells=False),
    "server": Trouble("Store server away", server=False, staff=True),
    "link": Trouble("Link process dead", server=False, staff=True),
    "storage": Trouble("Disk full", (Device("storage", Health.FAULT, "no space"),), sells=False),
    "clock": Trouble("Clock wrong", (Device("clock", Health.FAULT, "behind by 300 days"),), staff=True),
    "light": Trouble("Lane light away", gone("light"), staff=True),
    "fiscal": Trouble("Fiscal device out", gone("fiscal"), staff=True),
}


# ---- moments


def paying() -> Shop:
    shop = Shop().paying()
    shop.play(TerminalSays("present_card"))
    return shop


def in_flight() -> Shop:
    """The bank is being asked."""
    shop = Shop().paying()
    shop.play(TerminalSays("please_wait"))
    return shop


def printing() -> Shop:
    shop = Shop().paid()
    shop.play(ReceiptChosen("print"))
    return shop


def giving_back() -> Shop:
    shop = refund()
    shop.play(RefundLineChosen(LineNo(4), 1))
    return shop


def started() -> Shop:
    shop = Shop()
    shop.play(Started())
    return shop


class Moment(Struct, frozen=True):
    title: str
    reach: Callable[[], Shop]


MOMENTS = {
    "start": Moment("Start", Shop),
    "empty": Moment("Empty basket", started),
    "basket": Moment("Basket", lambda: Shop().full()),
    "finder": Moment("Finder", lambda: Shop().full().open("finder")),
    "weigh": Moment("Weighing", lambda: weighing((Reading.WEIGHT, 655))),
    "question": Moment("Question about the bag", heavier),  # type: ignore[arg-type]
    "ways": Moment("Choice of how to pay", ways),
    "payment": Moment("Card awaited", paying),
    "in_flight": Moment("Bank asked", in_flight),
    "refused": Moment("Card refused", lambda: Shop().paying().answered(Outcome.NOT_CHARGED)),
    "receipt": Moment("Receipt", lambda: Shop().paid()),
    "printing": Moment("Receipt printing", printing),
    "refund": Moment("Refund", giving_back),
    "staff": Moment("Staff page", lambda: Shop().full().staff()),
}


# ---- the world around a lane


class Visit:
    """A lane in a moment, its page, and the world that does its deeds: what is away does nothing, or says so."""

    def __init__(self, moment: str, trouble: str = "") -> None:
        self.lane = MOMENTS[moment].reach()
        if trouble == "fiscal":
            kept = self.lane.session.kept
            policy = replace(kept.policy, fiscal=True)
            self.lane.session = replace(self.lane.session, kept=replace(kept, policy=policy))
        self._before = self.lane.session.passing
        self.away: set[str] = set()
        self._done = len(self.lane.deeds)
        self.charged = 0

    # -- trouble comes and goes

    def strike(self, trouble: Trouble) -> None:
        for device in trouble.devices:
            self.away.add(device.name)
            self.see(device)
        for read in trouble.reads:
            self.lane.play(read)
        if not trouble.server:
            self.away.add("server")
            self.lane.play(LinkSeen(False, 3))
        self.world_answers()

    def mend(self, trouble: Trouble) -> None:
        self.away.clear()
        for device in trouble.devices:
            self.see(READY.get(device.name, Device(device.name, Health.READY)))
        for read in trouble.reads:
            self.lane.play(ScaleRead(read.scale, getattr(self._before, read.scale)))
        if not trouble.server:
            self.lane.play(LinkSeen(True, 0))
        self.world_answers()

    def see(self, device: Device) -> None:
        """As the loop tells it: of the bag scale a fact follows; a terminal that goes leaves its payment unknown."""
        self.lane.play(DeviceSeen(device))
        present = device.health is Health.READY
        if device.name == "bag" and present is not self.session.kept.bag_watch:
            self.lane.play(BagScaleSeen(present))
        phase = self.session.kept.phase
        why = {"absent": "lost", "fault": "cover_open"}.get(
            device.health, "paper_out" if device.paper == "out" else ""
        )
        for job in self.session.kept.jobs if device.name == "printer" and why else ():
            self.lane.play(PrintFailed(job.id, why))
        if device.name == "terminal" and not present and isinstance(phase, Paying) and phase.attempt:
            self.lane.play(NoAnswer(phase.attempt.id))

    def world_answers(self) -> None:
        """Do what the lane has asked for since; a deed that brings another is followed up, so often at most."""
        for _ in range(20):
            deeds, self._done = self.lane.deeds[self._done :], len(self.lane.deeds)
            if not deeds:
                return
            for deed in deeds:
                self.answer(deed)
        raise AssertionError(f"the lane and its world go round in circles: {self.lane.deeds[-5:]}")

    def answer(self, deed: object) -> None:
        here = "terminal" not in self.away
        match deed:
            case Authorise(attempt=id, amount=amount) if here:
                self.lane.play(ReadyToSend(id, Mark("29001006")))
                self.approve(id, amount)
            case Authorise(attempt=id):
                self.lane.play(
                    TerminalAnswered(id, PaymentResult(Outcome.NOT_CHARGED, reason="terminal_away"))
                )
            case AskTerminal(attempt=id) if here:
                self.lane.play(TerminalAnswered(id, PaymentResult(Outcome.NOT_CHARGED)))
            case AskTerminal(attempt=id):
                pass  # the next try comes by its reminder
            case FiscalFinish(record=record):
                out = FiscalSignature(outage=self.lane.now)
                signed = FiscalSignature(serial="TSE", counter=1, transaction=1)
                self.lane.play(FiscalDone(record.id, out if "fiscal" in self.away else signed))
            case Print(job=job):
                self.lane.play(PrintFailed(job, "absent") if "printer" in self.away else Printed(job))

    def approve(self, id: str, amount: int) -> None:
        result = PaymentResult(Outcome.APPROVED, amount, "EUR", "29001006", last4="4417")  # type: ignore[arg-type]
        self.lane.play(ResultReceived(id, result), TerminalAnswered(id, result))  # type: ignore[arg-type]
        self.charged += amount

    # -- the shopper

    @property
    def session(self) -> Session:
        return self.lane.session

    @property
    def page(self) -> Page:
        return self.page_at(self.lane.now)

    def page_at(self, now: Millis) -> Page:
        return view(self.session, words_for, now)

    def key(self, name: str) -> Key:
        return next(key for key in keys(self.page) if key.id == name)

    def press(self, name: str) -> None:
        key = self.key(name)
        assert key.sends is not None and not key.off, f"{name} is off: {key.why}"
        self.lane.play(meant(self.session, key.sends))  # type: ignore[arg-type]
        self.world_answers()

    def sold(self) -> list[ClosedSale]:
        return [
            deed.record
            for deed in self.lane.deeds
            if isinstance(deed, Report) and isinstance(deed.record, ClosedSale)
        ]


def keys(page: Page) -> list[Key]:
    """Every key of a page that stands on its sill or on a strip."""
    strips = chain.from_iterable(getattr(block, "strips", ()) for block in page.blocks)
    go = (page.go,) if page.go else ()
    return [
        *chain.from_iterable(strip.keys for strip in strips),
        *page.tools,
        *chain.from_iterable(page.letters),
        *go,
        *page.foot,
    ]


def lines(session: Session) -> object:
    """What the shopper has in her basket, or has bought."""
    phase = session.kept.phase
    return getattr(getattr(phase, "sale", None) or getattr(phase, "closed", None), "lines", None)


def home(visit: Visit) -> None:
    """Press on from wherever she is until the lane is free, by what the pages offer; at most so many presses."""
    for _ in range(12):
        if isinstance(visit.session.kept.phase, Idle) and visit.page.name == "start":
            return
        onward(visit)
    raise AssertionError(f"still on {visit.page.name} after so many presses")


def onward(visit: Visit) -> None:
    """One step: the bank answers, a first product is found by its name, or a key is pressed."""
    match visit.session.kept.phase:
        case Paying(attempt=Attempt(id=id, amount=amount)):
            visit.approve(id, amount)
        case Shopping(sale=sale) if not sale.lines:
            visit.press("find")
            (finder,) = (block for block in visit.page.blocks if isinstance(block, Finder))
            tile = next(tile for tile in finder.tiles if tile.text == MILK.name)
            visit.lane.play(tile.sends)
            visit.lane.put(MILK.grams or 0)
        case _:
            visit.press(next_key(visit))


ONWARD = ("cancel", "left_out", "fine", "pay", "none", "finish", "reason-return", "end", "back")
"""Keys that lead to the end of a visit, in the order in which she tries them."""


def next_key(visit: Visit) -> str:
    on = {key.id for key in keys(visit.page) if key.sends is not None and not key.off}
    found = next((name for name in ONWARD if name in on), None)
    assert found, f"no key leads on from {visit.page.name}: {sorted(on)}"
    return found


def is_staffs(page: Page) -> bool:
    """A page of the shop's own people, where nobody needs to call one."""
    return page.head.tone != "shop"


def without_since(session: Session) -> Session:
    """The session but for when its devices were last seen, and devices that came with a trouble."""
    devices = tuple(replace(each, since=Millis(0)) for each in session.passing.devices if each.name in READY)
    return replace(session, passing=replace(session.passing, devices=devices))


# ---- the table in words


def table() -> str:
    """The whole table as Markdown: what the page says more than without the trouble, and which keys are not now."""
    parts = [HEAD]
    for name, trouble in TROUBLES.items():
        rows = ["| moment | said | keys that say why not |", "|---|---|---|"]
        rows += [row for moment in MOMENTS if (row := cell(moment, name))]
        same = len(rows) - 2
        parts.append(
            f"## {trouble.title}\n\n{promise(trouble)}\n" + ("\n" + "\n".join(rows) + "\n" if same else "")
        )
    return "\n".join(parts)


HEAD = """# Never stuck

What goes wrong, when, what the page then says more than without it, and which keys say why they are not now. Moments
that are not listed look as ever. In every cell, tested by `tests/journeys/test_never_stuck.py`, from which this page is
written: a key leads on and Help works; the basket stays whole; Pay is never shown as possible when it is not; once
the trouble is over, the page is as before it, and the visit ends with what was sold being what was taken.
"""


def promise(trouble: Trouble) -> str:
    first = "A sale can be paid and ended meanwhile." if trouble.sells else "Nothing is paid while it lasts."
    return first + (
        " Colleagues are told; for shoppers little or nothing is different." if trouble.staff else ""
    )


def cell(moment: str, trouble: str) -> str:
    """One row, empty where nothing is different."""
    calm, visit = Visit(moment, trouble), Visit(moment, trouble)
    visit.strike(TROUBLES[trouble])
    said = [each for each in sentences(visit.page) if each not in sentences(calm.page)]
    before = {key.id for key in keys(calm.page) if key.off}
    reasons: dict[str, list[str]] = {}
    for key in keys(visit.page):
        if key.off and key.id not in before:
            reasons.setdefault(key.why, []).append(key.text or key.id)
    not_now = "; ".join(f"{', '.join(names)}: “{why}”" for why, names in reasons.items())
    return f"| {MOMENTS[moment].title} | {' '.join(said)} | {not_now} |" if said or not_now else ""


def sentences(page: Page) -> list[str]:
    """Headlines, strips and a weighing's state, each as one text in one line."""
    found = []
    for block in page.blocks:
        match block:
            case Hero(lines=lines, text=text):
                found.append(" ".join((*lines, text)))
            case Weighing(state=state, do=do):
                found.append(f"**{state}** {do}")
            case Slip(strips=strips):
                found += [f"**{strip.title}** {strip.text}" for strip in strips]
    return [" ".join(each.split()) for each in found]
