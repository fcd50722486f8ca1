"""Starting up: the session that the journal's facts lead to."""

from kiosk.checkout.session import Session
from kiosk.checkout.step import step
from kiosk.journal.book import Journal


def replayed(journal: Journal) -> Session:
    """What was kept, worked out again from the last mark and every fact after it; what passes is forgotten."""
    kept, seq = journal.mark()
    session = Session(kept)
    for turn in journal.turns(seq):
        for fact in turn.facts:
            session, _ = step(session, fact, turn.at)
    return Session(session.kept)
