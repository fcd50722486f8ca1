"""What a stretch of the ledger comes to."""

from random import Random

import pytest
from msgspec.structs import replace

from kiosk.checkout.money import TenderKind
from kiosk.checkout.records import Cancelled, ClosedSale, Refund
from kiosk.fiscal.totals import TenderSum, Totals, shares, taxes_of, totals
from kiosk.pricing import TaxSum
from kiosk.units import Minor, Rate
from tests.fiscal.shop import closed, handed_over, random_day, refund_of


def test_nothing_comes_to_nothing() -> None:
    assert totals([]) == Totals()


def test_a_sale_and_part_of_it_given_back() -> None:
    sale = closed()
    sums = totals([sale, refund_of(sale, (4, 2)), handed_over(sale), replace(sale, training=True)])
    assert (sums.sales, sums.refunds, sums.training, sums.gross) == (1, 1, 1, 2828 - 208)
    assert [(tax.code, tax.gross) for tax in sums.taxes] == [("A", 1259), ("B", 1361)]
    assert sums.tenders == (TenderSum(TenderKind.CARD, Minor(2620)),)


def test_a_sale_taken_back_whole_leaves_no_cent_of_vat() -> None:
    sale = closed()
    sums = totals([sale, refund_of(sale)])
    assert all((tax.gross, tax.net, tax.vat) == (0, 0, 0) for tax in sums.taxes)
    assert sums.gross == 0


def test_a_deposit_given_back_has_the_tax_code_of_the_deposit() -> None:
    assert shares(refund_of(closed(), (4, 3))) == [("B", 237), ("A", 75)]
    assert [tax.code for tax in taxes_of(refund_of(closed(), (5, 1)))] == ["A"]


@pytest.mark.parametrize("seed", range(20))
def test_days_add_up_to_a_month_and_to_what_receipts_say(seed: int) -> None:
    random = Random(seed)
    days = [random_day(random, 1 + 100 * day, random.randint(0, 25)) for day in range(6)]
    month = totals([record for day in days for record in day])
    assert month == sum((totals(day) for day in days), Totals())
    assert month.gross == sum(tax.gross for tax in month.taxes) == sum(each.amount for each in month.tenders)
    assert all(tax.gross == tax.net + tax.vat for tax in month.taxes)
    records = [record for day in days for record in day]
    sold = sum(one.priced.total for one in records if isinstance(one, ClosedSale) and not one.training)
    assert month.gross == sold - sum(one.amount for one in records if isinstance(one, Refund))
    assert month.voids == sum(isinstance(one, Cancelled) for one in records)


def test_two_rates_of_one_code_are_two_sums() -> None:
    sale = closed()
    changed = [replace(tax, rate=Rate(160_000)) if tax.code == "A" else tax for tax in sale.priced.taxes]
    later = replace(sale, priced=replace(sale.priced, taxes=tuple(changed)))
    assert [(tax.code, tax.rate) for tax in totals([sale, later]).taxes] == [
        ("A", 160_000), ("A", 190_000), ("B", 70_000),
    ]  # fmt: skip
    assert TaxSum("A", Rate(160_000), *[Minor(0)] * 3) not in totals([sale, later]).taxes
