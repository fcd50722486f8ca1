"""What every reducer returns, and the small words they share."""

from msgspec.structs import replace

from kiosk.checkout import basket
from kiosk.checkout.about import About
from kiosk.checkout.effects import Beep, Effect, Fade, Light, Note, Report
from kiosk.checkout.model import Intervention, Sale, Why
from kiosk.checkout.money import Attempt, Ended, Outcome
from kiosk.checkout.records import Technical
from kiosk.checkout.session import (
    Hearing,
    Idle,
    Panel,
    Passing,
    Paying,
    Phase,
    Policy,
    Session,
    Shopping,
    Staff,
)
from kiosk.units import Millis

Step = tuple[Session, tuple[Effect, ...]]

REMEMBERED = 31
NOTICE = 6_000  # milliseconds that a word on the slip stays
WEIGHT = {
    Why.WEIGHT_UNEXPECTED,
    Why.WEIGHT_MISMATCH,
    Why.WEIGHT_MISSING,
    Why.WEIGHT_REMOVED,
    Why.BAG_OWN,
}


def kept(session: Session, **changes: object) -> Session:
    return replace(session, kept=replace(session.kept, **changes))


def passing(session: Session, **changes: object) -> Session:
    return replace(session, passing=replace(session.passing, **changes))


def enter(session: Session, phase: Phase) -> Session:
    """Into another phase; whatever lay over the page of the old one goes, and audio mode with its shopper."""
    seen, leaves = session.passing, isinstance(phase, Idle)
    headset = seen.hearing.headset
    calm = Passing(
        devices=session.passing.devices,
        produce=session.passing.produce,
        bag=session.passing.bag,
        zeroed=session.passing.zeroed,
        weighing_module=session.passing.weighing_module,
        server=session.passing.server,
        queue=session.passing.queue,
        large=session.passing.large,
        contrast=session.passing.contrast,
        dark=session.passing.dark,
        low_reach=session.passing.low_reach,
        offered=session.passing.offered,
        slower=session.passing.slower,
        speaking=headset if leaves else seen.speaking,
        hearing=Hearing(headset) if leaves else seen.hearing,
    )
    return Session(kept=replace(session.kept, phase=phase), passing=calm)


SETTLED: dict[str, object] = {"undo": None, "back": None, "lost": ""}
"""What passes when the time for Undo is over, or something else was done."""


def panel(session: Session, over: Panel | None) -> Session:
    """Open or close a panel; typing and search results belong to the one before."""
    return passing(
        session,
        panel=over,
        typed="",
        found=(),
        next_letters="",
        page=0,
        notice="",
        priced_item=None,
        about=About(),
        pin_wrong=False,
    )


HELD = frozenset({"staff_number", "staff_pin", "price"})
"""A colleague's own pages: she is not interrupted."""


def interrupted(session: Session) -> Session:
    """What a scan does to a panel: it goes, but for a colleague's."""
    over = session.passing.panel
    return session if over is not None and over.name in HELD else panel(session, None)


def same(session: Session) -> Step:
    return session, ()


def raised(why: Why, grams: int = 0) -> Note:
    return Note("intervention_raised", {"code": why.value, "grams": grams})


def rules(session: Session) -> Policy:
    return session.kept.policy


def booked(
    session: Session, name: str, staff: Staff, now: Millis, asked: str = "", **fields: str | int
) -> tuple[Effect, ...]:
    """What a colleague did: for good in the ledger, with who asked for it and who did it; the server hears of it."""
    cashier, basket = session.kept.cashier, isinstance(session.kept.phase, Shopping | Paying)
    asked = asked or (cashier.person if cashier else "shopper" if basket else staff.person)
    said = {**fields, "asked": asked, "by": staff.person}
    return Report(Technical(name, now, said)), Note(name, said)


def conclude(session: Session, attempt: Attempt | Ended, outcome: Outcome) -> Session:
    """Remember how this attempt ended, so that no later answer to it is taken for another payment."""
    ended = Ended(attempt.id, outcome, attempt.amount, attempt.kind, attempt.of)
    others = tuple(each for each in session.kept.concluded if each.id != attempt.id)
    return kept(session, concluded=(*others[-REMEMBERED:], ended))


# ---- while things come in


def with_sale(session: Session, sale: Sale, *effects: Effect) -> Step:
    return kept(session, phase=Shopping(sale)), effects


def priced(session: Session, sale: Sale) -> Step:
    """The basket has changed: price it."""
    sale = basket.priced(sale, rules(session))
    return kept(session, phase=Shopping(sale)), ()


def phase_sale(session: Session) -> Sale:
    phase = session.kept.phase
    assert isinstance(phase, Shopping | Paying)
    return phase.sale


def noticed(session: Session, notice: str, *effects: Effect) -> Step:
    """A word on the slip, for a while."""
    return passing(session, notice=notice), (*effects, Fade("notice", NOTICE))


def unsold(session: Session, sale: Sale, why: Why, now: Millis, name: str = "") -> Step:
    """A thing that is not sold as it is: a colleague knows, and scanning goes on."""
    question = Intervention(why, now, printed=name, asked_staff=True)
    session, effects = with_sale(session, basket.raise_(sale, question), Beep("needs_you"), Light("help"))
    return passing(session, notice=why.value), (*effects, raised(why))
