"""Why a colleague does it: a short list for each act, the shop's own where it has one, chosen by a key."""

from collections.abc import Callable

from kiosk.checkout.events import AuditBegun, Event, LaneClosed, LineVoided, SaleCancelled, TrainingChosen
from kiosk.checkout.passed import Closed, Opened
from kiosk.checkout.session import Panel, Staff
from kiosk.slips import REASONS as GIVEN_BACK
from kiosk.text import msg
from kiosk.units import LineNo
from screens.lane import Lane
from screens.slip import called, line_of
from screens.widgets import Hero, Key, Page

REASONS = {
    "void": ("changed_mind", "damaged", "wrong_item", "mistake"),
    "cancel_sale": ("changed_mind", "left_behind", "cannot_pay", "mistake"),
    "close_lane": ("break", "cleaning", "fault", "few_shoppers"),
    "training": ("new_colleague", "practice"),
    "audit": ("bag_unclear", "asked_for", "practice"),
    "price": ("shelf_price", "damaged", "short_date", "goodwill"),
    "refund": tuple(GIVEN_BACK),
}
WORDS = {
    "changed_mind": (msg("Changed their mind"), "undo"),
    "damaged": (msg("Damaged"), "info"),
    "wrong_item": (msg("Wrong product"), "scan"),
    "mistake": (msg("Our mistake"), "tag"),
    "left_behind": (msg("Left behind"), "basket"),
    "cannot_pay": (msg("Cannot pay now"), "card"),
    "break": (msg("Break"), "pause"),
    "cleaning": (msg("Cleaning"), "down"),
    "fault": (msg("Something is broken"), "settings"),
    "few_shoppers": (msg("Few shoppers"), "people"),
    "new_colleague": (msg("A new colleague"), "person"),
    "practice": (msg("Practice"), "training"),
    "bag_unclear": (msg("The bag is unclear"), "scale"),
    "asked_for": (msg("The shopper asks for it"), "help"),
    "shelf_price": (msg("Price on the shelf"), "tag"),
    "short_date": (msg("Short date"), "clock"),
    "goodwill": (msg("Goodwill"), "person"),
}
ICONS = {"return": "undo", "defect": "info", "mistake": "tag"}
TITLES = {
    "void": msg("Why does it go?"),
    "cancel_sale": msg("Why is the sale cancelled?"),
    "close_lane": msg("Why does the lane close?"),
    "training": msg("Why training?"),
    "audit": msg("Why check this basket?"),
}


def listed(lane: Lane, act: str) -> tuple[tuple[str, str, str], ...]:
    """The reasons for an act: code, words and icon. A reason that is the shop's own stands in its own words."""
    words = lane.words
    codes = lane.policy.reasons.get(act) or REASONS[act]
    known = {code: (words(text), icon) for code, (text, icon) in WORDS.items()}
    if act == "refund":
        known = {code: (words(text), ICONS[code]) for code, text in GIVEN_BACK.items()}
    return tuple((code, *known.get(code, (code, "info"))) for code in codes)


def why(lane: Lane, staff: Staff) -> Page:
    """One touch more, and the act is done with its reason."""
    words, act = lane.words, lane.panel.act
    sends = sender(lane, act)
    line = line_of(lane.sale, lane.panel.line) if lane.sale and act == "void" else None
    title = Hero((words(TITLES[act]),), called(line.item, words) if line else "", size="title")
    keys = tuple(
        Key(id=f"reason-{code}", text=text, icon=icon, sends=sends(code))
        for code, text, icon in listed(lane, act)
    )
    back = Key(id="back", text=words("Back"), icon="back", sends=way_back(lane))
    head = lane.staff_head(staff.name)
    return lane.page("reason", title, head=head, tools=keys, total=lane.basket_total(), foot=(back,))


def sender(lane: Lane, act: str) -> Callable[[str], Event]:
    """What a reason does."""
    line = lane.panel.line or LineNo(0)
    acts: dict[str, Callable[[str], Event]] = {
        "void": lambda reason: LineVoided(line, reason),
        "cancel_sale": SaleCancelled,
        "close_lane": LaneClosed,
        "training": lambda reason: TrainingChosen(True, reason),
        "audit": AuditBegun,
    }
    return acts[act]


def way_back(lane: Lane) -> Event:
    """To the colleague's page; at a staffed till to the basket."""
    return Closed() if lane.session.kept.staff is None else Opened(Panel("staff"))
