"""The demonstration shop: products by real codes, at prices and with weights of our own."""

from pathlib import Path

from sqlalchemy import Engine

from store.database import set_setting
from store.importing.lists import import_ages, import_members, import_promotions, import_staff, import_taxes
from store.importing.load import import_file

FOLDER = Path(__file__).parent
JURISDICTION = "FR"
STORE = "0187"


def load(engine: Engine, pepper: bytes = b"") -> str:
    """Load it, or bring it up to date; a line of what is there now."""
    with engine.begin() as db:
        set_setting(db, "store", STORE)
    import_taxes(engine, FOLDER / "tax.json", JURISDICTION)
    import_ages(engine, FOLDER / "ages.json", JURISDICTION)
    report = import_file(engine, FOLDER / "catalogue.csv")
    offers = import_promotions(engine, FOLDER / "promotions.json")
    people = import_staff(engine, FOLDER / "staff.csv", pepper)
    members = import_members(engine, FOLDER / "members.csv")
    return f"{report}; {offers} promotions, {people} colleagues, {members} members"
