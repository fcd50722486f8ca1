"""What passes: panels, typing, live weights, device health. Nothing here may touch what is kept."""

from msgspec.structs import replace

from kiosk.barcode import BasketName, Member
from kiosk.checkout import expiring, suggesting
from kiosk.checkout.audio import audio, left_alone
from kiosk.checkout.effects import (
    Beep,
    CheckPin,
    CheckPrice,
    Effect,
    Fade,
    FindMember,
    Light,
    Note,
    Remind,
    Search,
    TestDevice,
)
from kiosk.checkout.events import AddWeighed, Event, Picked, Scanned
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
    ItemAsked,
    KeypadPressed,
    LinkSeen,
    LookChosen,
    MemberUnknown,
    MoreTime,
    NotWeighed,
    OfferFound,
    Opened,
    Paged,
    Passed,
    PhoneEntered,
    PinEntered,
    PriceAsked,
    PriceFound,
    ScaleRead,
    Spoken,
    StaffNamed,
    TarePressed,
    TerminalSays,
    Touched,
    Typed,
    UnreadableScanned,
    VoiceTuned,
    WeighingModuleSeen,
    WhyNot,
)
from kiosk.checkout.patience import MORE, counted, prompted
from kiosk.checkout.printing import found
from kiosk.checkout.recalls import asked_again as recalled_by_now
from kiosk.checkout.session import Device, Health, Idle, OutOfService, Panel, Paying, Session, Shopping
from kiosk.checkout.staff import locked
from kiosk.checkout.turn import SETTLED, Step, panel, passing, same
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
    if isinstance(event, Scanned) and isinstance(event.code, BasketName):
        return event
    if isinstance(event, Scanned) and over is not None and over.name == "price_check":
        return event if isinstance(event.code, Member) else PriceAsked(event.code)
    if isinstance(event, Picked) and isinstance(session.kept.phase, Idle):
        return ItemAsked(event.item)
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
            departments = event.departments or seen.departments
            return passing(session, found=items, next_letters=letters, departments=departments), ()
        case PriceAsked(code=code):
            return session, (CheckPrice(code),)
        case ItemAsked(item=item):
            return panel(session, Panel("price_check")), (CheckPrice(None, item),)
        case PriceFound(item=item, about=about):
            return passing(
                session, priced_item=item, about=about, notice="" if item else "item.not_found"
            ), ()
        case OfferFound(offer=offer):
            return suggesting.found(session, offer, now)
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
            before, session = seen.devices, passing(session, devices=known(seen.devices, device, now))
            return session, (*asked_again(session, device), *storage(session, before, device))
        case LinkSeen(server=server, queue=queue):
            due = expiring.due(session) if server and not seen.server else ()
            return passing(session, server=server, queue=queue), due
        case CatalogueSeen():
            if any(each.name == "catalogue" for each in seen.devices):  # there was none
                session = passing(
                    session, devices=known(seen.devices, Device("catalogue", Health.READY), now)
                )
            return session, recalled_by_now(session)
        case WeighingModuleSeen(text=text):
            return passing(session, weighing_module=text), ()
        case UnreadableScanned(reason=reason):
            return passing(session, notice="unreadable:" + reason), (Fade("notice", NOTICE),)
        case DocumentFound(job=job, document=document):
            return session, found(session, job, document)
        case WhyNot(text=text):
            return passing(session, notice="why:" + text), (Fade("notice", NOTICE),)
        case PhoneEntered():
            return passing(session, notice="member_asking"), (FindMember("phone"),)
        case MemberUnknown(asked=asked):
            return passing(session, notice=unknown(session, asked)), (Fade("notice", NOTICE),)
        case Faded(key=key):
            return faded(session, key, now)
        case MoreTime():
            return session, (Fade("idle", MORE),)
        case Touched():
            return same(session)
        case LookChosen(name=name):
            return passing(session, **{name: not getattr(seen, name)}), ()
        case HeadsetSeen() | AudioChosen() | VoiceTuned() | CurtainPressed() | Spoken():
            return audio(session, event)
        case KeypadPressed():
            return same(session)
        case DeviceTested(name=name):
            return session, (TestDevice(name),) if session.kept.staff is not None else ()


def unknown(session: Session, asked: bool) -> str:
    """What is said of a card, a code or a number that turned out to be nobody's."""
    by_phone = session.passing.panel is not None and session.passing.panel.name == "phone"
    return "member_away" if not asked else "phone_unknown" if by_phone else "member_unknown"


def typed(session: Session, text: str) -> Step:
    session = passing(session, typed=text, page=0)
    over = session.passing.panel
    return session, (search(session),) if over is not None and over.name == "finder" else ()


def search(session: Session) -> Search:
    seen, over = session.passing, session.passing.panel
    return Search(seen.typed, session.kept.language, over.department if over and not seen.typed else "")


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


def storage(session: Session, before: tuple[Device, ...], device: Device) -> tuple[Effect, ...]:
    """A disk that takes nothing takes no call for help either: so the lane calls by itself, once."""
    was = next((old.health for old in before if old.name == device.name), Health.READY)
    if device.name != "storage" or device.health is was:
        return ()
    if device.health is Health.READY:
        return (Light(lamp(session)),)
    return Beep("person_called"), Light("help"), Note("intervention_raised", {"code": "device.storage"})


def lamp(session: Session) -> str:
    """What the lane's light says, as far as the phase and its questions do."""
    match session.kept.phase:
        case Idle():
            return "idle"
        case OutOfService():
            return "closed"
        case Shopping(sale=sale) | Paying(sale=sale) if any(each.asked_staff for each in sale.open):
            return "help"
        case _:
            return "in_use"


def faded(session: Session, key: str, now: Millis) -> Step:
    match key:
        case "offer":
            return suggesting.due_now(session)
        case "offer_over":
            return suggesting.over(session, now)
        case "idle":
            return prompted(session)
        case "left":
            return counted(session)
        case "notice":
            return passing(session, notice=""), ()
        case "undo":
            return passing(session, **SETTLED), ()
        case "audio":
            return left_alone(session)
        case _:
            return same(session)
