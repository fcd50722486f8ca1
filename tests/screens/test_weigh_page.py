"""The weighing page: net, tare, unit price and price agree with each other, with the line and with the receipt."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.checkout.effects import Report
from kiosk.checkout.events import (
    AddWeighed,
    PayPressed,
    ReadyToSend,
    Restarted,
    ResultReceived,
    Started,
    TerminalAnswered,
)
from kiosk.checkout.hints import meant
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.checkout.passed import LookChosen, Opened, ScaleRead, TarePressed
from kiosk.checkout.records import ClosedSale
from kiosk.checkout.session import LiveWeight, Panel, Reading
from kiosk.receipt import LineItem, ShopDetails, receipt
from kiosk.text import NBSP, Words
from kiosk.text.receipt_lines import lines
from kiosk.units import Grams, Minor, UnitPrice
from screens.reading import script
from screens.view import view
from screens.widgets import Headline, Key, Page, Slip, Weighing
from tests.lane import POLICY, TOMATOES, Lane
from tests.screens.sessions import Shop
from tests.screens.states import BUILD

words_for = lru_cache(Words)
CENT = Decimal("0.01")


def page(lane: Lane) -> Page:
    return view(lane.session, words_for, lane.now)


def paper(shown: Page) -> Weighing:
    (block,) = shown.blocks
    assert isinstance(block, Weighing)
    return block


def number(text: str) -> Decimal:
    return Decimal(text.replace("€", "").replace(",", ""))


def add(lane: Lane) -> AddWeighed:
    """Press Add on the page as it is."""
    key = page(lane).go
    assert isinstance(key, Key) and isinstance(key.sends, AddWeighed)
    lane.play(meant(lane.session, key.sends))  # type: ignore[arg-type]
    return key.sends


def paid(lane: Lane) -> ClosedSale:
    lane.play(PayPressed())
    attempt = lane.session.kept.phase.attempt  # type: ignore[union-attr]
    result = PaymentResult(Outcome.APPROVED, attempt.amount, "EUR", "1")
    lane.play(ReadyToSend(attempt.id, Mark("1")), ResultReceived(attempt.id, result))
    lane.play(TerminalAnswered(attempt.id, result))
    (report,) = lane.done(Report)
    assert isinstance(report, Report) and isinstance(report.record, ClosedSale)
    return report.record


STEPS = st.integers(20, 3_000).map(lambda step: step * 5)


@settings(max_examples=80, deadline=None)
@given(STEPS, st.integers(0, 40), st.integers(1, 99_999), st.sampled_from(["kg", "100g"]))
def test_the_four_values_agree_on_the_page_the_slip_and_the_receipt(
    gross: int, preset: int, per_kg: int, unit: UnitPrice
) -> None:
    item = replace(TOMATOES, price_per_kg=Minor(per_kg), tare=Grams(preset))
    gross = min(15_000, gross + -(-preset // 5) * 5)
    lane = Lane().play(Restarted(replace(POLICY, unit_price=unit, bag_scale=False)), Started())
    for live in (LiveWeight(Reading.ZERO), LiveWeight(Reading.WEIGHT, Grams(gross))):
        lane.play(Opened(Panel("weigh", item=item)), ScaleRead("produce", live))
    net, tare, each, price = paper(page(lane)).values
    assert number(net.value) + number(tare.value) == Decimal(gross).scaleb(-3)
    assert number(tare.value) >= Decimal(preset).scaleb(-3)
    units = number(net.value) * (10 if unit == "100g" else 1)
    assert (each.unit, net.unit) == ("per kg" if unit == "kg" else f"per 100{NBSP}g", "kg")
    assert number(price.value) == (number(each.value) * units).quantize(CENT, ROUND_HALF_UP)

    sent = add(lane)
    assert Decimal(sent.grams).scaleb(-3) == number(net.value)
    if not lane.sale.priced or not lane.sale.priced.total:
        return
    (slip,) = page(lane).blocks
    assert isinstance(slip, Slip) and isinstance(slip.headline, Headline)
    how = f"{net.value}{NBSP}kg × {each.value}/{'kg' if unit == 'kg' else f'100{NBSP}g'}"
    assert (slip.headline.line.under, slip.headline.line.price) == (how, price.value)

    lane.put(gross)
    printed = receipt(paid(lane), ShopDetails(name="Tilleul", unit_price=unit))
    (sold,) = [block for block in printed.blocks if isinstance(block, LineItem)]
    assert (sold.name, sold.grams, sold.per_kg, sold.tare) == (item.name, sent.grams, per_kg, sent.tare)
    assert sold.amount == number(price.value) * 100
    text = " ".join(" ".join(lines(printed, words_for("en"), 48)).replace(NBSP, " ").split())
    assert how.replace(NBSP, " ").replace(" kg ×", " kg net ×") in text


@pytest.mark.parametrize("name", [name for name in BUILD if name.startswith("weigh-")])
def test_without_a_price_nothing_can_be_added_and_the_page_says_what_comes_next(name: str) -> None:
    lane = BUILD[name]()
    shown = page(lane)
    block, go = paper(shown), shown.go
    assert go is not None and block.do
    sold = block.values[3].value != "–"
    assert (go.sends is not None, go.off, block.state == "Stable") == (sold, not sold, sold)
    assert go.off is False or go.why == block.do
    assert shown.total is not None and ("for this" in shown.total.under) is sold
    assert block.values[2].value != "–", "the unit price stands there whatever the scale says"
    assert block.plate == lane.session.kept.policy.produce_plate


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_each_state_has_its_own_word_sign_and_next_step(language: str) -> None:
    names = (
        "stable",
        "zero",
        "too-light",
        "moving",
        "not-emptied",
        "below-zero",
        "overloaded",
        "stale",
        "absent",
    )
    shown = []
    for name in (*names, "unfit"):
        lane = BUILD[f"weigh-{name}"]()
        kept = replace(lane.session.kept, language=language)
        lane.session = replace(lane.session, kept=kept)
        shown.append(paper(page(lane)))
    assert len({block.state for block in shown}) == len({block.state_icon for block in shown}) == 10
    assert len({block.do for block in shown}) == 9, "absent and unfit: a colleague weighs it"


def test_no_number_of_a_weight_outlives_it() -> None:
    lane = BUILD["weigh-stable"]()
    assert [value.value for value in paper(page(lane)).values] == ["0.645", "0.010", "€3.49", "€2.25"]
    lane.play(ScaleRead("produce", LiveWeight(Reading.MOVING)))
    assert [value.value for value in paper(page(lane)).values] == ["–", "0.010", "€3.49", "–"]


def test_the_tare_key_takes_a_container_and_says_why_it_does_not() -> None:
    def key(lane: Lane) -> Key:
        return next(key for key in page(lane).tools if key.id == "tare")

    light = BUILD["weigh-container"]()
    assert (key(light).sends, key(light).note) == (TarePressed(), f"0.010{NBSP}kg")
    light.play(TarePressed())
    assert (key(light).off, key(light).note) == (True, f"0.240{NBSP}kg")
    assert key(light).why == "Your container is deducted. Now fill it."
    assert paper(page(light)).values[1].label == "Tare (container)"
    assert key(BUILD["weigh-stable"]()).why.startswith("That is heavy for a container.")
    assert key(BUILD["weigh-zero"]()).why == "Put your empty container on the scale first."
    assert key(BUILD["staff-weighs"]()).sends == TarePressed()


def test_one_weight_unit_for_all_prices_of_loose_goods() -> None:
    shop = Shop(replace(Shop().session.kept.policy, unit_price="100g")).full()
    said = []
    for panel in ("", "finder"):
        shop.open(panel)
        said += script(words_for("en"), page(shop))
    text = " ".join(said).replace(NBSP, " ")
    assert "€0.179 per 100 g" in text and "€0.179/100 g" in text
    assert "€1.79" not in text and "per kg" not in text


def test_large_text_keeps_the_four_values() -> None:
    lane = BUILD["weigh-stable"]()
    normal = paper(page(lane)).values
    assert paper(page(lane.play(LookChosen("large")))).values == normal
