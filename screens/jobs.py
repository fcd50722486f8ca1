"""Papers that did not come out, for a colleague: what each is, what is known of it, and what she can do about it."""

from kiosk.checkout.events import JobDropped, PrintedAgain
from kiosk.checkout.jobs import JobState, PrintJob
from kiosk.checkout.printing import at_hand, open_jobs
from kiosk.text import msg
from screens.lane import Lane
from screens.widgets import Key, Strip

MOST = 2  # the rest comes up as these are seen to
NAMES = {
    "sale": msg("Receipt {number}"),
    "refund": msg("Refund {number}"),
    "handover": msg("A basket for the staffed till"),
    "aside": msg("A basket set aside"),
    "card": msg("A slip of the card terminal"),
}
KNOWN = {
    JobState.HELD: msg("It waits for its signature."),
    JobState.SENT: msg("The printer holds it and goes on as soon as it can."),
    JobState.PENDING: msg("Nothing of it is on paper."),
    JobState.UNKNOWN: msg("It may be on paper: the next one is a duplicate."),
}
UNDER_WAY = frozenset({JobState.HELD, JobState.SENT})


def papers(lane: Lane) -> tuple[Strip, ...]:
    """The oldest open jobs; not what the shopper who stands here is being printed."""
    session = lane.session
    late = [j for j in open_jobs(session) if j.state not in UNDER_WAY or at_hand(session, j.of) is None]
    return tuple(paper(lane, job) for job in late[:MOST])


def paper(lane: Lane, job: PrintJob) -> Strip:
    words = lane.words
    aside = any(each.basket.id == job.of for each in lane.session.kept.aside)
    kind = NAMES["aside" if aside else job.kind]
    name = words(kind, number=job.number) if job.number else words(kind)
    at = words.clock(job.at, lane.policy.utc_offset_minutes)
    print_it = Key(
        id=f"job-{job.of}-print",
        text=words("Print it"),
        icon="printer",
        kind="person",
        sends=PrintedAgain(job.of),
    )
    drop = Key(
        id=f"job-{job.of}-drop",
        text=words("Not needed any more"),
        icon="close",
        kind="paper",
        sends=JobDropped(job.of),
    )
    keys = (drop,) if job.state in UNDER_WAY else (print_it, drop)
    title = words("{paper}, {sum} at {time}", paper=name, sum=words.money(job.amount), time=at)
    return Strip(f"job-{job.of}", "printer", title, words(KNOWN[job.state]), "person", "", keys)
