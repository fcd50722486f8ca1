"""The day's end: the books are closed, and the terminal's own sum is held against what was booked here."""

from kiosk.checkout import expiring
from kiosk.checkout.effects import Effect, EndOfDay, Note, Remind, Report
from kiosk.checkout.events import Happened, NoAnswer, Reminded, TotalsReceived
from kiosk.checkout.giving import paying_there
from kiosk.checkout.money import Case, CaseWhy
from kiosk.checkout.records import DayEnded, Technical
from kiosk.checkout.session import Session
from kiosk.checkout.turn import Step, kept, rules
from kiosk.units import AttemptId, Millis, Minor

AGAIN = 60_000


def end(session: Session, now: Millis, by: str = "") -> Step:
    """Close the books of the day that is open, if any; and have the terminal close its own.

    Baskets set aside do not outlive it; only where nobody has ended it by hand do the latest ones.
    """
    if not session.kept.day:
        return session, ()
    session, over = expiring.ended(session, now, all_=bool(by))
    effects: tuple[Effect, ...] = (*over, Report(DayEnded(session.kept.day, now, by)))
    if rules(session).terminal_totals and not session.kept.totals:
        id = AttemptId(f"{rules(session).journal}-day-{session.kept.day}-{session.kept.sales}")
        session = kept(session, totals=id)
        effects += asked(session)
    return kept(session, day="", days_closed=session.kept.numbers), effects


def asked(session: Session) -> tuple[Effect, ...]:
    """The terminal closes its day when nothing is open there: it might forget what it still has to be asked about."""
    if session.kept.giving_back or paying_there(session):
        return (Remind("totals", AGAIN),)
    return (EndOfDay(session.kept.totals),)


def turned(session: Session, date: str, now: Millis) -> Step:
    """A basket opens on that local date: the books of an earlier one are closed first. Empty: the day goes on."""
    effects: tuple[Effect, ...] = ()
    date = date or session.kept.day
    if session.kept.day not in ("", date):
        session, effects = end(session, now)
    return kept(session, day=date), effects


def day(session: Session, event: Happened, now: Millis) -> Step | None:
    """The terminal's answer to its end of day; None for everything else."""
    awaited = session.kept.totals
    match event:
        case TotalsReceived(id=id) if id == awaited and awaited:
            return compared(session, event, now)
        case NoAnswer(attempt=id) if id == awaited and awaited:
            return session, (Remind("totals", AGAIN),)
        case Reminded(key="totals") if awaited:
            return session, asked(session)
        case _:
            return None


def restarted(session: Session) -> tuple[Effect, ...]:
    """An end of day that was not answered is asked for again."""
    return asked(session) if session.kept.totals else ()


def compared(session: Session, event: TotalsReceived, now: Millis) -> Step:
    """What was decided about payments nobody knew is tested here: a difference is a case for a person."""
    booked = session.kept.taken
    session = kept(session, totals=AttemptId(""), taken=Minor(0))
    if event.amount is None:
        return session, (Note("totals_unknown", {"booked": booked}),)
    fields: dict[str, str | int] = {"terminal": event.amount, "booked": booked}
    record = Report(Technical("terminal_totals", now, fields))
    if event.amount == booked and event.currency in (None, rules(session).currency):
        return session, (record,)
    case = Case(event.id, CaseWhy.TOTALS_DIFFER, Minor(event.amount - booked), now)
    return kept(session, cases=(*session.kept.cases, case)), (record, Note("totals_differ", fields))
