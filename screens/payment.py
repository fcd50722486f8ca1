"""Paying by card: the terminal's words mirrored, a refusal in plain words, and a result nobody knows yet."""

from kiosk.checkout.events import BackPressed, PayPressed
from kiosk.checkout.model import Sale, Why
from kiosk.checkout.money import AT_SERVER, Attempt, Stage
from kiosk.checkout.session import Paying
from kiosk.checkout.tenders import due
from kiosk.text import Words, msg
from kiosk.units import Minor
from screens import ways
from screens.lane import Lane, slip, two_lines
from screens.notices import why_not
from screens.receipt import paper_notice
from screens.widgets import Hero, Key, Page, Picture, Slip, Strip, Total

PROMPTS = {
    "present_card": (msg("Please present\nyour card"), msg("Present card")),
    "insert_card": (msg("Please insert\nyour card"), msg("Insert card")),
    "enter_pin": (msg("Please enter\nyour PIN"), msg("Enter PIN")),
    "pin_wrong": (msg("That PIN did not fit.\nOnce more, please"), msg("Enter PIN")),
    "remove_card": (msg("Please take\nyour card"), msg("Take card")),
    "card_unreadable": (msg("Please present your\ncard once more"), msg("Present card")),
    "please_wait": (msg("One moment, please"), msg("Please wait")),
    "reversing": (msg("One moment, please"), msg("Please wait")),
    "look_at_terminal": (msg("Please look at\nthe card terminal"), msg("Please choose")),
    "confirm_amount": (msg("Please confirm\nthe amount"), msg("Please confirm")),
    "card_expired": (msg("This card has expired"), msg("Another card, please")),
    "pin_blocked": (msg("This card takes\nno PIN any more"), msg("Another card, please")),
    "not_accepted": (msg("The terminal does\nnot take this card"), msg("Another card, please")),
    "failed": (msg("One moment, please"), msg("Please wait")),
    "approved": (msg("Thank you, that worked"), msg("Approved")),
    "declined": (msg("One moment, please"), msg("Declined")),
}
REFUSALS = {
    "declined": (msg("The bank said no."), msg("Try again, or use another card.")),
    "cancelled": (msg("You stopped\nthe payment."), msg("Pay when you are ready.")),
    "no_card": (msg("No card\nwas presented."), msg("Try again when you are ready.")),
    "pin_wrong": (msg("The PIN did not fit."), msg("Try again, or use another card.")),
    "card_unreadable": (
        msg("The card could\nnot be read."),
        msg("Try again, or use another card."),
    ),
    "busy": (msg("The card terminal\nis busy."), msg("Try again in a moment.")),
    "not_supported": (msg("This terminal cannot\ndo that."), msg("Nothing was taken. Please pay otherwise.")),
    "terminal_away": (
        msg("The card terminal\ndoes not answer."),
        msg("Nothing was charged. A colleague helps you."),
    ),
}
NO_MONEY = (msg("No money was taken."), msg("Try again, or use another card."))


def payment(lane: Lane, paying: Paying) -> Page:
    attempt = paying.attempt
    if attempt is None:
        return refused(lane, paying)
    if attempt.kind in AT_SERVER:
        return ways.asking(lane, attempt)
    if attempt.stage in {Stage.CHECKING, Stage.WITH_STAFF}:
        return checking(lane, paying.sale, attempt)
    return presenting(lane, attempt)


def presenting(lane: Lane, attempt: Attempt) -> Page:
    """Everything happens at the terminal; the screen says what and how much."""
    words, says = lane.words, lane.session.passing.terminal_says
    title, caption = prompt(words, says)
    if attempt.stage is Stage.RESULT or attempt.cancelled:
        title = words("One moment, please")
        caption = words("Please wait")
    amount = words.money(attempt.amount)
    text = words("Card, phone or watch") if says in {"", "present_card"} and not lane.large else ""
    text = words("We are stopping the payment.") if attempt.cancelled else text
    hero = Hero(two_lines(title), text, size="amount", amount=amount, quiet=paper_notice(lane))
    stop = BackPressed() if attempt.stage in {Stage.INTENT, Stage.SENT} and not attempt.cancelled else None
    back = Key(
        id="back",
        text=words("Back to basket"),
        icon="back",
        sends=stop,
        off=stop is None,
        why="" if stop else words("The card terminal is still busy."),
    )
    use = Key(id="use_terminal", text=words("Use the card\nterminal"), kind="wait", icon="terminal")
    if stop is None:
        use = Key(id="wait", text=words("Please wait"), kind="wait", icon="dots")
    picture = Picture("terminal", caption, amount)
    why, total = slip(why_not(lane)), to_pay(lane, attempt.amount)
    return lane.page("payment", hero, picture, *why, tools=(back,), total=total, go=use)


def prompt(words: Words, says: str) -> tuple[str, str]:
    """Headline and caption for the terminal's prompt; its own words where we have none."""
    known = PROMPTS.get(says or "present_card")
    return (words(known[0]), words(known[1])) if known else (words("The card terminal says:"), says)


def to_pay(lane: Lane, amount: Minor) -> Total:
    total = lane.total()
    return Total(lane.words("To pay"), lane.words.money(amount), total.under, total.saved)


def refused(lane: Lane, paying: Paying) -> Page:
    """No money was taken: why, in plain words, and the two ways on."""
    words, away = lane.words, lane.away("terminal")
    reason = "terminal_away" if away else paying.declined
    if ways.several(lane) and not reason:
        return ways.choice(lane, paying)
    title, text = REFUSALS.get(reason) or ways.REASONS.get(reason, NO_MONEY)
    if away and (paying.sale.tenders or lane.session.kept.giving_back):
        text = msg("A colleague helps you.")
    below = f"{words('Your basket is kept.')}\n{words(text)}"
    hero = Hero(two_lines(words(title)), below, size="done", icon="card", strong=True)
    if not reason:
        hero = Hero((words("Ready to pay?"),), words("Card, phone or watch"), size="done", icon="card")
    if ways.several(lane):
        return ways.choice(lane, paying, hero)
    go = Key(
        id="pay",
        text=words("Try again") if reason else words("Pay"),
        icon="forward",
        kind="go",
        sends=None if away else PayPressed(),
        off=away,
        why=words("The card terminal does not answer. A colleague helps you.") if away else "",
    )
    back = Key(id="back", text=words("Back to basket"), icon="back", sends=BackPressed())
    return lane.page("refused", hero, tools=(back,), total=to_pay(lane, due(paying.sale)), go=go)


def checking(lane: Lane, sale: Sale, attempt: Attempt) -> Page:
    """The result is not known: what is known, who asks, and that nobody pays twice."""
    words, with_staff = lane.words, attempt.stage is Stage.WITH_STAFF
    hero = Hero(
        two_lines(words("We are checking with\nthe card terminal")),
        words("Please wait, and do not pay again.\nYou will not be charged twice."),
        size="check",
        strong=True,
    )
    sum_ = words.money(attempt.amount)
    sent = words.clock(attempt.started, lane.policy.utc_offset_minutes)
    strips = [
        Strip("sent", "check", words("{sum} went to the terminal", sum=sum_), sent, "done"),
        Strip("asking", "clock", words("Asking for the result"), words("It can take a minute."), "next"),
    ]
    if with_staff:
        text = words("You will look at the terminal together.")
        strips.append(Strip("staff", "person", words("A colleague is coming"), text, tone="person"))
    elif any(each.why is Why.PAYMENT_UNKNOWN for each in sale.open):
        text = words("And comes if it takes longer.")
        strips.append(Strip("staff", "person", words("A colleague knows about it"), text, "next"))
    if lane.large:
        strips = strips[-1:]
    total = Total(words("Amount"), sum_, words("Your basket is kept"))
    wait = Key(id="wait", text=words("Please wait"), kind="wait", icon="person" if with_staff else "dots")
    picture = Picture("terminal", words("Please wait"), sum_)
    return lane.page(
        "checking", hero, picture, Slip(strips=tuple(strips), id="checking"), total=total, go=wait
    )
