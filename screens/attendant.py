"""The colleague's page: what is asked, with its answers, and her tools. One PIN, one action."""

from msgspec.structs import replace

from kiosk.checkout.aside import may_go
from kiosk.checkout.events import (
    Approved,
    CaseCleared,
    DayClosed,
    Event,
    LaneClosed,
    LaneOpened,
    LineChosen,
    OutcomeDecided,
    PrintedAgain,
    RefundBegun,
    Refused,
    SaleCancelled,
    StaffEnded,
    TrainingChosen,
)
from kiosk.checkout.evidence import heard
from kiosk.checkout.giving import undecided
from kiosk.checkout.model import Intervention, Sale, Why
from kiosk.checkout.money import MAY_BE_LESS, Attempt, Case, CaseWhy, Outcome
from kiosk.checkout.passed import Opened
from kiosk.checkout.session import Idle, OutOfService, Panel, Paying, Staff
from kiosk.checkout.shelf import ASKED
from kiosk.checkout.suspending import PutAside
from screens.aside import waiting
from screens.jobs import papers
from screens.lane import Lane
from screens.notices import why_not
from screens.questions import asked_name
from screens.service import called
from screens.slip import older
from screens.widgets import Hero, Key, Page, Slip, Strip

OLD_LINES = 2
UNSOLD = (Why.ITEM_NOT_FOUND, Why.ITEM_PRICE_REQUIRED, Why.ITEM_EXPIRED, Why.ITEM_RECALLED)


def attendant(lane: Lane, staff: Staff) -> Page:
    words, sale = lane.words, lane.sale
    questions = [each for each in sale.open if each.why is not Why.PAYMENT_UNKNOWN] if sale else []
    asked = tuple(request(lane, sale, each) for each in questions) if sale else ()
    kept = waiting(lane) if sale is None else ()
    strips = (*payments(lane), *asked, *papers(lane), *kept, *device_strips(lane), *why_not(lane))
    lines = older(lane, sale, LineChosen)[-OLD_LINES:] if sale else ()
    left = words("{name}, closes in {time}", name=staff.name, time=words.countdown(staff.until - lane.now))
    quiet = Hero((words("Nothing is asked"),), words("One PIN, one action."), size="title")
    paper = Slip(lines, None, strips)
    blocks = (paper,) if strips else (quiet, paper) if lines else (quiet,)
    end = Key(id="end", text=words("End staff mode"), icon="lock", kind="answer", sends=StaffEnded())
    total = replace(lane.total(), label=words("Basket")) if sale and sale.lines else None
    return lane.page(
        "attendant",
        *blocks,
        head=lane.staff_head(left, "clock"),
        tools=tools(lane),
        total=total,
        go=end,
        foot=(),
    )


def payments(lane: Lane) -> tuple[Strip, ...]:
    """Payments and reversals in doubt, and cases about money that a colleague has to clear."""
    kept = lane.session.kept
    paying = kept.phase.attempt if isinstance(kept.phase, Paying) else None
    doubts = (paying, *kept.giving_back[:1])
    asked = tuple(doubt(lane, each) for each in doubts if each is not None and undecided(each, lane.policy))
    return (*asked, *(case(lane, each) for each in kept.cases))


def doubt(lane: Lane, attempt: Attempt) -> Strip:
    words = lane.words
    at = words.clock(attempt.started, lane.policy.utc_offset_minutes)
    known = heard(attempt, lane.policy)
    sum_ = words.money(known.amount if known and known.amount else attempt.amount)
    if attempt.of is not None:
        yes, no = words("It went back"), words("It did not")
        text = words("Did {sum} go back to the card? Look it up in its own list.", sum=sum_)
    else:
        yes, no = words("It was paid"), words("It was not paid")
        text = words("{sum} at {time}. Look it up in its own list.", sum=sum_, time=at)
        if attempt.kind in MAY_BE_LESS and known is None:
            text += " " + words("If it was less, give it back there: it was not paid.")
    keys = (
        staff_key(
            f"{'reversed' if attempt.of else 'paid'}", yes, OutcomeDecided(attempt.id, Outcome.APPROVED)
        ),
        other_key(
            f"not_{'reversed' if attempt.of else 'paid'}", no, OutcomeDecided(attempt.id, Outcome.NOT_CHARGED)
        ),
    )
    title = words("What does the terminal say?")
    return Strip(f"case-{attempt.id}", "card", title, text, "person", Why.PAYMENT_UNKNOWN, keys)


def case(lane: Lane, each: Case) -> Strip:
    """One open case: what it is about, and the key that says a person has seen to it."""
    words, sum_ = lane.words, lane.words.money(abs(each.amount))
    title, text = {
        CaseWhy.LATE_APPROVAL: (
            words("{sum} came too late", sum=sum_),
            words("It belongs to no sale here. Give it back at the terminal."),
        ),
        CaseWhy.LATE_REVERSAL: (
            words("{sum} went back after all", sum=sum_),
            words("If it was given back by hand too, it went back twice."),
        ),
        CaseWhy.NOT_REVERSED: (
            words("{sum} did not go back", sum=sum_),
            words("The terminal refused. Give it back there, or in cash."),
        ),
        CaseWhy.TOTALS_DIFFER: (
            words("The terminal’s day differs by {sum}", sum=sum_),
            words("Compare its list with the journal of this lane."),
        ),
    }[each.why]
    key = staff_key(f"case-{each.id}-cleared", words("Dealt with"), CaseCleared(each.id))
    return Strip(f"case-{each.id}", "card", title, text, "person", "", (key,))


def staff_key(name: str, text: str, sends: Event, icon: str = "check") -> Key:
    return Key(id=name, text=text, icon=icon, kind="person", sends=sends)


def other_key(name: str, text: str, sends: Event) -> Key:
    return Key(id=name, text=text, icon="close", kind="paper", sends=sends)


def request(lane: Lane, sale: Sale, each: Intervention) -> Strip:
    """One open question with its answers, how long it has waited and its code."""
    words = lane.words
    name = asked_name(lane, sale, each)
    icon, title = question(lane, each)
    waiting = words("Waiting {time}", time=words.countdown(lane.now - each.raised))
    text = f"{name}. {waiting}" if name else waiting
    keys: tuple[Key, ...] = (approve(lane, each), *refuse(lane, each))
    code = each.why if len(keys) > 1 else ""
    ident = f"ask-{each.why}-{each.line or 0}"
    keys = tuple(replace(key, id=f"{ident}-{key.id}") for key in keys)
    return Strip(ident, icon, title, text, "person", code, keys)


def question(lane: Lane, each: Intervention) -> tuple[str, str]:
    words = lane.words
    if each.why is Why.AGE_RESTRICTED:
        return "age", words("{age} or over?", age=each.age)
    if each.why in {Why.WEIGHT_UNEXPECTED, Why.WEIGHT_MISMATCH, Why.WEIGHT_REMOVED}:
        return "scale", words("Bag: {weight} unexplained", weight=words.grams(each.grams))
    return {
        Why.WEIGHT_MISSING: ("scale", words("Not in the bag")),
        Why.ITEM_NOT_FOUND: ("scan", words("Code not in the catalogue")),
        Why.ITEM_PRICE_REQUIRED: ("tag", words("An item without a price")),
        Why.ITEM_EXPIRED: ("clock", words("Past its date, so not sold")),
        Why.ITEM_RECALLED: ("info", words("On the recall list, so not sold")),
        Why.ITEM_BEST_BEFORE: ("clock", words("Best before is past. Sell it?")),
        Why.ITEM_DATE_UNSURE: ("clock", words("The lane’s clock is off. Is its date good?")),
        Why.ITEM_SOLD_BEFORE: ("scan", words("Its serial was sold before. Sell it?")),
        Why.VOID_LIMIT: ("remove", words("Remove this?")),
        Why.HELP_REQUESTED: ("help", words("Shopper asked for help")),
        Why.IDLE_ABANDONED: ("clock", words("Nobody has moved for a while")),
    }[each.why]


def approve(lane: Lane, each: Intervention) -> Key:
    words, yes = lane.words, Approved(each.why, each.line)
    if each.why is Why.AGE_RESTRICTED:
        return staff_key("yes", words("ID seen, {age} or over", age=each.age), yes)
    if each.why is Why.VOID_LIMIT:
        return staff_key("yes", words("Remove it"), yes)
    if each.why in ASKED:
        return staff_key("yes", words("Sell it"), yes)
    done = {Why.HELP_REQUESTED, Why.IDLE_ABANDONED, *UNSOLD}
    return staff_key("yes", words("Dealt with") if each.why in done else words("It is fine"), yes)


def refuse(lane: Lane, each: Intervention) -> tuple[Key, ...]:
    words = lane.words
    text = {
        Why.AGE_RESTRICTED: words("Refuse"),
        Why.VOID_LIMIT: words("It stays"),
        Why.ITEM_BEST_BEFORE: words("Take it out"),
        Why.ITEM_DATE_UNSURE: words("Take it out"),
        Why.ITEM_SOLD_BEFORE: words("Take it out"),
        Why.HELP_REQUESTED: "",
        Why.IDLE_ABANDONED: "",
        **dict.fromkeys(UNSOLD, ""),
    }.get(each.why, words("Scan again"))
    return (other_key("no", text, Refused(each.why, each.line)),) if text else ()


def device_strips(lane: Lane) -> tuple[Strip, ...]:
    """What a colleague should know and a shopper need not."""
    words = lane.words
    strips = []
    if lane.away("bag"):
        text = words("Bags are not checked until it is back.")
        strips.append(Strip("away-bag", "scale", words("The bag scale does not answer"), text))
    if lane.away("printer"):
        text = words("Receipts go to the phone until then.")
        strips.append(Strip("away-printer", "printer", words("The printer needs you"), text))
    return (*strips, *others_away(lane))


def others_away(lane: Lane) -> tuple[Strip, ...]:
    """Everything else that wants a look, in one strip."""
    words = lane.words
    told = {"bag", "printer"}
    away = [
        each.name for each in lane.session.passing.devices if each.name not in told and lane.away(each.name)
    ]
    names = [called(words, name) for name in away]
    if lane.session.passing.queue and not lane.session.passing.server:
        names.append(words("Store server"))
    if not names:
        return ()
    return (
        Strip(
            "away", "info", words("Needs a look: {what}", what=", ".join(names)), words("Service says more.")
        ),
    )


def tools(lane: Lane) -> tuple[Key, ...]:
    """Always the same places; what does not fit the moment is not now."""
    words, phase = lane.words, lane.session.kept.phase
    lines = bool(lane.sale and lane.sale.lines)
    paying = isinstance(phase, Paying) and phase.attempt is not None
    no_lines, busy = words("There is no open basket."), words("A payment is under way.")
    change = lines and not paying
    why = busy if paying else no_lines
    no_receipt = words("There is no receipt to print.")
    is_closed = isinstance(phase, OutOfService)
    lane_key = tool(
        "close_lane",
        words("Close lane"),
        "lock",
        LaneClosed("staff"),
        not lane.sale,
        words("Please finish this basket first."),
    )
    if is_closed:
        lane_key = tool("open_lane", words("Open lane"), "check", LaneOpened())
    weigh = tool("weigh", words("Weigh"), "scale", Opened(Panel("finder")), not paying, busy)
    return (
        tool("void", words("Remove line"), "remove", Opened(Panel("remove")), change, why),
        tool("price", words("Change price"), "tag", Opened(Panel("price")), change, why),
        tool("cancel_sale", words("Cancel sale"), "close", SaleCancelled(), change, why),
        *([set_aside(lane)] if lane.sale else []),
        tool(
            "print_again",
            words("Print again"),
            "printer",
            PrintedAgain(),
            bool(lane.session.kept.jobs),
            no_receipt,
        ),
        lane_key,
        *([weigh] if lane.sale else []),
        *duties(lane),
        tool("service", words("Service"), "settings", Opened(Panel("service"))),
    )


def set_aside(lane: Lane) -> Key:
    words, may = lane.words, may_go(lane.session) is not None
    why = words("Only a basket with something in it, and no payment under way.")
    return tool("put_aside", words("Set aside"), "suspend", PutAside(), may, why)


def duties(lane: Lane) -> tuple[Key, ...]:
    """What is done at a lane where no basket is open."""
    words, kept = lane.words, lane.session.kept
    if not isinstance(kept.phase, Idle):
        return ()
    on = kept.training
    training = words("Training is on") if on else words("Training")
    return (
        tool("refund", words("Refund"), "refund", RefundBegun(), not on, training),
        tool(
            "day",
            words("End of day"),
            "clock",
            DayClosed(),
            bool(kept.day),
            words("The day is closed already."),
        ),
        tool("training", training, "training", TrainingChosen(not on)),
        tool("basket_code", words("Resume a basket"), "suspend", Opened(Panel("basket_code"))),
    )


def tool(name: str, text: str, icon: str, sends: Event, on: bool = True, why: str = "") -> Key:
    return Key(id=name, text=text, icon=icon, sends=sends if on else None, off=not on, why="" if on else why)
