"""Bringing the catalogue up to date: half a download, broken pages, changes on the way, power cuts."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.barcode import Product
from kiosk.catalogue import Catalogue, CatalogueError, Intake
from kiosk.units import Gtin, ItemId
from kiosk.wire import CataloguePage, Entry, Terms
from tests.shop import as_json, item


class Source:
    """A catalogue that changes, and its pages: what the store server's feed does, in a dict."""

    def __init__(self, name: str = "ours", size: int = 2) -> None:
        self.name, self.size, self.version = name, size, 0
        self.rows: dict[int, tuple[int, str | None]] = {}  # id: revision and name, None: gone

    def change(self, **names: str | None) -> None:
        """change(i1="Peas", i2=None)"""
        self.version += 1
        self.rows |= {int(key[1:]): (self.version, name) for key, name in names.items()}

    def page(self, intake: Intake) -> bytes:
        wanted = intake.wanted()
        since, version, after = wanted.since, wanted.version, int(wanted.after)
        if wanted.source != self.name or since > self.version:
            since, version, after = 0, 0, 0
        rows = sorted(
            (i, name) for i, (revision, name) in self.rows.items() if i > after and revision > since
        )
        if since == 0:
            rows = [(i, name) for i, name in rows if name is not None]
        part = rows[: self.size]
        last = len(part) < self.size
        entries = tuple(Entry(item(i, name), (Gtin(1000 + i),)) for i, name in part if name is not None)
        gone = tuple(ItemId(i) for i, name in part if name is None)
        end = ItemId(part[-1][0] if part else after)
        page = CataloguePage(
            self.name, since, version or self.version, self.version, end, entries, gone, last
        )
        return as_json(page if not last else CataloguePage(*as_tuple(page)[:-1], terms=Terms()))

    def shown(self) -> dict[int, str]:
        return {i: name for i, (_, name) in self.rows.items() if name is not None}


def as_tuple(page: CataloguePage) -> tuple[object, ...]:
    return tuple(getattr(page, name) for name in page.__struct_fields__)


def fetch(intake: Intake, source: Source, pages: int = 1000) -> int:
    """Take pages until the catalogue is in use or so many have come; how many there were."""
    for count in range(1, pages + 1):
        if intake.take(source.page(intake)):
            return count
    return pages


def seen(path: Path) -> dict[int, str]:
    with Catalogue.open(path) as catalogue:
        found = {i: catalogue.item(ItemId(i)) for i in range(1, 30)}
        for i, one in found.items():
            assert catalogue.find(Product(Gtin(1000 + i), "")) == one
            if one is not None:
                assert one in catalogue.search(one.name, 100)[0]
        return {i: one.name for i, one in found.items() if one is not None}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "c.db"


NINE = {f"i{n}": f"Item {n}" for n in range(1, 10)}


@pytest.mark.parametrize("cut", range(1, 6))
def test_half_a_download_is_gone_on_with_and_not_seen(path: Path, cut: int) -> None:
    source = Source()
    source.change(**NINE)
    intake = Intake(path)
    fetch(intake, source)
    intake.close()
    source.change(i1=None, i3="Three", i20="Twenty", **{f"i{n}": f"New {n}" for n in range(4, 10)})
    intake = Intake(path)
    assert fetch(intake, source, pages=cut) == cut
    whole = intake.version == 2
    intake.close()
    assert seen(path) == ({n: f"Item {n}" for n in range(1, 10)} if not whole else source.shown())
    again = Intake(path)
    assert whole or fetch(again, source) == 5 - cut
    assert again.is_at("ours", 2)
    again.close()
    assert seen(path) == source.shown()


def test_what_changes_while_pages_come_is_fetched_before_anything_is_used(path: Path) -> None:
    source = Source()
    source.change(**NINE)
    intake = Intake(path)
    fetch(intake, source, pages=3)
    source.change(i1="One", i8=None)
    fetch(intake, source, pages=2)
    assert seen(path) == {}
    source.change(i2="Two")
    fetch(intake, source)
    assert intake.version == 3
    intake.close()
    assert seen(path) == source.shown()


def test_another_catalogue_takes_the_place_of_the_old_one_whole(path: Path) -> None:
    source, other = Source(), Source("other")
    source.change(**NINE)
    other.change(i3="Theirs", i12="Too")
    intake = Intake(path)
    fetch(intake, source)
    source.change(i1="One")
    fetch(intake, source, pages=1)
    fetch(intake, other)
    assert intake.is_at("other", 1)
    intake.close()
    assert seen(path) == {3: "Theirs", 12: "Too"}


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        (b"]", b"", "malformed"),
        (b'"price":199', b'"price":"a lot"', r"\$\.entries\[0\]\.item\.price"),
        (b'"codes":[1003]', b'"codes":[-3]', r"codes\[0\]"),
        (b"Item 3", b"\xff\xfe", "after item 2"),
        (b'"id":4', b'"id":3', "not in order"),
        (b'"id":3', b'"id":2', "not in order"),
        (b'"id":4', b'"id":40', "not in order"),
        (b'"version":1', b'"version":7', "asked for version 1, was sent 7"),
        (b'"last":false', b'"last":true', "has no terms"),
        (b'"since":0', b'"since":5', "asked for changes after 0, was sent those after 5"),
    ],
)
def test_a_broken_page_is_an_error_and_changes_nothing(
    path: Path, was: bytes, becomes: bytes, words: str
) -> None:
    source = Source()
    source.change(**NINE)
    intake = Intake(path)
    intake.take(source.page(intake))
    before = intake.wanted()
    page = source.page(intake)
    assert was in page
    with pytest.raises(CatalogueError, match=words):
        intake.take(page.replace(was, becomes))
    assert intake.wanted() == before
    fetch(intake, source)
    intake.close()
    assert seen(path) == source.shown()


@pytest.mark.parametrize("page", [b"", b"{", b"<html>Welcome to the hotel</html>", b"null", b"[]"])
def test_what_is_no_page_is_an_error(path: Path, page: bytes) -> None:
    intake = Intake(path)
    with pytest.raises(CatalogueError, match="catalogue page after item 0"):
        intake.take(page)
    intake.close()


def test_a_page_that_leads_nowhere_would_be_asked_for_for_ever(path: Path) -> None:
    source = Source()
    source.change(**NINE)
    intake = Intake(path)
    intake.take(source.page(intake))
    nothing = CataloguePage("ours", 0, 1, 1, ItemId(2), ())
    with pytest.raises(CatalogueError, match="leads nowhere"):
        intake.take(as_json(nothing))
    intake.close()


def test_a_reader_sees_the_old_version_until_the_new_one_is_whole(path: Path) -> None:
    source = Source()
    source.change(**NINE)
    intake = Intake(path)
    fetch(intake, source)
    with Catalogue.open(path) as reader:
        source.change(**{f"i{n}": f"New {n}" for n in range(1, 10)})
        while True:
            assert reader.version == 1
            assert [one.name for one in reader.search("item", 100)[0]] == [f"Item {n}" for n in range(1, 10)]
            if intake.take(source.page(intake)):
                break
        assert reader.version == 2
        assert reader.search("item")[0] == ()
    intake.close()


def test_forgetting_a_half_download_keeps_what_is_in_use(path: Path) -> None:
    source = Source()
    source.change(**NINE)
    intake = Intake(path)
    fetch(intake, source)
    source.change(i1="One", i2="Two", i3="Three")
    fetch(intake, source, pages=1)
    intake.forget()
    assert intake.is_at("ours", 1)
    intake.close()
    assert seen(path)[1] == "Item 1"


def test_a_code_may_move_from_one_item_to_another(path: Path) -> None:
    def take(intake: Intake, since: int, *entries: Entry) -> None:
        last = ItemId(entries[-1].item.id)
        version = since + 1
        assert intake.take(
            as_json(CataloguePage("s", since, version, version, last, entries, last=True, terms=Terms()))
        )

    intake = Intake(path)
    take(intake, 0, Entry(item(1, "A"), (Gtin(7),)), Entry(item(2, "B"), (Gtin(8),)))
    take(intake, 1, Entry(item(1, "A"), (Gtin(7), Gtin(8))), Entry(item(2, "B")))
    take(intake, 2, Entry(item(1, "A")), Entry(item(2, "B"), (Gtin(7),)))
    intake.close()
    with Catalogue.open(path) as catalogue:
        assert catalogue.find(Product(Gtin(7), "")) == item(2, "B")
        assert catalogue.find(Product(Gtin(8), "")) is None


CHANGES = st.dictionaries(
    st.integers(1, 12).map(lambda n: f"i{n}"),
    st.none() | st.sampled_from(["Red tea", "Green tea", "Red wine"]),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(steps=st.lists(st.tuples(CHANGES, st.integers(0, 4)), max_size=6), size=st.integers(1, 4))
def test_after_any_changes_and_interruptions_the_copy_is_the_source(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[dict[str, str | None], int]], size: int
) -> None:
    path = tmp_path_factory.mktemp("c") / "c.db"
    source = Source(size=size)
    for changes, pages in steps:
        source.change(**changes)
        intake = Intake(path)
        fetch(intake, source, pages)
        intake.close()
    intake = Intake(path)
    if not intake.is_at("ours", source.version):
        fetch(intake, source)
    assert intake.version == source.version
    intake.close()
    assert seen(path) == source.shown()
