"""Rotating codes: the vectors of RFC 6238 and RFC 4226, and a desk that takes each code once."""

import queue

import argon2
import pytest

from kiosk.checkout.events import PinAccepted, PinRefused
from kiosk.loop.pins import PinDesk, Stored
from kiosk.wire import codes, peppered

KEY = b"12345678901234567890"
PEPPER = b"salt of the shop"
PIN = "483921"
HASH = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(peppered(PIN, PEPPER))
SAM = Stored("Sam", HASH, False)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_rfc_6238(seconds: int, expected: str) -> None:
    assert codes.code(KEY, seconds // codes.STEP, 8) == expected


@pytest.mark.parametrize(
    ("counter", "expected"), list(enumerate(["755224", "287082", "359152", "969429", "338314"]))
)
def test_the_vectors_of_rfc_4226(counter: int, expected: str) -> None:
    assert codes.code(KEY, counter) == expected


def test_a_clock_may_be_one_step_off_and_no_more() -> None:
    now = 1_234_567_890
    for off, fits in ((-60, False), (-30, True), (0, True), (30, True), (60, False)):
        typed = codes.code(KEY, (now + off) // codes.STEP)
        assert (codes.step_of(KEY, typed, now) is not None) is fits, off


def asked(
    typed: list[str], *, pepper: bytes = PEPPER, on: bool = True, stored: Stored | None = SAM
) -> list[bool]:
    """What the desk says to each of these, typed one after the other at one and the same second."""
    said: queue.SimpleQueue[PinAccepted | PinRefused] = queue.SimpleQueue()
    desk = PinDesk(pepper, said.put, codes=on, seconds=lambda: 1_234_567_890.5)
    for each in typed:
        desk.compare("17", each, stored)
    desk.close()
    return [isinstance(said.get(timeout=5), PinAccepted) for _ in typed]


def of_now(person: str = "17", pepper: bytes = PEPPER) -> str:
    return codes.code(codes.key_of(pepper, person, HASH), 1_234_567_890 // codes.STEP)


def test_pin_or_code_and_each_code_once() -> None:
    assert asked([of_now(), of_now(), PIN, PIN]) == [True, False, True, True]


def test_a_code_is_nothing_where_the_shop_has_none_or_of_somebody_else() -> None:
    assert asked([of_now()], on=False) == [False]
    assert asked([of_now(pepper=b"")], pepper=b"") == [False], "without a pepper anybody could make one"
    assert asked([of_now("23")]) == [False]
    assert asked([of_now()], stored=None) == [False], "nobody of that number"


def test_a_new_pin_makes_a_new_key() -> None:
    other = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(peppered(PIN, PEPPER))
    assert codes.key_of(PEPPER, "17", HASH) != codes.key_of(PEPPER, "17", other)


def test_what_an_authenticator_reads() -> None:
    assert codes.address(KEY, "17", "Tilleul & Co") == (
        "otpauth://totp/Tilleul%20%26%20Co:17?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        "&issuer=Tilleul%20%26%20Co&digits=6&period=30"
    )
