"""What nobody but the terminal may read, and what of a card anybody may: the local form's seal, masks, explanations."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.simulated.terminal_nexo import NexoTerminal
from drivers.simulated.world import Card
from drivers.terminals.nexo import explain as technician
from drivers.terminals.nexo.frames import HEAD, Frame, How, framed
from drivers.terminals.nexo.local import Seal, derived
from drivers.terminals.nexo.meaning import alone
from drivers.terminals.nexo.messages import Answer, NexoError, Request, decode
from drivers.terminals.nexo.redact import redact, redacted
from drivers.terminals.nexo.texts import safe
from kiosk.barcode.digits import is_luhn

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "vectors/payments/nexo_terminal_api.json").read_text()
)
MESSAGES = {
    each["name"]: json.dumps(each["json"]).encode() for each in VECTORS if "passphrase" not in each["json"]
}
PAID = MESSAGES["payment_response_success"]
NUMBER = "5413330089604111"  # a test number of the card schemes
RUN = re.compile(r"(?:\d[ -]?){12,18}\d")


# ---- the local form


def test_sealed_and_opened_again():
    seal = Seal("testPassphrase123", "lane", 1)
    sealed = seal.closed(PAID)
    told = json.loads(sealed)["SaleToPOIResponse"]
    assert sorted(told) == ["MessageHeader", "NexoBlob", "SecurityTrailer"]
    assert seal.opened(sealed) == PAID
    assert seal.closed(PAID) != sealed  # another nonce
    assert len(base64.b64decode(told["SecurityTrailer"]["Nonce"])) == 16


@pytest.mark.parametrize(
    "part", ["NexoBlob", "Nonce", "Hmac", "KeyIdentifier", "KeyVersion", "AdyenCryptoVersion", "POIID"]
)
def test_a_tampered_message_is_not_opened(part):
    seal = Seal("testPassphrase123", "lane", 1)
    told = json.loads(seal.closed(PAID))
    content = told["SaleToPOIResponse"]
    place = next(p for p in (content, content["SecurityTrailer"], content["MessageHeader"]) if part in p)
    if part in ("NexoBlob", "Nonce", "Hmac"):
        raw = bytearray(base64.b64decode(place[part]))
        for at in range(len(raw)):
            changed = bytes(raw[:at]) + bytes([raw[at] ^ 1]) + bytes(raw[at + 1 :])
            place[part] = base64.b64encode(changed).decode()
            with pytest.raises(NexoError):
                seal.opened(json.dumps(told).encode())
    place[part] = place[part] + 1 if isinstance(place[part], int) else "x"
    with pytest.raises(NexoError):
        seal.opened(json.dumps(told).encode())


@given(st.binary(max_size=100))
def test_any_bytes_to_be_opened(data):
    with pytest.raises(NexoError):
        Seal("a", "lane", 1).opened(data)


def test_another_passphrase_does_not_open_it():
    with pytest.raises(NexoError):
        Seal("another", "lane", 1).opened(Seal("testPassphrase123", "lane", 1).closed(PAID))


def test_the_keys_of_a_passphrase():
    (vector,) = [each["json"] for each in VECTORS if each["name"] == "local_key_derivation"]
    keys = derived(vector["passphrase"])
    assert (keys.hmac.hex(), keys.cipher.hex(), keys.iv.hex()) == (
        vector["hmac_key"],
        vector["cipher_key"],
        vector["iv"],
    )


# ---- card data


def suspicious(text: str) -> list[str]:
    return [run for run in RUN.findall(text) if is_luhn(re.sub(r"\D", "", run))]


@pytest.fixture
def too_much() -> bytes:
    """A successful payment's answer that tells the number and the expiry in every place that it has."""
    with NexoTerminal() as terminal:
        terminal.tells_in_clear = NUMBER
        entry = terminal.book.open(2040, 978, Card(last4="4111"))
    header = json.loads(PAID)["SaleToPOIResponse"]["MessageHeader"]
    body = terminal._paid(None, entry, "EUR")
    body["Response"]["AdditionalResponse"] = (
        f"cardBin=541333&expiryDate=12%2f2030&cardHolderName=A+B&pan={NUMBER}"
    )
    return json.dumps(terminal._message(header, body), default=str).encode()


def test_nothing_of_a_card_leaves_the_codec_but_the_last_four(too_much):
    assert too_much.count(NUMBER.encode()) >= 4
    message = decode(too_much)
    assert NUMBER not in repr(message) and "3012" not in repr(message) and "A B" not in repr(message)
    assert isinstance(message, Answer) and message.payment_response
    result = alone(message.payment_response)
    assert result.last4 == "4111" and "PAN ************4111" in result.slip
    explained = json.dumps(technician.explain(too_much, {}))
    assert not suspicious(explained) and NUMBER not in explained and "3012" not in explained


def test_what_is_written_down_has_the_same_length_and_nothing_of_a_card(too_much):
    run = framed(Frame(7, How.BODY, too_much)) + framed(Frame(8, How.BODY, PAID))
    for cut in (len(run), len(run) - 1, HEAD.size + len(too_much), HEAD.size + 20, 5):
        told = redact(run[:cut])
        assert len(told) == cut and NUMBER.encode() not in told and b"3012" not in told
        assert not suspicious(told.decode("latin-1"))
    assert (
        json.loads(redacted(too_much))["SaleToPOIResponse"]["PaymentResponse"]["Response"]["Result"]
        == "Success"
    )


@given(st.binary(max_size=300))
def test_any_bytes_are_written_down_in_their_length(data):
    assert len(redact(data)) == len(data) and len(redacted(data)) == len(data)


@given(st.text(max_size=60))
def test_any_text_as_json_is_written_down_in_its_length(text):
    for body in (text.encode("utf-8", "replace"), json.dumps({text: text, "Result": text}).encode()):
        assert len(redacted(body)) == len(body)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("541333 **** 4111", "****** **** 4111"),
        ("541333XXXXXX4111", "******XXXXXX4111"),
        (NUMBER, "************4111"),
        ("2026-11-27 18:05", "2026-11-27 18:05"),
        ("TOTAL 20.40", "TOTAL 20.40"),
    ],
)
def test_texts(text, masked):
    assert safe(text) == masked


# ---- a technician's eye


def test_a_sealed_message_is_explained_with_the_passphrase():
    sealed = Seal("testPassphrase123", "lane", 7).closed(PAID)
    told = technician.explain(sealed, {"passphrase": "testPassphrase123"})
    assert told["meaning"] == {
        "category": "Payment",
        "result": "Success",
        "authorised_minor": 100,
        "currency": "EUR",
        "verdict": "APPROVED",
    }
    with pytest.raises(NexoError):
        technician.explain(sealed, {"passphrase": "wrong"})
    with pytest.raises(NexoError):
        technician.explain(sealed, {})


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_every_message_is_explained(name):
    told = technician.explain(MESSAGES[name], {})
    assert json.dumps(told) and told["meaning"]["category"]
    assert isinstance(decode(MESSAGES[name]), Request | Answer)
