"""Concert E+: whatever bytes come, a whole message or the codec's own error, and nothing of a card but four digits."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.simulated.terminal_concert import long_answer
from drivers.terminals.concert.explain import explain
from drivers.terminals.concert.layout import (
    ANSWERS,
    ASK,
    LONG,
    SHORT,
    Answer,
    Ask,
    ConcertError,
    decode,
    encode,
    last4,
    legible,
    lrc,
    redact,
    size,
    whole,
)
from drivers.terminals.concert.meaning import judged, verdict
from drivers.terminals.desk import short
from kiosk.checkout.money import Outcome
from kiosk.units import AttemptId

VECTORS = json.loads((Path(__file__).parents[3] / "vectors/payments/concert_serial.json").read_text())
NUMBER = "5413330089604111"
WANTED = Ask(pos="01", amount=2500, currency=978, private="ABCDEFGHIJ")
PAID = Answer(pos="01", status="0", amount=2500, mode="1", currency=978, private="ABCDEFGHIJ")

DIGIT, UPPER = st.characters(categories=["Nd"], max_codepoint=127), st.sampled_from("0123456789ABC")
ASKS = st.builds(
    Ask,
    pos=st.text(DIGIT, min_size=2, max_size=2),
    amount=st.integers(0, 10**8 - 1),
    currency=st.integers(0, 999),
    private=st.text("AB 12", min_size=10, max_size=10),
    type=UPPER,
    mode=UPPER,
    answer=st.sampled_from("01"),
    delay=st.sampled_from(["A010", "A011"]),
    auto=st.sampled_from(["B010", "B011"]),
)


def frame_of(vector):
    return bytes.fromhex(vector["hex"])


def said(partial=False, echoes=True, **changed):
    answer = Answer(**({field: getattr(PAID, field) for field in PAID.__struct_fields__} | changed))
    return judged(decode(encode(answer)), WANTED, partial=partial, echoes=echoes)


def test_the_lengths_are_those_of_the_description():
    assert (size(ASK), size(SHORT), size(LONG)) == (37, 28, 83)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_every_vector_is_read_and_written_again(vector):
    frame = frame_of(vector)
    message = decode(frame)
    if len(frame) != size(LONG):
        assert encode(message) == frame
    assert redact(frame + frame) == redact(frame) * 2


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_any_single_bit_wrong_or_byte_missing_is_refused(vector):
    frame = frame_of(vector)
    for at in range(len(frame)):
        with pytest.raises(ConcertError):
            decode(frame[:at] + frame[at + 1 :])
        for bit in range(8):
            with pytest.raises(ConcertError):
                decode(frame[:at] + bytes([frame[at] ^ 1 << bit]) + frame[at + 1 :])


@pytest.mark.parametrize(
    "vector", [v for v in VECTORS if v["direction"] == "PT->ECR"], ids=lambda v: v["name"]
)
def test_an_answer_is_as_long_as_its_bytes_say_one_by_one_and_glued(vector):
    frame = frame_of(vector)
    known = [whole(frame[:end]) for end in range(len(frame) + 1)]
    assert set(known) <= {None, len(frame)} and known[-1] == len(frame)
    assert whole(frame + frame) == len(frame)
    with pytest.raises(ConcertError):
        decode(frame + frame)


@given(st.binary(max_size=100))
def test_any_bytes_give_a_message_or_the_codecs_own_error(data):
    for read in (decode, lambda some: explain(some, {}), whole):
        try:
            read(data)
        except ConcertError:
            continue
    assert len(redact(data)) == len(data) and isinstance(legible(data), str)


@given(st.sampled_from([34, 25, 80]), st.data())
def test_any_frame_with_a_right_lrc_too(length, data):
    body = data.draw(st.binary(min_size=length, max_size=length)) + b"\x03"
    try:
        message = decode(b"\x02" + body + bytes([lrc(body)]))
    except ConcertError:
        return
    assert message


@given(ASKS)
def test_what_is_written_is_read_again(ask):
    assert decode(encode(ask)) == ask


@pytest.mark.parametrize("amount", [-1, 10**8])
def test_an_amount_that_does_not_fit_is_refused(amount):
    with pytest.raises(ConcertError):
        encode(Ask(pos="01", amount=amount, currency=978, private=""))


# ---- what it means


def test_a_good_answer_is_an_approval():
    assert said() is Outcome.APPROVED
    assert said(private="elsewhere ", echoes=False) is Outcome.APPROVED
    assert said(amount=2499, partial=True) is Outcome.APPROVED


@pytest.mark.parametrize(
    "changed",
    [
        {"pos": "02"}, {"status": "9"}, {"status": "1"}, {"amount": 2501}, {"amount": 2499}, {"mode": "C"},
        {"currency": 756}, {"private": "ABCDEFGHIK"}, {"private": " " * 10}, {"amount": 2501, "partial": True},
        {"amount": 0, "partial": True}, {"status": "7", "private": "ABCDEFGHIK"}, {"status": "7", "pos": "02"},
        {"status": "7", "amount": 1, "echoes": False},
    ],
)  # fmt: skip
def test_anything_else_is_unknown(changed):
    assert said(**changed) is Outcome.UNKNOWN


def test_refused_is_not_charged():
    assert said(status="7") is said(status="7", amount=0) is Outcome.NOT_CHARGED
    assert verdict(PAID) is Outcome.APPROVED


# ---- names and numbers


def test_an_attempt_has_one_name_and_another_one_another():
    names = {
        short(AttemptId(f"0a1b2c3d4e5f-{sale}-{number}"), 10) for sale in range(2000) for number in range(5)
    }
    assert len(names) == 10_000 and all(len(name) == 10 for name in names)
    assert short(AttemptId("a-1"), 10) == short(AttemptId("a-1"), 10)
    encode(Ask(pos="01", amount=1, currency=978, private=names.pop()))


def test_nothing_of_a_card_comes_out():
    frame = long_answer(encode(PAID), NUMBER)
    answer = decode(frame)
    assert len(frame) == ANSWERS[1] and answer.last4 == "4111"
    for told in (
        redact(frame).decode("latin-1"),
        legible(frame),
        repr(answer),
        json.dumps(explain(frame, {})),
    ):
        assert NUMBER not in told and NUMBER[:12] not in told
    for start in range(len(frame)):
        assert NUMBER[:12].encode() not in redact(frame[start:] + frame[:start])


@pytest.mark.parametrize(
    ("report", "four"),
    [(NUMBER, "4111"), (f"  {NUMBER} 2708", "4111"), ("", ""), (" " * 55, ""), ("4111", ""), ("1" * 20, "")],
)
def test_last_four_of_a_report(report, four):
    assert last4(report) == four


def test_it_is_explained():
    told = explain(frame_of(VECTORS[0]), {})
    assert (told["kind"], told["amount_minor"], told["lrc"], told["delay"]) == ("request", 2500, "00", "A010")
    assert told["means"]["type"] == "debit"
    assert explain(b"\x05", {}) == {"protocol": "concert-e-plus", "kind": "ENQ"}
    assert explain(frame_of(VECTORS[2]), {})["verdict"] == "APPROVED"
