"""For technicians: every device with its state in words, the link, versions, and tests."""

from kiosk.checkout.passed import DeviceTested, Opened
from kiosk.checkout.session import Device, Health, LiveWeight, Panel, Reading
from kiosk.text import Words, msg
from screens.lane import Lane
from screens.widgets import Head, Key, Page, Table

NAMES = {
    "scanner": msg("Scanner"),
    "camera": msg("Camera"),
    "produce": msg("Produce scale"),
    "bag": msg("Bag scale"),
    "terminal": msg("Card terminal"),
    "printer": msg("Printer"),
    "light": msg("Lane light"),
    "keyboards": msg("Keyboards"),
    "keypad": msg("Keypad"),
    "headset": msg("Headphone socket"),
    "voice": msg("Voice"),
    "storage": msg("Storage"),
    "catalogue": msg("Products"),
    "clock": msg("Clock"),
    "fiscal": msg("Fiscal device"),
    "power": msg("Power supply"),
    "temperature": msg("Temperature"),
    "memory": msg("Memory"),
    "wear": msg("Storage"),
}
STATES = {
    Health.READY: msg("ready"),
    Health.OFFLINE: msg("does not answer"),
    Health.ABSENT: msg("unplugged"),
    Health.FAULT: msg("needs repair"),
}
PLACES = ("image", "network")
"""Devices that are none: what runs here, and under which address. They stand among the pairs."""
NOTE = "!"  # makes a chip of the cell
READINGS = {
    Reading.ZERO: msg("Zero"),
    Reading.MOVING: msg("Moving"),
    Reading.BELOW_ZERO: msg("Below zero"),
    Reading.OVERLOADED: msg("Too heavy"),
    Reading.STALE: msg("Waiting for the scale"),
    Reading.ABSENT: msg("The scale does not answer"),
}
PAPER = {"low": msg("paper low"), "out": msg("paper out")}


def service(lane: Lane) -> Page:
    words = lane.words
    header = (words("Device"), words("Connection"), words("Since"), words("State"))
    rows = tuple(row(lane, each) for each in lane.session.passing.devices if each.name not in PLACES)
    leave = Key(
        id="leave", text=words("Leave service"), icon="back", kind="answer", sends=Opened(Panel("staff"))
    )
    foot = (
        Key(id="repair", text=words("What to do"), icon="help", sends=Opened(Panel("repair"))),
        Key(id="report", text=words("Report"), icon="qr", sends=Opened(Panel("report"))),
    )
    table = Table(header, rows, pairs(lane))
    return lane.page("service", table, head=service_head(lane), tools=tests(lane), go=leave, foot=foot)


def service_head(lane: Lane) -> Head:
    words, policy = lane.words, lane.policy
    sub = words("Checkout {lane}, store {store}", lane=policy.lane, store=policy.store)
    right = "" if lane.sale else words("no sale is open")
    return Head(words("Service"), sub, right, tone="service", icon="settings")


def row(lane: Lane, device: Device) -> tuple[str, ...]:
    words = lane.words
    name = called(words, device.name)
    since = words.clock(device.since, lane.policy.utc_offset_minutes) if device.since else ""
    return name, device.detail or reads(lane, device.name), since, state(words, device)


def called(words: Words, name: str) -> str:
    """A device in the page's language; a second one of its kind keeps its number ("scanner 2")."""
    kind, _, number = name.partition(" ")
    return " ".join((words(NAMES[kind]), number)).strip() if kind in NAMES else name


def reads(lane: Lane, name: str) -> str:
    """What a scale says, where it has nothing to say of its connection."""
    seen = lane.session.passing
    scales: dict[str, LiveWeight] = {"produce": seen.produce, "bag": seen.bag}
    if name not in scales:
        return ""
    live, words = scales[name], lane.words
    return words(READINGS[live.reading]) if live.reading in READINGS else words.weight(live.grams)


def state(words: Words, device: Device) -> str:
    ready = device.health is Health.READY
    if ready and device.paper not in PAPER:
        return words(STATES[device.health])
    return NOTE + words(PAPER[device.paper] if ready else STATES[device.health])


def pairs(lane: Lane) -> tuple[tuple[str, str], ...]:
    words, kept, passing = lane.words, lane.session.kept, lane.session.passing
    offers = kept.offers.version if kept.offers else words("none")
    server = words("connected") if passing.server else words("away")
    return (
        (words("Kiosk"), place(lane, "image", kept.policy.version or words("none"))),
        *weighing(lane),
        (words("Store server"), " · ".join(filter(None, (server, place(lane, "network", ""))))),
        (words("Messages waiting"), str(passing.queue)),
        (words("Offers"), offers),
        (words("Journal"), kept.policy.journal or words("none")),
        (words("Receipt number"), str(kept.numbers)),
        (words("Clock"), lane.clock()),
        (words("Open payments"), str(len(kept.cases))),
    )


def weighing(lane: Lane) -> tuple[tuple[str, str], ...]:
    """What prices by weight come from: version and hash of that code."""
    module = lane.session.passing.weighing_module
    return ((lane.words("Weighing module"), module),) if module else ()


def place(lane: Lane, device: str, otherwise: str) -> str:
    """What a device says that is none."""
    seen = lane.device(device)
    return seen.detail if seen else otherwise


def tests(lane: Lane) -> tuple[Key, ...]:
    words = lane.words
    each = (
        ("print", words("Test print"), "printer"),
        ("light", words("Test lights"), "light"),
        ("zero_scales", words("Zero scales"), "zero"),
        *([("clock", words("The time is right"), "clock")] if lane.away("clock") else []),
    )
    return tuple(
        Key(id=f"test-{name}", text=text, icon=icon, sends=DeviceTested(name)) for name, text, icon in each
    )
