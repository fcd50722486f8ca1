"""The slots as a machine: an event comes in, the new state and the orders go out. Pure; the state is kept on disk.

A release is written to the slot that is idle, tried once it may be, and kept only when it has proved itself. Until
then the slot before stays as it was, and the boot loader comes back to it by itself. A new state is on the disk
before its orders are carried out: whatever the power does between, `Started` finds out where things stand.
"""

from enum import StrEnum
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from kiosk.update.release import Formats, Offer
from kiosk.wire import LaneStatus
from kiosk.wire.releases import order

Name: TypeAlias = Literal["a", "b"]
OTHER: dict[Name, Name] = {"a": "b", "b": "a"}
REMEMBERED = 16  # releases that failed here


class State(StrEnum):
    """GOOD: has proved itself, and starts. EMPTY: nothing that may start. WRITING, WRITTEN: whole only when written.

    TRYING: chosen for the next starts. UNPROVEN: tried, running, and not yet known to be good. BAD: did not prove
    itself.
    """

    GOOD = "good"
    EMPTY = "empty"
    WRITING = "writing"
    WRITTEN = "written"
    TRYING = "trying"
    UNPROVEN = "unproven"
    BAD = "bad"


class Slot(Struct, frozen=True):
    """What is in a slot, as far as it is known."""

    state: State = State.EMPTY
    version: str = ""
    recovery: bool = False


class Failure(Struct, frozen=True):
    """A release that had to be left again, and why; `told`: the store server has heard of it."""

    version: str
    why: str
    told: bool = False


class Slots(Struct, frozen=True):
    """Everything that is kept. `floor` is the newest release that has proved itself here, `boot` the start of the
    machine that was looked at last, `why` what the running, unproven release lacks."""

    running: Name
    a: Slot = Slot()
    b: Slot = Slot()
    floor: str = "0.0"
    boot: str = ""
    why: str = ""
    failures: tuple[Failure, ...] = ()

    def slot(self, name: Name) -> Slot:
        return self.a if name == "a" else self.b

    @property
    def idle(self) -> Name:
        return OTHER[self.running]


# ---- what happens


class Started(Struct, frozen=True):
    """The machine runs from this slot; `boot` names this start of it, `version` is what the slot's image says."""

    slot: Name
    boot: str
    version: str


class Offered(Struct, frozen=True):
    """A bundle is to be installed. `bench`: this image takes development keys, too; `again`: even what failed here.

    `journal` is the version of the journal's file as it is (0: there is none), `reads` what this release reads.
    """

    offer: Offer
    compatible: str
    journal: int
    reads: Formats
    bench: bool = False
    again: bool = False


class Written(Struct, frozen=True):
    """The idle slot holds all of it."""


class NotWritten(Struct, frozen=True):
    """It does not."""


class Asked(Struct, frozen=True):
    """Change over, if the lane may; `status` None: the kiosk did not answer. `back` is to the release before."""

    status: LaneStatus | None
    back: bool = False


class Healthy(Struct, frozen=True):
    """The lane sells."""


class Committed(Struct, frozen=True):
    """The boot loader knows that the running slot is good."""


class Doubted(Struct, frozen=True):
    """It does not yet, and why: what is told if nothing is heard of this start any more."""

    why: str


class Unhealthy(Struct, frozen=True):
    """It does not, and why."""

    why: str


class Told(Struct, frozen=True):
    """The store server has heard of the failure of this release."""

    version: str


Event = Started | Offered | Written | NotWritten | Asked | Healthy | Committed | Doubted | Unhealthy | Told

# ---- what is to be done


class Write(Struct, frozen=True):
    """Write the bundle to the slot that is idle, after making sure that nothing starts from it."""

    slot: Name


class Activate(Struct, frozen=True):
    """Start from this slot next time, and from the other one again if it does not prove itself."""

    slot: Name


class Commit(Struct, frozen=True):
    """This slot has proved itself: start from it from now on."""

    slot: Name


class Bar(Struct, frozen=True):
    """Do not start from this slot any more."""

    slot: Name


class Restart(Struct, frozen=True):
    """Start the machine anew; `trying`: from a slot that has not proved itself."""

    trying: bool


class Refuse(Struct, frozen=True):
    """Nothing is done, and why, in a sentence for a technician."""

    why: str


Order = Write | Activate | Commit | Bar | Restart | Refuse
Step: TypeAlias = tuple[Slots, tuple[Order, ...]]


def step(slots: Slots, event: Event) -> Step:
    match event:
        case Started():
            return _started(slots, event)
        case Offered():
            why = refused(slots, event)
            if why:
                return slots, (Refuse(why),)
            coming = Slot(State.WRITING, event.offer.version, event.offer.claims.recovery)
            return _with(slots, slots.idle, coming), (Write(slots.idle),)
        case Written() | NotWritten():
            return _writing_ended(slots, isinstance(event, Written)), ()
        case Asked():
            return _asked(slots, event)
        case Healthy():
            chosen = slots.slot(slots.idle).state is State.TRYING
            return slots, () if chosen else (Commit(slots.running),)
        case Committed():
            return _committed(slots), ()
        case Doubted(why=why):
            proving = slots.slot(slots.running).state is State.UNPROVEN
            return replace(slots, why=why) if proving else slots, ()
        case Unhealthy(why=why):
            return _left(slots, why) if slots.slot(slots.running).state is State.UNPROVEN else (slots, ())
        case Told(version=version):
            told = tuple(replace(one, told=one.told or one.version == version) for one in slots.failures)
            return replace(slots, failures=told), ()


def _with(slots: Slots, name: Name, slot: Slot) -> Slots:
    return replace(slots, a=slot) if name == "a" else replace(slots, b=slot)


def _started(slots: Slots, now: Started) -> Step:
    """A new start of the machine: which slot it came up from says how the last change-over went."""
    if now.boot == slots.boot:
        return slots, ()
    first, other = not slots.boot, OTHER[now.slot]
    slots = replace(slots, boot=now.boot, running=now.slot)
    orders: tuple[Order, ...] = ()
    if slots.slot(other).state in (State.TRYING, State.UNPROVEN):
        slots, orders = _failed(slots, other), (Bar(other),)
    elif slots.slot(other).state is State.WRITING:
        slots = _with(slots, other, Slot())
    mine = slots.slot(now.slot)
    state = State.GOOD if first or mine.state is State.GOOD else State.UNPROVEN
    slots = _with(slots, now.slot, replace(mine, state=state, version=now.version))
    return (replace(slots, floor=now.version) if first else slots), orders


def _failed(slots: Slots, name: Name) -> Slots:
    slot = slots.slot(name)
    why = slots.why or "it did not get as far as telling what was wrong"
    kept = tuple(one for one in slots.failures if one.version != slot.version)
    failures = (*kept, Failure(slot.version, why))[-REMEMBERED:]
    return _with(replace(slots, why="", failures=failures), name, replace(slot, state=State.BAD))


def refused(slots: Slots, asked: Offered) -> str:
    """Why a bundle is not installed; empty: it is."""
    offer, floor = asked.offer, slots.floor
    running, idle = slots.slot(slots.running), slots.slot(slots.idle)
    if offer.compatible != asked.compatible:
        return f"it is for {offer.compatible}, and this is {asked.compatible}"
    if offer.development and not asked.bench:
        return "it is signed with a development key, which an image for shops does not take"
    if running.state is not State.GOOD:
        return f"{running.version} is not yet known to be good, and the other slot is the way back"
    if idle.state is State.TRYING:
        return f"{idle.version} is chosen for the next start"
    if order(offer.version) == order(running.version):
        return f"{offer.version} is what runs"
    if order(offer.version) < order(floor) and not offer.claims.recovery:
        return f"{offer.version} is older than {floor}, and is not signed as a recovery"
    if not asked.again and (why := failed_before(slots, offer.version)):
        return why
    return formats_refused(offer.claims.journal, asked.reads, asked.journal)


def failed_before(slots: Slots, version: str) -> str:
    """Why a release is not tried once more; empty: it has not failed here."""
    failed = next((one for one in slots.failures if order(one.version) == order(version)), None)
    return f"{failed.version} has failed here before: {failed.why}" if failed else ""


def formats_refused(coming: Formats, reads: Formats, journal: int) -> str:
    """A release must read the journal that is there, and the one before must read what the release writes."""
    if journal and not coming.least <= journal <= coming.most:
        return f"the journal has format {journal}, and it reads {coming.least} to {coming.most}"
    if not reads.least <= max(coming.writes, journal) <= reads.most:
        return f"it writes journals of format {coming.writes}, which this release could not read after a way back"
    return ""


def _writing_ended(slots: Slots, whole: bool) -> Slots:
    slot = slots.slot(slots.idle)
    if slot.state is not State.WRITING:
        return slots
    return _with(slots, slots.idle, replace(slot, state=State.WRITTEN) if whole else Slot())


def may_switch(status: LaneStatus | None) -> str:
    """Why the lane cannot start anew just now; empty: it can. Sales that the server does not have hold nothing up."""
    if status is None:
        return "the kiosk does not answer, so nobody knows whether somebody shops"
    if status.open_basket:
        return "a basket is open"
    if status.unresolved:
        return f"payments without an end: {status.unresolved}"
    if status.unprinted:
        return f"papers that are not printed: {status.unprinted}"
    return ""


def _asked(slots: Slots, asked: Asked) -> Step:
    running, idle = slots.slot(slots.running), slots.slot(slots.idle)
    wanted = State.GOOD if asked.back else State.WRITTEN
    if running.state is not State.GOOD and not asked.back:
        why = f"{running.version} is not yet known to be good"
    elif idle.state not in (wanted, State.TRYING):
        why = "there is no release before" if asked.back else "no release is waiting"
    else:
        why = may_switch(asked.status)
    if why:
        return slots, (Refuse(why),)
    if running.state is State.UNPROVEN:  # back, to one that is good: nothing to be tried
        return _left(slots, "taken back by hand")
    slots = _with(slots, slots.idle, replace(idle, state=State.TRYING))
    return slots, (Activate(slots.idle), Restart(trying=True))


def _left(slots: Slots, why: str) -> Step:
    """The running release does not prove itself: back to the one before; `Started` there books it as failed."""
    return replace(slots, why=why), (Bar(slots.running), Restart(trying=False))


def _committed(slots: Slots) -> Slots:
    """It has proved itself: the floor rises to it, or, with a recovery, comes down to it."""
    slot = slots.slot(slots.running)
    if slot.state is not State.UNPROVEN:
        return slots
    moves = slot.recovery or order(slot.version) > order(slots.floor)
    slots = replace(slots, floor=slot.version if moves else slots.floor, why="")
    return _with(slots, slots.running, Slot(State.GOOD, slot.version))
