"""What becomes of baskets set aside at the end of their day: cancelled, by the one in whose hand they are.

What this lane has not let go it cancels at once; for the others it asks the server to hand them out once more. So a
basket is paid or cancelled, never both, and the day's books name those of which nobody knows yet.
"""

from msgspec.structs import replace

from kiosk.checkout.effects import Effect, Remind, Report, TakeBasket
from kiosk.checkout.records import Cancelled, HandedOver, Technical
from kiosk.checkout.session import Session
from kiosk.checkout.setaside import Aside, Fetch
from kiosk.checkout.turn import Step, kept, rules
from kiosk.units import Millis

RELEASE, FETCH = "release", "fetch"
"""Reminders: let go what may go, and ask again for what was asked for."""


def ended(session: Session, now: Millis, *, all_: bool) -> Step:
    """The day ends: with `all_` every basket set aside is over, else those that are not of a short while ago."""
    oldest = now if all_ else now - rules(session).suspended_for
    over = [each for each in session.kept.aside if each.basket.at <= oldest]
    done = tuple(cancelled(each.basket, now) for each in over if not each.released)
    left = tuple(
        replace(each, over=each.over or each in over)
        for each in session.kept.aside
        if each.released or each not in over
    )
    session, asks = fetching(kept(session, aside=left), now)
    named = tuple(Report(Technical("still_set_aside", now, told(each))) for each in left)
    return session, (*done, *named, *asks)


def told(each: Aside) -> dict[str, str | int]:
    basket = each.basket
    return {
        "basket": basket.id,
        "total": basket.priced.total,
        "at": basket.at,
        "released": int(each.released),
    }


def cancelled(basket: HandedOver, now: Millis) -> Report:
    """An entry of its own: the basket's was written, and maybe signed, when it was set aside."""
    id = type(basket.id)(f"{basket.id}.over")
    return Report(Cancelled(id, now, basket.lines, basket.priced.total, basket.by))


def fetching(session: Session, now: Millis) -> Step:
    """Ask the server for those that are over, each under one request."""
    effects: tuple[Effect, ...] = ()
    for each in session.kept.aside:
        asked_for = any(one.over and one.key == each.basket.name for one in session.kept.fetches)
        if each.over and each.released and not asked_for:
            session, new = fetch(session, each.basket.name, now, over=True)
            effects += (TakeBasket(new.request, new.key),)
    return session, effects


def fetch(
    session: Session, key: str, now: Millis, by: str = "", *, over: bool = False
) -> tuple[Session, Fetch]:
    """A new request, of a name that no other lane has."""
    count = session.kept.fetched + 1
    new = Fetch(f"{rules(session).journal}-f{count}", key, now, by, over)
    return kept(session, fetched=count, fetches=(*session.kept.fetches, new)), new


def asked(fetches: tuple[Fetch, ...]) -> tuple[Effect, ...]:
    return tuple(TakeBasket(each.request, each.key) for each in fetches)


def soon(session: Session, key: str) -> tuple[Effect, ...]:
    """A reminder for the next moment, if the server is there; when it comes it is due by itself."""
    return (Remind(key, 1),) if session.passing.server else ()


def due(session: Session) -> tuple[Effect, ...]:
    """What is to be done as soon as the server is there."""
    kept_here = any(not each.released for each in session.kept.aside)
    unasked = session.kept.fetches or any(each.over for each in session.kept.aside)
    return (
        *((Remind(RELEASE, 1),) if kept_here else ()),
        *((Remind(FETCH, 1),) if unasked else ()),
    )
