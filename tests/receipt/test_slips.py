"""Papers that are no receipts: what was given back adds up, and nothing that is unpaid looks paid."""

import msgspec
import pytest
from msgspec.structs import replace

from kiosk.checkout.money import Outcome, PaymentResult
from kiosk.checkout.records import FiscalSignature
from kiosk.receipt import (
    Barcode,
    CardSlip,
    Fact,
    LineItem,
    QrCode,
    Receipt,
    SignHere,
    TaxTable,
    TenderRow,
    Text,
    TotalRow,
    receipt,
)
from kiosk.slips import document
from kiosk.units import Minor
from tests.receipt.sample import SHOP, closed, handed_over, refund, slip


def of(kind, made):
    return [block for block in made.blocks if isinstance(block, kind)]


def marks(made):
    return [block.key for block in of(Text, made) if block.strong]


def test_a_refund_adds_up_and_is_negative_throughout():
    made = document(refund(), SHOP)
    (total,) = of(TotalRow, made)
    assert total == TotalRow("REFUNDED", Minor(-737), big=True)
    assert sum(item.amount for item in of(LineItem, made)) == -737
    assert [row.amount for row in of(TenderRow, made)] == [-600, -137]
    (taxes,) = of(TaxTable, made)
    assert sum(row.gross for row in taxes.rows) == -737
    assert all(row.net + row.vat == row.gross and row.vat < 0 for row in taxes.rows)
    assert {row.code: row.gross for row in taxes.rows} == {"A": -75, "B": -662}, "deposits by their own rate"


def test_a_refund_names_receipt_colleague_and_reason_and_has_room_to_sign():
    made = document(refund(), SHOP)
    for fact in (
        Fact("Original receipt", "0001-1-000042"),
        Fact("Colleague", "Sam (17)"),
        Fact("Reason", "damaged"),
    ):
        assert fact in made.blocks
    assert SignHere("Signature of the customer") in made.blocks
    assert of(Barcode, made) == [Barcode("0001-1-000057")]
    assert marks(made) == ["REFUND"]
    assert marks(document(refund(whole=True), SHOP, copy=1)) == ["DUPLICATE no. {n}", "VOID OF A SALE"]
    assert of(TenderRow, made)[0].detail == "Visa **** 0119"


def test_where_tax_comes_on_top_a_refund_has_no_table_of_taxes():
    sale = closed()
    on_top = replace(sale, priced=replace(sale.priced, total=Minor(sale.priced.total + 40)))
    assert of(TaxTable, document(refund(original=on_top), SHOP)) == []


def test_a_basket_handed_over_is_found_by_its_codes_and_says_that_it_is_not_paid():
    made = document(handed_over(), SHOP)
    assert marks(made) == ["NOT A RECEIPT, NOT PAID"] * 2
    assert of(QrCode, made) == [QrCode("a1b2c3d4e5f6-42")]
    assert of(Barcode, made) == [Barcode("a1b2c3d4e5f6-42")]
    (total,) = [row for row in of(TotalRow, made) if row.big]
    assert total == TotalRow("TO PAY", handed_over().priced.total, big=True)
    assert of(TenderRow | TaxTable | CardSlip, made) == []


@pytest.mark.parametrize(
    ("rule", "title"),
    [("card_failed", ["CARD PAYMENT NOT MADE"]), ("card_reversed", ["CARD PAYMENT GIVEN BACK"]), ("", [])],
)
def test_a_terminals_slip_has_its_own_lines_with_card_numbers_masked(rule, title):
    made = document(replace(slip(rule=rule), lines=("4970 1012 3456 7890",)), SHOP)
    assert of(CardSlip, made) == [CardSlip(("**** **** **** 7890",))]
    assert marks(made) == title and of(TotalRow | Barcode, made) == []


def test_a_sale_is_its_receipt():
    assert document(closed(), SHOP, copy=3) == receipt(closed(), SHOP, copy=3)
    assert document(closed(), SHOP, signature=None) == receipt(closed(), SHOP)
    assert isinstance(document(closed(), SHOP, signature=FiscalSignature()), Receipt)


@pytest.mark.parametrize("record", [refund(), handed_over(), slip()])
def test_a_slip_survives_the_wire(record):
    made = document(record, SHOP, copy=1)
    assert msgspec.json.decode(msgspec.json.encode(made), type=Receipt) == made


def test_no_card_number_of_a_refund_reaches_the_paper():
    given = refund()
    card = replace(given.tenders[0], result=PaymentResult(Outcome.APPROVED, slip=("4970101234567890",)))
    assert CardSlip(("************7890",)) in document(replace(given, tenders=(card,)), SHOP).blocks
