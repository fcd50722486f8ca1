"""`python -m tests.cuts.child FOLDER MODULE …`: one life of the product's code, as a process that can be recorded."""

import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    import_module(f"tests.cuts.{sys.argv[2]}").live(Path(sys.argv[1]), *sys.argv[3:])
