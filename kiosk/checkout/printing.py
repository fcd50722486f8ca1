"""Paper: every document is printed once, or again with its mark; none is lost between two shoppers or two starts.

A job is on disk as given to the printer before its first byte leaves. What the printer took none of may be printed
again as it is; whatever else is not confirmed may be on paper, so that the next one is a numbered DUPLICATE, on
record. Nothing in here moves money (I8).
"""

from msgspec.structs import replace

from kiosk.checkout.effects import Beep, Effect, LookUpDocument, Note, Print, Remind, Report
from kiosk.checkout.events import Happened, JobDropped, Printed, PrintedAgain, PrintFailed
from kiosk.checkout.jobs import OPEN, UNTOUCHED, JobState, PrintJob, TerminalSlip
from kiosk.checkout.money import PaymentResult
from kiosk.checkout.records import ClosedSale, Duplicate, FiscalSignature, HandedOver, Refund, Technical
from kiosk.checkout.session import Finishing, Handover, Policy, Refunding, Session
from kiosk.checkout.turn import Step, kept, panel, rules
from kiosk.units import AttemptId, Millis, Minor

NOT_BEGUN = frozenset({"paper_out", "cover_open", "offline", "absent", "gone"})
"""Why a printer took no byte of a job."""
REMEMBERED = 3  # closed jobs that a colleague may still want again
MOST = 40  # open jobs, the new one included; beyond that the oldest is given up, on record
CARD = "card"  # the kind of a terminal's own slip
BY_DEFAULT, BY_STAFF = "default", "staff"


def printing(session: Session, event: Happened, now: Millis) -> Step | None:
    """What an event means for paper, in whatever phase; None if it is not about it."""
    match event:
        case Printed(job=id):
            return printed(session, id)
        case PrintFailed(job=id, why=why):
            return failed(session, id, why)
        case PrintedAgain(of=of):
            return again(session, of, now)
        case JobDropped(of=of):
            return dropped(session, of, now)
        case _:
            return None


# ---- how a document comes to be printed


def offer(session: Session, record: ClosedSale | Refund | HandedOver, now: Millis) -> Step:
    """There is a new document: kept in mind, and printed unasked where the shop, the law or a colleague wants it."""
    match record:
        case ClosedSale():
            job = PrintJob(record.kind, record.id, now, record.priced.total, record.number)
        case Refund():
            job = PrintJob(record.kind, record.id, now, record.amount, record.number)
        case HandedOver():
            job = PrintJob(record.kind, record.id, now, record.priced.total)
    rule = unasked(record, rules(session))
    session, forgotten = remember(session, replace(job, rule=rule), now)
    if not rule:
        return session, forgotten
    session, effects = print_receipt(session, job.of, now, record)
    return session, (*forgotten, *effects, Note("printed_unasked", {"of": job.of, "rule": rule}))


def unasked(record: ClosedSale | Refund | HandedOver, policy: Policy) -> str:
    """The rule by which this is printed though nobody asked; empty if none says so. Training never is."""
    if not isinstance(record, ClosedSale):
        return BY_STAFF
    weighed = any(line.grams is not None and not line.printed for line in record.lines)
    if record.training:
        return ""
    if weighed and "weighed" in policy.receipt_must:
        return "weighed"
    return BY_DEFAULT if policy.receipt_default == "print" else ""


def print_slip(
    session: Session, attempt: AttemptId, result: PaymentResult | None, rule: str, now: Millis
) -> Step:
    """The terminal's slip of an operation that is on no receipt, if a rule (card_failed, card_reversed) wants it."""
    if result is None or not result.slip or rule not in rules(session).receipt_must:
        return session, ()
    job = PrintJob(CARD, attempt, now, result.amount or Minor(0), rule=rule, slip=result.slip)
    session, forgotten = remember(session, job, now)
    session, effects = print_receipt(session, attempt, now)
    return session, (*forgotten, *effects)


def print_receipt(
    session: Session,
    of: str,
    now: Millis,
    record: ClosedSale | Refund | HandedOver | None = None,
    by: str = "",
) -> Step:
    """Put a document on its way to paper: the only place from which one leaves.

    Held while a fiscal device still has to sign it. What may be on paper already goes out as the next duplicate.
    `record` is the document where it is at hand; it is looked up otherwise. `by` is the colleague who asked.
    """
    job = job_of(session, of)
    if job is None or job.state is JobState.SENT:
        return session, ()
    if waits_for_signature(job, rules(session)):
        return put(session, replace(job, state=JobState.HELD)), ()
    record_it: tuple[Effect, ...] = ()
    if job.state not in UNTOUCHED:
        job = replace(job, copy=job.copy + 1)
        record_it = (Report(Duplicate(of, job.copy, now, "asked" if by else "doubt", by)),)
    job = replace(job, state=JobState.SENT, why="")
    return put(session, job), (*record_it, sent(session, job, record))


def waits_for_signature(job: PrintJob, policy: Policy) -> bool:
    return policy.fiscal and job.signature is None and job.kind in {ClosedSale.kind, Refund.kind}


def sent(session: Session, job: PrintJob, record: ClosedSale | Refund | HandedOver | None) -> Effect:
    """The deed, or the question for the document that it needs."""
    policy = rules(session)
    if job.kind == CARD:
        place = (policy.store, policy.lane, policy.currency, session.kept.language)
        return Print(job.id, TerminalSlip(job.of, *place, job.at, job.amount, job.slip, job.rule), job.copy)
    record = record or at_hand(session, job.of)
    if record is None:
        return LookUpDocument(job.id, job.kind, job.of)
    return Print(job.id, record, job.copy, job.signature)


def on_screen(session: Session) -> ClosedSale | Refund | HandedOver | None:
    """The document of whom still stands here."""
    match session.kept.phase:
        case Finishing(closed=record) | Handover(record=record) | Refunding(done=Refund() as record):
            return record
        case _:
            return None


def at_hand(session: Session, of: str) -> ClosedSale | Refund | HandedOver | None:
    """That document, if it is the one on the screen."""
    record = on_screen(session)
    return record if record is not None and record.id == of else None


def found(session: Session, id: str, document: ClosedSale | Refund | HandedOver) -> tuple[Effect, ...]:
    """The document of a job has been looked up."""
    job = by_id(session, id)
    return (Print(id, document, job.copy, job.signature),) if job and job.state is JobState.SENT else ()


def signed(session: Session, of: str, signature: FiscalSignature, now: Millis) -> Step:
    """The fiscal device has signed the document, or is out and says so: what was held for that goes to the printer."""
    job = job_of(session, of)
    if job is None:
        return session, ()
    session = put(session, replace(job, signature=signature))
    return print_receipt(session, of, now) if job.state is JobState.HELD else (session, ())


# ---- how it went


def printed(session: Session, id: str) -> Step:
    job = by_id(session, id)
    if job is None:
        return session, ()
    sold = isinstance(session.kept.phase, Finishing) and at_hand(session, job.of) is not None
    thanks = (Remind("thanks", rules(session).thank_you),) if sold else ()
    return put(session, replace(job, state=JobState.PRINTED, why="")), thanks


def failed(session: Session, id: str, why: str) -> Step:
    """Not known to be on paper. The sale stands, whatever the printer says."""
    job = by_id(session, id)
    if job is None or job.state is not JobState.SENT:
        return session, ()
    state = JobState.PENDING if why in NOT_BEGUN else JobState.UNKNOWN
    effects: tuple[Effect, ...] = (Note("print_failed", {"code": why}),)
    if at_hand(session, job.of) is not None:
        effects = (Beep("needs_you"), Remind("thanks", rules(session).receipt_wait), *effects)
    return put(session, replace(job, state=state, why=why)), effects


def restarted(session: Session, now: Millis) -> Step:
    """After a replay: what was at the printer may be on paper. Whoever still waits for it here gets a duplicate."""
    jobs = tuple(
        replace(job, state=JobState.UNKNOWN, why="restarted") if job.state is JobState.SENT else job
        for job in session.kept.jobs
    )
    if jobs != session.kept.jobs:
        session = kept(session, jobs=jobs)
    unknown = (job for job in jobs if job.state is JobState.UNKNOWN)
    here = next((job for job in unknown if at_hand(session, job.of) is not None), None)
    return print_receipt(session, here.of, now) if here else (session, ())


# ---- what the shopper and a colleague do about it


def settled_otherwise(session: Session, of: str) -> Session:
    """The shopper has the receipt in another way: no paper is owed, unless a rule wants it."""
    job = job_of(session, of)
    return session if job is None or job.rule else put_away(session, job)


def put_away(session: Session, job: PrintJob) -> Session:
    """Nobody waits for it any more. What cannot be on paper stays an original, should it be printed after all."""
    if job.state not in OPEN:
        return session
    state = JobState.OFFERED if job.state in UNTOUCHED else JobState.DROPPED
    return put(session, replace(job, state=state))


def again(session: Session, of: str, now: Millis) -> Step:
    """A colleague asks, by name; one PIN, one action."""
    staff, phase = session.kept.colleague, session.kept.phase
    job = job_of(session, of or shown(session))
    if staff is None or job is None or job.state is JobState.SENT:
        return session, ()
    session = panel(kept(session, staff=None), None)
    if isinstance(phase, Finishing) and phase.closed.id == job.of:
        session = kept(session, phase=replace(phase, receipt="print"))
    session, effects = print_receipt(session, job.of, now, by=staff.person)
    return session, (Remind("staff", 0), Remind("receipt", 0), *effects)


def shown(session: Session) -> str:
    """What the document on the screen is called, or else the last one."""
    record, jobs = on_screen(session), session.kept.jobs
    return record.id if record is not None else jobs[-1].of if jobs else ""


def dropped(session: Session, of: str, now: Millis) -> Step:
    """A colleague takes a job off the list: her name is on record."""
    staff, job = session.kept.colleague, job_of(session, of)
    if staff is None or job is None or job.state not in OPEN:
        return session, ()
    session = panel(kept(put_away(session, job), staff=None), None)
    return session, (Remind("staff", 0), Report(given_up(job, now, staff.person)))


def given_up(job: PrintJob, now: Millis, by: str) -> Technical:
    return Technical(
        "print_dropped", now, {"of": job.of, "copy": job.copy, "state": job.state.value, "by": by}
    )


# ---- the list


def open_jobs(session: Session) -> tuple[PrintJob, ...]:
    """What a colleague has to see to, oldest first; that of the shopper at the screen with them."""
    return tuple(job for job in session.kept.jobs if job.state in OPEN)


def job_of(session: Session, of: str) -> PrintJob | None:
    return next((job for job in session.kept.jobs if job.of == of), None)


def by_id(session: Session, id: str) -> PrintJob | None:
    return next((job for job in session.kept.jobs if job.id == id), None)


def put(session: Session, job: PrintJob) -> Session:
    """The list with that document's job exchanged."""
    return kept(session, jobs=tuple(job if each.of == job.of else each for each in session.kept.jobs))


def remember(session: Session, job: PrintJob, now: Millis) -> Step:
    """The list with one more job; closed ones go after a while, open ones only when there are far too many."""
    jobs = (*(each for each in session.kept.jobs if each.of != job.of), job)
    shut = [each for each in jobs if each.state not in OPEN][:-REMEMBERED]
    over = [each for each in jobs if each.state in OPEN][: 1 - MOST]
    left = tuple(each for each in jobs if each not in (*shut, *over))
    return kept(session, jobs=left), tuple(Report(given_up(each, now, "")) for each in over)
