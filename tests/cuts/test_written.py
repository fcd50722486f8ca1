"""A sale gives the disk little to write: a card in a Raspberry Pi wears out by it."""

import pytest

from tests.cuts.recording import can_record
from tests.cuts.written import sale_of


@pytest.mark.parametrize(("pieces", "most"), [(1, 24), (10, 50)])
def test_a_sale_gives_the_disk_few_kib(pieces: int, most: int) -> None:
    """Of the log and the file together, with the bag scale, a card and a receipt on paper."""
    if not can_record():
        pytest.skip("needs the package gcc")
    written = sale_of(pieces)
    assert written.kib <= most
    assert written.commits == 9 + 2 * pieces
    assert written.syncs < written.commits + 0.5, "a commit waits for the disk once"
