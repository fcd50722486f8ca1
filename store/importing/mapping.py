"""Which column of somebody's file is which field of ours."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Literal, get_args

import msgspec
from msgspec import Struct

Field = Literal[
    "allergens", "brand", "department", "deposit", "deposit_tax", "discountable", "grams", "groups", "gtin",
    "highlights", "lowest_30d", "meal_voucher", "name", "name_ar", "name_de", "name_en", "name_es", "name_fr",
    "name_he", "name_hi", "name_it", "name_ja", "name_nl", "name_pl", "name_pt", "name_ru", "name_tr", "name_uk",
    "name_zh", "origin", "place", "plu", "price", "quantity", "rank", "restriction", "sold_by", "special_price",
    "spread", "stock", "store", "symbol", "synonyms", "tare", "tax", "traces", "unit",
]  # fmt: skip


class ImportingError(Exception):
    """A file that cannot be read as a whole: says the file, the row and column, and what was expected."""


class Mapping(Struct, frozen=True, forbid_unknown_fields=True):
    """How to read a file. Every column is mapped or listed in `ignore`, so none is lost unseen.

    `columns`: our field from their column, or from the first of several that is not empty. `constant`: a field
    that no column has. `values`: their words for ours; `*` stands for any other word. `what`: items, or prices of
    items that are there already.
    """

    what: Literal["items", "prices"]
    columns: dict[Field, str | list[str]]
    ignore: list[str] = []
    constant: dict[Field, str] = {}
    values: dict[Field, dict[str, str]] = {}
    delimiter: str = ","
    decimal: Literal[".", ","] = "."
    encoding: str = "utf-8-sig"

    def sources(self, field: Field) -> list[str]:
        """The columns that a field comes from."""
        names = self.columns.get(field, [])
        return [names] if isinstance(names, str) else names

    def known(self) -> set[str]:
        """Every column that the mapping speaks of."""
        return {name for field in self.columns for name in self.sources(field)} | set(self.ignore)


OUR_OWN = Mapping("items", {field: field for field in get_args(Field)})
"""Our own column names; a file may have any of them."""


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file (TOML). ImportingError with the path of the wrong key."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Mapping)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ImportingError(f"{path}: {error}") from error


def built_in() -> dict[str, Mapping]:
    """The mappings that come with the server, by name."""
    folder = files("store.mappings")
    return {
        entry.name.removesuffix(".toml"): load_mapping(Path(str(entry)))
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }


def mapping_for(path: Path, header: list[str]) -> Mapping:
    """The built-in mapping whose columns are exactly the header's, or our own names. ImportingError if none fits."""
    for mapping in built_in().values():
        if mapping.known() == set(header):
            return mapping
    if set(header) <= OUR_OWN.known():
        return OUR_OWN
    strange = ", ".join(sorted(set(header) - OUR_OWN.known()))
    raise ImportingError(
        f"{path}, row 1: expected a header that a mapping knows (give --mapping); strange: {strange}"
    )


def check_header(path: Path, header: list[str], mapping: Mapping) -> None:
    """ImportingError unless the file has every mapped column and no other."""
    twice = {name for name in header if header.count(name) > 1}
    if twice:
        raise ImportingError(f"{path}, row 1: column {sorted(twice)[0]!r} is there twice")
    if mapping is OUR_OWN:
        mapped = {"name"}
    else:
        mapped = mapping.known() - set(mapping.ignore)
    for name in sorted(mapped - set(header)):
        raise ImportingError(f"{path}, row 1: expected a column {name!r}")
    for name in sorted(set(header) - mapping.known()):
        raise ImportingError(f"{path}, row 1: column {name!r} is neither mapped nor ignored")
