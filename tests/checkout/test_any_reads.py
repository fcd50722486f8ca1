"""Any reads in any order: as many packs as a slow and simple count finds, and the same after a replay."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec import Struct

from kiosk.barcode import Carrier
from kiosk.checkout.session import Session
from kiosk.checkout.step import step
from kiosk.units import LineNo
from tests.lane import MILK, TIN, Lane

GOODS = {"milk": MILK, "tin": TIN}


class One(Struct, eq=False):
    """A pack as the simple count has it: its last read, while its other side may come, and its serial."""

    name: str
    serial: str
    kind: Carrier
    at: int


class AnyReads(RuleBasedStateMachine):
    """No pack has a date, and none is taken out: whatever is read stays."""

    def __init__(self) -> None:
        super().__init__()
        self.lane = Lane()
        self.packs: list[One] = []

    @rule(
        name=st.sampled_from(sorted(GOODS)),
        carrier=st.sampled_from(["linear", "linear", "matrix", "matrix", ""]),
        after=st.sampled_from([0, 1, 300, 500, 1000, 1001]),
        serial=st.sampled_from(["", "", "", "1", "2"]),
    )
    def read(self, name: str, carrier: Carrier, after: int, serial: str) -> None:
        more = {"serial": serial} if serial else {}
        self.lane.scan(GOODS[name], carrier, after, **more)
        self.count(name, carrier, serial)

    def count(self, name: str, carrier: Carrier, serial: str) -> None:
        now = self.lane.now
        waiting = [
            pack
            for pack in self.packs
            if pack.name == name and {pack.kind, carrier} == {"linear", "matrix"} and now - pack.at <= 1000
            if not serial or not pack.serial or serial == pack.serial
        ]
        same = (pack for pack in self.packs if serial and (pack.name, pack.serial) == (name, serial))
        twin = next(same, None)
        half = twin if twin in waiting else min(waiting, key=lambda pack: pack.at, default=None)
        if half is not None:
            half.kind = ""
            half.serial = half.serial or serial
            if twin is not None and twin is not half:
                self.packs.remove(half)
        elif twin is None:
            self.packs.append(One(name, serial, carrier, now))
        elif carrier:
            twin.kind, twin.at = carrier, now

    @invariant()
    def as_many_packs_as_were_counted(self) -> None:
        lines = self.lane.sale.lines if self.packs else ()
        for name, item in GOODS.items():
            found = sum(line.qty for line in lines if line.item is item)
            assert found == sum(pack.name == name for pack in self.packs)
            serials = sorted(line.pack.serial for line in lines if line.item is item and line.pack.serial)
            assert serials == sorted(pack.serial for pack in self.packs if pack.name == name and pack.serial)

    @invariant()
    def each_is_awaited_in_the_bag_once(self) -> None:
        if self.packs:
            sale = self.lane.sale
            awaited = [thing.line for thing in sale.bag.pending]
            assert sorted(awaited) == sorted(LineNo(line.no) for line in sale.lines for _ in range(line.qty))

    def teardown(self) -> None:
        session = Session()
        for now, fact in self.lane.facts:
            session, _ = step(session, fact, now)
        assert session.kept == self.lane.session.kept


TestAnyReads = AnyReads.TestCase
TestAnyReads.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
