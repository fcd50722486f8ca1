"""Finding things in the local catalogue."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.barcode import Member, Produce, Product
from kiosk.catalogue import Catalogue, CatalogueError, Intake
from kiosk.catalogue.search import words_of
from kiosk.checkout.passed import ANY_LETTER
from kiosk.pricing import BuyNPayM, PctOffItems
from kiosk.units import Gtin, ItemId, Rate
from kiosk.wire import CataloguePage, Colleague, DatedPromotion, DatedTax, Entry, Tax, Terms
from tests.shop import as_json, item


def filled(path: Path, *entries: Entry, terms: Terms | None = None) -> Catalogue:
    ordered = tuple(sorted(entries, key=lambda entry: entry.item.id))
    last = ItemId(ordered[-1].item.id if ordered else 0)
    intake = Intake(path)
    assert intake.take(
        as_json(CataloguePage("test", 0, 1, 1, last, ordered, last=True, terms=terms or Terms()))
    )
    intake.close()
    return Catalogue.open(path)


def named(id_: int, name: str, rank: int = 0, **more: Any) -> Entry:
    return Entry(item(id_, name, **more), (Gtin(1000 + id_),), rank)


def names(found: tuple[Any, ...]) -> list[str]:
    return [one.name for one in found]


def test_a_new_kiosk_opens_an_empty_catalogue(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path / "c.db") as catalogue:
        assert catalogue.version == 0
        assert catalogue.find(Product(Gtin(1), "1")) is None
        assert catalogue.search("a") == ((), "")
        assert catalogue.offers("2026-05-14").taxes == ()
        assert catalogue.staff("1") is None


def test_codes_plus_and_ids_lead_to_the_item(tmp_path: Path) -> None:
    peas = Entry(item(1, "Peas", gtin=Gtin(4006381333931)), (Gtin(4006381333931), Gtin(40063813)))
    bananas = Entry(item(2, "Bananas", plu=4011))
    organic = Entry(item(3, "Organic bananas", plu=94011))
    with filled(tmp_path / "c.db", peas, bananas, organic) as catalogue:
        assert catalogue.find(Product(Gtin(4006381333931), "4006381333931")) == peas.item
        assert catalogue.find(Product(Gtin(40063813), "40063813")) == peas.item
        assert catalogue.find(Produce(4011, False)) == bananas.item
        assert catalogue.find(Produce(4011, True)) == organic.item
        assert catalogue.find(Produce(4012, True)) is None
        assert catalogue.find(Member()) is None
        assert catalogue.item(ItemId(3)) == organic.item
        assert catalogue.item(ItemId(4)) is None


def test_a_name_is_found_by_the_beginnings_of_its_words_in_any_language(tmp_path: Path) -> None:
    tomatoes = named(
        1, "Vine tomatoes", 2, names={"fr": "Tomates en grappe", "de": "Rispentomaten"}, plu=4664
    )
    yoghurt = named(2, "Crème brûlée", 1)
    vodka = named(3, "Żołądkowa Gorzka")
    milk = named(4, "牛乳 1L")
    rye = named(5, "Творог 9%")
    with filled(tmp_path / "c.db", tomatoes, yoghurt, vodka, milk, rye) as catalogue:
        for text in ("tom", "VINE", "grap tom", "rispen", "4664", "46", "  Tomates,"):
            assert names(catalogue.search(text)[0]) == ["Vine tomatoes"], text
        assert names(catalogue.search("creme bru")[0]) == ["Crème brûlée"]
        assert names(catalogue.search("zoladkowa")[0]) == ["Żołądkowa Gorzka"]
        assert names(catalogue.search("牛")[0]) == names(catalogue.search("乳")[0]) == ["牛乳 1L"]
        assert names(catalogue.search("творог")[0]) == ["Творог 9%"]
        assert names(catalogue.search("omato")[0]) == names(catalogue.search("pento")[0]) == ["Vine tomatoes"]
        assert catalogue.search("664")[0] == (), "a number is found by its beginning"
        for strange in ('"', "tom*", "a AND b", "NEAR(", "(", "tom\0", "-", "ta:", "'; DROP TABLE items"):
            catalogue.search(strange)


def test_best_sellers_come_first_and_no_more_than_asked(tmp_path: Path) -> None:
    entries = [named(n, f"Tea {n}", rank=10 - n) for n in range(1, 10)]
    with filled(tmp_path / "c.db", *entries) as catalogue:
        assert names(catalogue.search("tea", 3)[0]) == ["Tea 9", "Tea 8", "Tea 7"]
        assert names(catalogue.search("", 2)[0]) == ["Tea 9", "Tea 8"]


def test_letters_that_lead_nowhere_are_known(tmp_path: Path) -> None:
    with filled(
        tmp_path / "c.db", named(1, "Tomatoes"), named(2, "Tonic water"), named(3, "Éclair")
    ) as catalogue:
        for text, letters in (
            ("", "etw"),
            ("t", "eo"),
            ("TO", "emn"),
            ("tonic ", "tw"),
            ("tonic w", "a"),
            ("x", ""),
            ("tom", ANY_LETTER),  # from here on a slip is forgiven: every letter leads somewhere
        ):
            assert catalogue.search(text)[1] == letters, text


WORDS = st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=3).map(" ".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(texts=st.lists(WORDS, min_size=1, max_size=8), typed=st.text("abc ", max_size=4))
def test_a_letter_that_is_not_offered_finds_nothing(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], typed: str
) -> None:
    path = tmp_path_factory.mktemp("c") / "c.db"
    with filled(path, *(named(n, text) for n, text in enumerate(texts, start=1))) as catalogue:
        found, letters = catalogue.search(typed)
        wanted = words_of(typed)
        plain = [t for t in texts if all(any(w.startswith(x) for w in t.split()) for x in wanted)]
        assert sorted(names(found[: len(plain)])) == sorted(plain), "beginnings come first"
        for letter in set("".join(texts)) - {" "}:
            leads = bool(catalogue.search(typed + letter)[0])
            assert letter in letters or letters == ANY_LETTER or not leads
            if len(typed) < 2 and " " not in typed:
                assert leads or letter not in letters


def test_offers_are_those_of_the_day(tmp_path: Path) -> None:
    terms = Terms(
        promotions=(
            DatedPromotion(BuyNPayM(id="A", n=3, m=2)),
            DatedPromotion(PctOffItems(id="B", pct=Rate(100_000)), "2026-05-01", "2026-05-31"),
        ),
        taxes=(
            DatedTax(Tax("N", Rate(77_000)), None, "2023-12-31"),
            DatedTax(Tax("N", Rate(81_000)), "2024-01-01", None),
        ),
    )
    with filled(tmp_path / "c.db", terms=terms) as catalogue:
        for date, ids, rate in (
            ("2023-12-31", ["A"], 77_000),
            ("2024-01-01", ["A"], 81_000),
            ("2026-05-01", ["A", "B"], 81_000),
            ("2026-05-31", ["A", "B"], 81_000),
            ("2026-06-01", ["A"], 81_000),
        ):
            offers = catalogue.offers(date)
            assert [promotion.id for promotion in offers.promotions] == ids
            assert [tax.rate for tax in offers.taxes] == [rate]
            assert offers.version == "1"


def test_two_rates_of_one_day_are_an_error_that_names_them(tmp_path: Path) -> None:
    terms = Terms(taxes=(DatedTax(Tax("N", Rate(1))), DatedTax(Tax("N", Rate(2)))))
    with (
        filled(tmp_path / "c.db", terms=terms) as catalogue,
        pytest.raises(CatalogueError, match=r"offers of 2026-05-14: .*`N`"),
    ):
        catalogue.offers("2026-05-14")


def test_staff_are_found_by_number(tmp_path: Path) -> None:
    sam = Colleague("1204", "Sam", "attendant", "$argon2id$…")
    with filled(tmp_path / "c.db", terms=Terms(staff=(sam,))) as catalogue:
        assert catalogue.staff("1204") == sam
        assert catalogue.staff("1205") is None


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to be looked at as one", b"SQLite format 3\0"]
)
def test_a_file_that_is_no_catalogue_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.db"
    path.write_bytes(content * 100)
    with pytest.raises(CatalogueError, match=r"c\.db"):
        Catalogue.open(path)
