"""What somebody types who does not know how it is written: insides, slips, synonyms, alphabets; what sells now."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.catalogue import Catalogue, Intake
from kiosk.catalogue.guess import slips
from kiosk.units import ItemId
from kiosk.wire import CataloguePage, Entry, Terms
from tests.catalogue.test_reading import filled, named, names
from tests.shop import as_json, item

SHOP = (
    "Milk 1 L", "Buttermilk", "Milkshake", "Broccoli", "Bread", "Baguette", "Bananas", "Tomatoes", "Courgettes",
    "Aubergine", "Crème fraîche", "Jalapeño", "Mushrooms", "Parsnips", "Mandarins",
)  # fmt: skip


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return filled(tmp_path / "c.db", *(named(n, name, n) for n, name in enumerate(SHOP, 1)))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("milk", ["Milk 1 L", "Milkshake", "Buttermilk"]),
        ("rooms", ["Mushrooms"]),
        ("creme frai", ["Crème fraîche"]),
        ("jalapeno", ["Jalapeño"]),
        ("brocoli", ["Broccoli"]),
        ("brocolli", ["Broccoli"]),
        ("borccoli", ["Broccoli"]),
        ("bannana", ["Bananas"]),
        ("tomatos", ["Tomatoes"]),
        ("obergine", ["Aubergine"]),
        ("corgetes", ["Courgettes"]),
        ("courgetes", ["Courgettes"]),
        ("mandrinns", ["Mandarins"]),
        ("mushrums", ["Mushrooms"]),
        ("bagette", ["Baguette"]),
        ("zzzz", []),
        ("xylophone", []),
    ],
)
def test_what_was_meant_is_found(catalogue: Catalogue, typed: str, found: list[str]) -> None:
    got = names(catalogue.search(typed)[0])
    assert got[: len(found)] == found and (found or not got)


def test_one_slip_is_forgiven_from_four_letters_and_two_from_eight(catalogue: Catalogue) -> None:
    assert catalogue.search("brx")[0] == ()
    assert names(catalogue.search("brxa")[0]) == ["Bread"]
    assert catalogue.search("pxrsxip")[0] == ()
    assert names(catalogue.search("pxrsxips")[0]) == ["Parsnips"]


def test_guesses_stand_behind_what_was_typed(tmp_path: Path) -> None:
    with filled(
        tmp_path / "c.db", named(1, "Peas", 0), named(2, "Pears", 1), named(3, "Tears of joy", 2)
    ) as shop:
        assert names(shop.search("pears")[0]) == ["Pears", "Peas", "Tears of joy"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_every_single_slip_in_a_word_is_forgiven(catalogue: Catalogue, data: st.DataObject) -> None:
    word = data.draw(
        st.sampled_from(["buttermilk", "broccoli", "bananas", "tomatoes", "aubergine", "parsnips"])
    )
    at, letter = (
        data.draw(st.integers(0, len(word) - 1)),
        data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz")),
    )
    head, rest = word[:at], word[at:]
    swapped = head + rest[1:2] + rest[:1] + rest[2:]
    typed = data.draw(
        st.sampled_from([head + rest[1:], head + letter + rest, head + letter + rest[1:], swapped])
    )
    assert word in " ".join(names(catalogue.search(typed)[0])).lower()


@given(st.text("ab", max_size=6), st.text("ab", max_size=6))
def test_slips_are_counted_as_the_plain_definition_counts_them(typed: str, word: str) -> None:
    def plain(a: str, b: str) -> int:
        if not a:
            return 0  # the rest of the word is not typed yet
        if not b:
            return len(a)
        best = min(plain(a[1:], b) + 1, plain(a, b[1:]) + 1, plain(a[1:], b[1:]) + (a[0] != b[0]))
        if len(a) > 1 and len(b) > 1 and a[:2] == b[1::-1]:
            best = min(best, plain(a[2:], b[2:]) + 1)
        return best

    assert min(slips(typed, word), 3) == min(plain(typed, word), 3)


def test_synonyms_and_other_languages_find_it_and_stay_out_of_the_basket(tmp_path: Path) -> None:
    aubergine = named(
        1, "Aubergine", synonyms=("Eggplant", "brinjal"), names={"it": "Melanzana", "el": "Μελιτζάνα"}
    )
    with filled(tmp_path / "c.db", aubergine) as shop:
        for typed in ("egg", "brin", "melanz", "μελιτζανα", "aubergine"):
            (found,) = shop.search(typed)[0]
            assert found.id == 1 and found.synonyms == ()


def test_words_that_are_gone_are_found_no_more(tmp_path: Path) -> None:
    with filled(tmp_path / "c.db", named(1, "Buttermilk"), named(2, "Oat milk")) as shop:
        assert names(shop.search("milk")[0]) == ["Oat milk", "Buttermilk"]
        changed = Entry(item(1, "Kefir"))
        intake = Intake(tmp_path / "c.db")
        intake.take(
            as_json(
                CataloguePage("test", 1, 2, 2, ItemId(2), (changed,), (ItemId(2),), last=True, terms=Terms())
            )
        )
        intake.close()
        assert shop.search("milk")[0] == shop.search("butermilk")[0] == ()
        assert names(shop.search("fir")[0]) == ["Kefir"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Творог 9%", "твор"),
        ("Йогурт", "йог"),
        ("Ґречка", "греч"),
        ("Ντομάτες", "ντοματεσ"),
        ("לחם", "לחמ"),
        ("طماطم", "ماط"),
        ("टमाटर", "टमा"),
        ("トマト", "トマ"),
        ("牛乳", "乳"),
        ("Творог 9%", "твороог"),
    ],
)
def test_every_alphabet_is_searched(tmp_path: Path, name: str, typed: str) -> None:
    with filled(tmp_path / "c.db", named(1, name), named(2, "Bread")) as shop:
        assert names(shop.search(typed)[0]) == [name]


# ---- what sells now


def loose(id_: int, name: str, rank: int, department: str) -> Entry:
    return Entry(item(id_, name, department=department), (), rank)


LOOSE = (
    loose(1, "Bananas", 1, "fruit"),
    loose(2, "Apples", 2, "fruit"),
    loose(3, "Leek", 3, "vegetables"),
    named(4, "Apple juice", 0, department="drinks"),
)


def test_before_a_letter_is_typed_goods_without_a_code_come_first(tmp_path: Path) -> None:
    with filled(tmp_path / "c.db", *LOOSE) as shop:
        assert names(shop.search("")[0]) == ["Bananas", "Apples", "Leek", "Apple juice"]
        assert names(shop.search("", department="fruit")[0]) == ["Bananas", "Apples"]
        assert names(shop.search("", department="vegetables")[0]) == ["Leek"]
        assert shop.departments() == ("fruit", "vegetables")


def test_what_sells_now_comes_first_where_it_begins_so(tmp_path: Path) -> None:
    with filled(tmp_path / "c.db", *LOOSE) as shop:
        selling = (ItemId(3), ItemId(2), ItemId(77))
        assert names(shop.search("", selling=selling)[0]) == ["Leek", "Apples", "Bananas", "Apple juice"]
        assert names(shop.search("", department="fruit", selling=selling)[0]) == ["Apples", "Bananas"]
        assert names(shop.search("ap", selling=selling)[0]) == ["Apples", "Apple juice"]
        assert names(shop.search("ap")[0]) == ["Apples", "Apple juice"], "a code would have been scanned"
        assert names(shop.search("juice apple", selling=selling)[0]) == ["Apple juice"]
