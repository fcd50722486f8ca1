"""News that passes: `passing.notice` names one of these, and the slip prints it for a while."""

from kiosk.text import msg
from screens.lane import Lane
from screens.widgets import Strip

NOTICES = {
    "check_digit": (
        "scan",
        msg("Once more, please"),
        msg("We could not read this code. Hold it flat to the glass."),
    ),
    "payment_card": (
        "card",
        msg("That is a payment card"),
        msg("You pay with it at the card terminal, at the end."),
    ),
    "member_unknown": (
        "member",
        msg("We do not know this card yet"),
        msg("Your basket goes on as before."),
    ),
    "member_later": (
        "member",
        msg("Your card is noted later"),
        msg("We cannot ask the shop just now. Your basket goes on."),
    ),
    "coupon_unknown": (
        "coupon",
        msg("This coupon is new to us"),
        msg("A colleague can have a look: press Help."),
    ),
    "coupon_used": ("coupon", msg("This coupon is already used"), msg("Your basket goes on as before.")),
    "paying": ("card", msg("First the payment, please"), msg("Or go back to the basket to scan more.")),
    "pending": ("clock", msg("One moment, please"), msg("Then scan the next product.")),
    "help_coming": ("person", msg("A colleague is coming"), ""),
}


def notice(lane: Lane) -> tuple[Strip, ...]:
    """The strip of the notice that is up; none for a name without words."""
    found = NOTICES.get(lane.session.passing.notice)
    if found is None:
        return ()
    icon, title, text = found
    tone = "person" if icon == "person" else "plain"
    return (Strip("notice", icon, lane.words(title), lane.words(text) if text else "", tone=tone),)
