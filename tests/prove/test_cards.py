"""Terminals that tell card numbers in clear: nothing that is written has one; and the search finds what there is."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.prove.cards import chunk, known, suspicious

NUMBER = "5413330089604111"


@pytest.mark.parametrize("family", ["zvt", "caisse", "concert", "nexo"])
def test_no_card_number_is_in_anything_written(family: str) -> None:
    payments, found = chunk((family, "test", 1))
    assert payments >= 20
    assert found == []


@pytest.mark.parametrize(
    "data",
    [
        f"Nr. {NUMBER} EUR",
        "Nr. 5413 3300 8960 4111",
        "5413-3300-8960-4111",
        " ".join(f"{byte:02x}" for byte in NUMBER.encode()),
        "06 d3 22 f0 f8 54 13 33 00 89 60 41 11 0e 30 12 23 f1 f9 54 13 33 00 89 60 41 11 d3 01 22",
        f'{{"hex": "{NUMBER.encode().hex()}"}}',
    ],
)
def test_the_search_finds_a_number_however_it_is_spelled(data: str) -> None:
    assert list(suspicious(data.encode())) or known(data.encode(), [NUMBER])


def test_a_barcode_and_a_time_are_no_card_numbers() -> None:
    assert list(suspicious(b'"gtin":4006381333931,"started":1790000001508,"trace":"000734"')) == []


def test_a_kiosk_that_crashes_leaves_no_memory_behind() -> None:
    asked = "import ctypes; from kiosk.commands.run import undumpable; undumpable(); print(ctypes.CDLL(None).prctl(3))"
    run = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split()[-1] == "0"
