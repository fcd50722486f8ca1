"""What the terminal's words mean for the money, as tables."""

import pytest

from drivers.terminals.zvt.meaning import comes_after, is_payment, prompt, result, settled, why
from drivers.terminals.zvt.messages import IntermediateStatus, PrintBlock, PrintLine, StatusInformation
from drivers.terminals.zvt.slip import Slip
from kiosk.checkout.money import Mark, Outcome

MARK = Mark("29001006", "0470", "000733")
PAID = {
    "result_code": 0, "amount": 2040, "currency": 978, "terminal_id": "29001006", "receipt_no": "0471",
    "trace": "000734",
}  # fmt: skip


@pytest.mark.parametrize(
    ("shown", "outcome"),
    [
        ({}, Outcome.APPROVED),
        ({"receipt_no": "0473", "trace": "000736"}, Outcome.APPROVED),
        ({"terminal_id": None}, Outcome.APPROVED),
        ({"currency": None}, Outcome.APPROVED),
        ({"receipt_no": "0470", "trace": "000733", "amount": 100}, Outcome.NOT_CHARGED),
        ({"receipt_no": "0470", "trace": "000733"}, Outcome.NOT_CHARGED),
        ({"receipt_no": "0470", "trace": "000734", "result_code": 0x6C}, Outcome.NOT_CHARGED),
        ({"result_code": 0x05}, Outcome.NOT_CHARGED),
        ({"result_code": 0x6C, "amount": None}, Outcome.NOT_CHARGED),
        ({"receipt_no": "0472", "trace": "000735", "orig_trace": "000734"}, Outcome.NOT_CHARGED),
        ({"receipt_no": "0470", "trace": "000734"}, Outcome.UNKNOWN),
        ({"receipt_no": "0469", "trace": "000732"}, Outcome.UNKNOWN),
        ({"receipt_no": None}, Outcome.UNKNOWN),
        ({"receipt_no": ""}, Outcome.UNKNOWN),
        ({"amount": 2041}, Outcome.UNKNOWN),
        ({"amount": None}, Outcome.UNKNOWN),
        ({"currency": 756}, Outcome.UNKNOWN),
        ({"terminal_id": "29009999"}, Outcome.UNKNOWN),
        ({"terminal_id": "29009999", "receipt_no": "0470", "trace": "000733"}, Outcome.UNKNOWN),
        ({"result_code": None}, Outcome.UNKNOWN),
        ({"result_code": 0x05, "amount": 100}, Outcome.UNKNOWN),
        ({"orig_trace": "000733"}, Outcome.UNKNOWN),
        ({"orig_trace": "000700"}, Outcome.UNKNOWN),
    ],
)
def test_a_repeated_receipt_settles_a_payment_or_it_does_not(shown, outcome):
    status = StatusInformation(**(PAID | shown))
    assert settled(status, 2040, 978, "29001006", MARK) is outcome


def test_nothing_is_settled_without_a_mark():
    status = StatusInformation(**PAID)
    assert settled(status, 2040, 978, "29001006", Mark("29001006")) is Outcome.UNKNOWN
    assert settled(status, 2040, 978, "29001006", Mark()) is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("number", "before", "later"),
    [
        ("0471", "0470", True), ("0470", "0470", False), ("0469", "0470", False), ("0001", "9999", True),
        ("9999", "0001", False), ("0003", "9990", True), ("", "0470", False), ("0471", "", False),
        ("00471", "0470", False), ("000001", "999999", True),
    ],
)  # fmt: skip
def test_numbers_go_round(number, before, later):
    assert comes_after(number, before) is later


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (IntermediateStatus(status=0x0A), "present_card"),
        (IntermediateStatus(status=0x0E), "please_wait"),
        (IntermediateStatus(status=0x4B), "remove_card"),
        (IntermediateStatus(status=0x41), "remove_card"),
        (IntermediateStatus(status=0xCC), "enter_pin"),
        (IntermediateStatus(status=0xFF, lines=("EUR 1.23", "Bitte warten")), "EUR 1.23 Bitte warten"),
        (IntermediateStatus(status=0x99), ""),
    ],
)
def test_prompts(message, words):
    assert prompt(message) == words


def test_a_long_trace_number_stands_elsewhere():
    status = StatusInformation(trace="000000", long_trace="10015008")
    assert result(status, Outcome.UNKNOWN).trace == "10015008"


def test_of_several_receipts_the_customers_is_kept():
    slip = Slip()
    slip.add(PrintBlock(receipt_type=2, lines=("customer",)))
    slip.add(PrintBlock(receipt_type=1, lines=("merchant",)))
    assert slip.lines == ("customer",)


def test_lines_are_a_receipt_up_to_the_last_one():
    slip = Slip()
    for attribute, text in [(0x40, "merchant"), (0x80, "still"), (0x81, ""), (0x00, "customer"), (0x81, "")]:
        slip.add(PrintLine(attribute=attribute, text=text))
    assert slip.lines == ("customer", "")


@pytest.mark.parametrize(
    ("told", "is_ours"),
    [
        ({}, True), ({"currency": None}, True), ({"terminal_id": None}, True), ({"receipt_no": None}, True),
        ({"amount": 2041}, False), ({"amount": None}, False), ({"currency": 756}, False),
        ({"terminal_id": "29009999"}, False), ({"receipt_no": "0470"}, False), ({"receipt_no": "0469"}, False),
        ({"orig_trace": "000733"}, False),
    ],
)  # fmt: skip
def test_an_approval_is_that_of_the_payment_asked_for_or_none(told, is_ours):
    assert is_payment(StatusInformation(**(PAID | told)), 2040, 978, MARK) is is_ours


@pytest.mark.parametrize(
    ("code", "waited", "words"),
    [
        (0x05, False, "declined"), (0x37, False, "pin_wrong"), (0x63, False, "declined"),
        (0x64, False, "card_unreadable"), (0x6C, True, "no_card"), (0x6C, False, "cancelled"),
        (0x9C, False, "busy"), (0xFF, False, ""), (None, False, ""),
    ],
)  # fmt: skip
def test_why_no_money_was_taken(code, waited, words):
    assert why(code, waited) == words
