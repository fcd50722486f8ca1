"""What passes: panels, typing, live weights, device health. Nothing here may touch what is kept."""

from msgspec.structs import replace

from kiosk.checkout.audio import audio, left_alone
from kiosk.checkout.effects import CheckPin, CheckPrice, Effect, Fade, Remind, Search, TestDevice
from kiosk.checkout.events import AddWeighed, Event, Scanned
from kiosk.checkout.giving import ASK, question
from kiosk.checkout.money import AT_SERVER, IN_DOUBT, Attempt, Stage
from kiosk.checkout.passed import (
    AudioChosen,
    CatalogueSeen,
    Closed,
    CurtainPressed,
    DeviceSeen,
    DeviceTested,
    DocumentFound,
    Erased,
    Faded,
    Found,
    HeadsetSeen,
    KeypadPressed,
    LinkSeen,
    LookChosen,
    MemberUnknown,
    MoreTime,
    NotWeighed,
    Opened,
    Paged,
    Passed,
    PinEntered,
    PriceAsked,
    PriceFound,
    ScaleRead,
    Spoken,
    StaffNamed,
    TarePressed,
    TerminalSays,
    Typed,
    UnreadableScanned,
    VoiceTuned,
    WeighingModuleSeen,
    WhyNot,
)
from kiosk.checkout.printing import found
from kiosk.checkout.recalls import asked_again as recalled_by_now
from kiosk.checkout.session import Device, Health, Panel, Paying, Session, Shopping
from kiosk.checkout.staff import locked
from kiosk.checkout.turn import Step, panel, passing, rules, same
from kiosk.checkout.weighing import read, stands, tared
from kiosk.units import Millis

MOST_LETTERS = 24
NOTICE = 4_000


def meant(session: Session, event: Event) -> Event:
    """What a scan means where no basket is meant, and whether a weight still stands: asked before it is a fact, so that
    a replay never asks."""
    over = session.passing.panel
    if isinstance(event, AddWeighed) and not stands(session, event):
        return NotWeighed()
    if isinstance(event, Scanned) and over is not None and over.name == "price_check":
        return PriceAsked(event.code)
    return event


def hint(session: Session, event: Passed, now: Millis) -> Step:
    seen = session.passing
    match event:
        case Opened(panel=over):
            session = panel(session, over)
            return session, (search(session),) if over.name == "finder" else ()
        case Closed():
            return panel(session, None), ()
        case Typed(text=text):
            return typed(session, (seen.typed + text)[:MOST_LETTERS])
        case Erased():
            return typed(session, seen.typed[:-1])
        case Paged(page=page):
            return passing(session, page=page), ()
        case Found(text=text, items=items, next_letters=letters):
            if text != seen.typed:
                return same(session)
            return passing(session, found=items, next_letters=letters), ()
        case PriceAsked(code=code):
            return session, (CheckPrice(code),)
        case PriceFound(item=item):
            return passing(session, priced_item=item, notice="" if item else "item.not_found"), ()
        case StaffNamed(person=person):
            return panel(session, Panel("staff_pin", person=person)), ()
        case PinEntered(person=person):
            if locked(session, person, now):
                return passing(session, pin_wrong=True), ()
            return passing(session, pin_wrong=False, notice="pin_checking"), (CheckPin(person),)
        case ScaleRead(scale=scale, live=live):
            if scale == "produce":
                return replace(session, passing=read(seen, live)), ()
            return passing(session, bag=live), ()
        case TarePressed():
            return tared(session), ()
        case NotWeighed():
            return same(session)
        case TerminalSays(text=text):
            return passing(session, terminal_says=text), ()
        case DeviceSeen(device=device):
            session = passing(session, devices=known(seen.devices, device, now))
            return session, asked_again(session, device)
        case LinkSeen(server=server, queue=queue):
            return passing(session, server=server, queue=queue), ()
        case CatalogueSeen():
            return session, recalled_by_now(session)
        case WeighingModuleSeen(text=text):
            return passing(session, weighing_module=text), ()
        case UnreadableScanned(reason=reason):
            return passing(session, notice="unreadable:" + reason), (Fade("notice", NOTICE),)
        case DocumentFound(job=job, document=document):
            return session, found(session, job, document)
        case WhyNot(text=text):
            return passing(session, notice="why:" + text), (Fade("notice", NOTICE),)
        case MemberUnknown():
            return passing(session, notice="member_unknown"), (Fade("notice", NOTICE),)
        case Faded(key=key):
            return faded(session, key)
        case MoreTime():
            minute = 60_000
            return passing(session, more_time=False), (Remind("abandon", 0), Fade("idle", minute))
        case LookChosen(name=name):
            return passing(session, **{name: not getattr(seen, name)}), ()
        case HeadsetSeen() | AudioChosen() | VoiceTuned() | CurtainPressed() | Spoken():
            return audio(session, event)
        case KeypadPressed():
            return same(session)
        case DeviceTested(name=name):
            return session, (TestDevice(name),) if session.kept.staff is not None else ()


def typed(session: Session, text: str) -> Step:
    session = passing(session, typed=text, page=0)
    over = session.passing.panel
    return session, (search(session),) if over is not None and over.name == "finder" else ()


def search(session: Session) -> Search:
    return Search(session.passing.typed, session.kept.language)


def known(devices: tuple[Device, ...], device: Device, now: Millis) -> tuple[Device, ...]:
    """The list with this device's newest state, in the order in which devices were first seen."""
    device = replace(device, since=now)
    if any(old.name == device.name for old in devices):
        return tuple(device if old.name == device.name else old for old in devices)
    return (*devices, device)


def asked_again(session: Session, device: Device) -> tuple[Effect, ...]:
    """A terminal that is back is asked at once about what nobody knows, and gives back what it owes."""
    if device.name != "terminal" or device.health is not Health.READY:
        return ()
    match session.kept.phase:
        case Paying(attempt=Attempt(stage=Stage.CHECKING | Stage.WITH_STAFF, kind=kind) as attempt):
            if kind not in AT_SERVER:
                return (question(session, attempt),)
    owed = session.kept.giving_back[0] if session.kept.giving_back else None
    if owed is not None and owed.stage in IN_DOUBT:
        return (question(session, owed),)
    return (Remind(ASK, 1),) if owed is not None and owed.stage is Stage.INTENT else ()


def faded(session: Session, key: str) -> Step:
    match key:
        case "idle" if isinstance(session.kept.phase, Shopping):
            return passing(session, more_time=True), (Remind("abandon", rules(session).idle_countdown),)
        case "idle" if isinstance(session.kept.phase, Paying) and session.kept.phase.attempt is None:
            return session, (Remind("abandon", rules(session).idle_countdown),)
        case "notice":
            return passing(session, notice=""), ()
        case "undo":
            return passing(session, undo=None), ()
        case "audio":
            return left_alone(session)
        case _:
            return same(session)
