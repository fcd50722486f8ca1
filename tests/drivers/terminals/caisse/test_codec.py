"""Caisse-AP: whatever bytes come, a whole message or the codec's own error, and nothing of a card but four digits."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.terminals.caisse.explain import explain
from drivers.terminals.caisse.meaning import found, is_well, judged, result, verdict
from drivers.terminals.caisse.messages import Message, Stream, decode, is_answer
from drivers.terminals.caisse.redact import legible, redact
from drivers.terminals.caisse.tags import TAGS, CaisseError, Kind, written
from kiosk.checkout.money import Outcome

VECTORS = json.loads((Path(__file__).parents[3] / "vectors/payments/caisse_ap_ip.json").read_text())
ANSWERS = [v for v in VECTORS if v["direction"] == "PT->ECR"]
REQUEST = {
    "CZ": "0300",
    "CJ": "012345678901",
    "CA": "01",
    "CE": "978",
    "BA": "0",
    "CD": "0",
    "CB": "2500",
    "CF": "a-1",
}
PAID = REQUEST | {"AE": "10", "AC": "234867"}
NUMBER = "5413330089604111"


def message(tags):
    return decode(written(tags))


def said(**changed):
    """What the driver makes of an answer that differs from a good one in this."""
    answer = message({tag: value for tag, value in (PAID | changed).items() if value})
    return judged(answer, message(REQUEST), partial=False, echoes=True)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_every_vector_comes_out_the_same_whole_in_pieces_and_glued(vector):
    data = vector["text"].encode()
    whole = decode(data)
    piecemeal = Stream()
    for byte in data:
        piecemeal.feed(bytes([byte]))
    assert piecemeal.messages == [whole] and not piecemeal.rest
    glued = Stream()
    glued.feed(data + data)
    assert glued.messages == [whole] and not glued.contradicts


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_cut_short_anywhere_it_is_an_error_or_no_result(vector):
    data = vector["text"].encode()
    for end in range(len(data)):
        stream = Stream()
        stream.feed(data[:end])
        if stream.final and is_answer(stream.final):
            assert verdict(stream.final).name in (vector["expect"]["verdict"], "UNKNOWN")
        try:
            decode(data[:end])
        except CaisseError:
            continue


@pytest.mark.parametrize("vector", ANSWERS, ids=lambda vector: vector["name"])
def test_with_any_byte_wrong_it_is_never_a_crash(vector):
    data = vector["text"].encode()
    for at in range(len(data)):
        for wrong in (data[at] ^ 0x40, data[at] ^ 0x01, 0x00, 0xFF):
            stream = Stream()
            try:
                stream.feed(data[:at] + bytes([wrong]) + data[at + 1 :])
            except CaisseError:
                continue


@given(st.binary(max_size=300))
def test_any_bytes_give_a_message_or_the_codecs_own_error(data):
    try:
        answer = decode(data)
    except CaisseError:
        return
    verdict(answer)
    explain(data, {})


@given(st.lists(st.tuples(st.sampled_from([*TAGS, "QQ"]), st.binary(min_size=1, max_size=30)), max_size=12))
def test_any_tags_give_a_message_or_the_codecs_own_error(found_tags):
    data = b"CZ0040300" + b"".join(
        tag.encode() + f"{len(value):03}".encode() + value for tag, value in found_tags
    )
    try:
        answer = decode(data)
    except CaisseError:
        return
    request = message(REQUEST)
    outcome = judged(answer, request, partial=True, echoes=True)
    if outcome is Outcome.APPROVED:
        assert answer.get("AE") == "10" and answer.get("CF") == "a-1"
    result(answer, outcome)
    is_well(answer)
    found(answer, request, True)


VALUES = {Kind.DIGITS: "0123456789", Kind.CODE: "0123456789ABC", Kind.TEXT: "abc 12-", Kind.BASE64: "QUJD"}


@given(
    st.fixed_dictionaries(
        {},
        optional={
            tag: st.text(VALUES[row.kind], min_size=row.shortest, max_size=min(row.longest or 40, 40))
            for tag, row in TAGS.items()
            if tag not in ("CZ", "ZT", "AK")
        },
    )
)
def test_what_is_written_is_read_again_but_for_the_secrets(tags):
    plain = {tag: value for tag, value in tags.items() if TAGS[tag].secret.value == "all of it"}
    assert message({"CZ": "0300"} | tags).tags == {"CZ": "0300"} | plain


@given(st.binary(max_size=200))
def test_what_is_masked_is_as_long(data):
    assert len(redact(data)) == len(data)


# ---- what it means


def test_a_good_answer_is_an_approval():
    assert said() is Outcome.APPROVED
    assert said(CA="1") is Outcome.APPROVED
    assert said(CB="0002500") is Outcome.APPROVED
    assert said(AF="01") is Outcome.APPROVED


@pytest.mark.parametrize(
    "changed",
    [
        {"CA": "02"}, {"CE": "756"}, {"CD": "1"}, {"CB": "2501"}, {"CB": "250"}, {"CF": "a-2"}, {"CF": ""},
        {"AE": "11"}, {"AE": "00"}, {"AE": "99"}, {"AF": "00"}, {"AF": "04"}, {"AF": "07"}, {"AF": "0400"},
        {"CB": ""}, {"CE": ""}, {"CA": ""}, {"CD": ""}, {"AE": ""}, {"CD": "I"}, {"CD": "3"}, {"CD": "T"},
    ],
)  # fmt: skip
def test_anything_else_is_none(changed):
    assert said(**changed) is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "why", ["", "00", "02", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "0451HOLDER"]
)
def test_not_performed_is_not_charged(why):
    assert said(AE="01", AF=why) is Outcome.NOT_CHARGED
    assert said(AE="01", AF=why, CB="", CE="", CF="") is Outcome.NOT_CHARGED


@pytest.mark.parametrize(
    "changed", [{"AF": "01"}, {"AF": "03"}, {"CF": "a-2"}, {"CF": "", "CB": "999"}, {"CD": "2"}, {"CA": "07"}]
)
def test_not_performed_of_another_or_against_itself_is_unknown(changed):
    assert said(AE="01", **changed) is Outcome.UNKNOWN


def test_a_part_is_an_approval_only_where_less_may_be_taken():
    for taken, outcome in ((2499, Outcome.APPROVED), (2501, Outcome.UNKNOWN), (0, Outcome.UNKNOWN)):
        answer = message(PAID | {"CB": f"{taken:02}"})
        assert judged(answer, message(REQUEST), partial=True, echoes=True) is outcome
    assert said(CB="2499") is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, Outcome.APPROVED), ({"AF": ""}, Outcome.UNKNOWN), ({"CF": "a-2"}, Outcome.UNKNOWN),
        ({"CB": "999"}, Outcome.UNKNOWN), ({"AF": "04"}, Outcome.NOT_CHARGED), ({"AE": "01"}, Outcome.UNKNOWN),
        ({"AE": "01", "AF": "07"}, Outcome.NOT_CHARGED), ({"AE": "01", "AF": "00"}, Outcome.UNKNOWN),
    ],
)  # fmt: skip
def test_an_earlier_payment_is_known_only_by_its_name_and_an_explicit_word(changed, outcome):
    told = {tag: value for tag, value in (PAID | {"CD": "T", "AF": "01"} | changed).items() if value}
    assert found(message(told), message(REQUEST), False) is outcome


@pytest.mark.parametrize(
    ("changed", "well"),
    [
        ({}, True), ({"AE": "01", "AF": "09"}, True), ({"AE": "01", "AF": "12"}, True),
        ({"AE": "01", "AF": "00"}, False), ({"AE": "01"}, False), ({"AE": "11"}, False), ({"CD": "0"}, False),
    ],
)  # fmt: skip
def test_an_identification_is_answered_by_a_terminal_with_nothing_else_to_do(changed, well):
    """A terminal that does not know the action, or finds the amount missing in it, is not a busy one."""
    answer = {tag: PAID[tag] for tag in ("CZ", "CJ", "CA")} | {"CD": "I", "AE": "10"} | changed
    assert is_well(message(answer)) is well


def test_two_results_on_one_call_are_none():
    stream = Stream()
    stream.feed(written(PAID) + written(PAID | {"AE": "01", "AF": "04"}))
    assert stream.contradicts
    stream = Stream()
    stream.feed(written(PAID | {"AE": "11"}) + written(PAID))
    assert not stream.contradicts and stream.final == message(PAID)


@pytest.mark.parametrize("tail", [b"\r\n", b"\n"])
def test_a_line_end_is_no_part_of_it(tail):
    assert decode(written(PAID) + tail) == message(PAID)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"CZ", b"CZ004", b"CZ0040300CB0", b"CA00201", b"CZ0040300CB004250", b"CZ0040300CB0042500x",
        b"CZ0040300cb0042500", b"CZ0040300CB00425,0", b"CZ0040300CB0042500CB0042501", b"CZ00403x0",
        b"CZ0040300CB000", b"CZ0040300CE00297", b"CZ0040300CB0131234567890123", b"CZ0040300AE003100",
        b"CZ0040300CA0011CZ0040320", b"\x02CZ0040300", "CZ0040300CB004２500".encode(),
    ],
)  # fmt: skip
def test_what_is_no_whole_message_is_refused(data):
    with pytest.raises(CaisseError):
        decode(data)


def test_a_stream_without_an_end_is_given_up():
    stream = Stream()
    with pytest.raises(CaisseError):
        for _ in range(1000):
            stream.feed(b"QQ030" + b"x" * 30 if stream.messages else b"CZ0040300")


# ---- card data


def test_nothing_of_a_card_comes_out():
    ticket = base64.b64encode(f"CARTE\n{NUMBER}\n541333######4111\nFIN".encode())
    container = b"CK003100AK%03d%s" % (len(ticket), ticket)
    data = written(PAID | {"AA": NUMBER, "AB": "2708", "AD": "D0416926D031", "AN": "a@b.fr"})
    data += b"ZT%03d%s" % (len(container), container) + b"QQ016" + NUMBER.encode()
    answer = decode(data)
    kept = json.dumps([answer.tags, answer.slip, repr(result(answer, Outcome.APPROVED)), explain(data, {})])
    for secret in (NUMBER, NUMBER[:6], NUMBER[6:12], "2708", "D0416926", "a@b.fr"):
        for told in (kept, legible(data), redact(data).decode("latin-1")):
            assert secret not in told
    assert answer.last4 == "4111" and answer.slip[0] == "CARTE"
    assert "AA=************4111" in legible(data)


@pytest.mark.parametrize(
    ("number", "last4"), [("679876######4076", "4076"), ("4076", ""), ("679876######40X6", "")]
)
def test_last_four(number, last4):
    assert message(PAID | {"AA": number}).last4 == last4


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_tape_cut_anywhere_tells_no_card_number(start, end):
    data = written(PAID | {"AA": NUMBER, "AB": "2708"})
    assert NUMBER[:12].encode() not in redact(data[start : start + end])


def test_it_is_explained():
    told = explain(ANSWERS[0]["text"].encode(), {})
    assert (told["kind"], told["verdict"], told["amount_minor"], told["card_last4"]) == (
        "answer",
        "APPROVED",
        2500,
        "4076",
    )
    assert {"tag": "AE", "meaning": TAGS["AE"].meaning, "value": "10", "means": "performed"} in told["tags"]
    twice = VECTORS[0]["text"] + ANSWERS[0]["text"]
    assert [each["kind"] for each in explain(twice.encode(), {})["messages"]] == ["request", "answer"]
    for wrong in (b"", b"CZ004", b"no"):
        with pytest.raises(CaisseError):
            explain(wrong, {})


def test_a_message_knows_what_it_has_not():
    assert Message({}).amount is None and Message({}).get("CB") == ""
