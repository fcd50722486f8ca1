"""What releases for the box are made of."""

import random

from image import uki
from tests.image.test_parts import stub
from tests.vm.releases import PARTS, apart


def test_a_kernel_comes_apart_into_what_it_was_made_of() -> None:
    parts = {
        name: random.Random(name).randbytes(length)
        for name, length in zip(PARTS, (90, 1, 7000, 512, 9), strict=True)
    }
    made = uki.uki(stub(), parts)
    rest, found = apart(made)
    assert found == parts
    assert uki.uki(rest, found) == made and len(rest) == len(stub())
