"""How long the lane waits for somebody who does nothing, and what comes then: the one table.

Any touch, scan or weight counts as being there and starts the ladder of its place again, from its foot. Every time of
it is three times as long for whoever wants more time or listens. While money is on its way nothing runs: an
authorisation is never cut.
"""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from kiosk.checkout import basket, passed
from kiosk.checkout import events as facts
from kiosk.checkout import suspending as away
from kiosk.checkout.effects import Beep, Effect, Fade, Remind
from kiosk.checkout.fact import Fact
from kiosk.checkout.jobs import JobState
from kiosk.checkout.passed import Passed
from kiosk.checkout.printing import job_of
from kiosk.checkout.session import (
    Finishing,
    Handover,
    Idle,
    OutOfService,
    Paying,
    Refunding,
    Session,
    Shopping,
)
from kiosk.checkout.turn import Step, passing, rules

SLOWLY = 3
MORE = 60_000  # milliseconds that one touch on "More time" brings


class Place(StrEnum):
    """Where somebody may stand who does nothing."""

    NOBODY = "the attract page, as anybody finds it"
    LOOKING = "nothing begun, but a panel is open, or a language or a look was chosen"
    EMPTY = "a basket with nothing in it"
    BASKET = "a basket, whatever panel lies over it"
    WAITING = "a basket whose shopper waits for a colleague"
    LOCKED = "a basket for which a colleague was called because nobody moved"
    TO_PAY = "how would you like to pay?"
    MONEY = "money is on its way"
    RECEIPT = "how does the receipt go home?"
    THANKS = "thank you"
    ELSEWHERE = "handed over, or set aside"
    COLLEAGUE = "a colleague is signed in, or serves here herself: that has a time of its own"
    REFUND = "a colleague gives back"
    CLOSED = "out of service, and somebody has opened a panel"
    OUT = "out of service"


class Rung(Struct, frozen=True):
    """After `wait`, a time of the policy, comes what `then` says; `warns`: it is only a question, shown and sounded."""

    key: str
    wait: str
    then: str
    warns: bool = False


QUIETLY = (
    Rung("idle", "idle_prompt", "nothing to be seen yet"),
    Rung("abandon", "idle_countdown", "the page as anybody finds it"),
)
TABLE: dict[Place, tuple[Rung, ...]] = {
    Place.NOBODY: (),
    Place.LOOKING: QUIETLY,
    Place.EMPTY: QUIETLY,
    Place.BASKET: (
        Rung("idle", "idle_prompt", "Do you need more time?", warns=True),
        Rung("abandon", "idle_countdown", "a colleague is called, the basket is locked"),
    ),
    Place.WAITING: (
        Rung("idle", "suspend_after", "Do you need more time?", warns=True),
        Rung("abandon", "idle_countdown", "a colleague is called, the basket is locked"),
    ),
    Place.LOCKED: (Rung("suspend", "suspend_after", "the basket is set aside, the lane is free"),),
    Place.TO_PAY: (
        Rung("idle", "idle_prompt", "Do you need more time?", warns=True),
        Rung("abandon", "idle_countdown", "back to the basket; what was paid goes back"),
    ),
    Place.MONEY: (),
    Place.RECEIPT: (Rung("receipt", "receipt_wait", "what the country wants for who chooses nothing"),),
    Place.THANKS: (Rung("thanks", "thank_you", "the next shopper's page"),),
    Place.ELSEWHERE: (Rung("thanks", "receipt_wait", "the next shopper's page"),),
    Place.COLLEAGUE: (),
    Place.REFUND: (Rung("abandon", "suspend_after", "the next shopper's page"),),
    Place.CLOSED: QUIETLY,
    Place.OUT: (),
}
KEYS = ("idle", "abandon", "suspend", "receipt", "thanks")
SLOWED = frozenset({*KEYS, "left", "notice", "undo"})
WORLD = (
    *(facts.Restarted, facts.OffersTaken, facts.Reminded, facts.ItemFound, facts.ItemUnknown, facts.Recalled),
    *(facts.MemberFound, facts.BagScaleSeen, facts.ReadyToSend, facts.ResultReceived, facts.TerminalAnswered),
    *(
        facts.NoAnswer,
        facts.Printed,
        facts.PrintFailed,
        facts.PinAccepted,
        facts.PinRefused,
        facts.LaneWanted,
    ),
    *(facts.Tampered, facts.TotalsReceived, facts.ValueAnswered, facts.WalletShown, facts.EmailTaken),
    *(facts.FiscalDone, facts.SaleFound, facts.SaleNotHere, facts.SaleUnknown),
    *(away.NameDrawn, away.BasketAnswered, away.BasketUnheard),
    *(passed.Found, passed.PriceFound, passed.TerminalSays, passed.DeviceSeen, passed.LinkSeen),
    *(
        passed.CatalogueSeen,
        passed.WeighingModuleSeen,
        passed.DocumentFound,
        passed.MemberUnknown,
        passed.OfferFound,
        passed.Spoken,
        passed.Faded,
    ),
)
"""What happens without anybody being there; everything else somebody does."""


def somebody(before: Session, event: Fact | Passed) -> bool:
    """Whether this says that somebody is there. A live weight does if it is another one than before."""
    if isinstance(event, passed.ScaleRead):
        old = before.passing.produce if event.scale == "produce" else before.passing.bag
        return event.live != old and event.live.grams != old.grams
    return not isinstance(event, WORLD)


def place(session: Session) -> Place:
    kept, seen = session.kept, session.passing
    match kept.phase:
        case Paying(attempt=attempt) if attempt is not None:
            return Place.MONEY
        case Refunding():
            return Place.REFUND
        case _ if kept.staff is not None:
            return Place.COLLEAGUE
        case Idle() | OutOfService() | Shopping() | Paying() if kept.cashier is not None:
            return Place.COLLEAGUE
        case Idle() | OutOfService() as phase:
            plain = seen.panel is None and kept.language == rules(session).languages[0] and not looks(session)
            if isinstance(phase, Idle):
                return Place.NOBODY if plain else Place.LOOKING
            return Place.OUT if plain else Place.CLOSED
        case Shopping(sale=sale) if not sale.lines:
            return Place.EMPTY
        case Shopping(sale=sale):
            if basket.locked(sale):
                return Place.LOCKED
            waits = any(question.asked_staff for question in sale.open)
            return Place.WAITING if waits else Place.BASKET
        case Paying():
            return Place.TO_PAY
        case Finishing(receipt=receipt):
            return Place.THANKS if receipt else Place.RECEIPT
        case Handover():
            return Place.ELSEWHERE


def looks(session: Session) -> bool:
    seen = session.passing
    return seen.large or seen.contrast or seen.low_reach or seen.slower


def wait(session: Session, rung: Rung) -> int:
    """Milliseconds; the thanks stay longer where there is still something to do or to see on that page."""
    phase, policy = session.kept.phase, rules(session)
    if rung.key == "thanks" and isinstance(phase, Finishing):
        job = job_of(session, phase.closed.id)
        trouble = job is not None and job.state in {JobState.PENDING, JobState.UNKNOWN}
        unasked = phase.receipt == "none" and policy.receipt_default == "none"
        if trouble or unasked or phase.email == "asked":
            return policy.receipt_wait
    return int(getattr(policy, rung.wait))


def foot(session: Session, keys: Iterable[str]) -> tuple[Remind | Fade, ...]:
    """The first rung of where the lane is now; the others of these keys are taken back."""
    first = {rung.key: wait(session, rung) for rung in TABLE[place(session)][:1]}
    return tuple((Fade if key == "idle" else Remind)(key, first.get(key, 0)) for key in keys)


def prompted(session: Session) -> Step:
    """Nobody has moved for the first while: the next rung runs, and where it is one that asks, the page asks."""
    rungs = TABLE[place(session)]
    if len(rungs) < 2:
        return session, ()
    first, then = rungs
    effects: tuple[Effect, ...] = (Remind(then.key, wait(session, then)),)
    if not first.warns:
        return session, effects
    left = slowed(session, wait(session, then))
    session = passing(session, more_time=True, left=left, panel=None)
    return session, (*effects, Fade("left", piece(session)), Beep("needs_you"))


def counted(session: Session) -> Step:
    """A third of the time to answer is over: what is left is said anew, in words and by the voice."""
    left = session.passing.left - slowed(session, piece(session))
    if not session.passing.more_time or left <= 0:
        return session, ()
    return passing(session, left=left), (Fade("left", piece(session)),)


def piece(session: Session) -> int:
    return rules(session).idle_countdown // 3


def attended(before: Session, event: Fact | Passed, done: Step) -> Step:
    """What else follows from a turn: who did something, or came to another place, has all the time again.

    To be called on every step, last of all. A time that the step itself has set stands.
    """
    session, effects = done
    here = place(session)
    anew = here is not place(before) or isinstance(event, facts.Restarted)
    if anew or somebody(before, event):
        if session.passing.more_time:
            session = passing(session, more_time=False, left=0)
        own = {each.key for each in effects if isinstance(each, Remind | Fade)}
        keys = KEYS if anew else [rung.key for rung in TABLE[here]]
        effects += foot(session, [key for key in keys if key not in own])
    return session, tuple(unhurried(session, each) for each in effects)


def unhurried(session: Session, effect: Effect) -> Effect:
    """The same, with all the time that whoever is here needs."""
    if isinstance(effect, Remind | Fade) and effect.key in SLOWED:
        return replace(effect, after=slowed(session, effect.after))
    return effect


def slowed(session: Session, millis: int) -> int:
    """A time as whoever is here has it: the one place that knows how much slower slower is."""
    return millis * SLOWLY if session.passing.slower or session.passing.speaking else millis
