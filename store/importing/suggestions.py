"""What a shop suggests before paying: a JSON list of rules, taken whole or not at all."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Connection, Engine, delete, insert

from kiosk.units import ItemId
from kiosk.wire import Suggestion
from store.database import changing_catalogue
from store.importing.lists import item_of
from store.importing.mapping import ImportingError
from store.tables import suggestions


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """`with_` and `without` name groups, or products by their codes; `offer` a product's code (none: what sells most).

    `text` is the sentence by language: {"en": "Basil goes well with tomatoes."}.
    """

    id: Annotated[str, Meta(min_length=1, max_length=80)]
    text: dict[str, Annotated[str, Meta(min_length=1, max_length=80)]] = {}
    with_: tuple[str, ...] = msgspec.field(default=(), name="with")
    without: tuple[str, ...] = ()
    offer: str = ""


def import_suggestions(engine: Engine, path: Path) -> int:
    """Replace the rules by those of the file, in its order. ImportingError: nothing was changed."""
    try:
        rules = msgspec.json.decode(path.read_bytes(), type=list[Rule])
    except OSError as error:
        raise ImportingError(f"{path}: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ImportingError(f"{path}: {error}") from error
    with changing_catalogue(engine) as (db, _):
        found = [_suggestion(db, f"{path}: $[{n}]", rule) for n, rule in enumerate(rules)]
        db.execute(delete(suggestions))
        rows = [{"place": n, "record": msgspec.json.encode(one).decode()} for n, one in enumerate(found)]
        if rows:
            db.execute(insert(suggestions), rows)
    return len(rows)


def _suggestion(db: Connection, where: str, rule: Rule) -> Suggestion:
    return Suggestion(
        id=rule.id,
        text=rule.text,
        has=tuple(_part(db, f"{where}.with[{n}]", part) for n, part in enumerate(rule.with_)),
        lacks=tuple(_part(db, f"{where}.without[{n}]", part) for n, part in enumerate(rule.without)),
        item=item_of(db, f"{where}.offer", rule.offer) if rule.offer else None,
    )


def _part(db: Connection, where: str, part: str) -> ItemId | str:
    """A code is digits; all else is a group."""
    return item_of(db, where, part) if part.isascii() and part.isdigit() else part
