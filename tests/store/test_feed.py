"""The catalogue as lanes are sent it, on both databases."""

from pathlib import Path

import pytest
from litestar.testing import TestClient
from sqlalchemy import Engine

from kiosk.units import ItemId
from kiosk.wire import CataloguePage
from store.feed import catalogue_page
from store.importing import lists
from store.importing.load import import_file
from tests.shop import as_json

HEADER = "gtin,plu,name,quantity,unit,price,special_price,sold_by,tax,restriction,store"


def bring(engine: Engine, folder: Path, *rows: str, whole: bool = False) -> None:
    path = folder / "list.csv"
    path.write_text("\n".join([HEADER, *rows]))
    assert import_file(engine, path, whole=whole).rejects == []


def page(engine: Engine, since: int = 0, after: int = 0, size: int = 100, **more: object) -> CataloguePage:
    with engine.connect() as db:
        source = str(more.get("source") or catalogue_page(db, "", "", 0, 0, ItemId(0)).source)
        return catalogue_page(db, str(more.get("store", "")), source, since, 0, ItemId(after), size)


def goods(count: int, price: str = "1.00") -> list[str]:
    return [f"{n},,Item {n},,,{price},,each,R,," for n in range(1, count + 1)]


@pytest.mark.parametrize("size", [1, 3, 4, 5, 100])
def test_pages_of_any_size_bring_each_item_once(engine: Engine, tmp_path: Path, size: int) -> None:
    bring(engine, tmp_path, *goods(9))
    names, after = [], 0
    while True:
        one = page(engine, after=after, size=size)
        names += [entry.item.name for entry in one.entries]
        after = one.after
        if one.last:
            break
    assert names == [f"Item {n}" for n in range(1, 10)]
    assert one.terms is not None


def test_a_delta_has_what_changed_and_what_is_gone(engine: Engine, tmp_path: Path) -> None:
    bring(engine, tmp_path, *goods(4))
    bring(engine, tmp_path, *goods(3), "9,,New,,,1,,each,R,,", whole=True)
    delta = page(engine, since=1)
    assert [entry.item.name for entry in delta.entries] == ["New"]
    assert delta.gone == (4,)
    assert (delta.version, delta.latest) == (2, 2)
    assert page(engine).gone == ()


@pytest.mark.parametrize("since", [0, 1, 99])
def test_a_stranger_or_a_lane_from_the_future_gets_everything(
    engine: Engine, tmp_path: Path, since: int
) -> None:
    bring(engine, tmp_path, *goods(2))
    stranger = page(engine, since=since, source="another")
    assert (stranger.since, len(stranger.entries)) == (0, 2)
    future = page(engine, since=99)
    assert (future.since, len(future.entries)) == (0, 2)


def test_price_unit_price_and_age_are_put_in_for_the_store(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "ages.json").write_text('{"FR": {"wine": 18}, "DE": {"wine": 16}}')
    lists.import_ages(engine, tmp_path / "ages.json", "DE")
    bring(engine, tmp_path, "1,,Wine,0.75,l,6.00,,each,N,wine,", ",4011,Bananas,,,1.99,,kg,R,,")
    bring(engine, tmp_path, "1,,Wine,0.75,l,5.40,,each,N,wine,0530")
    wine, bananas = (entry.item for entry in page(engine).entries)
    assert (wine.price, wine.per_unit, wine.min_age) == (600, (800, "L"), 16)
    assert (bananas.price, bananas.price_per_kg, bananas.per_unit) == (None, 199, (199, "kg"))
    assert page(engine, store="0530").entries[0].item.price == 540
    lists.import_ages(engine, tmp_path / "ages.json", "FR")
    (again,) = page(engine, since=3).entries
    assert again.item.min_age == 18


def test_a_lane_asks_over_http(lane: TestClient, engine: Engine, tmp_path: Path) -> None:
    bring(engine, tmp_path, *goods(2))
    first = lane.get("/v1/catalogue").json()
    assert [entry["item"]["name"] for entry in first["entries"]] == ["Item 1", "Item 2"]
    nothing = lane.get("/v1/catalogue", params={"source": first["source"], "since": 1}).json()
    assert (nothing["entries"], nothing["last"], nothing["since"]) == ([], True, 1)
    assert lane.get("/v1/catalogue", params={"since": -1}).status_code == 400


def test_members_are_known_by_token_only(lane: TestClient, engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_text("number,first_name\n2950000000006,Camille\n")
    assert lists.import_members(engine, path) == lists.import_members(engine, path) == 1
    found = lane.post("/v1/members/find", content=as_json({"number": "2950000000006"})).json()
    assert found["token"] and "first_name" not in found
    assert "2950000000006" not in str(found) and "Camille" not in str(found)
    assert lane.post("/v1/members/find", content=as_json({"number": "1"})).status_code == 404
