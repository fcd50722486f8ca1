"""Open questions as the shopper sees them: strips on the slip, and the answers that she can give herself."""

from kiosk.checkout.events import BagAnswered, LeaveOutPressed
from kiosk.checkout.model import Intervention, Sale, Why
from kiosk.text import Words
from screens.lane import Lane
from screens.slip import called, line_of
from screens.widgets import Key, Strip

SELF_FIX = frozenset({Why.WEIGHT_UNEXPECTED, Why.WEIGHT_MISMATCH, Why.WEIGHT_MISSING, Why.WEIGHT_REMOVED})
LEAVES_PAY_OPEN = frozenset({Why.HELP_REQUESTED, Why.IDLE_ABANDONED, Why.PAYMENT_UNKNOWN})


def question(sale: Sale) -> Intervention | None:
    """The first question about the bag that the shopper may answer herself."""
    return next((each for each in sale.open if each.why in SELF_FIX and not each.asked_staff), None)


def holding(sale: Sale) -> tuple[Intervention, ...]:
    """What has to be answered before Pay opens."""
    return tuple(each for each in sale.open if each.why not in LEAVES_PAY_OPEN)


def strips(lane: Lane, sale: Sale) -> tuple[Strip, ...]:
    """One strip for each open question, those for a colleague in blue."""
    asked = question(sale)
    return tuple(
        strip
        for each in sale.open
        if each.why is not Why.IDLE_ABANDONED
        and (each.why not in SELF_FIX or each.asked_staff or each is asked)
        for strip in (_strip(lane, sale, each),)
    )


def _strip(lane: Lane, sale: Sale, each: Intervention) -> Strip:
    words, name = lane.words, _name(lane, sale, each)
    going_on = words("Please go on scanning meanwhile.")
    if each.why in SELF_FIX:
        return _bag_strip(words, each, name)
    says = {
        Why.AGE_RESTRICTED: ("age", words("We ask for ID once, for this: {name}", name=name), going_on),
        Why.ITEM_NOT_FOUND: ("scan", words("This code is new to us"), words("A colleague brings the price.")),
        Why.ITEM_PRICE_REQUIRED: (
            "tag",
            words("{name} needs a price", name=name),
            words("A colleague brings it."),
        ),
        Why.VOID_LIMIT: ("remove", words("A colleague takes it out with you"), going_on),
        Why.HELP_REQUESTED: ("person", words("A colleague is on the way"), words("You can go on scanning.")),
        Why.PAYMENT_UNKNOWN: (
            "card",
            words("A colleague looks after the payment"),
            words("Please do not pay again."),
        ),
    }
    icon, title, text = says[each.why]
    return Strip(_id(each), icon, title, text, tone="person")


def _bag_strip(words: Words, each: Intervention, name: str) -> Strip:
    if each.asked_staff:
        title = words("A colleague has a look at the bag")
        return Strip(_id(each), "person", title, words("Please go on scanning meanwhile."), tone="person")
    if each.why is Why.WEIGHT_MISSING:
        return Strip(
            _id(each),
            "scale",
            words("Please put it in the bag: {name}", name=name),
            words("Or does it stay out?"),
        )
    if each.why is Why.WEIGHT_REMOVED:
        title, text = words("Something left the bag"), words("Please put it back. Or what happened?")
        return Strip(_id(each), "scale", title, text)
    lighter = each.grams < 0
    text = (
        words("It is lighter than expected. What happened?")
        if lighter
        else words("It is heavier than expected. What happened?")
    )
    return Strip(_id(each), "scale", words("Let’s check the bag together"), text)


def _id(each: Intervention) -> str:
    return f"{each.why}-{each.line or 0}"


def _name(lane: Lane, sale: Sale, each: Intervention) -> str:
    line = line_of(sale, each.line)
    return called(line.item, lane.words) if line else ""


def answers(lane: Lane, sale: Sale, each: Intervention) -> tuple[Key, ...]:
    """What may have happened, in the shopper's words; the last one fetches a colleague."""
    words = lane.words

    def answer(name: str, text: str, icon: str, note: str = "") -> Key:
        return Key(id=name, text=text, icon=icon, kind="answer", note=note, sends=BagAnswered(name))

    moved = answer("moved", words("I moved or lifted things"), "undo")
    nobody = answer("colleague", words("None of these"), "people", words("A colleague has a look"))
    if each.why in {Why.WEIGHT_MISSING, Why.WEIGHT_REMOVED}:
        line = line_of(sale, each.line)
        if line is None:
            return moved, nobody
        text = words("It stays out of the bag")
        out = Key(id="leave_out", text=text, icon="no_bag", kind="answer", sends=LeaveOutPressed(line.no))
        return out, moved, nobody
    own = answer("own_bag", words("I put my own bag there"), "own_bag")
    scan = answer("not_scanned", words("Something is not scanned"), "scan")
    return (own, moved, scan, nobody) if each.grams >= 0 else (moved, scan, nobody)
