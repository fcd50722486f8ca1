"""Giving back: a queue of reversals, one at the terminal at a time, each durable before a byte of it leaves.

A reversal ends done, or in a case that stays open until a named colleague has seen to it (I4). While one is at the
terminal nothing else is (I6).
"""

from msgspec.structs import replace

from kiosk.checkout.doubt import anew, doubted, never_began
from kiosk.checkout.effects import (
    Acknowledge,
    AskTerminal,
    Beep,
    Effect,
    Light,
    Note,
    Remind,
    Report,
    Reverse,
)
from kiosk.checkout.events import (
    Happened,
    NoAnswer,
    OutcomeDecided,
    ReadyToSend,
    Reminded,
    ResultReceived,
    TerminalAnswered,
)
from kiosk.checkout.evidence import contradicts
from kiosk.checkout.money import (
    AT_SERVER,
    IN_DOUBT,
    MAY_BE_LESS,
    Attempt,
    Case,
    CaseWhy,
    Ended,
    Mark,
    Outcome,
    PaymentResult,
    Stage,
    Tender,
    TenderKind,
)
from kiosk.checkout.printing import print_slip
from kiosk.checkout.records import Reversal, ValueOrder
from kiosk.checkout.session import Paying, Policy, Session
from kiosk.checkout.turn import Step, conclude, kept, rules
from kiosk.units import AttemptId, Millis, Minor

ASK, OUTLIVED = "ask_reversal", "reversal_outlived"
NEVER = "not_supported"
"""Why this terminal cannot even begin it, now or later."""


def give_back(session: Session, tenders: tuple[Tender, ...], now: Millis) -> Step:
    """Undo these tenders, the last one first: what the server holds is released, what a card paid is reversed."""
    effects: tuple[Effect, ...] = ()
    for tender in reversed(tenders):
        if tender.kind in AT_SERVER and tender.attempt is not None:
            effects += (Report(ValueOrder(tender.attempt, "cancel", tender.kind, tender.amount)),)
        elif tender.attempt is not None and tender.result is not None:
            session = queued(session, tender.attempt, tender.amount, tender.result, now, tender.kind)
    session, more = begin_next(session)
    return session, effects + more


def queued(
    session: Session,
    of: AttemptId,
    amount: Minor,
    original: PaymentResult,
    now: Millis,
    kind: TenderKind = TenderKind.CARD,
    refund: bool = False,
) -> Session:
    """One more reversal at the end of the queue; its intent is durable with the turn that owes it."""
    number = session.kept.reversals + 1
    new = Attempt(AttemptId(f"{of}-r{number}"), amount, now, kind, reverses=original, of=of, refund=refund)
    return kept(session, giving_back=(*session.kept.giving_back, new), reversals=number)


def begin_next(session: Session) -> Step:
    """Start the first reversal of the queue, if it has not started and the terminal is free."""
    if paying_there(session):
        return session, ()
    first = session.kept.giving_back[0] if session.kept.giving_back else None
    if first is None or first.stage is not Stage.INTENT or first.ordered:
        return session, ()
    return put(session, replace(first, ordered=True)), (deed(first, session),)


def paying_there(session: Session) -> bool:
    """Whether a payment is under way at the terminal."""
    phase = session.kept.phase
    return isinstance(phase, Paying) and phase.attempt is not None and phase.attempt.kind not in AT_SERVER


def deed(attempt: Attempt, session: Session) -> Reverse:
    assert attempt.reverses is not None and attempt.of is not None
    currency = currency_of(attempt, session)
    return Reverse(
        attempt.id, attempt.of, attempt.amount, currency, attempt.reverses, attempt.kind, attempt.refund
    )


def currency_of(attempt: Attempt, session: Session) -> str:
    """In which it was taken: the shop's may have been changed since."""
    taken = attempt.reverses.currency if attempt.reverses is not None else None
    return taken or rules(session).currency


def giving(session: Session, event: Happened, now: Millis) -> Step | None:
    """What an event means for the reversal under way; None if it is not about it."""
    if not session.kept.giving_back:
        return None
    attempt = session.kept.giving_back[0]
    match event:
        case ReadyToSend(attempt=id, mark=mark) if id == attempt.id:
            if attempt.stage is not Stage.INTENT:
                return session, ()
            return put(session, replace(attempt, stage=Stage.SENT, mark=mark)), (Acknowledge(id),)
        case ResultReceived(attempt=id, result=result) if id == attempt.id:
            if attempt.stage not in {Stage.SENT, Stage.RESULT}:  # the driver has given it up
                return session, ()
            return put(session, replace(attempt, stage=Stage.RESULT, result=result)), (Acknowledge(id),)
        case TerminalAnswered(attempt=id, result=result) if id == attempt.id:
            return answered(session, attempt, result, now)
        case NoAnswer(attempt=id) if id == attempt.id:
            return unknown(session, attempt, now)
        case OutcomeDecided(attempt=id, outcome=outcome) if id == attempt.id:
            return decided(session, attempt, outcome, now)
        case Reminded(key=key) if key == ASK:
            return ask(session, attempt)
        case Reminded(key=key) if key == OUTLIVED:
            return put(session, replace(attempt, outlived=True)), ()
        case _:
            return None


def put(session: Session, attempt: Attempt) -> Session:
    """The queue with its first exchanged."""
    return kept(session, giving_back=(attempt, *session.kept.giving_back[1:]))


def answered(session: Session, attempt: Attempt, result: PaymentResult, now: Millis) -> Step:
    match result.outcome:
        case Outcome.APPROVED if contradicts(attempt, result):
            sent = replace(attempt, stage=Stage.SENT) if attempt.stage is Stage.INTENT else attempt
            return unknown(session, sent, now)
        case Outcome.APPROVED:
            return done(session, attempt, result, now)
        case Outcome.NOT_CHARGED if attempt.stage is Stage.INTENT and result.reason != NEVER:
            return wait(session, attempt)
        case Outcome.NOT_CHARGED:
            return failed(session, attempt, result, now)
        case Outcome.UNKNOWN:
            return unknown(session, attempt, now, result.reason)


def done(session: Session, attempt: Attempt, result: PaymentResult | None, now: Millis) -> Step:
    assert attempt.of is not None
    record = Reversal(attempt.id, attempt.of, now, attempt.kind, attempt.amount, result)
    session = concluded(session, attempt, Outcome.APPROVED)
    session = kept(session, taken=Minor(session.kept.taken - attempt.amount))
    session, paper = print_slip(session, attempt.id, result, "card_reversed", now)
    session, effects = begin_next(session)
    return session, (Report(record), Remind(ASK, 0), Remind(OUTLIVED, 0), *paper, *effects)


def concluded(session: Session, attempt: Attempt, outcome: Outcome) -> Session:
    session = kept(session, giving_back=session.kept.giving_back[1:])
    return conclude(session, attempt, outcome)


def wait(session: Session, attempt: Attempt) -> Step:
    """The terminal could not begin it: no byte has left, so the same one may be tried again in a while."""
    attempt = replace(attempt, asked=attempt.asked + 1, ordered=False)
    session = put(session, attempt)
    again = Remind(ASK, rules(session).ask_again)
    if attempt.asked == rules(session).ask_limit:
        return session, (
            again,
            Beep("person_called"),
            Light("help"),
            Note("reversal_waits", {"of": attempt.of or ""}),
        )
    return session, (again,)


def failed(session: Session, attempt: Attempt, result: PaymentResult | None, now: Millis) -> Step:
    """The terminal will not give it back: a colleague has to, and it stays on her list until she has."""
    case = Case(attempt.id, CaseWhy.NOT_REVERSED, attempt.amount, now, result or attempt.reverses)
    session = concluded(session, attempt, Outcome.NOT_CHARGED)
    session = kept(session, cases=(*session.kept.cases, case))
    session, effects = begin_next(session)
    note = Note("not_reversed", {"attempt": attempt.id, "amount": attempt.amount})
    calm = (Remind(ASK, 0), Remind(OUTLIVED, 0))
    return session, (Beep("person_called"), Light("help"), *calm, note, *effects)


def after_all(session: Session, ended: Ended, result: PaymentResult, now: Millis) -> Step:
    """One that was given up has gone back: booked now, and a case if a colleague has seen to it in the meantime."""
    assert ended.of is not None
    others = tuple(case for case in session.kept.cases if case.id != ended.id)
    if others == session.kept.cases:
        others = (*others, Case(ended.id, CaseWhy.LATE_REVERSAL, ended.amount, now, result))
    session = conclude(session, ended, Outcome.APPROVED)
    session = kept(session, cases=others, taken=Minor(session.kept.taken - ended.amount))
    record = Reversal(ended.id, ended.of, now, ended.kind, ended.amount, result)
    return session, (Report(record), Note("late_reversal", {"attempt": ended.id, "amount": ended.amount}))


def unknown(session: Session, attempt: Attempt, now: Millis, reason: str = "") -> Step:
    """Nobody knows whether it was given back: asked about until it is known."""
    if attempt.stage is Stage.INTENT:
        return wait(session, attempt)
    if never_began(attempt, reason):
        return failed(session, attempt, PaymentResult(Outcome.NOT_CHARGED, reason=reason), now)
    attempt, effects = doubted(attempt, reason, rules(session), ASK, OUTLIVED)
    return put(session, attempt), effects


def ask(session: Session, attempt: Attempt) -> Step:
    if attempt.stage is Stage.INTENT:
        return begin_next(session)
    return session, (question(session, attempt),)


def question(session: Session, attempt: Attempt) -> AskTerminal:
    """The look-up of an attempt: a payment, of which less may have been authorised, or a reversal."""
    mark, currency = attempt.mark or Mark(), currency_of(attempt, session)
    partial = attempt.of is None and attempt.kind in MAY_BE_LESS
    return AskTerminal(attempt.id, attempt.amount, currency, mark, attempt.kind, partial, attempt.reverses)


def undecided(attempt: Attempt, policy: Policy) -> bool:
    """Whether a colleague may say what came of it: nobody knows, or no terminal has begun it for too long."""
    waited = attempt.stage is Stage.INTENT and attempt.asked >= policy.ask_limit
    return attempt.stage in IN_DOUBT or waited


def decided(session: Session, attempt: Attempt, outcome: Outcome, now: Millis) -> Step:
    """A named colleague has read the terminal: it was given back, or she sees to it."""
    staff = session.kept.colleague
    if staff is None or outcome is Outcome.UNKNOWN or not undecided(attempt, rules(session)):
        return session, ()
    note = Note("reversal_decided", {"attempt": attempt.id, "outcome": outcome.value, "by": staff.person})
    session = kept(session, staff=None)
    told = PaymentResult(outcome, attempt.amount, rules(session).currency, authorisation="attendant")
    end = done if outcome is Outcome.APPROVED else failed
    session, effects = end(session, attempt, told, now)
    return session, (note, *effects)


def restarted(session: Session, now: Millis) -> Step:
    """After a replay: what was under way is in doubt, what had not begun begins."""
    if not session.kept.giving_back:
        return session, ()
    attempt = session.kept.giving_back[0]
    if attempt.stage is Stage.INTENT:
        return begin_next(put(session, replace(attempt, ordered=False)))
    return unknown(session, anew(attempt), now)
