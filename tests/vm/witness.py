"""Runs in the guest, beside the lane: what the lane tells of itself, and every turn of its journal, as lines of JSON.

python witness.py SEQ           tells the turns after that one
"""

import json
import socket
import sqlite3
import sys
import time
from contextlib import closing

STATUS, JOURNAL = "/run/kiosk/status.sock", "/var/lib/kiosk/journal/journal.db"
LOOK = 0.3  # seconds


def status():
    """What the status socket says; nothing while nobody answers there."""
    said = b""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(STATUS)
            while more := line.recv(65536):
                said += more
        return json.loads(said)
    except (OSError, ValueError):
        return {}


def read(seq):
    """The turns after that one; and of the offers, which the journal keeps once a version, all."""
    try:
        with closing(sqlite3.connect(f"file:{JOURNAL}?mode=ro", uri=True, timeout=1)) as db:
            rows = db.execute(
                "SELECT seq, at, CAST(facts AS TEXT) FROM turns WHERE seq > ? ORDER BY seq", (seq,)
            )
            turns = rows.fetchall()
            offers = db.execute("SELECT version, CAST(body AS TEXT) FROM offers").fetchall() if turns else []
            return turns, offers
    except sqlite3.Error:
        return [], []


def main(seq):
    told = None
    while True:
        now = status()
        for age in ("frame_ms", "journal_ms"):
            now.pop(age, None)
        more, offers = read(seq)
        if more or now != told:
            print(json.dumps({"status": now, "turns": more, "offers": offers}), flush=True)
            told = now
            seq = more[-1][0] if more else seq
        time.sleep(LOOK)


if __name__ == "__main__":
    main(int(sys.argv[1]))
