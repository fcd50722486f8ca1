"""For technicians: what to do about each thing that is not well, step by step, and the report for support."""

from datetime import UTC, datetime

from kiosk.checkout.passed import Opened
from kiosk.checkout.session import Device, Health, LiveWeight, Panel
from kiosk.readiness import Check, Fault, Report, Step, of_device
from kiosk.readiness.compact import folded
from kiosk.readiness.faults import MACHINE
from kiosk.readiness.report import ill
from screens.lane import Lane
from screens.receipt import qr_rows
from screens.service import PLACES, called, service_head, state
from screens.widgets import Hero, Key, Page, QrCode, Slip, Strip

KEYS = 3
"""Things to mend that stand on the sill beside the one that is shown."""


def faults(lane: Lane) -> tuple[tuple[Device, Check], ...]:
    """What is not well, in the order of the service page."""
    seen = lane.session.passing
    scales: dict[str, LiveWeight] = {"produce": seen.produce, "bag": seen.bag}
    return tuple(
        (each, ill("device", each.name, fault, each.detail))
        for each in seen.devices
        if each.name not in PLACES and (fault := fault_of(each, scales.get(each.name)))
    )


def fault_of(device: Device, live: LiveWeight | None) -> Fault | None:
    if device.name in MACHINE and device.health is not Health.READY:
        return MACHINE[device.name]
    return of_device(device.health, device.detail, device.paper, live.reading if live else "")


def repair(lane: Lane) -> Page:
    """The fault that was chosen, or the first one; the others are keys."""
    words, found = lane.words, faults(lane)
    back = Key(id="back", text=words("Back"), icon="back", kind="answer", sends=Opened(Panel("service")))
    if not found:
        well = Hero((words("Everything is well."),), size="title", icon="check")
        return lane.page("repair", well, head=service_head(lane), go=back, foot=())
    device, check = next((each for each in found if each[0].name == lane.panel.act), found[0])
    title = Hero((called(words, device.name),), said(lane, device, check), size="title", icon="settings")
    steps = Slip(strips=tuple(strip(lane, number, step) for number, step in enumerate(check.steps, 1)))
    others = tuple(key(lane, each) for each, _ in found if each.name != device.name)[:KEYS]
    return lane.page("repair", title, steps, head=service_head(lane), tools=others, go=back, foot=())


def said(lane: Lane, device: Device, check: Check) -> str:
    """Its state in words, and what its driver says; a scale's own words stand for the fault of its reading."""
    if check.fault is Fault.BELOW_ZERO:
        return lane.words("Below zero")
    if check.fault is Fault.OVERLOADED:
        return lane.words("Too heavy")
    return state(lane.words, device).lstrip("!")


def strip(lane: Lane, number: int, step: Step) -> Strip:
    icon = "person" if step.who == "staff" else "mail" if step.who == "support" else "settings"
    return Strip(f"step-{number}", icon, lane.words(step.text), right=str(number))


def key(lane: Lane, device: Device) -> Key:
    text = called(lane.words, device.name)
    return Key(
        id=f"repair-{device.name}", text=text, icon="settings", sends=Opened(Panel("repair", act=device.name))
    )


def report(lane: Lane) -> Page:
    """The lane's state as a code for a phone: nothing secret is in it, and nobody."""
    words = lane.words
    text = words("Scan this with a phone and send what it says.")
    code = QrCode(qr_rows(folded(as_report(lane))), words("Report"), text)
    back = Key(id="back", text=words("Back"), icon="back", kind="answer", sends=Opened(Panel("service")))
    return lane.page("report", code, head=service_head(lane), go=back, foot=())


def as_report(lane: Lane) -> Report:
    policy, image = lane.policy, lane.device("image")
    version, _, slot = image.detail.partition(" ") if image else (policy.version, "", "")
    at = datetime.fromtimestamp(lane.now // 1000, UTC).isoformat(timespec="minutes")
    checks = tuple(check for _, check in faults(lane))
    seen = lane.session.passing
    if not seen.server and (lane.device("network") or seen.queue):  # a lane without a link has neither
        checks += (ill("shop", "store server", Fault.SERVER_AWAY, ""),)
    return Report(policy.store, policy.lane, version or "0", slot, at, checks)
