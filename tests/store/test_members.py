"""Members: found by card, phone or app, what they earn and spend, once, and what is left when they are forgotten."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from msgspec.structs import replace
from sqlalchemy import Engine, insert, select, text

from kiosk.checkout.model import Member
from kiosk.checkout.money import Tender, TenderKind
from kiosk.checkout.records import ClosedSale, Refund, RefundedLine
from kiosk.units import LineNo, Millis, Minor
from store import app_codes, loyalty, members
from store.app import make_app
from store.commands import main
from store.database import member_salt, set_setting, writing
from store.lanes import Lane, add_lane
from store.tables import member_finds, member_keys
from store.tables import members as table
from tests.shop import as_json, sale

CARD, PHONE = "2950000000006", "06 12 34 50 00"
NOW = 1_790_000_100_000
DAY = 86_400_000


class Shop:
    """A server whose clock is told, one lane of it, and one member."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.now = engine, NOW
        token = add_lane(engine, Lane("0001", "1"))
        self.client = TestClient(make_app(engine, now=lambda: self.now))
        self.client.headers["Authorization"] = f"Bearer {token}"
        with writing(engine) as db:
            set_setting(db, "phone_prefix", "33")
            set_setting(db, "tiers", '{"gold": 100, "silver": 10}')
            self.ada = members.add(db, self.salt, CARD, "Ada", PHONE, NOW)

    @property
    def salt(self) -> bytes:
        return member_salt(self.engine)

    def find(self, number: str, by: str = "card") -> Any:
        return self.client.post("/v1/members/find", content=as_json({"number": number, "by": by}))

    def ada_has(self) -> Any:
        return self.find(CARD).json()

    def sold(self, id_: str = "s1", points: int = 12, credit: int = 300, total: int = 1000) -> ClosedSale:
        """A sale of hers, told to the server."""
        one = sale(id_, total)
        priced = replace(one.priced, points=points, loyalty_credit=Minor(credit))
        one = replace(one, member=Member(self.ada), priced=priced, ended=Millis(self.now))
        self.tell(one)
        return one

    def tell(self, one: ClosedSale) -> int:
        return int(self.client.put(f"/v1/sales/{one.id}", content=as_json(one)).status_code)

    def refunded(self, of: ClosedSale, id_: str, amount: int) -> int:
        refund = Refund(
            id=id_, number=9, original=of, ended=Millis(self.now), version="t", language="fr",
            lines=(RefundedLine(LineNo(1), 0, Minor(amount)),), amount=Minor(amount),
            tenders=(Tender(TenderKind.CARD, Minor(amount)),), by="17", reason="fresh",
        )  # fmt: skip
        body = {"kind": "refund", "at": self.now, "number": 9, "body": refund}
        return int(self.client.put(f"/v1/records/{id_}", content=as_json(body)).status_code)

    def reserve(self, id_: str, kind: str, amount: int) -> Any:
        asked = {"id": id_, "kind": kind, "amount": amount, "currency": "EUR", "number": self.ada}
        return self.client.post("/v1/value/reserve", content=as_json(asked)).json()

    def give(self, kind: str, amount: int, valid_to: str = "") -> None:
        with writing(self.engine) as db:
            loyalty.give(db, self.ada, kind, amount, "EUR", "Sam", self.now, valid_to)

    def order(self, id_: str, do: str, kind: str, amount: int) -> int:
        body = {"id": id_, "do": do, "tender": kind, "amount": amount}
        return int(self.client.put(f"/v1/value/{id_}/{do}", content=as_json(body)).status_code)


@pytest.fixture
def shop(engine: Engine) -> Iterator[Shop]:
    here = Shop(engine)
    with here.client:
        yield here


# ---- who she is


@pytest.mark.parametrize(
    ("number", "by", "spends"),
    [(CARD, "card", True), (" 2950000000006 ", "card", True), ("0612345000", "phone", False),
     ("+33 6 12 34 50 00", "phone", False), ("0033612345000", "phone", False)],
)  # fmt: skip
def test_each_way_to_say_who_one_is(shop: Shop, number: str, by: str, spends: bool) -> None:
    found = shop.find(number, by).json()
    assert (found["token"], found["spends"]) == (shop.ada, spends)


def test_a_cards_number_is_no_phone_number_and_the_other_way_round(shop: Shop) -> None:
    assert shop.find(CARD, "phone").status_code == 404
    assert shop.find("0612345000").status_code == 404


def test_who_was_a_member_before_there_were_keys_is_one_still(shop: Shop) -> None:
    """Her token was the hash of her card's number, as the migration leaves it."""
    old = members.old_key(shop.salt, "2950000000099")
    with writing(shop.engine) as db:
        db.execute(insert(table).values(token=old, first_name="Bo", seen=NOW))
        db.execute(insert(member_keys).values(key=old, member=old, by="card"))
    assert shop.find("2950000000099").json()["token"] == old
    assert shop.find("2950000000099", "phone").status_code == 404


def test_a_code_of_the_app_is_good_for_a_while_and_only_as_it_was_signed(shop: Shop) -> None:
    code = app_codes.made(shop.salt, shop.ada, NOW)
    assert shop.find(code).json()["spends"] is True
    assert shop.find(code).status_code == 200
    for wrong in (
        code[:-1] + ("0" if code[-1] != "0" else "1"),
        code.replace(shop.ada, "f" * 32),
        "MB1.x",
        "MB1.....",
    ):
        assert shop.find(wrong).status_code == 404, wrong
    shop.now += app_codes.LASTS * 1000
    assert shop.find(code).status_code == 404
    assert shop.find(app_codes.made(shop.salt, shop.ada, shop.now, 86_400)).status_code == 404, (
        "dated too far ahead"
    )


def test_a_code_that_says_so_works_once(shop: Shop) -> None:
    code = app_codes.made(shop.salt, shop.ada, NOW, once=True)
    assert [shop.find(code).status_code for _ in range(2)] == [200, 404]


def test_who_tries_out_numbers_has_to_wait_and_other_lanes_do_not(shop: Shop) -> None:
    for number in range(members.TRIES):
        assert shop.find(f"06999900{number:02}", "phone").status_code == 404
    assert shop.find(PHONE, "phone").status_code == 429
    other = add_lane(shop.engine, Lane("0001", "2"))
    answer = shop.client.post(
        "/v1/members/find", content=as_json({"number": CARD}), headers={"Authorization": f"Bearer {other}"}
    )
    assert answer.status_code == 200
    shop.now += members.TRIES_WITHIN + 1
    assert shop.find(PHONE, "phone").status_code == 200


# ---- what she earns


def test_a_sale_that_is_told_twice_earns_once(shop: Shop) -> None:
    one = shop.sold()
    assert [shop.tell(one) for _ in range(3)] == [200] * 3
    assert {key: shop.ada_has()[key] for key in ("points", "credit", "tiers")} == {
        "points": 12, "credit": 300, "tiers": ["silver"],
    }  # fmt: skip


def test_training_earns_nothing(shop: Shop) -> None:
    one = sale("t1", 1000, points=12, member=shop.ada)
    shop.tell(replace(one, training=True, priced=replace(one.priced, loyalty_credit=Minor(300))))
    assert (shop.ada_has()["points"], shop.ada_has()["credit"]) == (0, 0)


@pytest.mark.parametrize("parts", [[1000], [500, 500], [333, 333, 334], [1, 998, 1]])
def test_refunds_take_back_in_proportion_and_all_of_them_all(shop: Shop, parts: list[int]) -> None:
    one, given = shop.sold(), 0
    for at, part in enumerate(parts):
        given += part
        assert shop.refunded(one, f"r{at}", part) == 201
        assert shop.refunded(one, f"r{at}", part) == 200
        has = shop.ada_has()
        assert has["points"] == 12 - 12 * given // 1000
        assert has["credit"] == 300 - 300 * given // 1000
    assert (has["points"], has["credit"], has["tiers"]) == (0, 0, [])


def test_a_refund_that_is_refused_takes_nothing_back(shop: Shop) -> None:
    one = shop.sold()
    assert shop.refunded(one, "r1", 1001) == 409
    assert shop.ada_has()["points"] == 12


def test_tiers_look_at_a_year_and_points_stay(shop: Shop) -> None:
    shop.sold(points=120)
    assert shop.ada_has()["tiers"] == ["silver", "gold"]
    shop.now += 366 * DAY
    assert (shop.ada_has()["points"], shop.ada_has()["tiers"]) == (120, [])


# ---- what she spends


def test_credit_is_reserved_in_parts_booked_or_free_again(shop: Shop) -> None:
    shop.give("credit", 500)
    shop.ada_has()
    first = shop.reserve("a1", "credit", 200)
    assert (first["state"], first["amount"], first["last4"]) == ("reserved", 200, "")
    assert shop.reserve("a1", "credit", 200) == first
    assert shop.reserve("a2", "credit", 900)["amount"] == 300
    assert shop.reserve("a3", "credit", 1)["reason"] == "no_balance"
    assert (shop.order("a1", "commit", "credit", 200), shop.order("a2", "cancel", "credit", 300)) == (
        201,
        201,
    )
    assert shop.ada_has()["credit"] == 300


def test_a_phone_number_spends_nothing_and_a_card_at_another_lane_neither(shop: Shop) -> None:
    shop.give("credit", 500)
    shop.find(PHONE, "phone")
    assert shop.reserve("a1", "credit", 200)["reason"] == "show_card"
    shop.ada_has()
    shop.now += members.VISIT + 1
    assert shop.reserve("a2", "credit", 200)["reason"] == "show_card"


def test_a_voucher_is_spent_whole_the_one_that_ends_first_and_fits(shop: Shop) -> None:
    for amount, valid_to in (
        (500, "2099-01-01"),
        (200, "2098-01-01"),
        (300, "2098-01-01"),
        (900, "2020-01-01"),
    ):
        shop.give("voucher", amount, valid_to)
    assert shop.ada_has()["vouchers"] == [200, 300, 500]
    assert [shop.reserve(f"v{n}", "voucher", 600).get("amount") for n in range(3)] == [300, 200, 500]
    assert shop.reserve("v9", "voucher", 600)["reason"] == "already_redeemed"


# ---- what is kept of her


def test_nothing_holds_a_number(shop: Shop, tmp_path: Path) -> None:
    shop.find(PHONE, "phone")
    shop.sold()
    with shop.engine.connect() as db:
        for table in ("members", "member_keys", "member_finds", "value_accounts", "points", "sales"):
            for row in db.execute(text(f"SELECT * FROM {table}")):
                said = " ".join(map(str, row))
                assert not any(number in said for number in (CARD, "612345000")), table


def test_forgotten_is_forgotten(shop: Shop) -> None:
    shop.sold()
    shop.give("voucher", 500)
    with writing(shop.engine) as db:
        members.forget(db, shop.ada, NOW, "Sam")
    assert shop.find(CARD).status_code == shop.find(PHONE, "phone").status_code == 404
    with shop.engine.connect() as db:
        assert db.execute(select(member_keys)).all() == []
        assert shop.ada not in [row.member for row in db.execute(select(member_finds))]
        held = loyalty.held(db, shop.ada, NOW)
    assert (held.credit, held.vouchers) == (0, ())
    with writing(shop.engine) as db:
        assert members.add(db, shop.salt, CARD, "Ada") != shop.ada, "the same card later is another member"


def test_three_years_after_the_last_contact_she_is_forgotten(shop: Shop) -> None:
    shop.ada_has()
    with shop.engine.connect() as db:
        assert members.overdue(db, NOW + members.DAYS * DAY) == []
        assert members.overdue(db, NOW + members.DAYS * DAY + 1) == [shop.ada]


def test_who_was_looked_up_where_is_known_for_a_day(shop: Shop) -> None:
    shop.ada_has()
    shop.now += DAY + 1
    shop.find("1")
    with shop.engine.connect() as db:
        assert [row.member for row in db.execute(select(member_finds))] == [""]


# ---- by hand


def test_a_member_by_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, file = f"sqlite:///{tmp_path / 'store.db'}", tmp_path / "members.csv"
    file.write_text("number,first_name,phone\n2950000000006,Ada,0612345000\n2950000000013,Bo,\n")

    def run(*words: str, number: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(number + "\n"))
        assert main(["members", *words, "--db", url]) == 0
        return capsys.readouterr().out

    assert run("rules", "--phone-prefix", "33", "--tier", "silver=10") == (
        "0 members, kept 1095 days after their last contact; tiers: silver from 10\n"
    )
    assert run("import", str(file)) == "members.csv: 2 members\n"
    run("give", "credit", "3.50", "--by", "Sam", number=CARD)
    run("give", "voucher", "5", "--by", "Sam", "--phone", number="+33612345000")
    assert "credit 3.50, vouchers 5.00" in run("show", number=CARD)
    assert run("code", "--once", number=CARD).startswith(app_codes.BEGINS)
    assert run("forget", "--by", "Sam", number=CARD) == "forgotten\n"
    assert main(["members", "show", "--db", url]) == 2
    assert run("purge") == "0 members forgotten\n"
