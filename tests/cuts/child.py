"""`python -m tests.cuts.child FOLDER WHAT …`: one life of the product's code, as a process that can be recorded."""

import sys
from pathlib import Path

from tests.cuts import catalogue, journal, server

LIVES = {"journal": journal.live, "old": journal.live_old, "catalogue": catalogue.live, "server": server.live}

if __name__ == "__main__":
    LIVES[sys.argv[2]](Path(sys.argv[1]), *sys.argv[3:])
