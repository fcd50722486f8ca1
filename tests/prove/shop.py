"""What the proof sells, and an empty journal to begin with: both made once, and copied."""

import atexit
import shutil
import tempfile
import uuid
from functools import cache
from pathlib import Path

import msgspec

from kiosk.catalogue import Intake
from kiosk.journal import Journal
from kiosk.units import Grams, ItemId
from kiosk.wire import CataloguePage, DatedTax, Entry, Terms
from tests.lane import EGGS, MILK, OFFERS, TIN, YOGHURT, item

SANDWICH = item(11, "Sandwich", 450, meal_voucher=True, grams=Grams(200))
THINGS = (MILK, YOGHURT, EGGS, TIN, SANDWICH)
BASKETS = ((TIN,), (MILK, TIN), (YOGHURT, TIN), (EGGS,))
LUNCHES = ((SANDWICH, MILK), (SANDWICH, TIN), (SANDWICH, EGGS), (SANDWICH, YOGHURT))
MEMORY = Path("/dev/shm")
"""Where a sync costs nothing; any folder will do."""


@cache
def shop() -> Path:
    """A folder with the catalogue and an empty journal; gone with the process."""
    folder = Path(tempfile.mkdtemp(prefix="prove-", dir=MEMORY if MEMORY.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    terms = Terms(staff=(), promotions=(), taxes=tuple(DatedTax(tax) for tax in OFFERS.taxes))
    entries = tuple(Entry(thing, (thing.gtin,)) for thing in THINGS if thing.gtin)
    page = CataloguePage("proof", 0, 1, 1, ItemId(99), entries, last=True, terms=terms)
    intake = Intake(folder / "catalogue.db")
    if not intake.take(msgspec.json.encode(page)):
        raise RuntimeError("the catalogue was not taken")
    intake.close()
    own, uuid.uuid4 = uuid.uuid4, lambda: uuid.UUID("00000001" * 4)  # the same name every time
    try:
        Journal(folder / "journal.db", device_key=folder / "device.key").close()
    finally:
        uuid.uuid4 = own
    return folder
