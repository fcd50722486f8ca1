"""Paying: one attempt at a time, its outcome known, asked about, or decided by a named colleague; never guessed.

The invariants are I1 to I10 of the payments reference: no second attempt while one is unknown, no approval
without amount and currency compared, no answer ever ignored.
"""

from typing import assert_never

from msgspec.structs import replace

from kiosk.checkout import basket
from kiosk.checkout.effects import (
    Abort,
    Acknowledge,
    AskTerminal,
    Authorise,
    Beep,
    Effect,
    Fade,
    HoldScanner,
    Light,
    Note,
    Remind,
    Report,
)
from kiosk.checkout.events import (
    BackPressed,
    Happened,
    HelpCancelled,
    HelpPressed,
    NoAnswer,
    OutcomeDecided,
    PayPressed,
    ReadyToSend,
    Reminded,
    ResultReceived,
    TerminalAnswered,
    WeightSettled,
)
from kiosk.checkout.finishing import thanks
from kiosk.checkout.giving import begin_next, queued
from kiosk.checkout.model import Intervention, Sale, Why
from kiosk.checkout.model import Resolution as Res
from kiosk.checkout.money import (
    Attempt,
    Case,
    CaseWhy,
    Mark,
    Outcome,
    PaymentResult,
    Stage,
    Tender,
)
from kiosk.checkout.records import ClosedSale
from kiosk.checkout.session import Paying, Session, Shopping
from kiosk.checkout.turn import Step, awake, conclude, enter, kept, panel, raised, rules, same
from kiosk.units import AttemptId, Millis, Minor


def paying(session: Session, phase: Paying, event: Happened, now: Millis) -> Step:
    sale, attempt = phase.sale, phase.attempt
    match event:
        case ReadyToSend(attempt=id, mark=mark):
            return ready(session, phase, id, mark)
        case ResultReceived(attempt=id, result=result):
            return received(session, phase, id, result)
        case TerminalAnswered(attempt=id, result=result):
            if attempt is None or attempt.id != id:
                return late(session, id, result, now)
            return concluded(session, phase, attempt, result, now)
        case NoAnswer(attempt=id):
            if attempt is None or attempt.id != id:
                return same(session)
            return unknown(session, phase, attempt, now)
        case OutcomeDecided(attempt=id, outcome=outcome):
            if attempt is None or attempt.id != id or outcome is Outcome.UNKNOWN:
                return same(session)
            return decided(session, phase, attempt, outcome, now)
        case PayPressed():
            if attempt is not None:
                return same(session)
            return begin(session, sale, due(sale), now)
        case BackPressed() | Reminded(key="abandon"):
            return back(session, phase, now)
        case Reminded(key="ask"):
            return ask(session, phase)
        case WeightSettled(after=after):
            _, sale = basket.weigh(sale, after, rules(session))
            return kept(session, level=after, phase=replace(phase, sale=sale)), ()
        case HelpPressed():
            sale = basket.raise_(sale, Intervention(Why.HELP_REQUESTED, now, asked_staff=True))
            session = kept(session, phase=replace(phase, sale=sale))
            called = (Beep("person_called"), Light("help"), HoldScanner(False))
            return session, (*called, raised(Why.HELP_REQUESTED))
        case HelpCancelled():
            sale = basket.settle(sale, {Why.HELP_REQUESTED}, Res.SELF_FIXED, now)
            return kept(session, phase=replace(phase, sale=sale)), (Light("in_use"),)
        case _:
            return same(session)


def due(sale: Sale) -> Minor:
    """What is still to pay, in minor units."""
    return Minor(basket.total(sale) - sum(tender.amount for tender in sale.tenders))


def begin(session: Session, sale: Sale, amount: Minor, now: Millis) -> Step:
    """A new try at the card terminal; the intent is on disk before the first byte leaves."""
    number = sale.attempts + 1
    new = Attempt(AttemptId(f"{sale.id}-{number}"), amount, now)
    session = enter(session, Paying(replace(sale, attempts=number), new))
    return session, (
        Fade("idle", 0),
        Remind("abandon", 0),
        HoldScanner(True),
        Authorise(new.id, amount, rules(session).currency),
    )


def ready(session: Session, phase: Paying, id: AttemptId, mark: Mark) -> Step:
    """The terminal is ready: once that is written, the first byte may leave and the money be in doubt."""
    attempt = phase.attempt
    if attempt is None or attempt.id != id or attempt.stage is not Stage.INTENT or attempt.cancelled:
        return same(session)
    attempt = replace(attempt, stage=Stage.SENT, mark=mark)
    return kept(session, phase=replace(phase, attempt=attempt)), (Acknowledge(id),)


def received(session: Session, phase: Paying, id: AttemptId, result: PaymentResult) -> Step:
    """The terminal has a result and waits for us to have it too: durable first, then acknowledged.

    Of an attempt that is over nothing is acknowledged: the terminal then gives the money back by itself.
    """
    attempt = phase.attempt
    if attempt is None or attempt.id != id:
        return same(session)
    attempt = replace(attempt, stage=Stage.RESULT, result=result)
    return kept(session, phase=replace(phase, attempt=attempt)), (Acknowledge(id),)


def concluded(session: Session, phase: Paying, attempt: Attempt, result: PaymentResult, now: Millis) -> Step:
    match result.outcome:
        case Outcome.APPROVED if agrees(attempt, result, rules(session).currency):
            return approved(session, phase.sale, attempt, result, now)
        case Outcome.NOT_CHARGED:
            return not_charged(session, phase, attempt, result, now)
        case Outcome.APPROVED | Outcome.UNKNOWN:
            return unknown(session, phase, attempt, now)
        case _:
            assert_never(result.outcome)


def agrees(attempt: Attempt, result: PaymentResult, currency: str) -> bool:
    """Only the very amount and currency that were asked for are an approval (I7)."""
    return result.amount == attempt.amount and result.currency in {currency, None}


def approved(session: Session, sale: Sale, attempt: Attempt, result: PaymentResult, now: Millis) -> Step:
    sale = replace(sale, tenders=(*sale.tenders, Tender(attempt.kind, attempt.amount, attempt.id, result)))
    sale = basket.settle(sale, {Why.PAYMENT_UNKNOWN}, Res.SELF_FIXED, now)
    note = Note("payment", {"result": "approved", "asked": attempt.asked})
    session = conclude(session, attempt.id, Outcome.APPROVED)
    if due(sale) > 0:
        return begin(session, sale, due(sale), now)
    session, effects = finish(session, sale, now)
    return session, (Remind("ask", 0), *effects, note)


def not_charged(
    session: Session, phase: Paying, attempt: Attempt, result: PaymentResult, now: Millis
) -> Step:
    """No money was taken: the basket again if she went back, else why; without a terminal a colleague comes."""
    note = Note("payment", {"result": "not_charged", "code": result.result_code})
    session = conclude(session, attempt.id, Outcome.NOT_CHARGED)
    sale = replace(phase.sale, open=tuple(q for q in phase.sale.open if q.why is not Why.PAYMENT_UNKNOWN))
    calm = (Remind("ask", 0), HoldScanner(False), Light("in_use"), note, *awake(rules(session)))
    if attempt.cancelled:
        return enter(session, Shopping(sale)), calm
    if result.reason == "terminal_away":
        sale = basket.raise_(sale, Intervention(Why.HELP_REQUESTED, now, asked_staff=True))
        calm = (*calm, Light("help"), raised(Why.HELP_REQUESTED))
    session = enter(session, Paying(sale, None, declined=result.reason or result.result_code or "declined"))
    return session, (Beep("needs_you"), *calm)


def unknown(session: Session, phase: Paying, attempt: Attempt, now: Millis) -> Step:
    """Nobody knows whether money moved: ask the terminal, again and again, and tell a colleague in time.

    As long as the intent is all there is, no byte has left, and no money has moved.
    """
    if attempt.stage is Stage.INTENT:
        interrupted = PaymentResult(Outcome.NOT_CHARGED, result_code="interrupted")
        return not_charged(session, phase, attempt, interrupted, now)
    policy = rules(session)
    asked = attempt.asked + 1
    stage = Stage.WITH_STAFF if asked > policy.ask_limit else Stage.CHECKING
    attempt = replace(attempt, stage=stage, asked=asked)
    sale = phase.sale
    again = Remind("ask", policy.ask_again if asked > 1 else 1)
    effects: tuple[Effect, ...] = (again, HoldScanner(False))  # a colleague may come with her badge
    if asked == min(3, policy.ask_limit):
        sale = basket.raise_(sale, Intervention(Why.PAYMENT_UNKNOWN, now, asked_staff=True))
        effects += (Beep("person_called"), Light("help"), raised(Why.PAYMENT_UNKNOWN))
    return kept(session, phase=replace(phase, sale=sale, attempt=attempt)), effects


def ask(session: Session, phase: Paying) -> Step:
    attempt = phase.attempt
    if attempt is None or attempt.stage not in {Stage.CHECKING, Stage.WITH_STAFF}:
        return same(session)
    return session, (
        AskTerminal(attempt.id, attempt.amount, rules(session).currency, attempt.mark or Mark()),
    )


def back(session: Session, phase: Paying, now: Millis) -> Step:
    """Back to the basket: at once if no money is on its way, else a wish that the terminal may grant."""
    attempt = phase.attempt
    if attempt is None:
        sale = basket.priced(phase.sale, rules(session))
        return enter(session, Shopping(sale)), awake(rules(session))
    if attempt.stage not in {Stage.INTENT, Stage.SENT} or attempt.cancelled:
        return same(session)
    return kept(session, phase=replace(phase, attempt=replace(attempt, cancelled=True))), (Abort(attempt.id),)


def late(session: Session, id: AttemptId, result: PaymentResult, now: Millis) -> Step:
    """An answer to an attempt that is over: an approval of what was not sold is money to give back."""
    if result.outcome is not Outcome.APPROVED or result.amount is None:
        return same(session)
    known = dict(session.kept.concluded)
    if known.get(id) is Outcome.APPROVED or any(case.id == id for case in session.kept.cases):
        return same(session)
    note = Note("late_approval", {"attempt": id, "amount": result.amount})
    if id not in known:
        case = Case(id, CaseWhy.LATE_APPROVAL, result.amount, now, result)
        return kept(session, cases=(*session.kept.cases, case)), (note,)
    session = conclude(session, id, Outcome.APPROVED)
    session = kept(session, taken=Minor(session.kept.taken + result.amount))
    session, effects = begin_next(queued(session, id, result.amount, result, now))
    return session, (note, *effects)


def decided(session: Session, phase: Paying, attempt: Attempt, outcome: Outcome, now: Millis) -> Step:
    """A named colleague has read the terminal; her word stands and stays on record as hers."""
    staff = session.kept.staff
    if staff is None:
        return same(session)
    sale = basket.settle(phase.sale, {Why.PAYMENT_UNKNOWN}, Res.APPROVED, now, staff.person)
    note = Note("payment_decided", {"attempt": attempt.id, "outcome": outcome.value, "by": staff.person})
    session = panel(kept(session, staff=None, phase=replace(phase, sale=sale)), None)
    phase = replace(phase, sale=sale)
    if outcome is Outcome.APPROVED:
        result = PaymentResult(outcome, attempt.amount, rules(session).currency, authorisation="attendant")
        session, effects = approved(session, sale, attempt, result, now)
    else:
        session, effects = not_charged(
            session, phase, attempt, PaymentResult(outcome, result_code="attendant"), now
        )
    return session, (note, *effects)


def finish(session: Session, sale: Sale, now: Millis) -> Step:
    """The sale is paid: one commit holds tender, closed sale, ledger, outbox and print job."""
    policy = rules(session)
    priced = basket.priced(sale, policy).priced
    assert priced is not None
    number = session.kept.numbers + 1
    closed = ClosedSale(
        id=sale.id,
        number=number,
        store=policy.store,
        lane=policy.lane,
        currency=policy.currency,
        language=session.kept.language,
        started=sale.started,
        ended=now,
        version=policy.version,
        lines=sale.lines,
        priced=basket.in_language(priced, sale.offers, session.kept.language),
        tenders=sale.tenders,
        member=sale.member,
        settled=sale.settled,
        voided=sale.removed,
    )
    session = kept(session, numbers=number, level=sale.bag.level)
    session, effects = thanks(session, closed, now)
    calm = (Beep("done"), Light("idle"), HoldScanner(False), Fade("idle", 0), Remind("abandon", 0))
    return session, (Report(closed), *calm, *effects)
