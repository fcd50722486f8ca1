"""Every answer from a manual through the real driver over TCP: whole, cut anywhere, glued, through noise."""

from typing import Any

import pytest

from kiosk.checkout.session import LiveWeight, Reading
from tests.drivers.scales.bench import Bench, Hiss
from tests.drivers.scales.manual import answers, meant, settings, vectors

VECTORS = vectors()
ANSWERS = [vector for vector in VECTORS if vector["expect"]["kind"] not in ("ack", "nak", "busy")]
IDS = [vector["id"] for vector in VECTORS]
SAID = (Reading.WEIGHT, Reading.ZERO)

every_vector = pytest.mark.parametrize("vector", VECTORS, ids=IDS)


def bench(vector: dict[str, Any]) -> Bench:
    """A driver with that answer at the other end; a HID scale says it unasked."""
    if vector["model"] == "hid":
        made = Bench("hid", lambda data: [], **settings(vector))
        made.stream(lambda: bytes.fromhex(vector["response_hex"]))
        return made
    return Bench(vector["model"], answers(vector), **settings(vector))


def check(made: Bench, vector: dict[str, Any]) -> None:
    """The lane reads what is meant, and no other weight; of what is no answer it reads nothing, and then it is lost."""
    wanted = meant(vector)
    lost = made.run(0.9 if wanted else 6.0)
    assert {live for live in made.readings if live.reading in SAID} <= {wanted}
    if wanted:
        assert lost is None and made.readings[-1] == wanted
    else:
        assert lost is not None
        assert made.readings == [LiveWeight(Reading.STALE), LiveWeight(Reading.ABSENT)]


@every_vector
def test_whole(vector: dict[str, Any]) -> None:
    check(bench(vector), vector)


@every_vector
def test_cut_at_every_byte(vector: dict[str, Any]) -> None:
    size = len(vector["response_hex"]) // 2
    for cut in range(1, size):
        made = bench(vector)
        made.rig.through = lambda answer, cut=cut: [answer[:cut], answer[cut:]] if answer[cut:] else [answer]
        check(made, vector)
    made = bench(vector)
    made.rig.through = lambda answer: [bytes([byte]) for byte in answer]
    check(made, vector)


@pytest.mark.parametrize("vector", ANSWERS, ids=[vector["id"] for vector in ANSWERS])
def test_glued_with_the_next_answer(vector: dict[str, Any]) -> None:
    made = bench(vector)
    made.rig.through = lambda answer: [answer + answer] if len(answer) > 1 else [answer]
    check(made, vector)


@every_vector
def test_one_byte_in_a_hundred_is_another(vector: dict[str, Any]) -> None:
    """30 seconds of it: no wrong weight; and what is meant within one poll after it has ended."""
    made, wanted = bench(vector), meant(vector)
    made.rig.through = Hiss(vector["id"])
    made.through(30.0, lambda answer: [answer])
    lost = made.run(30.0 + made.period + 0.15)
    assert {live for live in made.readings if live.reading in SAID} <= {wanted}
    if wanted:
        assert lost is None and made.readings[-1] == wanted
