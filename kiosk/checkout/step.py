"""The only place that decides: step(session, event, now) -> (session, effects). Pure.

`now` is the time at which the event was taken from the inbox, in UTC milliseconds; a replay passes the time
that was journaled with it, so the same events give the same session, always.
"""

from msgspec.structs import replace

from kiosk.checkout.aside import aside
from kiosk.checkout.assisted import assisted, watched
from kiosk.checkout.audit import auditing
from kiosk.checkout.day import day
from kiosk.checkout.day import restarted as day_again
from kiosk.checkout.doubt import anew
from kiosk.checkout.duties import duties
from kiosk.checkout.effects import Effect, Note, Remind, Report
from kiosk.checkout.events import (
    BagScaleSeen,
    Fact,
    Happened,
    LaneWanted,
    LanguageChosen,
    PinAccepted,
    PinRefused,
    Reminded,
    Restarted,
    StaffEnded,
    Tampered,
    TerminalAnswered,
)
from kiosk.checkout.finishing import finishing, handed_over, nobody, out_of_service, wanted
from kiosk.checkout.fiscal import fiscal, signing
from kiosk.checkout.fiscal import restarted as fiscal_on
from kiosk.checkout.giving import giving
from kiosk.checkout.giving import restarted as giving_on
from kiosk.checkout.hints import hint
from kiosk.checkout.members import members
from kiosk.checkout.money import Attempt, Stage
from kiosk.checkout.passed import Passed
from kiosk.checkout.patience import attended
from kiosk.checkout.paying import late, paying, unknown
from kiosk.checkout.printing import printing
from kiosk.checkout.printing import restarted as printing_on
from kiosk.checkout.recalls import asked_again, recalls
from kiosk.checkout.records import Technical
from kiosk.checkout.refunding import refunding
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
from kiosk.checkout.shopping import bag_scale, shopping
from kiosk.checkout.staff import accepted, acts, ended, refused
from kiosk.checkout.turn import Step, kept, panel, same
from kiosk.units import Millis


def step(session: Session, event: Happened | Passed, now: Millis) -> Step:
    """What follows from one event: the next session, and what is to be asked and done."""
    if not isinstance(event, Fact):
        return attended(session, event, hint(session, event, now))
    done = watched(session, decided(session, event, now), event)
    return attended(session, event, signing(session, done, now))


def decided(session: Session, event: Happened, now: Millis) -> Step:
    """The first reducer that has something to say about the event; the phase, if none of them has."""
    reducers = (
        aside,
        fiscal,
        giving,
        printing,
        day,
        anywhere,
        acts,
        assisted,
        duties,
        auditing,
        recalls,
        members,
    )
    for reducer in reducers:
        if (done := reducer(session, event, now)) is not None:
            return done
    return phase(session, event, now)


def anywhere(session: Session, event: Happened, now: Millis) -> Step | None:
    """What means the same in every phase; None if the phase decides."""
    match event:
        case Restarted(policy=policy):
            session, effects = giving_on(kept(session, policy=policy), now)
            session, paper = printing_on(session, now)
            session, more = restarted(session, now)
            session, unsigned = fiscal_on(session, now)
            return session, (*effects, *paper, *unsigned, *more, *day_again(session))
        case LanguageChosen(language=language):
            return panel(kept(session, language=language), None), ()
        case PinAccepted():
            return accepted(session, event, now)
        case PinRefused():
            return refused(session, event, now)
        case StaffEnded() | Reminded(key="staff"):
            return ended(session)
        case LaneWanted():
            return wanted(session, event)
        case Tampered():
            return session, tampered(event, now)
        case BagScaleSeen(present=present):
            return bag_scale(kept(session, bag_watch=present), now)
        case TerminalAnswered(attempt=id, result=result) if not isinstance(session.kept.phase, Paying):
            return late(session, id, result, now)
        case _:
            return None


def tampered(event: Tampered, now: Millis) -> tuple[Effect, ...]:
    """It stands in the books and is told at once; shoppers hear nothing of it."""
    fields: dict[str, str | int] = {
        "what": event.what,
        "name": event.name,
        "usb": event.usb,
        "port": event.port,
        "held": int(event.held),
    }
    return Report(Technical("security.tamper", now, fields)), Note("security.tamper", fields)


def phase(session: Session, event: Happened, now: Millis) -> Step:
    match session.kept.phase:
        case Idle() as now_idle:
            return nobody(session, now_idle, event, now)
        case Shopping() as now_shopping:
            return shopping(session, now_shopping, event, now)
        case Paying() as now_paying:
            return paying(session, now_paying, event, now)
        case Finishing() as now_finishing:
            return finishing(session, now_finishing, event, now)
        case Handover() as now_handing:
            return handed_over(session, now_handing, event, now)
        case Refunding() as now_refunding:
            return refunding(session, now_refunding, event, now)
        case OutOfService() as now_closed:
            return out_of_service(session, now_closed, event, now)


def restarted(session: Session, now: Millis) -> Step:
    """After a replay everything that is still awaited is asked for again; nothing is assumed, and nobody signed in."""
    policy = session.kept.policy
    session = kept(session, bag_watch=False, staff=None, cashier=None, countersign=None)
    match session.kept.phase:
        case Idle() if session.kept.language not in policy.languages:
            return kept(session, language=policy.languages[0]), ()
        case Shopping():
            return session, (*asked_again(session), Remind("weigh", policy.weigh_wait))
        case Paying(attempt=Attempt(stage=Stage.INTENT) as attempt) as paying_still:
            return unknown(session, paying_still, attempt, now)
        case Paying(attempt=Attempt() as attempt) as paying_still:
            return unknown(session, paying_still, anew(attempt), now)
        case Finishing(receipt="email", email="asked") as finished:  # the address that was typed is forgotten
            return kept(session, phase=replace(finished, receipt="", email="")), ()
        case _:
            return same(session)
