"""A mistake in a TOML file as a technician reads it: file, line, key, what is wrong and what was expected."""

import re
from collections import Counter

import msgspec.inspect as kinds

Path = tuple[str | int, ...]
WRONG = re.compile(r"(?P<said>.*?)(?: - at (?P<of_key>`key` in )?`\$(?P<path>.*)`)?", re.DOTALL)


def explain(wrong: str, text: str, name: str, kind: type) -> str:
    """msgspec's sentence with file, line and key in front: `shop.toml, line 12, terminal.port: Expected …`; `kind` is
    what the whole file should have been."""
    found = WRONG.fullmatch(wrong)
    assert found
    said, key = found["said"], (found["path"] or "").strip(".")
    field = re.search(r"unknown field `(.*?)`", said)
    word = field[1] if field else said.split("'")[1] if found["of_key"] and "'" in said else ""
    choices = expected(kind, key, bool(found["of_key"])) if said.startswith("Invalid") else ()
    if choices:
        said += f", it is one of {', '.join(choices)}"
    key = ".".join(part for part in (key, word) if part)
    line = line_of(text, parts(key))
    place = f"{name}, line {line}" if line else name
    return f"{place}, {key or '(the whole file)'}: {said}"


def parts(key: str) -> Path:
    """`scanners[1].port` in pieces; what msgspec does not name, [...], is no piece that is there."""
    pieces = re.findall(r"\w+|\.\.\.", key)
    return tuple(int(piece) if piece.isdigit() else piece for piece in pieces)


def line_of(text: str, wanted: Path) -> int:
    """The line of a key, or of the innermost table or key around it that is written; 0 where none is."""
    written = list(places(text))
    for length in range(len(wanted), 0, -1):
        if wanted[:length] in written:
            return written.index(wanted[:length]) + 1
    return 0


def places(text: str) -> list[Path]:
    """What each line begins: a table or a key; an empty path where neither."""
    found: list[Path] = []
    head: Path = ()
    seen: Counter[str] = Counter()
    for row in text.splitlines():
        table = re.match(r"\s*(\[\[?)\s*([\w.-]+)\s*\]", row)
        key = re.match(r"\s*([\w.-]+)\s*=", row)
        if table:
            head = tuple(table[2].split("."))
            if table[1] == "[[":
                head = (*head, seen[table[2]])
                seen[table[2]] += 1
        found.append(head if table else (*head, *key[1].split(".")) if key else ())
    return found


def expected(kind: type, key: str, of_key: bool) -> tuple[str, ...]:
    """What may stand there, where it is one of a few words; of a dict's keys if `of_key`. Empty where it is not."""
    here: list[kinds.Type] = [kinds.type_info(kind)]
    words: set[str] = set()
    for piece in parts(key):
        inside = [each for one in here for each in within(one, piece)]
        words = {
            str(one.tag) for one in flat(here) if isinstance(one, kinds.StructType) and one.tag_field == piece
        }
        here = inside
    if of_key:
        here = [one.key_type for one in flat(here) if isinstance(one, kinds.DictType)]
    for one in flat(here):
        if isinstance(one, kinds.LiteralType):
            words |= {repr(value) if value == "" else str(value) for value in one.values}
        elif isinstance(one, kinds.EnumType):
            words |= {str(each.value) for each in one.cls}
    return tuple(sorted(words))


def flat(here: list[kinds.Type]) -> list[kinds.Type]:
    """Each possibility of a union by itself."""
    return [each for one in here for each in (one.types if isinstance(one, kinds.UnionType) else (one,))]


def within(one: kinds.Type, piece: str | int) -> list[kinds.Type]:
    """What lies under a name or a number."""
    found: list[kinds.Type] = []
    for each in flat([one]):
        if isinstance(each, kinds.StructType):
            found += [field.type for field in each.fields if field.encode_name == piece]
        elif isinstance(each, kinds.DictType):
            found.append(each.value_type)
        elif isinstance(each, kinds.VarTupleType | kinds.ListType):
            found.append(each.item_type)
    return found
