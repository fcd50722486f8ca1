"""What a German TSE signs: nine kinds, five tax classes in their order, payments; to the letter of the rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.checkout.records import Cancelled
from kiosk.fiscal.kassenbeleg import (
    CLASSES,
    TAX_KEYS,
    Kind,
    Paid,
    UnknownRate,
    by_class,
    decimal,
    kind_of,
    process_data,
    tax_class,
    tax_key,
    text,
)
from kiosk.pricing import TaxSum
from kiosk.units import Millis, Minor, Rate, SaleId
from tests.fiscal.shop import closed, handed_over, refund_of

NOTHING = (Minor(0),) * CLASSES


def test_the_example_of_the_rules() -> None:
    gross = by_class([TaxSum("B", Rate(70_000), Minor(255), Minor(238), Minor(17))], {})
    assert (
        text(Kind.BELEG, gross, [(Minor(255), Paid.CASH, "EUR")]) == "Beleg^0.00_2.55_0.00_0.00_0.00^2.55:Bar"
    )


def test_nine_kinds_by_their_names() -> None:
    assert [text(kind, NOTHING, ()) for kind in Kind] == [
        f"{name}^0.00_0.00_0.00_0.00_0.00^"
        for name in (
            "Beleg", "AVTransfer", "AVBestellung", "AVTraining", "AVBelegstorno", "AVBelegabbruch", "AVSachbezug",
            "AVSonstige", "AVRechnung",
        )
    ]  # fmt: skip


def test_cash_goes_first_and_only_foreign_money_is_named() -> None:
    paid = [
        (Minor(500), Paid.OTHER, "USD"),
        (Minor(300), Paid.OTHER, "EUR"),
        (Minor(200), Paid.CASH, "CHF"),
        (Minor(100), Paid.CASH, "EUR"),
    ]
    assert text(Kind.BELEG, NOTHING, paid).endswith("^1.00:Bar_2.00:Bar:CHF_3.00:Unbar_5.00:Unbar:USD")


def test_each_rate_has_its_place() -> None:
    order = [Rate(rate) for rate in (190_000, 70_000, 107_000, 55_000, 0)]
    taxes = [TaxSum(f"{rate}", rate, Minor(rate // 1000 + 1), Minor(0), Minor(0)) for rate in order]
    assert by_class(taxes, {}) == (191, 71, 108, 56, 1)
    assert [tax_class(tax_key("", rate, {})) for rate in (Rate(160_000), Rate(50_000), Rate(78_000))] == [
        0,
        1,
        2,
    ]
    assert {tax_class(key) for key in TAX_KEYS.values()} == set(range(CLASSES))


def test_a_configured_key_goes_before_the_rate_and_an_unknown_rate_is_not_guessed() -> None:
    assert tax_key("Z", Rate(0), {"Z": 6}) == 6
    assert tax_class(6) == tax_class(7) == tax_class(8) == tax_class(5) == 4
    with pytest.raises(UnknownRate, match="20\\.0000 %"):
        tax_key("A", Rate(200_000), {})
    with pytest.raises(UnknownRate):
        tax_class(1000)


def test_a_sale_paid_by_card() -> None:
    sale = closed()
    data = process_data(sale, {})
    assert kind_of(sale) is Kind.BELEG
    assert data == "Beleg^13.09_15.19_0.00_0.00_0.00^28.28:Unbar"


def test_what_is_given_back_is_a_beleg_below_zero() -> None:
    sale = closed()
    assert process_data(refund_of(sale), {}) == "Beleg^-13.09_-15.19_0.00_0.00_0.00^-28.28:Unbar"
    part = refund_of(sale, (4, 2))
    assert process_data(part, {}) == "Beleg^-0.50_-1.58_0.00_0.00_0.00^-2.08:Unbar"


def test_what_is_no_sale() -> None:
    sale = closed()
    cancelled = Cancelled(SaleId("s-1"), Millis(1), sale.lines, Minor(2828))
    assert process_data(cancelled, {}) == "AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^"
    assert process_data(replace(cancelled, training=True), {}).startswith("AVTraining^")
    assert (
        process_data(replace(sale, training=True), {}) == "AVTraining^13.09_15.19_0.00_0.00_0.00^28.28:Unbar"
    )
    assert process_data(handed_over(sale), {}) == "AVTransfer^13.09_15.19_0.00_0.00_0.00^"


@given(st.integers(-(10**9), 10**9), st.sampled_from([0, 1, 2]))
def test_amounts_have_two_decimals_a_dot_and_no_grouping(amount: int, exponent: int) -> None:
    whole, cents = decimal(amount, exponent).split(".")
    assert len(cents) == 2
    assert int(whole + cents) * 10**exponent == amount * 100 or (whole == "-0" and amount < 0)
