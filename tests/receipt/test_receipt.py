"""A receipt names everything it must, and its figures add up to what was paid."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.checkout.model import Line
from kiosk.checkout.money import Outcome, PaymentResult, Tender, TenderKind
from kiosk.receipt import (
    Barcode,
    CardSlip,
    Deposit,
    Discount,
    Fact,
    LineItem,
    QrCode,
    Receipt,
    TaxTable,
    TenderRow,
    Text,
    TotalRow,
    masked,
    receipt,
)
from kiosk.units import Grams, LineNo, Minor
from tests.receipt.sample import BANANAS, BREAD, CHEESE, LINES, SHOP, WATER, WINE, YOGHURT, closed

goods = st.sampled_from((YOGHURT, BREAD, BANANAS, WATER, WINE))


@st.composite
def baskets(draw: st.DrawFn) -> tuple[Line, ...]:
    return tuple(
        Line(LineNo(i + 1), item, grams=Grams(draw(st.integers(1, 9999))), tare=item.tare)
        if item.by_weight
        else Line(LineNo(i + 1), item, qty=draw(st.integers(1, 30)))
        for i, item in enumerate(draw(st.lists(goods, min_size=1, max_size=12)))
    )


def of(kind, document):
    return [block for block in document.blocks if isinstance(block, kind)]


@given(baskets())
def test_the_lines_add_up_to_the_total_and_so_do_the_taxes_and_the_tenders(lines):
    sale = closed(lines)
    document = receipt(sale, SHOP)
    sums = sum(block.amount for block in of(LineItem | Deposit, document))
    assert sums - sum(block.amount for block in of(Discount, document)) == sale.priced.total
    [total] = [row for row in of(TotalRow, document) if row.big]
    [taxes] = of(TaxTable, document)
    assert total.amount == sale.priced.total == sum(row.gross for row in taxes.rows)
    assert sum(row.amount for row in of(TenderRow, document)) == total.amount
    for row in taxes.rows:
        assert row.net + row.vat == row.gross


@given(baskets())
def test_a_unit_price_is_shown_only_where_it_explains_the_amount(lines):
    for item in of(LineItem, receipt(closed(lines), SHOP)):
        if item.each is not None:
            assert item.each * item.qty == item.amount
        if item.per_kg is not None:
            assert item.grams is not None
            assert abs(item.per_kg * item.grams - item.amount * 1000) <= 500


def test_a_weighed_line_has_net_weight_price_per_kilogram_and_tare():
    [item] = [item for item in of(LineItem, receipt(closed(), SHOP)) if item.grams]
    assert item == LineItem(
        "Organic bananas", Minor(173), "B", grams=Grams(756), per_kg=Minor(229), tare=Grams(5)
    )


def test_a_price_from_a_label_has_no_unit_price_but_its_own():
    document = receipt(closed((Line(LineNo(1), CHEESE, price=Minor(612)),)), SHOP)
    assert of(LineItem, document) == [LineItem("Comté 18 months", Minor(612), "B", each=Minor(612))]
    weighed = Line(LineNo(1), BANANAS, grams=Grams(500), price=Minor(100))
    [item] = of(LineItem, receipt(closed((weighed,)), SHOP))
    assert (item.amount, item.per_kg) == (100, None)


def test_a_product_is_called_by_its_name_in_the_language_of_the_sale():
    assert of(LineItem, receipt(closed(language="fr"), SHOP))[0].name == "Yaourt nature 4 × 125 g"


def test_a_duplicate_and_training_are_marked():
    assert not any(text.strong for text in of(Text, receipt(closed(), SHOP)))
    marks = [text for text in of(Text, receipt(closed(training=True), SHOP, copy=2)) if text.strong]
    assert marks == [
        Text("DUPLICATE no. {n}", {"n": 2}, strong=True),
        Text("TRAINING, not a receipt", strong=True),
        Text("TRAINING, not a receipt", strong=True),
    ]


def test_codes_lead_back_to_the_sale():
    document = receipt(closed(), SHOP)
    assert of(QrCode, document) == [QrCode("https://r.marche-lumiere.example/2026-11-21-1-42")]
    assert of(Barcode, document) == [Barcode("0001-1-000042")]
    assert of(QrCode, receipt(closed(), replace(SHOP, receipt_url=""))) == []
    assert of(QrCode | Barcode, receipt(closed(training=True), SHOP)) == [], (
        "nothing that a gate would open for"
    )


def test_a_card_is_named_by_its_brand_and_four_digits():
    document = receipt(closed(), SHOP)
    assert of(TenderRow, document)[0].detail == "Visa **** 0119"
    assert Fact("Authorisation", "A7K21Q") in document.blocks


def test_no_card_number_reaches_the_paper():
    slip = ("CARTE BANCAIRE", "4970 1012 3456 7890", "4970101234567890123", "AID A0000000421010", "31,53 EUR")
    card = PaymentResult(Outcome.APPROVED, card_name="4970101234567890", last4="7890", slip=slip)
    document = receipt(closed(tenders=(Tender(TenderKind.CARD, Minor(3153), result=card),)), SHOP)
    assert of(CardSlip, document) == [
        CardSlip(
            (
                "CARTE BANCAIRE",
                "**** **** **** 7890",
                "***************0123",
                "AID A0000000421010",
                "31,53 EUR",
            )
        )
    ]
    assert of(TenderRow, document)[0].detail == "************7890 **** 7890"


@given(
    st.lists(st.integers(0, 9), min_size=13, max_size=19),
    st.sampled_from(["", " ", "-"]),
    st.text(": .", max_size=5),
)
def test_whatever_looks_like_a_card_number_is_masked(digits, gap, around):
    number = gap.join(map(str, digits))
    shown = masked(f"{around}{number}{around}")
    assert sum(char.isdigit() for char in shown) == 4


def test_cash_rounding_and_what_is_put_on_the_card_are_shown():
    sums = replace(closed().priced, rounding=Minor(2), loyalty_credit=Minor(15))
    document = receipt(closed(priced=sums), SHOP)
    assert TotalRow("Cash rounding", Minor(2)) in document.blocks
    assert TotalRow("Put on your loyalty card", Minor(15)) in document.blocks


def test_a_tax_that_comes_on_top_is_a_row_of_its_own():
    sums = closed(LINES[:1]).priced
    taxed = replace(sums, total=Minor(sums.total + 40))
    assert TotalRow("Tax", Minor(40)) in receipt(closed(LINES[:1], priced=taxed), SHOP).blocks


def test_a_receipt_survives_the_wire():
    document = receipt(closed(), SHOP, copy=1)
    assert msgspec.json.decode(msgspec.json.encode(document), type=Receipt) == document
