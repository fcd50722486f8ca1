"""What the terminal's words mean for the money, as tables."""

import pytest

from drivers.terminals.zvt.meaning import Sought, comes_after, is_new, prompt, refuses, result, settled, why
from drivers.terminals.zvt.messages import IntermediateStatus, PrintBlock, PrintLine, StatusInformation
from drivers.terminals.zvt.slip import Slip
from kiosk.checkout.money import Mark, Outcome, PaymentResult

MARK = Mark("29001006", "0470", "000733")
PAID = {
    "result_code": 0, "amount": 2040, "currency": 978, "terminal_id": "29001006", "receipt_no": "0471",
    "trace": "000734",
}  # fmt: skip


SOUGHT = Sought(2040, 978, MARK)
BEFORE = {"receipt_no": "0470", "trace": "000733"}
APPROVED, NOT_CHARGED, UNKNOWN = Outcome.APPROVED, Outcome.NOT_CHARGED, Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("shown", "outcome"),
    [
        ({}, APPROVED),
        ({"receipt_no": "0473", "trace": "000736"}, APPROVED),
        ({"terminal_id": None}, APPROVED),
        ({"currency": None}, APPROVED),
        ({"amount": None}, APPROVED),
        ({"receipt_no": "0470", "trace": "000734", "result_code": 0x6C}, NOT_CHARGED),
        ({"result_code": 0x05}, NOT_CHARGED),
        ({"result_code": 0x6C, "amount": None}, NOT_CHARGED),
        ({"receipt_no": "0472", "trace": "000735", "orig_trace": "000734"}, NOT_CHARGED),
        ({"receipt_no": "0470", "trace": "000734"}, UNKNOWN),
        ({"receipt_no": "0469", "trace": "000732"}, UNKNOWN),
        ({"receipt_no": None}, UNKNOWN),
        ({"receipt_no": ""}, UNKNOWN),
        ({"amount": 2041}, UNKNOWN),
        ({"amount": 1500}, UNKNOWN),
        ({"currency": 756}, UNKNOWN),
        ({"terminal_id": "29009999"}, UNKNOWN),
        (BEFORE | {"terminal_id": "29009999"}, UNKNOWN),
        ({"result_code": None}, UNKNOWN),
        ({"result_code": 0x05, "amount": 100}, UNKNOWN),
        ({"orig_trace": "000733"}, UNKNOWN),
        ({"orig_trace": "000700"}, UNKNOWN),
    ],
)
def test_a_repeated_receipt_settles_a_payment_or_it_does_not(shown, outcome):
    status = StatusInformation(**(PAID | shown))
    assert settled(status, SOUGHT, "29001006") == (outcome, "")


@pytest.mark.parametrize("shown", [{}, {"amount": 100}, {"result_code": 0x05}])
def test_the_receipt_of_before_means_that_this_one_is_not_in_the_book_yet(shown):
    status = StatusInformation(**(PAID | BEFORE | shown))
    assert settled(status, SOUGHT, "29001006") == (UNKNOWN, "not_found")


@pytest.mark.parametrize(
    ("amount", "outcome"), [(1500, APPROVED), (1, APPROVED), (0, UNKNOWN), (2041, UNKNOWN)]
)
def test_less_is_an_approval_where_less_may_be_authorised(amount, outcome):
    status = StatusInformation(**(PAID | {"amount": amount}))
    assert settled(status, SOUGHT._replace(partial=True), "29001006") == (outcome, "")


TAKEN = PaymentResult(APPROVED, receipt_no="0470", trace="000733")


@pytest.mark.parametrize(
    ("shown", "outcome", "reason"),
    [
        ({"orig_trace": "000733"}, APPROVED, ""),
        ({"orig_trace": "000733", "receipt_no": "0470"}, APPROVED, ""),
        ({"orig_trace": "000733", "amount": None}, APPROVED, ""),
        ({}, APPROVED, ""),
        (BEFORE, UNKNOWN, "not_found"),
        ({"result_code": 0x05}, NOT_CHARGED, ""),
        ({"receipt_no": "0472", "trace": "000735", "orig_trace": "000734"}, NOT_CHARGED, ""),
        ({"orig_trace": "000700"}, UNKNOWN, ""),
        ({"receipt_no": "0470"}, UNKNOWN, ""),
        ({"orig_trace": "000733", "amount": 2041}, UNKNOWN, ""),
    ],
)
def test_a_repeated_receipt_settles_a_reversal_or_it_does_not(shown, outcome, reason):
    status = StatusInformation(**(PAID | shown))
    assert settled(status, SOUGHT._replace(reverses=TAKEN), "29001006") == (outcome, reason)


@pytest.mark.parametrize(
    ("code", "refused"),
    [(0x05, True), (0x63, True), (0xB5, True), (0x6C, True), (0x7D, False), (0x9B, False), (0xA3, False), (0xFF, False),
     (0x00, False), (None, False)],
)  # fmt: skip
def test_what_refuses_a_reversal_for_good(code, refused):
    assert refuses(code) is refused


def test_nothing_is_settled_without_a_mark():
    status = StatusInformation(**PAID)
    for mark in (Mark("29001006"), Mark()):
        assert settled(status, SOUGHT._replace(mark=mark), "29001006") == (UNKNOWN, "")


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
        ({"amount": None}, True), ({"amount": 2041}, False), ({"amount": 1500}, False), ({"currency": 756}, False),
        ({"terminal_id": "29009999"}, False), ({"receipt_no": "0470"}, False), ({"receipt_no": "0469"}, False),
        ({"orig_trace": "000733"}, False),
    ],
)  # fmt: skip
def test_an_approval_is_that_of_the_payment_asked_for_or_none(told, is_ours):
    assert is_new(StatusInformation(**(PAID | told)), SOUGHT) is is_ours


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
