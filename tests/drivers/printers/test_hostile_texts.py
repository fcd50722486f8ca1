"""Whatever server, terminal, member or shop calls something: it is printed, and commands nothing."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from drivers.printers.escpos import Printer
from drivers.simulated.escpos_tokens import Command, Tokens
from drivers.simulated.printer_escpos import Mechanism
from drivers.simulated.world import World
from kiosk.checkout.effects import Print, Printable
from kiosk.checkout.model import Line, Member
from kiosk.receipt import ShopDetails
from kiosk.units import LineNo
from tests.drivers.printers.lane import CONFIG
from tests.receipt.sample import BREAD, SHOP, closed, handed_over, refund, slip

SETTING = {b"", b"\n", b"\x1bE", b"\x1d!", b"\x1dv"}
"""Letters, line ends, how letters look, and pictures of letters: what differs with the text and does nothing else."""
ORDERS = [
    "\x1bp\x00\x19\xfa", "\x1bp\x01\x19\xfa", "\x10\x14\x01\x00\x05", "\x10\x14\x02\x01\x08", "\x10\x05\x02",
    "\x10\x04\x01", "\x1b@", "\x1dV\x00", "\x1dVA\x10", "\x1bi", "\x1bm", "\x1d(A\x02\x00\x00\x02",
    "\x1d(E\x03\x00\x01IN",
       "\x1ct\x10", "\x1c.", "\x1d\xff", "\x1bt\x00", "\x1ba\x02", "\x1d:", "\x1b=\x00", "\x1dr\x01", "\x9bp", "\x90",
    "\x7f", "\x00", "\r", "\n", "\f", "\x18", "\x0e", "\x1d(k\x03\x001Q0", "\x1dv0\x00", "\x1b*\x21\xff\xff",
    "\u202e", "\u2028", "\ufeff", "\x85",
]  # fmt: skip
hostile = st.lists(st.sampled_from(ORDERS) | st.text(max_size=6), min_size=1, max_size=8).map("".join)


def papers(text: str) -> Iterator[tuple[Printable, ShopDetails]]:
    """Every kind of paper, with that text in every place that somebody else writes."""
    shop = replace(SHOP, name=f"Shop {text}", address=(text,), registrations=(text,), footer=(text, text))
    bread = replace(BREAD, name=f"Bread {text}", names={"de": text})
    lines = (Line(LineNo(1), bread, qty=2),)
    plain = closed(lines, member=Member("t"))
    labelled = tuple(
        replace(line, discounts=tuple(replace(each, label=text) for each in line.discounts))
        for line in plain.priced.lines
    )
    (tender,) = plain.tenders
    card = replace(
        tender.result, terminal_id=text, receipt_no=text, trace=text, authorisation=text, card_name=text
    )
    said = replace(card, slip=(text, f"TOTAL {text}"))
    for result in (card, said):
        sale = replace(
            plain,
            priced=replace(plain.priced, lines=labelled),
            tenders=(replace(tender, result=result),),
            store=f"1{text}",
            version=text,
        )
        yield sale, shop
    given_back = refund()
    yield replace(given_back, original=sale, by=text, reason=text, lines=given_back.lines[:1]), shop
    yield replace(handed_over(), lines=lines, priced=sale.priced, id=f"b-1{text}"), shop
    yield replace(slip(), lines=(text, text)), shop


def job(record: Printable, shop: ShopDetails) -> bytes:
    return Printer(CONFIG, shop, "EUR").bytes_of(Print("x", record, 1))


def commands(data: bytes) -> list[Command]:
    """What the printer does, without the words."""
    return [command for command in Tokens().feed(data) if command.name not in SETTING]


def names(data: bytes) -> list[bytes]:
    """The same without what a code holds, which is longer with a longer text, or too long for a code."""
    codes = {b"\x1dh", b"\x1dw", b"\x1dH", b"\x1dk", b"\x1d(", b"\x1ba"}
    return [command.name for command in commands(data) if command.name not in codes]


@settings(max_examples=40, deadline=None)
@given(hostile)
def test_a_job_with_hostile_texts_holds_the_commands_of_a_harmless_one(text):
    for (record, shop), (harmless, plain) in zip(papers(text), papers("harmless"), strict=True):
        data = job(record, shop)
        assert names(data) == names(job(harmless, plain))
        mechanism = Mechanism(World(), lambda answer: None)
        mechanism.hear(data)
        assert (mechanism.drawer_pulses, mechanism.cuts, mechanism.unknown) == (0, 1, [])
        for order in (b"\x10\x04", b"\x10\x05", b"\x10\x14"):
            assert order not in data, "some printers obey it wherever it stands"


@pytest.mark.parametrize("order", ORDERS)
def test_each_order_by_itself(order):
    for record, shop in papers(order):
        data = job(record, shop)
        mechanism = Mechanism(World(), lambda answer: None)
        mechanism.hear(data)
        assert (mechanism.drawer_pulses, mechanism.cuts, mechanism.unknown) == (0, 1, [])


def test_the_simulated_printer_would_obey_them():
    """The other way round: without our gate the drawer opens, so the tests above see something."""
    mechanism = Mechanism(World(), lambda answer: None)
    mechanism.hear("".join(ORDERS[:5]).encode("latin-1"))
    assert mechanism.drawer_pulses >= 3
