"""The colleague's page: what is asked, with its answers, and her tools. One PIN, one action."""

from msgspec.structs import replace

from kiosk.checkout.aside import may_go
from kiosk.checkout.basket import line_of
from kiosk.checkout.events import (
    Approved,
    AssistBegun,
    AuditBegun,
    CaseCleared,
    DayClosed,
    Event,
    LaneOpened,
    LineChosen,
    OutcomeDecided,
    PrintedAgain,
    RefundBegun,
    Refused,
    StaffEnded,
    TrainingChosen,
)
from kiosk.checkout.evidence import heard
from kiosk.checkout.giving import undecided
from kiosk.checkout.interventions import AUDITS, KINDS, gravest_first
from kiosk.checkout.jobs import JobState
from kiosk.checkout.model import Intervention, Sale, Why
from kiosk.checkout.money import MAY_BE_LESS, Attempt, Case, CaseWhy, Outcome
from kiosk.checkout.passed import Opened
from kiosk.checkout.printing import job_of, shown
from kiosk.checkout.session import Idle, OutOfService, Panel, Paying, Phase, Staff
from kiosk.checkout.shelf import ASKED
from kiosk.checkout.suspending import PutAside
from kiosk.checkout.turn import WEIGHT
from kiosk.units import LineNo
from kiosk.weight.decision import Guess, guess
from screens.aside import waiting
from screens.jobs import KNOWN, papers
from screens.lane import Lane
from screens.notices import why_not
from screens.questions import asked_name
from screens.service import called as device_called
from screens.slip import called, older
from screens.widgets import Hero, Key, Page, Slip, Strip

OLD_LINES = 2
MOST = 3  # requests at one time with their keys
DONE = {
    Why.ITEM_NOT_FOUND,
    Why.ITEM_PRICE_REQUIRED,
    Why.ITEM_EXPIRED,
    Why.ITEM_RECALLED,
    Why.SALE_RESTRICTED,
    Why.COUPON_CHECK,
    Why.DEPOSIT_INVALID,
    Why.PAYMENT_DECLINED_REPEAT,
    Why.HELP_REQUESTED,
    Why.HELP_ACCESSIBILITY,
    Why.IDLE_ABANDONED,
}
"""What is not answered with yes or no, but seen to."""

UNASKED = {Why.PAYMENT_UNKNOWN, Why.WEIGHT_UNKNOWN_ITEM}
"""What has a strip of its own, or nobody is asked about."""


def attendant(lane: Lane, staff: Staff) -> Page:
    words, sale = lane.words, lane.sale
    asked = requests(lane, sale) if sale else ()
    kept = waiting(lane) if sale is None else ()
    strips = (*payments(lane), *asked, *papers(lane), *kept, *device_strips(lane), *why_not(lane))
    lines = older(lane, sale, LineChosen)[-OLD_LINES:] if sale else ()
    left = words("{name}, closes in {time}", name=staff.name, time=words.countdown(staff.until - lane.now))
    quiet = Hero((words("Nothing is asked"),), words("One PIN, one action."), size="title")
    paper = Slip(lines, None, strips)
    blocks = (paper,) if strips else (quiet, paper) if lines else (quiet,)
    end = Key(id="end", text=words("End staff mode"), icon="lock", kind="answer", sends=StaffEnded())
    return lane.page(
        "attendant",
        *blocks,
        head=lane.staff_head(left, "clock"),
        tools=tools(lane),
        total=lane.basket_total(),
        go=end,
        foot=foot(lane),
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


def requests(lane: Lane, sale: Sale) -> tuple[Strip, ...]:
    """The gravest with their answers, and how many come after them: never a list that runs off the page."""
    questions = gravest_first(each for each in sale.open if each.why not in UNASKED)
    if len(questions) <= MOST:
        return tuple(request(lane, sale, each) for each in questions)
    shown = tuple(request(lane, sale, each) for each in questions[: MOST - 1])
    more = len(questions) - len(shown)
    text = lane.words.n("{n} more after these", "{n} more after these", more)
    return (*shown, Strip("asked-more", "people", text, tone="person"))


def request(lane: Lane, sale: Sale, each: Intervention) -> Strip:
    """One open question with its answers, how long it has waited and its code."""
    words = lane.words
    name = asked_name(lane, sale, each)
    icon, title = question(lane, each)
    waiting = words("Waiting {time}", time=words.countdown(lane.now - each.raised))
    think = thinks(lane, sale) if each.why in WEIGHT else name
    text = f"{think}. {waiting}" if think else waiting
    keys: tuple[Key, ...] = (approve(lane, each), *refuse(lane, each))
    code = f"{KINDS[each.why].severity} {each.why}" if len(keys) > 1 else ""
    ident = f"ask-{each.why}-{each.line or 0}"
    keys = tuple(replace(key, id=f"{ident}-{key.id}") for key in keys)
    return Strip(ident, icon, title, text, "person", code, keys)


def thinks(lane: Lane, sale: Sale) -> str:
    """What the bag check holds for likeliest, in words: what was weighed, and of nobody."""
    words = lane.words
    what, no = guess(sale.bag)
    line = line_of(sale, LineNo(no)) if no is not None else None
    name = called(line.item, words) if line else ""
    return {
        Guess.OWN_BAG: words("Most likely an own bag"),
        Guess.NOT_SCANNED: words("Most likely something not scanned yet"),
        Guess.ANOTHER: words("Most likely another product than this: {name}", name=name),
        Guess.NOT_THERE: words("Most likely not in the bag yet: {name}", name=name),
        Guess.STILL_THERE: words("Most likely still in the bag: {name}", name=name),
        Guess.TAKEN_OUT: words("Most likely something was lifted out"),
        Guess.LEANING: words("Most likely somebody leans on it"),
        Guess.NOTHING: "",
    }[what]


def question(lane: Lane, each: Intervention) -> tuple[str, str]:
    words = lane.words
    if each.why is Why.AGE_RESTRICTED:
        return "age", words("{age} or over?", age=each.age)
    if each.why in WEIGHT - {Why.WEIGHT_MISSING}:
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
        Why.SALE_RESTRICTED: ("info", words("Not sold at this hour, or not so many")),
        Why.ITEM_SECURITY_TAG: ("tag", words("Take the tag off, please")),
        Why.ITEM_QTY_LIMIT: ("quantity", words("So many of one product?")),
        Why.BAG_SKIP_LIMIT: ("no_bag", words("May it stay out of the bag?")),
        Why.PRICE_DISPUTE: ("tag", words("The shelf says less, says the shopper")),
        Why.COUPON_CHECK: ("coupon", words("A coupon for you to look at")),
        Why.AUDIT_RANDOM: ("audit", words("Scan a few again, by chance")),
        Why.AUDIT_RISK: ("audit", words("Scan a few again")),
        Why.PAYMENT_DECLINED_REPEAT: ("card", words("Declined again and again")),
        Why.DEPOSIT_INVALID: ("receipt", words("A deposit slip without value here")),
        Why.HELP_REQUESTED: ("help", words("Shopper asked for help")),
        Why.HELP_ACCESSIBILITY: ("access", words("Help, with an easier screen")),
        Why.IDLE_ABANDONED: ("clock", words("Nobody has moved for a while")),
    }[each.why]


def approve(lane: Lane, each: Intervention) -> Key:
    words, yes = lane.words, Approved(each.why, each.line)
    if each.why is Why.AGE_RESTRICTED:
        return staff_key("yes", words("ID seen, {age} or over", age=each.age), yes)
    if each.why is Why.VOID_LIMIT:
        return staff_key("yes", words("Remove it"), yes)
    if each.why in AUDITS:
        return staff_key("yes", words("Begin"), AuditBegun(), "scan")
    if each.why is Why.PRICE_DISPUTE:
        return staff_key("yes", words("Change price"), Opened(Panel("price", line=each.line)), "tag")
    if each.why is Why.ITEM_SECURITY_TAG:
        return staff_key("yes", words("The tag is off"), yes)
    if each.why in ASKED:
        return staff_key("yes", words("Sell it"), yes)
    return staff_key("yes", words("Dealt with") if each.why in DONE else words("It is fine"), yes)


def refuse(lane: Lane, each: Intervention) -> tuple[Key, ...]:
    words = lane.words
    text = {
        Why.AGE_RESTRICTED: words("Refuse"),
        Why.VOID_LIMIT: words("It stays"),
        Why.ITEM_BEST_BEFORE: words("Take it out"),
        Why.ITEM_DATE_UNSURE: words("Take it out"),
        Why.ITEM_SOLD_BEFORE: words("Take it out"),
        Why.ITEM_SECURITY_TAG: words("Take it out"),
        Why.ITEM_QTY_LIMIT: words("{n} only", n=lane.policy.qty_limit),
        Why.BAG_SKIP_LIMIT: words("Into the bag"),
        Why.PRICE_DISPUTE: words("Price is right"),
        **dict.fromkeys((*DONE, *AUDITS), ""),
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
    names = [device_called(words, name) for name in away]
    if lane.session.passing.queue and not lane.session.passing.server:
        names.append(words("Store server"))
    if not names:
        return ()
    return (
        Strip(
            "away", "info", words("Needs a look: {what}", what=", ".join(names)), words("Service says more.")
        ),
    )


def act(name: str) -> Opened:
    """The page that asks why."""
    return Opened(Panel("reason", act=name))


def tools(lane: Lane) -> tuple[Key, ...]:
    """What is done to a basket, or at a lane without one; always in the same places."""
    return basket_tools(lane) if lane.sale else lane_tools(lane)


def basket_tools(lane: Lane) -> tuple[Key, ...]:
    words, sale, phase = lane.words, lane.sale, lane.session.kept.phase
    lines = bool(sale and sale.lines)
    paying, asking = isinstance(phase, Paying), isinstance(phase, Paying) and phase.attempt is not None
    none, busy = words("There is no open basket."), words("A payment is under way.")
    change, why = lines and not asking, busy if asking else none
    scanning, later = not paying, words("Back to the basket first.")
    return (
        tool("void", words("Remove line"), "remove", Opened(Panel("remove")), change, why),
        tool("price", words("Change price"), "tag", Opened(Panel("price")), change, why),
        tool("cancel_sale", words("Cancel sale"), "close", act("cancel_sale"), change, why),
        set_aside(lane),
        tool("assist", words("Staffed till"), "people", AssistBegun(), scanning, later),
        tool(
            "audit",
            words("Rescan check"),
            "audit",
            act("audit"),
            lines and scanning,
            none if not lines else later,
        ),
    )


def set_aside(lane: Lane) -> Key:
    words, may = lane.words, may_go(lane.session) is not None
    why = words("Only a basket with something in it, and no payment under way.")
    return tool("put_aside", words("Set aside"), "suspend", PutAside(), may, why)


def lane_tools(lane: Lane) -> tuple[Key, ...]:
    """What is done at a lane where no basket is open."""
    words, kept = lane.words, lane.session.kept
    job = job_of(lane.session, shown(lane.session))
    held = job is not None and job.state is JobState.SENT
    why = words(KNOWN[JobState.SENT]) if held else words("There is no receipt to print.")
    free = job is not None and not held
    again = tool("print_again", words("Print again"), "printer", PrintedAgain(), free, why)
    if not isinstance(kept.phase, Idle):
        return (again,)
    on = kept.training
    training = words("Training is on") if on else words("Training")
    closed = words("The day is closed already.")
    return (
        tool("refund", words("Refund"), "refund", RefundBegun(), not on, training),
        tool("assist", words("Staffed till"), "people", AssistBegun()),
        tool("basket_code", words("Resume a basket"), "suspend", Opened(Panel("basket_code"))),
        again,
        tool("day", words("End of day"), "clock", DayClosed(), bool(kept.day), closed),
        tool("training", training, "training", TrainingChosen(False) if on else act("training")),
    )


def foot(lane: Lane) -> tuple[Key, ...]:
    """Open or close the lane, or weigh for the basket that keeps it open; and the technician's page."""
    words, phase = lane.words, lane.session.kept.phase
    return first_of_foot(lane, phase), tool("service", words("Service"), "settings", Opened(Panel("service")))


def first_of_foot(lane: Lane, phase: Phase) -> Key:
    words = lane.words
    if isinstance(phase, OutOfService):
        return tool("open_lane", words("Open lane"), "check", LaneOpened())
    if lane.sale:
        asking = isinstance(phase, Paying) and phase.attempt is not None
        busy = words("A payment is under way.")
        return tool("weigh", words("Weigh"), "scale", Opened(Panel("finder")), not asking, busy)
    first = words("Please finish this basket first.")
    return tool("close_lane", words("Close lane"), "lock", act("close_lane"), isinstance(phase, Idle), first)


def tool(name: str, text: str, icon: str, sends: Event, on: bool = True, why: str = "") -> Key:
    return Key(id=name, text=text, icon=icon, sends=sends if on else None, off=not on, why="" if on else why)
