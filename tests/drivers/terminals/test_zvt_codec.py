"""The codec of ZVT: the vectors' bytes cut and glued, encoded again, mutilated, and masked."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.terminals.cards import masked
from drivers.terminals.zvt.fields import BITMAPS, ZvtError
from drivers.terminals.zvt.frames import Apdus, serial_read, serial_written
from drivers.terminals.zvt.layout import framed
from drivers.terminals.zvt.messages import (
    MESSAGES,
    Abort,
    Authorisation,
    Completion,
    IntermediateStatus,
    Negative,
    Positive,
    PrintBlock,
    PrintLine,
    Registration,
    Reversal,
    StatusInformation,
    decode,
    encode,
)
from drivers.terminals.zvt.redact import redact
from kiosk.barcode.digits import is_luhn

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/payments/zvt_tcp.json").read_text())
FRAMES = [bytes.fromhex(vector["hex"]) for vector in VECTORS if vector["expect"]["valid"]]
PAN = "5413330089604111"  # a test number of the card schemes
SECRETS = bytes.fromhex(
    f"22f0f8{PAN} 0e3012 23f1f9{PAN}d30122010000000000000f 2df1f4{b'B5413330089604'.hex()}"
    f"3a9876 060b1f0808{PAN} 3cf0f1f9{b'NR 5413330089604111'.hex()}"
)


def hexes(text: str) -> bytes:
    return bytes.fromhex(text)


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame[:2].hex())
def test_a_stream_cut_anywhere_is_the_same_messages(frame):
    stream = frame + FRAMES[0] + frame
    for cut in range(len(stream)):
        apdus = Apdus()
        found = [*apdus.feed(stream[:cut]), *apdus.feed(stream[cut:])]
        assert found == [frame, FRAMES[0], frame]


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame[:2].hex())
def test_a_message_cut_short_or_with_more_behind_it_is_none(frame):
    for cut in range(len(frame)):
        with pytest.raises(ZvtError):
            decode(frame[:cut])
    with pytest.raises(ZvtError):
        decode(frame + b"\x00")


@pytest.mark.parametrize(
    "text",
    [
        "06000e123456be0978060626040a0206d3", "0620050000000303", "06300d00000087047004000000002040",
        "06b000", "800000", "849c00", "849d0704000000002200", "040f022700", "060f00", "060f01dc", "061e0105",
        "061e00", "04ff1e0a01061a241807164269747465204b617274652065696e737465636b656e", "06d10140",
    ],
)  # fmt: skip
def test_what_is_read_is_written_the_same(text):
    assert encode(decode(hexes(text))).hex() == text


@pytest.mark.parametrize(
    "message",
    [
        Registration(password="123456", config=0xBE, currency=978, permits=(b"\x06\xd3",)),
        Authorisation(amount=1230, currency=978, timeout=30, max_status_infos=10, mirrored_receipt_no=470),
        Reversal(password="000000", receipt_no="0470", amount=2040, currency=978),
        IntermediateStatus(status=0x0A, minutes=3, lines=("Bitte", "Karte")),
        StatusInformation(result_code=0, amount=1, trace="000001", long_trace="10015008", last4="4771"),
        Completion(sw_version="3.01", status=0x9C, device_name="Kiosk", long_terminal_id="29001006"),
        Completion(registration_status=0, terminal_id="29001006", currency=978),
        Abort(result_code=0x6F, currency=756, extended_error_text="Betrag falsch"),
        Negative(reason=0x9D, amount=100),
        PrintLine(attribute=0x40, text="Summe", receipt_type=2),
        PrintBlock(receipt_type=1, lines=("** HÄNDLERBELEG **",) * 30),
        Positive(msg_seq_id=7),
    ],
)  # fmt: skip
def test_what_is_written_is_read_the_same(message):
    assert decode(encode(message)) == message


@pytest.mark.parametrize(
    "text",
    [
        "040f03270004", "040f022a00", "040f0304000a", "040f070400000000aa00", "040f048bf0fa41",
        "040f0606050701410a", "040f0e04000000000100040000000002", "040f02ff00", "04ff00", "0600020000",
        "040f0306801f", "040f0306831f00", "000000", "ff0000", "150000",
    ],
)  # fmt: skip
def test_what_is_damaged_is_refused(text):
    frame = hexes(text)
    with pytest.raises(ZvtError):
        decode(frame if frame[2] == len(frame) - 3 else framed(frame[:2], frame[3:]))


def test_a_card_number_is_four_digits_or_nothing():
    def last4(pan):
        return decode(framed(b"\x04\x0f", b"\x22" + BITMAPS[0x22].wrap(hexes(pan)))).last4

    assert last4("eeeeeeeeeeee4771") == "4771"
    assert last4("5966666666d20021220100") == "6666"
    assert last4("541333008960411f") == "0411"
    assert last4("eeeeeeeeeeeeeeee") == last4("4771") == last4("") == ""


def test_a_character_set_is_told_by_its_letters():
    def text(raw, charset="auto"):
        return decode(framed(b"\x06\xd1", b"\x40" + raw), charset).text

    assert text(b"H\xc4NDLER") == text(b"H\x8eNDLER") == "HÄNDLER"
    assert text(b"Stra\xe1e") == "Straße"
    assert text(b"\xc4\xc4\xc4\xc4") == "────"
    assert text(b"H\xc4NDLER", "cp437") == "H─NDLER"


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_a_zvt_error(data):
    for frame in [data, *(framed(code, data) for code in MESSAGES)]:
        try:
            decode(frame)
        except ZvtError:
            continue


@given(st.sampled_from(FRAMES), st.data())
def test_a_mutilated_message_is_a_message_or_a_zvt_error(frame, data):
    damaged = bytearray(frame)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode(bytes(damaged))
    except ZvtError:
        return


@given(st.lists(st.sampled_from(FRAMES), max_size=5), st.data())
def test_messages_in_any_pieces(frames, data):
    stream, apdus, found = b"".join(frames), Apdus(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += apdus.feed(stream[:size])
        stream = stream[size:]
    assert found == frames


@given(st.binary(max_size=40))
def test_a_serial_frame_holds_any_apdu(data):
    apdu = framed(b"\x06\x01", data)
    assert serial_read(serial_written(apdu)) == apdu


@given(st.data())
def test_a_damaged_serial_frame_is_refused(data):
    frame = bytearray(serial_written(FRAMES[0]))
    at = data.draw(st.integers(0, len(frame) - 1))
    frame[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ZvtError):
        serial_read(bytes(frame))
    with pytest.raises(ZvtError):
        serial_read(serial_written(FRAMES[0])[:at])


# ---- what may be written down


def test_cards_are_masked_and_lengths_kept():
    frame = framed(b"\x04\x0f", hexes("2700040000000020400b000470") + SECRETS + hexes("870470"))
    safe = redact(frame)
    assert len(safe) == len(frame)
    assert hexes(PAN) not in safe and PAN.encode() not in safe and hexes("3012") not in safe
    assert hexes("9876") not in safe
    kept = decode(safe)
    assert (kept.amount, kept.receipt_no, kept.last4) == (2040, "0470", "4111")
    assert kept.additional_text == "NR ************4111"


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame[:2].hex())
def test_what_is_masked_is_as_long_and_read_the_same_but_for_secrets(frame):
    safe = redact(frame)
    assert len(safe) == len(frame)
    before, after = decode(frame), decode(safe)
    for name in set(type(before).__struct_fields__) - {"password", "mirrored_receipt_no", "long_trace"}:
        assert getattr(before, name) == getattr(after, name)
    assert getattr(after, "password", None) in (None, "000000")


@given(st.binary(max_size=200), st.binary(max_size=20))
def test_masking_keeps_the_length_of_anything(data, tail):
    run = framed(b"\x04\x0f", data) + framed(b"\x06\xd3", data) + tail
    assert len(redact(run)) == len(run)


@given(st.integers(0, 60))
def test_a_run_cut_anywhere_shows_no_card(cut):
    run = (framed(b"\x04\x0f", SECRETS) * 2)[cut:]
    assert hexes(PAN) not in redact(run)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("PAN 5413330089604111", "PAN ************4111"),
        ("5413 3300 8960 4111 12", "**** **** **** 4111 12"),
        ("5413-3300-8960-4111", "****-****-****-4111"),
        ("Nr. 5413330089604112", "Nr. 5413330089604112"),
        ("AID: A0000000041010", "AID: A0000000041010"),
        ("05.03.2021  13:26:52 0019", "05.03.2021  13:26:52 0019"),
    ],
)
def test_card_numbers_in_texts(text, safe):
    assert masked(text) == safe


def test_the_check_of_card_numbers():
    assert is_luhn(PAN) and is_luhn("4111111111111111") and not is_luhn("4111111111111112")
