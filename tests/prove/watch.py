"""Where a run is: each moment of a payment by its name in the fault matrix (K0 to K20), and what is done at it.

K0 to K13 are a payment's, K14 a look-up's, K15 to K19 a reversal's, K20 an end of day's; the reference's §4 lists them.
"""

from collections import Counter
from collections.abc import Callable

from kiosk.checkout.effects import Acknowledge, AskTerminal, Authorise, Deed, EndOfDay, Print, Report, Reverse
from kiosk.checkout.events import NoAnswer, ReadyToSend, ResultReceived, TerminalAnswered, TotalsReceived
from kiosk.checkout.money import Attempt, Outcome, Stage
from kiosk.checkout.passed import TerminalSays
from kiosk.checkout.records import ClosedSale
from kiosk.checkout.session import Session
from kiosk.journal import Commit
from kiosk.loop.inbox import Message
from tests.prove.process import Process

At = Callable[[str], None]


def attempt_of(session: Session) -> Attempt | None:
    return getattr(session.kept.phase, "attempt", None)


class Watch:
    """Follows one kiosk through its lives; `at` is told each moment's name and may end the life."""

    def __init__(self) -> None:
        self.at: At = lambda moment: None
        self.moments: Counter[str] = Counter()
        self.listeners: list[Callable[[Process, str, object], None]] = []
        self.forget()

    def forget(self) -> None:
        self.doing = ""  # "", pay, reverse, ask, end of day
        self.acks = 0
        self.outs = self.ins = 0
        self.released = False

    def name(self, moment: str) -> None:
        self.moments[moment] += 1
        self.at(moment)

    def tell(self, process: Process, what: str, thing: object) -> None:
        for listener in self.listeners:
            listener(process, what, thing)

    # ---- what the process tells

    def commit(self, process: Process, commit: Commit) -> None:
        self.tell(process, "commit", commit)
        session = process.loop.session
        attempt = attempt_of(session)
        facts = commit.facts
        if attempt is not None and attempt.stage is Stage.INTENT and not self.doing:
            self.name("K0")
        if any(each.stage is Stage.INTENT for each in session.kept.giving_back) and self.doing != "reverse":
            self.name("K15")
        if any(isinstance(fact, ReadyToSend) for fact in facts):
            self.name("K16" if self.doing == "reverse" else "K1")
        if any(isinstance(fact, ResultReceived) for fact in facts):
            self.name("K18" if self.doing == "reverse" else "K6")
        elif any(isinstance(fact, TerminalAnswered) for fact in facts):
            self.name({"reverse": "K18", "ask": "K14"}.get(self.doing, "K11"))

    def committed(self, process: Process, commit: Commit) -> None:
        self.tell(process, "committed", commit)
        if any(isinstance(fact, ResultReceived) for fact in commit.facts):
            self.name("K19" if self.doing == "reverse" else "K7")
        for fact in commit.facts:
            if isinstance(fact, TerminalAnswered):
                approved = fact.result.outcome is Outcome.APPROVED
                self.name("K19" if self.doing == "reverse" else "K12" if approved else "K11")
        if any(isinstance(fact, TerminalAnswered | NoAnswer | TotalsReceived) for fact in commit.facts):
            self.forget()

    def failed(self, process: Process, commit: Commit) -> None:
        self.tell(process, "failed", commit)

    def deed(self, process: Process, deed: Deed) -> None:
        self.tell(process, "deed", deed)
        match deed:
            case Authorise() | Reverse():
                self.name("K16" if isinstance(deed, Reverse) else "K1")
            case Acknowledge() if self.acks == 1:
                self.name("K19" if self.doing == "reverse" else "K7")
            case Report(record=ClosedSale()):
                self.name("K12")

    def done(self, process: Process, deed: Deed) -> None:
        self.tell(process, "done", deed)
        match deed:
            case Authorise():
                self.forget()
                self.doing = "pay"
                self.name("K1")
            case Reverse():
                self.forget()
                self.doing = "reverse"
                self.name("K16")
            case AskTerminal():
                self.forget()
                self.doing = "ask"
                self.name("K14")
            case EndOfDay():
                self.forget()
                self.doing = "end of day"
                self.name("K20")
            case Acknowledge():
                self.acks += 1
                self.outs = self.ins = 0
            case Report(record=ClosedSale()) | Print():
                self.name("K13")

    def told(self, process: Process, message: Message) -> None:
        self.tell(process, "told", message)
        match message:
            case ResultReceived():
                self.name("K18" if self.doing == "reverse" else "K6")
            case ReadyToSend() if self.doing == "pay":
                self.name("K1")
            case TerminalAnswered() if self.doing == "pay":
                self.name("K11")
            case TerminalAnswered() | NoAnswer() if self.doing in {"ask", "end of day"}:
                self.name({"ask": "K14"}.get(self.doing, "K20"))
            case TerminalSays() if self.doing == "pay" and self.acks == 1:
                self.name("K5")

    def turned(self, process: Process, session: Session) -> None:
        self.tell(process, "turned", session)

    def wired(self, way: str, data: bytes) -> None:
        """Bytes have left the driver, or come to it."""
        if way == "out":
            self.outs += 1
        else:
            self.ins += 1
        if (moment := self.moment(way)) is not None:
            self.name(moment)

    def moment(self, way: str) -> str | None:
        """What it means that bytes go that way now."""
        match self.doing, self.acks:
            case "ask", _:
                return "K14"
            case "end of day", _:
                return "K20"
            case "reverse", 1:
                return "K17"
            case "reverse", _ if self.acks > 1:
                return "K19"
            case "pay", 1 if way == "out" and self.outs == 1:
                return "K3"
            case "pay", 1 if way == "in":
                return "K4" if self.ins == 1 else "K5"
            case "pay", 2 if way == "out" and self.outs == 1:
                return "K8"
            case "pay", 2:
                return "K9" if way == "in" and self.ins <= 2 else "K10"
        return None

    def sending_first(self) -> bool:
        """Whether the first bytes of a payment are just leaving (K2)."""
        return self.doing == "pay" and self.acks == 1 and self.outs == 0
