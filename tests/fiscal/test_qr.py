"""The code on a German receipt: twelve fields, and a signature that anybody can check from the code alone."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drivers.simulated.tse import Chip
from kiosk.checkout.records import FiscalSignature
from kiosk.fiscal.kassenbeleg import PROCESS_TYPE
from kiosk.fiscal.qr import FIELDS, NotACode, code, iso, read, why_not_genuine
from kiosk.units import Millis

REAL = json.loads((Path(__file__).parent / "codes" / "qr.json").read_text())
DATA = "Beleg^0.00_2.55_0.00_0.00_0.00^2.55:Bar"


def signed(chip: Chip, data: str = DATA, reference: str = "s-1") -> FiscalSignature:
    chip.begin("0187-4", reference)
    done = chip.finish(reference, PROCESS_TYPE, data)
    return FiscalSignature(
        serial=chip.serial.hex(),
        client=done.client,
        transaction=done.number,
        counter=done.counter,
        started=Millis(done.started * 1000),
        finished=Millis(done.finished * 1000),
        process_type=done.process_type,
        process_data=done.process_data,
        algorithm="ecdsa-plain-SHA256",
        time_format="unixTime",
        signature=base64.b64encode(done.signature).decode(),
        public_key=base64.b64encode(chip.public_key).decode(),
    )


@pytest.mark.parametrize("real", REAL, ids=[each["name"] for each in REAL])
def test_codes_of_real_devices(real: dict[str, str]) -> None:
    said = read(real["text"])
    assert why_not_genuine(said) == real.get("why", "")
    assert code(said) == real["text"]


def test_twelve_fields_that_begin_with_their_version() -> None:
    said = signed(Chip())
    fields = code(said).split(";")
    assert len(fields) == FIELDS and fields[:4] == ["V0", "0187-4", "Kassenbeleg-V1", DATA]
    assert fields[6].endswith(".000Z") and fields[8:10] == ["ecdsa-plain-SHA256", "unixTime"]
    assert read(code(said)) == said


def test_our_own_device_is_believed_and_anything_changed_is_not() -> None:
    said = signed(Chip())
    assert why_not_genuine(said) == ""
    for wrong in (
        replace(said, process_data=DATA.replace("2.55", "2.54")),
        replace(said, client="0187-5"),
        replace(said, transaction=2),
        replace(said, counter=3),
        replace(said, finished=Millis(said.finished + 1000)),
        replace(said, process_type="Bestellung-V1"),
        replace(said, public_key=signed(Chip()).public_key),
        replace(said, signature=signed(Chip()).signature),
    ):
        assert why_not_genuine(wrong) == "wrong signature"


def test_the_start_is_on_the_receipt_but_not_under_the_signature_of_the_end() -> None:
    said = signed(Chip())
    assert why_not_genuine(replace(said, started=Millis(0))) == ""


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"algorithm": "md5"}, "unknown algorithm md5"),
        ({"time_format": "utcTime"}, "unknown time format utcTime"),
        ({"signature": "§"}, "signature: not base64"),
        ({"signature": ""}, "wrong signature"),
        ({"public_key": "AAAA"}, "wrong signature"),
    ],
)
def test_what_cannot_be_checked_says_why(changes: dict[str, str], why: str) -> None:
    assert why_not_genuine(replace(signed(Chip()), **changes)) == why


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(NotACode):
        read(text)


@given(st.integers(0, FIELDS - 1), st.text(alphabet="xé;§", min_size=1, max_size=4))
def test_a_code_with_a_field_of_nonsense_is_none_or_not_genuine(field: int, nonsense: str) -> None:
    fields = REAL[0]["text"].split(";")
    fields[field] = nonsense
    try:
        said = read(";".join(fields))
    except NotACode:
        return
    assert why_not_genuine(said) or field == 6


def test_times_are_utc_with_milliseconds() -> None:
    assert iso(Millis(1_562_784_064_000)) == "2019-07-10T18:41:04.000Z"
