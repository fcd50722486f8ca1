"""Everything that passes: hints, which are not journaled and may change only `session.passing`."""

from typing import Literal

from msgspec import Struct

from kiosk.barcode import Code
from kiosk.checkout.about import About
from kiosk.checkout.model import Item
from kiosk.checkout.records import ClosedSale, HandedOver, Refund
from kiosk.checkout.session import Device, LiveWeight, Panel
from kiosk.checkout.suggestion import Offered
from kiosk.units import ItemId


class Hint(Struct, frozen=True, tag=True):
    """Something that passes: it may change only `session.passing`."""


class Opened(Hint, frozen=True):
    panel: Panel


class Closed(Hint, frozen=True):
    """Back from whatever panel is open."""


class Typed(Hint, frozen=True):
    """One more character in the finder or a number field that is no secret."""

    text: str


class Erased(Hint, frozen=True):
    pass


class Paged(Hint, frozen=True):
    page: int


ANY_LETTER = "*"
"""Stands for the next letters where each leads somewhere, since a slip is forgiven."""


class Found(Hint, frozen=True):
    """Answer to Search: the first items, the letters that lead further, and the departments that have goods to pick
    (said without a text only)."""

    text: str
    items: tuple[Item, ...]
    next_letters: str
    departments: tuple[str, ...] = ()


class PriceAsked(Hint, frozen=True):
    """A scan on the price-check page: it asks, and sells nothing."""

    code: Code


class ItemAsked(Hint, frozen=True):
    """Something picked by name where no basket is open: it is asked about, and nothing is sold."""

    item: ItemId


class PriceFound(Hint, frozen=True):
    """Answer to a price check."""

    item: Item | None
    about: About = About()


class OfferFound(Hint, frozen=True):
    """Answer to FindOffer; None: nothing goes with it."""

    offer: Offered | None


class StaffNamed(Hint, frozen=True):
    """A colleague named herself by number or badge; her PIN comes next."""

    person: str


class PinEntered(Hint, frozen=True):
    """The PIN field was confirmed; the digits stay where they were typed."""

    person: str


class ScaleRead(Hint, frozen=True):
    """produce or bag, and what it reads now."""

    scale: str
    live: LiveWeight


class TarePressed(Hint, frozen=True):
    """What lies on the produce scale is a container: its weight is the tare of this weighing."""


class NotWeighed(Hint, frozen=True):
    """Add was pressed, but the scale no longer said what the page had shown: nothing is added."""


class TerminalSays(Hint, frozen=True):
    """The terminal's own prompt while it is busy, as a message key, or its text where there is no key."""

    text: str


class DeviceSeen(Hint, frozen=True):
    device: Device


class LinkSeen(Hint, frozen=True):
    """Is the store server there, and how many messages wait for it."""

    server: bool
    queue: int


class CatalogueSeen(Hint, frozen=True):
    """The local catalogue is now a newer one."""


class WeighingModuleSeen(Hint, frozen=True):
    """Version and hash of the code that prices by weight, worked out once after the start."""

    text: str


class UnreadableScanned(Hint, frozen=True):
    """A scan that is no product: wrong check digit, a payment card."""

    reason: str


class DocumentFound(Hint, frozen=True):
    """Answer to LookUpDocument."""

    job: str
    document: ClosedSale | Refund | HandedOver


class WhyNot(Hint, frozen=True):
    """A key that is off was touched: the sentence that says why it is."""

    text: str


class PhoneEntered(Hint, frozen=True):
    """The phone number field was confirmed; the digits stay where they were typed."""


class MemberUnknown(Hint, frozen=True):
    """Nobody has that card, code or number; `asked` is False where the server could not be asked."""

    asked: bool = True


class Faded(Hint, frozen=True):
    """A Fade has run out: an undo bar, a notice, the idle prompt."""

    key: str


class MoreTime(Hint, frozen=True):
    """One minute more, as often as she likes."""


class Touched(Hint, frozen=True):
    """A finger was on the glass, whatever it meant there: somebody is here."""


class LookChosen(Hint, frozen=True):
    """large, contrast, dark, low_reach or slower, turned over."""

    name: str


class DeviceTested(Hint, frozen=True):
    """A technician's key on the service page: print, light, zero_scales, clock (the system's time is right)."""

    name: str


class KeypadPressed(Hint, frozen=True):
    """A key of the tactile keypad, by its name: the screen knows what it means on the page that is shown."""

    key: str


class HeadsetSeen(Hint, frozen=True):
    """Headphones were plugged in, or pulled out."""

    plugged: bool


class AudioChosen(Hint, frozen=True):
    """Audio mode on, or off."""

    on: bool


class VoiceTuned(Hint, frozen=True):
    """volume or pace, by so many levels."""

    what: Literal["volume", "pace"]
    by: int


class CurtainPressed(Hint, frozen=True):
    """The screen goes black, or comes back."""


class Spoken(Hint, frozen=True):
    """What the voice says now."""

    text: str


Audible = HeadsetSeen | AudioChosen | VoiceTuned | CurtainPressed | Spoken

Passed = (
    Opened
    | Closed
    | Typed
    | Erased
    | Paged
    | Found
    | PriceAsked
    | ItemAsked
    | PriceFound
    | OfferFound
    | StaffNamed
    | PinEntered
    | ScaleRead
    | TarePressed
    | NotWeighed
    | TerminalSays
    | DeviceSeen
    | LinkSeen
    | CatalogueSeen
    | WeighingModuleSeen
    | UnreadableScanned
    | DocumentFound
    | WhyNot
    | PhoneEntered
    | MemberUnknown
    | Faded
    | MoreTime
    | Touched
    | LookChosen
    | DeviceTested
    | KeypadPressed
    | Audible
)
