"""Paying: one attempt at a time, its outcome known, asked about, or decided by a named colleague; never guessed.

The invariants are I1 to I10 of the payments reference: no second attempt while one is unknown, no approval
without amount, currency and terminal compared, no answer ever ignored.
"""

from typing import assert_never

from msgspec.structs import replace

from kiosk.barcode import DepositVoucher, GiftCard
from kiosk.checkout import basket, refusals
from kiosk.checkout.doubt import doubted, never_began
from kiosk.checkout.effects import (
    Abort,
    Acknowledge,
    AskServer,
    Beep,
    Effect,
    HoldScanner,
    Light,
    Note,
    Remind,
    Report,
    Withdraw,
)
from kiosk.checkout.ending import finish, hand_over
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
    Scanned,
    TenderChosen,
    TerminalAnswered,
    ValueAnswered,
    WalletShown,
    WeightSettled,
)
from kiosk.checkout.evidence import filled, heard, proves, wanted
from kiosk.checkout.giving import after_all, begin_next, give_back, question, queued
from kiosk.checkout.interventions import HELP
from kiosk.checkout.model import Intervention, Sale, Why
from kiosk.checkout.model import Resolution as Res
from kiosk.checkout.money import (
    AT_SERVER,
    IN_DOUBT,
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
from kiosk.checkout.records import ValueOrder
from kiosk.checkout.session import Paying, Session, Shopping
from kiosk.checkout.tenders import begin, due, shown
from kiosk.checkout.turn import Step, booked, conclude, enter, kept, panel, raised, rules, same
from kiosk.units import AttemptId, Millis, Minor
from kiosk.weight import check as checks

SERVER_TRIES, SERVER_AGAIN = 3, 2_000
IN_PROGRESS = "in_progress"
QUIET = (Remind("ask", 0), Remind("outlived", 0), Remind("wallet", 0))
"""The timers of an attempt that is over."""


def paying(session: Session, phase: Paying, event: Happened, now: Millis) -> Step:
    """What people do while money is asked for; what terminal and server say is `told`."""
    sale, attempt = phase.sale, phase.attempt
    match event:
        case PayPressed() | TenderChosen() | Scanned(code=GiftCard() | DepositVoucher()):
            return same(session) if attempt is not None else chosen(session, sale, event, now)
        case BackPressed() | Reminded(key="abandon" | "wallet"):
            return back(session, phase, now)
        case Reminded(key="ask"):
            return ask(session, phase)
        case Reminded(key="outlived") if attempt is not None:
            return with_attempt(session, phase, replace(attempt, outlived=True)), ()
        case WeightSettled(after=after):
            sale = replace(sale, bag=checks.settled(sale.bag, after))
            return kept(session, level=after, phase=replace(phase, sale=sale)), ()
        case HelpPressed(accessible=accessible):
            why = Why.HELP_ACCESSIBILITY if accessible else Why.HELP_REQUESTED
            sale = basket.raise_(sale, Intervention(why, now, asked_staff=True))
            session = kept(session, phase=replace(phase, sale=sale))
            return session, (Beep("person_called"), Light("help"), HoldScanner(False), raised(why))
        case HelpCancelled():
            sale = basket.settle(sale, HELP, Res.SELF_FIXED, now)
            return kept(session, phase=replace(phase, sale=sale)), (Light("in_use"),)
        case TerminalAnswered(attempt=id, result=result) if attempt is None or attempt.id != id:
            return late(session, id, result, now)
        case _:
            return told(session, phase, event, now) if attempt is not None else same(session)


def told(session: Session, phase: Paying, event: Happened, now: Millis) -> Step:
    """What terminal, server or a colleague says of the attempt under way; of any other it is nothing here."""
    attempt = phase.attempt
    if attempt is None or getattr(event, "attempt", None) != attempt.id:
        return same(session)
    at_server = attempt.kind in AT_SERVER
    match event:
        case ReadyToSend(mark=mark):
            return ready(session, phase, attempt, mark)
        case ResultReceived(result=result):
            return received(session, phase, attempt, result)
        case TerminalAnswered(result=result) if not at_server:
            return concluded(session, phase, attempt, result, now)
        case ValueAnswered(result=result) if at_server:
            return value(session, phase, attempt, result, now)
        case WalletShown(code=code):
            return shown(session, phase, code)
        case NoAnswer():
            return unknown(session, phase, attempt, now)
        case OutcomeDecided(outcome=outcome) if attempt.stage in IN_DOUBT and not at_server:
            return decided(session, phase, attempt, outcome, now)
        case _:
            return same(session)


def with_attempt(session: Session, phase: Paying, attempt: Attempt) -> Session:
    return kept(session, phase=replace(phase, attempt=attempt))


def first(session: Session, sale: Sale, now: Millis) -> Step:
    """Pay was pressed: the card at once where a shop takes nothing else, the choice elsewhere."""
    policy = rules(session)
    if sale.training:
        return trained(session, sale, now)
    if policy.tenders == (TenderKind.CARD,) and not policy.handover:
        return begin(session, sale, TenderKind.CARD, now)
    return enter(session, Paying(sale)), (HoldScanner(False),)


def chosen(session: Session, sale: Sale, event: Happened, now: Millis) -> Step:
    """A way to pay: by its key, by the card or voucher that was scanned, or the card as the plain Pay."""
    match event:
        case TenderChosen(kind="handover"):
            allowed = rules(session).handover and not sale.training
            return hand_over(session, sale, now) if allowed else same(session)
        case TenderChosen(kind=kind) if kind in set(TenderKind):
            wish = TenderKind(kind)
        case Scanned(code=GiftCard()):
            wish = TenderKind.GIFT_CARD
        case Scanned(code=DepositVoucher()):
            wish = TenderKind.DEPOSIT_VOUCHER
        case _:
            wish = TenderKind.CARD
    return trained(session, sale, now) if sale.training else begin(session, sale, wish, now)


def trained(session: Session, sale: Sale, now: Millis) -> Step:
    """Training: no terminal is asked, and no money moves."""
    return finish(session, replace(sale, tenders=(Tender(TenderKind.TRAINING, due(sale)),)), now)


def ready(session: Session, phase: Paying, attempt: Attempt, mark: Mark) -> Step:
    """The terminal is ready: once that is written, the first byte may leave and the money be in doubt."""
    if attempt.stage is not Stage.INTENT or attempt.cancelled:
        return same(session)
    go = Acknowledge(attempt.id)
    return with_attempt(session, phase, replace(attempt, stage=Stage.SENT, mark=mark)), (go,)


def received(session: Session, phase: Paying, attempt: Attempt, result: PaymentResult) -> Step:
    """The terminal has a result and waits for us to have it too: durable first, then acknowledged.

    Of an attempt that is over nothing is acknowledged: the terminal then gives the money back by itself. Nor of one
    in doubt: the driver has given it up, and only a look-up tells what the terminal made of that.
    """
    if attempt.stage not in {Stage.SENT, Stage.RESULT}:
        return same(session)
    taken = replace(attempt, stage=Stage.RESULT, result=result)
    return with_attempt(session, phase, taken), (Acknowledge(attempt.id),)


def concluded(session: Session, phase: Paying, attempt: Attempt, result: PaymentResult, now: Millis) -> Step:
    """What the terminal says in the end, or on being asked."""
    policy = rules(session)
    match result.outcome:
        case Outcome.APPROVED:
            if attempt.stage is Stage.INTENT:  # against all order something has left
                attempt = replace(attempt, stage=Stage.SENT)
            result = filled(attempt, result, policy)
            if not proves(attempt, result, policy):
                return unknown(session, phase, attempt, now)
            if wanted(attempt, result):
                return approved(session, phase.sale, attempt, result, now)
            if attempt.asked == 0:  # an amount that nobody asked for has to be said twice
                return unknown(session, phase, attempt, now)
            return too_little(session, phase, attempt, result, now)
        case Outcome.NOT_CHARGED:
            return not_charged(session, phase, attempt, result, now)
        case Outcome.UNKNOWN:
            return unknown(session, phase, attempt, now, result.reason)
        case _:
            assert_never(result.outcome)


def approved(session: Session, sale: Sale, attempt: Attempt, result: PaymentResult, now: Millis) -> Step:
    """Money was taken: on with the rest, or the sale is closed."""
    amount = result.amount or attempt.amount
    sale = replace(sale, tenders=(*sale.tenders, Tender(attempt.kind, amount, attempt.id, result)))
    sale = refusals.accepted(sale, now)
    note = Note("payment", {"result": "approved", "tender": attempt.kind.value, "asked": attempt.asked})
    session = conclude(session, attempt, Outcome.APPROVED)
    if attempt.kind not in AT_SERVER:
        session = kept(session, taken=Minor(session.kept.taken + amount))
    effects: tuple[Effect, ...]
    if due(sale) > 0:
        session = enter(session, Paying(sale))
        effects = (Beep("saving"), HoldScanner(False))
    else:
        session, effects = finish(session, sale, now)
    session, more = begin_next(session)
    return session, (*QUIET, *effects, note, *more)


def too_little(session: Session, phase: Paying, attempt: Attempt, result: PaymentResult, now: Millis) -> Step:
    """The card gave less than was asked for, which this tender may not: it goes back, and no money was taken."""
    amount = Minor(result.amount or 0)
    session, effects = not_charged(session, phase, attempt, replace(result, reason="too_little"), now)
    session = kept(session, taken=Minor(session.kept.taken + amount))
    session = queued(
        conclude(session, attempt, Outcome.APPROVED), attempt.id, amount, result, now, attempt.kind
    )
    session, more = begin_next(session)
    return session, (*effects, *more)


def not_charged(
    session: Session, phase: Paying, attempt: Attempt, result: PaymentResult, now: Millis
) -> Step:
    """No money was taken: the basket again if she went back, else why; without a terminal a colleague comes."""
    note = Note("payment", {"result": "not_charged", "code": result.result_code})
    session = conclude(session, attempt, Outcome.NOT_CHARGED)
    sale = basket.settle(phase.sale, {Why.PAYMENT_UNKNOWN}, Res.SELF_FIXED, now)
    session, paper = print_slip(session, attempt.id, result, "card_failed", now)
    sale, called = refusals.refused(sale, attempt, result, now)
    calm = (*QUIET, HoldScanner(False), Light("in_use"), note, *paper, *called)
    if attempt.cancelled and not sale.tenders and rules(session).tenders == (TenderKind.CARD,):
        session, more = begin_next(enter(session, Shopping(sale)))
        return session, (*calm, *more)
    if result.reason == "terminal_away":
        sale = basket.raise_(sale, Intervention(Why.HELP_REQUESTED, now, asked_staff=True))
        calm = (*calm, Light("help"), raised(Why.HELP_REQUESTED))
    why = "" if attempt.cancelled else result.reason or result.result_code or "declined"
    session, more = begin_next(enter(session, Paying(sale, None, declined=why)))
    return session, (Beep("needs_you"), *calm, *more)


def unknown(session: Session, phase: Paying, attempt: Attempt, now: Millis, reason: str = "") -> Step:
    """Nobody knows whether money moved: ask the terminal, again and again, and tell a colleague in time.

    As long as the intent is all there is, no byte has left, and no money has moved.
    """
    if attempt.kind in AT_SERVER:
        return unheard(session, phase, attempt, now)
    if attempt.stage is Stage.INTENT:
        interrupted = PaymentResult(Outcome.NOT_CHARGED, result_code="interrupted")
        return not_charged(session, phase, attempt, interrupted, now)
    if never_began(attempt, reason):
        return not_charged(session, phase, attempt, PaymentResult(Outcome.NOT_CHARGED, reason=reason), now)
    policy, sale = rules(session), phase.sale
    attempt, effects = doubted(attempt, reason, policy, "ask", "outlived")
    effects += (HoldScanner(False),)  # a colleague may come with her badge
    if attempt.asked == min(3, policy.ask_limit):
        sale = basket.raise_(sale, Intervention(Why.PAYMENT_UNKNOWN, now, asked_staff=True))
        effects += (Beep("person_called"), Light("help"), raised(Why.PAYMENT_UNKNOWN))
    return kept(session, phase=replace(phase, sale=sale, attempt=attempt)), effects


def ask(session: Session, phase: Paying) -> Step:
    attempt = phase.attempt
    if attempt is None or attempt.stage not in IN_DOUBT:
        return same(session)
    if attempt.kind in AT_SERVER:
        return session, (AskServer(attempt.id),)
    return session, (question(session, attempt),)


def back(session: Session, phase: Paying, now: Millis) -> Step:
    """Back to the basket: at once if no money is on its way, else a wish that the other side may grant.

    What other tenders have paid already goes back, the last one first.
    """
    attempt = phase.attempt
    if attempt is None:
        session, effects = give_back(session, phase.sale.tenders, now)
        sale = basket.priced(replace(phase.sale, tenders=()), rules(session))
        return enter(session, Shopping(sale)), effects
    if attempt.cancelled or (
        attempt.kind not in AT_SERVER and attempt.stage not in {Stage.INTENT, Stage.SENT}
    ):
        return same(session)
    wish = Withdraw(attempt.id) if attempt.kind in AT_SERVER else Abort(attempt.id)
    return with_attempt(session, phase, replace(attempt, cancelled=True)), (wish,)


# ---- value that the store server holds


def value(session: Session, phase: Paying, attempt: Attempt, result: PaymentResult, now: Millis) -> Step:
    """The server's word on what it holds: its own money, and so its own word is enough."""
    match result.outcome:
        case Outcome.APPROVED if result.amount and 0 < result.amount <= attempt.amount:
            return approved(session, phase.sale, attempt, result, now)
        case Outcome.APPROVED:
            return released(session, phase, attempt, "not_usable", now)
        case Outcome.NOT_CHARGED:
            return not_charged(session, phase, attempt, result, now)
        case Outcome.UNKNOWN if result.reason == IN_PROGRESS and not attempt.cancelled:
            return session, (Remind("ask", SERVER_AGAIN),)
        case Outcome.UNKNOWN:
            return unheard(session, phase, attempt, now)


def unheard(session: Session, phase: Paying, attempt: Attempt, now: Millis) -> Step:
    """The server does not answer: asked a few times, then the reservation is called off, durably.

    Whatever the server has set aside, or takes in after all, goes back when it hears that: so nobody has to decide.
    """
    if attempt.asked >= SERVER_TRIES or attempt.cancelled:
        return released(session, phase, attempt, "server_away", now)
    attempt = replace(attempt, stage=Stage.CHECKING, asked=attempt.asked + 1)
    return with_attempt(session, phase, attempt), (Remind("ask", 1 if attempt.asked == 1 else SERVER_AGAIN),)


def released(session: Session, phase: Paying, attempt: Attempt, why: str, now: Millis) -> Step:
    order = Report(ValueOrder(attempt.id, "cancel", attempt.kind, attempt.amount))
    told = PaymentResult(Outcome.NOT_CHARGED, reason=why)
    session, effects = not_charged(session, phase, attempt, told, now)
    return session, (order, *effects)


# ---- what comes late, and what a colleague decides


def late(session: Session, id: AttemptId, result: PaymentResult, now: Millis) -> Step:
    """An answer to an attempt that is over: an approval of what was not sold is money to give back."""
    if result.outcome is not Outcome.APPROVED:
        return same(session)
    ended = next((each for each in session.kept.concluded if each.id == id), None)
    if ended is not None and ended.outcome is Outcome.APPROVED:
        return same(session)
    if ended is not None and ended.of is not None:
        return after_all(session, ended, result, now)
    amount = result.amount or (ended.amount if ended else Minor(0))
    note = Note("late_approval", {"attempt": id, "amount": amount})
    if any(case.id == id for case in session.kept.cases):
        return same(session)
    if ended is None or (not (result.receipt_no or result.reference) and paid_since(session, ended)):
        case = Case(id, CaseWhy.LATE_APPROVAL, amount, now, result)
        return kept(session, cases=(*session.kept.cases, case)), (note,)
    session = conclude(session, ended, Outcome.APPROVED)
    session = kept(session, taken=Minor(session.kept.taken + amount))
    session, effects = begin_next(queued(session, id, amount, result, now, ended.kind))
    return session, (note, *effects)


def paid_since(session: Session, ended: Ended) -> bool:
    """Whether another payment was taken after that one: a cancel that names only an amount might hit it."""
    after = session.kept.concluded[session.kept.concluded.index(ended) + 1 :]
    return any(each.outcome is Outcome.APPROVED for each in after)


def decided(session: Session, phase: Paying, attempt: Attempt, outcome: Outcome, now: Millis) -> Step:
    """A named colleague has read the terminal; her word stands and stays on record as hers."""
    staff, policy = session.kept.colleague, rules(session)
    if staff is None or outcome is Outcome.UNKNOWN:
        return same(session)
    sale = basket.settle(phase.sale, {Why.PAYMENT_UNKNOWN}, Res.APPROVED, now, staff.person)
    told = booked(session, "payment_decided", staff, now, attempt=attempt.id, outcome=outcome.value)
    session = panel(kept(session, staff=None, phase=replace(phase, sale=sale)), None)
    phase = replace(phase, sale=sale)
    if outcome is Outcome.APPROVED:
        here = attempt.mark.terminal_id if attempt.mark else ""
        known = heard(attempt, policy) or PaymentResult(outcome, attempt.amount, policy.currency, here)
        result = replace(known, outcome=outcome, authorisation="attendant")
        session, effects = approved(session, sale, attempt, result, now)
    else:
        session, effects = not_charged(
            session, phase, attempt, PaymentResult(outcome, result_code="attendant"), now
        )
    return session, (*told, *effects)
