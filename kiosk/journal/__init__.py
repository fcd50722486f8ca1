"""The book: every fact before anything follows from it, in one SQLite file (WAL, synchronous FULL).

One turn of the loop is one commit. Starting up is reading the last mark (what was kept when the lane was last
idle) and playing the turns after it. The ledger is the second book: closed sales, numbered without gaps, each with
the hash of the one before. The outbox holds what the store server has not acknowledged.
"""

from kiosk.journal.book import Commit, Journal, JournalError, Turn
from kiosk.journal.ledger import Entry
from kiosk.journal.replay import replayed

__all__ = ["Commit", "Entry", "Journal", "JournalError", "Turn", "replayed"]
