"""Whatever is offered, whenever the power goes: the lane comes up with a release that sells."""

import copy
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from kiosk.update.keeper import RefusedError
from kiosk.update.rauc import RaucError
from kiosk.update.release import Claims, Formats, Offer
from kiosk.update.slots import Asked, Doubted, Event, Healthy, Offered, State, Told, Unhealthy
from kiosk.wire import LaneStatus
from kiosk.wire.releases import order
from tests.update.machine import Cut, Machine, Pc, Pi, made

FORMATS = Formats(1, 2, 2)
CUTS = st.sampled_from([None] * 12 + [*range(12)])
KINDS = ["well", "well", "well", "sick", "dead", "damaged", "bench", "recovery"]
SHOPPERS = st.sampled_from([(False, 0, 0)] * 6 + [(True, 0, 0), (False, 1, 0), (False, 0, 1)])


def status(basket: bool = False, unresolved: int = 0, unprinted: int = 0) -> LaneStatus:
    return LaneStatus(True, 0, 0, basket, unresolved, unprinted, "1.0")


def offered(version: str, recovery: bool = False, development: bool = False, again: bool = False) -> Offered:
    offer = Offer("kiosk-amd64", version, Claims(FORMATS, recovery), development)
    return Offered(offer, "kiosk-amd64", 2, FORMATS, again=again)


class AnyOrder(RuleBasedStateMachine):
    """Offers, change-overs, good and bad starts, hands of technicians, and cuts, in any order."""

    kind: type[Machine]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.failed: set[str] = set()
        self.told: list[str] = []
        self.newest = 0

    @initialize()
    def first(self) -> None:
        self.machine = made(self.kind, self.folder / "boot")

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def take(self, event: Event, cut: int | None, bundle: str = "") -> bool:
        """Whether it was done; where the power goes meanwhile, the machine starts anew."""
        self.machine.cut_in = cut
        try:
            self.machine.keeper.take(event, Path(bundle))
        except (RefusedError, RaucError):
            return False
        except Cut:
            self.machine.start()
            return False
        finally:
            self.machine.cut_in = None
        return True

    @rule(behind=st.sampled_from([0, 0, 0, 1, 2]), kind=st.sampled_from(KINDS), cut=CUTS)
    def offer(self, behind: int, kind: str, cut: int | None) -> None:
        """A new release, or one of a few before it."""
        machine = self.machine
        self.newest += not behind
        version = f"1.{max(0, self.newest - behind)}"
        event = offered(version, recovery=kind == "recovery", development=kind == "bench")
        before, floor = machine.kept, machine.kept.floor
        if not behind and kind in ("sick", "dead"):
            (machine.sick if kind == "sick" else machine.dead).add(version)
        if self.take(event, cut, "damaged" if kind == "damaged" else version):
            assert kind not in ("bench", "damaged")
            assert order(version) >= order(floor) or kind == "recovery"
            assert version not in self.failed
            assert before.slot(before.running).state is State.GOOD

    @rule(kind=st.sampled_from(KINDS), cuts=st.tuples(CUTS, CUTS, CUTS))
    def campaign(self, kind: str, cuts: tuple[int | None, int | None, int | None]) -> None:
        """A new release all the way, with nobody in the shop."""
        self.look(None)
        self.offer(0, kind, cuts[0])
        self.switch((False, 0, 0), False, cuts[1])
        self.look(cuts[2])

    @rule(shopper=SHOPPERS, back=st.sampled_from([False, False, False, True]), cut=CUTS)
    def switch(self, shopper: tuple[bool, int, int], back: bool, cut: int | None) -> None:
        starts = self.machine.starts
        done = self.take(Asked(status(*shopper), back), cut)
        if any(shopper):
            assert not done and self.machine.starts == starts, "changed over under a shopper's hands"

    @rule(cut=CUTS)
    def look(self, cut: int | None) -> None:
        """The health check: a start that is none begins anew while it is being tried."""
        machine = self.machine
        if machine.well:
            self.take(Healthy(), cut)
        else:
            self.take(Doubted("it shows no frame yet"), None)
            self.take(Unhealthy("it shows no frame"), cut)
            assert machine.well or cut is not None, "a sick release stayed"

    @rule()
    def power_cut(self) -> None:
        self.machine.start()

    @rule()
    def tell(self) -> None:
        """To the store server: every failure, once."""
        for failure in self.machine.kept.failures:
            if not failure.told:
                assert failure.why
                self.told.append(failure.version)
                self.machine.keeper.take(Told(failure.version))
        assert len(self.told) == len(set(self.told))

    @invariant()
    def it_always_comes_up(self) -> None:
        """Cut now, and it starts; looked at often enough, it sells."""
        if not hasattr(self, "machine"):
            return
        folder = self.folder / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder / "boot", folder)
        machine = self.kind.__new__(self.kind)
        machine.__dict__.update(copy.deepcopy({k: v for k, v in vars(self.machine).items() if k in PLAIN}))
        machine.folder = folder
        machine.loader = type(self.machine.loader)(folder)
        machine.keeper = type(self.machine.keeper)(machine, machine, machine.restart)
        machine.start()
        if not machine.well:
            machine.keeper.take(Unhealthy("sick"))
        if machine.well:
            return
        raise AssertionError(f"it never sells again: {machine.slots}, {machine.kept}")

    @invariant()
    def no_failure_is_forgotten(self) -> None:
        if hasattr(self, "machine"):
            self.failed |= {failure.version for failure in self.machine.kept.failures}


PLAIN = ("slots", "dead", "sick", "cut_in", "kept", "running", "starts", "tried")


@pytest.mark.parametrize("kind", [Pc, Pi])
def test_any_order(kind: type[Machine]) -> None:
    machine = type(kind.__name__, (AnyOrder,), {"kind": kind})
    few = settings(max_examples=60, stateful_step_count=40, deadline=None)
    run_state_machine_as_test(machine, settings=few)
