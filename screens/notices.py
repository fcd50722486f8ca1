"""News that passes: `passing.notice` names one of these, and the slip prints it for a while."""

from kiosk.text import msg
from screens.lane import Lane
from screens.widgets import Strip

AGAIN = ("scan", msg("Once more, please"), msg("We could not read this code. Hold it flat to the glass."))
GOES_ON = msg("Your basket goes on as before.")
NOTICES = {
    "unreadable": AGAIN,
    "unsure": (
        "scan",
        msg("Once more, please"),
        msg("The camera is not sure of this code. Show it once more."),
    ),
    "unreadable:payment_card": (
        "card",
        msg("That is a payment card"),
        msg("You pay with it at the card terminal, at the end."),
    ),
    "item.not_found": ("scan", msg("This code is new to us"), msg("A colleague knows more: press Help.")),
    "member_unknown": ("member", msg("We do not know this card yet"), GOES_ON),
    "member_away": (
        "member",
        msg("Your card cannot be checked just now"),
        msg("Show it once more before you pay."),
    ),
    "member_late": (
        "member",
        msg("Your card comes a little late"),
        msg("Part of this is paid already. It counts next time."),
    ),
    "audit_there": ("check", msg("This one is in the basket"), msg("It need not be counted.")),
    "coupon_used": ("coupon", msg("This coupon is already used"), GOES_ON),
    "coupon_later": (
        "coupon",
        msg("This coupon is noted"),
        msg("It counts as soon as its product is in the basket."),
    ),
    "pay_with_it": (
        "gift",
        msg("You can pay with this"),
        msg("Press Pay first, then hold it to the glass again."),
    ),
    "read_before": (
        "scan",
        msg("This one is in your basket"),
        msg("Each pack has a number of its own: it counts once."),
    ),
    "scan_each": ("scan", msg("Please scan each one"), msg("Every pack has a date or number of its own.")),
    "best_before": (
        "clock",
        msg("Its best-before day is past"),
        msg("It is often good for longer. The choice is yours."),
    ),
    "own_bag": ("own_bag", msg("Your own bag is noted"), msg("Put it down, then go on scanning.")),
    "basket_asked": ("suspend", msg("We look for your basket"), msg("One moment, please.")),
    "basket_back": (
        "basket",
        msg("Here is your basket again"),
        msg("Please go on scanning, or pay."),
    ),
    "basket_repriced": (
        "tag",
        msg("Here is your basket again"),
        msg("Its offers are those of now, so the sum is another one."),
    ),
    "basket_first": (
        "basket",
        msg("This basket first, please"),
        msg("The one set aside comes back when this one is done."),
    ),
    "basket_unheard": (
        "suspend",
        msg("We cannot look for it just now"),
        msg("Please try again in a moment, at this checkout. It is kept."),
    ),
    "basket_unknown": (
        "suspend",
        msg("We do not find this basket"),
        msg("Try again in a moment, or press Help. A colleague knows more."),
    ),
    "basket_taken": (
        "suspend",
        msg("This basket is at another checkout"),
        msg("If that is not so, a colleague helps you."),
    ),
    "basket_ambiguous": (
        "suspend",
        msg("Please hold its code to the glass"),
        msg("Two baskets have this number today."),
    ),
    "basket_kept": (
        "suspend",
        msg("Please go where it was set aside"),
        msg("That checkout keeps it and brings it back."),
    ),
    "help_coming": ("person", msg("A colleague is on the way"), msg("Please stay here.")),
}


def notice(lane: Lane) -> tuple[Strip, ...]:
    """The strip of the notice that is up; none for a name without words, or if a question says it already."""
    if why := why_not(lane):
        return why
    name, sale = lane.session.passing.notice, lane.sale
    found = NOTICES.get(name) or NOTICES.get(name.partition(":")[0])
    if found is None or (sale is not None and any(each.why == name for each in sale.open)):
        return ()
    icon, title, text = found
    tone = "person" if icon == "person" else "plain"
    return (Strip("notice", icon, lane.words(title), lane.words(text), tone=tone),)


def why_not(lane: Lane) -> tuple[Strip, ...]:
    """Why the key that was just touched is off; nothing if none was."""
    name = lane.session.passing.notice
    return (Strip("notice", "info", name.removeprefix("why:")),) if name.startswith("why:") else ()
