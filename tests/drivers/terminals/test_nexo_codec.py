"""The codec by itself: amounts, ids, frames, the local form's encryption, and what no input may do to it."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.terminals.nexo.amounts import major, minor
from drivers.terminals.nexo.frames import Frame, Frames, How, framed
from drivers.terminals.nexo.identity import read, written
from drivers.terminals.nexo.meaning import Asked, alone, found, judged, verdict
from drivers.terminals.nexo.messages import Answer, NexoError, TransactionID, decode, encode
from drivers.terminals.nexo.redact import redacted
from kiosk.checkout.money import Outcome
from kiosk.units import Minor

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "vectors/payments/nexo_terminal_api.json").read_text()
)
MESSAGES = {
    each["name"]: json.dumps(each["json"]).encode() for each in VECTORS if "passphrase" not in each["json"]
}
PAID = MESSAGES["payment_response_success"]
NUMBER = "5413330089604111"  # a test number of the card schemes
RUN = re.compile(r"(?:\d[ -]?){12,18}\d")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=20), inner, max_size=3),
    max_leaves=10,
)


def answer(name: str, **changes: Any) -> Answer:
    """A vector's answer, with parts of its body changed: paths with dots."""
    told = json.loads(MESSAGES[name])
    for path, value in changes.items():
        *way, last = path.split("__")
        at = told["SaleToPOIResponse"]
        for step in way:
            at = at[step]
        at[last] = value
    message = decode(json.dumps(told).encode())
    assert isinstance(message, Answer)
    return message


def asked(**changes: Any) -> Asked:
    """The request that the vector of a successful payment answers."""
    sale = "21f1268f-9126-4bce-b127-9c2d5ffa024e"
    return Asked(
        "Payment", "1234567890AB", "SALE_ID_42", "V400m-123456789", sale, Minor(100), "EUR"
    )._replace(**changes)


# ---- amounts


@given(st.integers(0, 10**11), st.sampled_from(["EUR", "JPY", "KWD", "CHF"]))
def test_an_amount_comes_back_as_it_went(units, currency):
    assert minor(major(Minor(units), currency), currency) == units


@pytest.mark.parametrize(
    ("units", "currency", "text"),
    [(1099, "EUR", "10.99"), (5, "EUR", "0.05"), (100, "JPY", "100"), (1099, "KWD", "1.099")],
)
def test_major_units(units, currency, text):
    assert str(major(Minor(units), currency)) == text


@pytest.mark.parametrize("text", ["10.999", "-1", "NaN", "Infinity", "1e30", "0.001"])
def test_what_is_no_amount_of_the_currency(text):
    with pytest.raises(NexoError):
        minor(Decimal(text), "EUR")


@pytest.mark.parametrize("wrong", [10.999, -1, "NaN", "many", None, 1e30, [], True])
def test_a_strange_amount_is_never_an_approval(wrong):
    told = json.loads(PAID)
    told["SaleToPOIResponse"]["PaymentResponse"]["PaymentResult"]["AmountsResp"]["AuthorizedAmount"] = wrong
    try:
        message = decode(json.dumps(told).encode())
    except NexoError:
        return
    assert isinstance(message, Answer) and message.payment_response
    result = judged(message.message_header, message.payment_response, asked())
    assert result.outcome is Outcome.UNKNOWN or (wrong is None and result.amount is None)


def test_no_float_touches_an_amount():
    text = PAID.replace(b'"AuthorizedAmount": 1.0', b'"AuthorizedAmount": 1.0000000000000000000000000001')
    message = decode(text)
    assert isinstance(message, Answer) and message.payment_response
    assert alone(message.payment_response).outcome is Outcome.UNKNOWN


# ---- whose answer is it


def test_the_answer_to_our_payment():
    message = answer("payment_response_success")
    result = judged(message.message_header, message.payment_response, asked())
    assert (result.outcome, result.amount, result.terminal_id) == (Outcome.APPROVED, 100, "V400m-123456789")


@pytest.mark.parametrize(
    "other",
    [
        {"service_id": "A000000001"}, {"sale_id": "SALE_ID_43"}, {"poiid": "V400m-1"}, {"attempt": "another"},
        {"category": "Reversal"}, {"amount": Minor(99)}, {"currency": "CHF"},
    ],
)  # fmt: skip
def test_the_answer_to_another_settles_nothing(other):
    message = answer("payment_response_success")
    assert judged(message.message_header, message.payment_response, asked(**other)).outcome is Outcome.UNKNOWN


def test_the_inner_answer_of_a_look_up_must_be_ours_too():
    status = answer("transaction_status_response_success").transaction_status_response
    assert status
    ours = asked(amount=Minor(1099))
    assert found(status, ours).reason == "another_payment"  # its inner POIID has two letters more
    assert found(status, ours._replace(poiid="V400m-123456789AB")).outcome is Outcome.APPROVED
    assert found(status, ours._replace(service_id="A000000001")).reason == "another_payment"


def test_an_outer_success_without_an_inner_answer_is_none():
    changed = answer(
        "transaction_status_response_success", TransactionStatusResponse__RepeatedMessageResponse=None
    )
    assert changed.transaction_status_response
    assert found(changed.transaction_status_response, asked()).outcome is Outcome.UNKNOWN
    assert (result := verdict(changed)) and result.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        ({"Result": "Success"}, Outcome.APPROVED),
        ({"Result": "Success", "ErrorCondition": "Refusal"}, Outcome.UNKNOWN),
        ({"Result": "Partial"}, Outcome.APPROVED),
        ({"Result": "Failure"}, Outcome.UNKNOWN),
        ({"Result": "Failure", "ErrorCondition": "Refusal"}, Outcome.UNKNOWN),  # and yet an amount
        ({"Result": "Failure", "ErrorCondition": "InProgress"}, Outcome.UNKNOWN),
        ({"Result": "success"}, Outcome.UNKNOWN),
        ({"Result": ""}, Outcome.UNKNOWN),
    ],
)
def test_what_a_result_means_beside_an_amount(response, outcome):
    message = answer("payment_response_success", PaymentResponse__Response=response)
    assert message.payment_response and alone(message.payment_response).outcome is outcome


@pytest.mark.parametrize("condition", ["NotFound", "InProgress", "SomethingNew", ""])
def test_a_failure_that_is_not_known_to_be_an_end_is_asked_about(condition):
    response = {"Result": "Failure", "ErrorCondition": condition}
    message = answer("payment_response_busy", PaymentResponse__Response=response)
    assert message.payment_response and alone(message.payment_response).outcome is Outcome.UNKNOWN


# ---- nothing but the codec's own error


@given(st.binary(max_size=200))
def test_any_bytes(data):
    with pytest.raises(NexoError):
        decode(data)


@given(JSON)
def test_any_json(value):
    with pytest.raises(NexoError):
        decode(json.dumps(value).encode())


@given(st.sampled_from(sorted(MESSAGES)), st.data())
def test_any_part_exchanged_or_missing_gives_an_error_or_no_more_than_was_said(name, data):
    """Whatever stands in the place of a part: a message or the codec's error, and an approval only with Success."""
    told = json.loads(MESSAGES[name])
    at: Any = told
    while True:
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if isinstance(at[key], dict | list) and at[key] and data.draw(st.booleans()):
            at = at[key]
            continue
        if data.draw(st.booleans()):
            at[key] = data.draw(JSON)
        else:
            del at[key]
        break
    text = json.dumps(told).encode()
    redacted(text)
    try:
        message = decode(text)
    except NexoError:
        return
    encode(message)
    result = verdict(message) if isinstance(message, Answer) else None
    if result and result.outcome is Outcome.APPROVED:
        assert b'"Success"' in text or b'"Partial"' in text


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_cut_anywhere_it_is_no_message(name):
    data = MESSAGES[name]
    for end in range(len(data)):
        with pytest.raises(NexoError):
            decode(data[:end])


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_what_we_keep_of_a_message_can_be_written_again(name):
    message = decode(MESSAGES[name])
    again = decode(encode(message))
    assert again.message_header == message.message_header


def test_two_bodies_or_the_wrong_one_are_no_message():
    told = json.loads(PAID)
    told["SaleToPOIResponse"]["ReversalResponse"] = {"Response": {"Result": "Success"}}
    with pytest.raises(NexoError):
        decode(json.dumps(told).encode())
    told = json.loads(PAID)
    told["SaleToPOIResponse"]["MessageHeader"]["MessageCategory"] = "Reversal"
    with pytest.raises(NexoError):
        decode(json.dumps(told).encode())
    both = json.loads(PAID) | json.loads(MESSAGES["abort_request"])
    with pytest.raises(NexoError):
        decode(json.dumps(both).encode())


# ---- frames and references


@given(st.lists(st.binary(max_size=50), max_size=5), st.lists(st.integers(1, 20), min_size=1))
def test_frames_split_and_glued_anywhere(bodies, sizes):
    sent = [Frame(number, How.BODY, body) for number, body in enumerate(bodies)]
    stream, heard, frames = b"".join(map(framed, sent)), [], Frames()
    while stream:
        size = sizes[len(stream) % len(sizes)]
        heard += frames.feed(stream[:size])
        stream = stream[size:]
    assert heard == sent


@given(st.binary(max_size=100))
def test_any_bytes_as_frames(data):
    try:
        Frames().feed(data)
    except NexoError:
        return


@given(st.text(min_size=1), st.text(min_size=1).filter(lambda text: "|" not in text))
def test_a_reference_comes_back_as_it_was(id, time):
    transaction = TransactionID(transaction_id=id, time_stamp=time)
    assert read(written(transaction)) == transaction


@given(st.from_regex(r"v4W[0-9]{16,19}\.[A-Z0-9]{16}", fullmatch=True))
def test_no_reference_looks_like_a_card_number(id):
    reference = written(TransactionID(transaction_id=id, time_stamp="2026-11-27T17:37:43.000Z"))
    assert not RUN.search(reference)


@pytest.mark.parametrize("reference", ["", "no-time", "|2026"])
def test_no_reference(reference):
    with pytest.raises(NexoError):
        read(reference)
