"""Open questions as the shopper sees them: strips on the slip, and the answers that she can give herself."""

from kiosk.checkout.basket import line_of as basket_line
from kiosk.checkout.events import BagAnswered
from kiosk.checkout.interventions import BLOCKS_PAYING, gravest_first
from kiosk.checkout.model import Intervention, Sale, Why
from kiosk.checkout.turn import WEIGHT
from kiosk.text import Words, msg
from screens.lane import Lane
from screens.slip import called
from screens.widgets import Key, Strip

MOST, MOST_LARGE = 3, 2  # strips on a shopper's slip, and with large text or low reach


GOING_ON = msg("Please go on scanning meanwhile.")
BRINGS = msg("A colleague brings the price.")
ID_ONCE = msg("We ask for ID once")
COMING = ("person", msg("A colleague is on the way"), msg("You can go on scanning."))
AUDIT = ("audit", msg("Today we check a few baskets"), msg("It takes a minute. Thank you."))
SAID = {
    Why.AGE_RESTRICTED: ("age", msg("We ask for ID once, for this: {name}"), GOING_ON),
    Why.SALE_RESTRICTED: (
        "info",
        msg("This one stays here for now: {name}"),
        msg("A rule on hours or number. A colleague knows more."),
    ),
    Why.ITEM_NOT_FOUND: ("scan", msg("This code is new to us"), BRINGS),
    Why.ITEM_PRICE_REQUIRED: ("tag", msg("The last one needs a price"), BRINGS),
    Why.ITEM_EXPIRED: (
        "clock",
        msg("This one is past its date: {name}"),
        msg("Please take a fresh one. A colleague knows."),
    ),
    Why.ITEM_RECALLED: (
        "info",
        msg("This one is not for sale today: {name}"),
        msg("Please leave it with a colleague."),
    ),
    Why.ITEM_BEST_BEFORE: ("clock", msg("A colleague looks at the date: {name}"), GOING_ON),
    Why.ITEM_DATE_UNSURE: ("clock", msg("A colleague looks at the date: {name}"), GOING_ON),
    Why.ITEM_SOLD_BEFORE: ("scan", msg("A colleague looks at this one: {name}"), GOING_ON),
    Why.ITEM_SECURITY_TAG: ("tag", msg("A colleague takes the tag off: {name}"), GOING_ON),
    Why.ITEM_QTY_LIMIT: ("quantity", msg("That is a lot. A colleague has a look."), GOING_ON),
    Why.VOID_LIMIT: ("remove", msg("A colleague takes it out with you"), GOING_ON),
    Why.BAG_SKIP_LIMIT: ("no_bag", msg("A colleague looks, or put it in the bag: {name}"), GOING_ON),
    Why.PRICE_DISPUTE: ("tag", msg("A colleague checks the price: {name}"), GOING_ON),
    Why.COUPON_CHECK: ("coupon", msg("A colleague looks at your coupon"), msg("Please keep it ready.")),
    Why.AUDIT_RANDOM: AUDIT,
    Why.AUDIT_RISK: AUDIT,
    Why.HELP_REQUESTED: COMING,
    Why.HELP_ACCESSIBILITY: COMING,
    Why.PAYMENT_UNKNOWN: ("card", msg("A colleague knows about it"), msg("Please do not pay again.")),
    Why.PAYMENT_DECLINED_REPEAT: (
        "person",
        msg("A colleague helps you with paying"),
        msg("Your basket is kept. Another card may work."),
    ),
    Why.DEPOSIT_INVALID: (
        "receipt",
        msg("A colleague looks at your deposit slip"),
        msg("You can pay otherwise meanwhile."),
    ),
    Why.IDLE_ABANDONED: ("clock", msg("A colleague has a look"), msg("Your basket is kept.")),
}
"""Questions that a colleague answers: icon, title and text for the shopper."""


def question(sale: Sale) -> Intervention | None:
    """The first question about the bag that the shopper may answer herself."""
    return next((each for each in sale.open if each.why in WEIGHT and not each.asked_staff), None)


def holding(sale: Sale) -> tuple[Intervention, ...]:
    """What has to be answered before Pay opens."""
    return tuple(each for each in sale.open if each.why in BLOCKS_PAYING)


def strips(lane: Lane, sale: Sale) -> tuple[Strip, ...]:
    """What is asked, the gravest first, those for a colleague in blue; many do not push the basket off the page."""
    asked = question(sale)
    shown = [
        _strip(lane, sale, each)
        for each in gravest_first(sale.open)
        if each.why not in {Why.IDLE_ABANDONED, Why.WEIGHT_UNKNOWN_ITEM}
        and (each.why not in WEIGHT or each.asked_staff or each is asked)
    ]
    most = MOST_LARGE if lane.large or lane.low else MOST
    if len(shown) <= most:
        return tuple(shown)
    shown.sort(
        key=lambda strip: strip.tone == "person"
    )  # what she can answer herself is not among the others
    more = len(shown) - most + 1
    text = lane.words.n("A colleague looks at {n} more thing", "A colleague looks at {n} more things", more)
    return (*shown[: most - 1], Strip("more", "people", text, tone="person"))


def _strip(lane: Lane, sale: Sale, each: Intervention) -> Strip:
    words = lane.words
    if each.why in WEIGHT:
        title, text = _bag_words(words, each, asked_name(lane, sale, each))
        icon = "person" if each.asked_staff else "scale"
        return Strip(_id(each), icon, title, text, tone="person" if each.asked_staff else "plain")
    icon, title, text = _colleague_words(words, each, asked_name(lane, sale, each))
    return Strip(_id(each), icon, title, text, tone="person")


def _colleague_words(words: Words, each: Intervention, name: str) -> tuple[str, str, str]:
    """Icon, title and text of a question that a colleague answers."""
    icon, title, text = SAID[each.why]
    if each.why is Why.AGE_RESTRICTED and not name:
        title = ID_ONCE
    return icon, words(title, name=name), words(text)


def _bag_words(words: Words, each: Intervention, name: str) -> tuple[str, str]:
    """Title and text of a question about the bag: never blame, always what to do."""
    if each.asked_staff:
        return words("A colleague has a look at the bag"), words("Please go on scanning meanwhile.")
    if each.answer == "not_scanned":
        return words("Please scan it now"), words("Then it may stay in the bag.")
    if each.why is Why.WEIGHT_MISSING:
        title = (
            words("Please put it in the bag: {name}", name=name)
            if name
            else words("Is everything in the bag?")
        )
        return title, words("Or does it stay out?")
    if each.why is Why.WEIGHT_REMOVED:
        return words("Something left the bag"), words("Please put it back. Or what happened?")
    title = words("Let’s check the bag together")
    if each.grams < 0:
        return title, words("It is lighter than expected. What happened?")
    return title, words("It is heavier than expected. What happened?")


def _id(each: Intervention) -> str:
    return f"{each.why}-{each.line or 0}"


def asked_name(lane: Lane, sale: Sale, each: Intervention) -> str:
    """What the question is about; empty where nobody can say."""
    line = basket_line(sale, each.line)
    return called(line.item, lane.words) if line else each.printed


def answers(lane: Lane, each: Intervention) -> tuple[Key, ...]:
    """What may have happened, in the shopper's words; the last one fetches a colleague."""
    words = lane.words

    def answer(name: str, text: str, icon: str, note: str = "") -> Key:
        return Key(id=name, text=text, icon=icon, kind="answer", note=note, sends=BagAnswered(name))

    if lane.large:
        own = answer("own_bag", words("My own bag"), "own_bag")
        out = answer("left_out", words("It stays out"), "no_bag")
        moved = answer("moved", words("I moved things"), "undo")
        scan = answer("not_scanned", words("Not scanned"), "scan")
        full = answer("full", words("A full bag went"), "bag")
        fine = answer("fine", words("Nothing else"), "check")
        nobody = answer("colleague", words("None of these"), "people")
    else:
        own = answer("own_bag", words("I put my own bag there"), "own_bag")
        out = answer("left_out", words("It stays out of the bag"), "no_bag")
        moved = answer("moved", words("I moved or lifted things"), "undo")
        scan = answer("not_scanned", words("Something is not scanned"), "scan")
        full = answer("full", words("I took a full bag away"), "bag")
        fine = answer("fine", words("I added nothing else"), "check")
        nobody = answer("colleague", words("None of these"), "people", words("A colleague has a look"))
    if each.why is Why.WEIGHT_MISSING:
        return out, moved, nobody
    if each.why is Why.WEIGHT_REMOVED or each.grams < 0:
        return moved, full, nobody
    return own, scan, fine, nobody
