"""Ways to pay besides the card: the choice, a card or voucher by number, the phone's wallet, the staffed till."""

from kiosk.checkout.events import BackPressed, PayPressed, TenderChosen
from kiosk.checkout.model import Sale
from kiosk.checkout.money import AT_SERVER, OF_MEMBER, Attempt, Tender, TenderKind
from kiosk.checkout.passed import Closed, Opened
from kiosk.checkout.session import Handover, Panel, Paying
from kiosk.checkout.tenders import due, room
from kiosk.text import msg
from screens.lane import Lane, counted, slip, two_lines
from screens.notices import notice
from screens.receipt import finish, qr_rows
from screens.staff import secret_digits
from screens.widgets import Dots, Hero, Key, Page, Picture, QrCode, Strip, Total

WAYS = {
    TenderKind.MEAL_VOUCHER: (msg("Meal voucher"), "card"),
    TenderKind.DEPOSIT_VOUCHER: (msg("Deposit slip"), "receipt"),
    TenderKind.GIFT_CARD: (msg("Gift card"), "gift"),
    TenderKind.CREDIT: (msg("Your credit"), "member"),
    TenderKind.VOUCHER: (msg("Your voucher"), "coupon"),
    TenderKind.WALLET: (msg("With the phone"), "qr"),
}
TAKEN = {
    TenderKind.CARD: msg("Card"),
    TenderKind.MEAL_VOUCHER: msg("Meal voucher"),
    TenderKind.DEPOSIT_VOUCHER: msg("Deposit slip"),
    TenderKind.GIFT_CARD: msg("Gift card"),
    TenderKind.CREDIT: msg("Member credit"),
    TenderKind.VOUCHER: msg("Member voucher"),
    TenderKind.WALLET: msg("With the phone"),
    TenderKind.TRAINING: msg("Training"),
}
NUMBERED = {TenderKind.GIFT_CARD, TenderKind.DEPOSIT_VOUCHER}
DIGITS, LEAST = 19, 8
ON_THE_SILL, LARGE_ON_THE_SILL = 4, 2
ASKS_FOR_CARD = frozenset({"present_card", "insert_card"})
OTHERWISE = msg("Nothing was taken. Please pay otherwise.")
NO_VALUE = (msg("This has no value\nto pay with."), OTHERWISE)
USED = (msg("This was used already."), msg("Nothing was taken. A colleague can look."))
PHONE_STOPPED = (msg("The payment on the phone\nwas stopped."), msg("Nothing was taken."))
REASONS = {
    "server_away": (msg("This cannot be checked\njust now."), OTHERWISE),
    "try_later": (msg("Please wait a little\nbefore the next try."), msg("Or pay otherwise.")),
    "unknown_number": (msg("We do not know\nthis number."), msg("Please try once more, or pay otherwise.")),
    "ambiguous": (msg("A colleague has\nto look at this."), msg("Nothing was taken.")),
    "worth_more": (
        msg("This is worth more\nthan your basket."),
        msg("Keep it for another time, or ask a colleague."),
    ),
    **dict.fromkeys(("no_balance", "expired", "currency", "not_offered", "not_usable"), NO_VALUE),
    **dict.fromkeys(("used", "already_redeemed"), USED),
    **dict.fromkeys(
        ("withdrawn", "released", "wallet_cancelled", "wallet_failed", "wallet_amount"), PHONE_STOPPED
    ),
    "wallet_away": (msg("This cannot be checked\njust now."), OTHERWISE),
    "wallet_expired": (
        msg("The time for the phone\nis over."),
        msg("What was paid after it goes back by itself."),
    ),
    "nothing_for_it": (msg("Nothing in the basket\ncan be paid with it."), msg("Please pay otherwise.")),
    "too_little": (
        msg("The card covered\nonly a part."),
        msg("That goes back to the card. Please pay otherwise."),
    ),
    "giving_back": (msg("One moment, please."), msg("Something goes back to a card first.")),
}


def several(lane: Lane) -> bool:
    """Whether this shop takes more than cards."""
    return lane.policy.tenders != (TenderKind.CARD,) or lane.policy.handover


def otherwise(lane: Lane) -> bool:
    """Whether one can pay here though the card terminal is away."""
    at_server = lane.session.passing.server and any(kind in AT_SERVER for kind in lane.policy.tenders)
    return lane.policy.handover or at_server


def choice(lane: Lane, paying: Paying, hero: Hero | None = None) -> Page:
    """How would you like to pay? What is paid already stands above; the card is the plain way on."""
    words, sale, away = lane.words, paying.sale, lane.away("terminal")
    going_back = bool(lane.session.kept.giving_back)
    question = words("And the rest?") if sale.tenders else words("How would you\nlike to pay?")
    hero = hero or Hero(two_lines(question), words("Card, phone or watch at the terminal, or:"), size="title")
    why = words("The card terminal does not answer. A colleague helps you.") if away else ""
    why = words("Something goes back to a card first.") if going_back else why
    card = Key(
        id="pay",
        text=words("By card"),
        icon="card",
        kind="go",
        sends=None if why else PayPressed(),
        off=bool(why),
        why=why,
    )
    if TenderKind.CARD not in lane.policy.tenders:
        card = Key(id="pay", text=words("Please choose"), kind="wait", icon="dots")
    tools = (*on_the_sill(lane, all_ways(lane, sale)), back(lane, sale))
    return lane.page(
        "ways",
        hero,
        *slip((*taken(lane, sale), *notice(lane)), "taken"),
        head=lane.member_head(),
        tools=tools,
        total=to_pay(lane, sale),
        go=card,
    )


def all_ways(lane: Lane, sale: Sale) -> tuple[Key, ...]:
    """Every other way to pay, those that are open now first where there is little room."""
    kinds = [
        kind for kind in WAYS if kind in lane.policy.tenders and (kind not in OF_MEMBER or owns(sale, kind))
    ]
    own = sorted(kinds, key=lambda kind: kind not in OF_MEMBER)
    keys = (*(way(lane, sale, kind) for kind in own), *cash(lane))
    return tuple(sorted(keys, key=lambda key: key.off)) if lane.large else keys


def owns(sale: Sale, kind: TenderKind) -> bool:
    """Whether the member has any of that; a key that could never be used is not shown."""
    member = sale.member
    if member is None or not member.spends:
        return False
    return bool(member.credit) if kind is TenderKind.CREDIT else bool(member.vouchers)


def on_the_sill(lane: Lane, keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """As many as there is room for, and the others behind More."""
    room = on_first_page(lane)
    if len(keys) <= room + 1:
        return keys
    more = Key(id="more", text=lane.words("More"), icon="plus", sends=Opened(Panel("other_ways")))
    return (*keys[:room], more)


def on_first_page(lane: Lane) -> int:
    return LARGE_ON_THE_SILL if lane.large else ON_THE_SILL


def others(lane: Lane, paying: Paying) -> Page:
    """The ways to pay that found no place on the sill."""
    keys = all_ways(lane, paying.sale)[on_first_page(lane) :]
    title = Hero(two_lines(lane.words("How would you\nlike to pay?")), size="title")
    back = Key(id="back", text=lane.words("Back"), icon="back", sends=Closed())
    return lane.page("other_ways", title, tools=(*keys, back), total=to_pay(lane, paying.sale))


def way(lane: Lane, sale: Sale, kind: TenderKind) -> Key:
    words = lane.words
    text, icon = WAYS[kind]
    most = room(sale, kind, lane.policy)
    away = lane.away("terminal") if kind not in AT_SERVER else not lane.session.passing.server
    why = words("Nothing in the basket can be paid with it.") if not most else ""
    why = words("This cannot be checked just now. Please pay otherwise.") if away else why
    sends = Opened(Panel(kind.value)) if kind in NUMBERED else TenderChosen(kind.value)
    told = {TenderKind.MEAL_VOUCHER, TenderKind.CREDIT}
    note = words.money(most) if kind in told and most else ""
    return Key(
        id=f"way-{kind.value}",
        text=words(text),
        icon=icon,
        note="" if lane.large else note,
        sends=None if why else sends,
        off=bool(why),
        why=why,
    )


def cash(lane: Lane) -> tuple[Key, ...]:
    if not lane.policy.handover:
        return ()
    words = lane.words
    note = "" if lane.large else words("at a staffed checkout")
    return (Key(id="cash", text=words("Cash"), icon="people", note=note, sends=TenderChosen("handover")),)


def back(lane: Lane, sale: Sale) -> Key:
    note = lane.words("gives back what is paid") if sale.tenders and not lane.large else ""
    return Key(id="back", text=lane.words("Back to basket"), icon="back", note=note, sends=BackPressed())


def taken(lane: Lane, sale: Sale) -> tuple[Strip, ...]:
    """What is paid already, one strip a tender; and what is on its way back."""
    paid = tuple(
        Strip(f"taken-{number}", "check", paid_with(lane, tender), "", "done")
        for number, tender in enumerate(sale.tenders, 1)
    )
    return (*paid, *giving_back(lane))


def paid_with(lane: Lane, tender: Tender) -> str:
    words = lane.words
    return words("{way}: {sum}", way=words(TAKEN[tender.kind]), sum=words.money(tender.amount))


def giving_back(lane: Lane) -> tuple[Strip, ...]:
    """Money that goes back to a card just now."""
    queue = lane.session.kept.giving_back
    if not queue:
        return ()
    words, sum_ = lane.words, sum(each.amount for each in queue)
    text = words("Your card terminal does it now. Please wait a moment.")
    if queue[0].refund and lane.session.passing.terminal_says in ASKS_FOR_CARD:
        text = words("Please present\nyour card").replace("\n", " ")
    return (Strip("giving_back", "undo", words("{sum} goes back to your card", sum=words.money(sum_)), text),)


def to_pay(lane: Lane, sale: Sale) -> Total:
    total = lane.total()
    under = lane.words("of {sum}", sum=total.amount) if sale.tenders else total.under
    return Total(lane.words("To pay"), lane.words.money(due(sale)), under, total.saved)


def number(lane: Lane, paying: Paying, kind: TenderKind) -> Page:
    """A gift card or a deposit slip: held to the glass, or its number typed; the digits stay in the field."""
    words = lane.words
    text, icon = WAYS[kind]
    title = Hero(
        (words(text),), words("Hold its code to the glass, or type its number."), size="ask", icon=icon
    )
    done = Key(id="ok", text="", icon="check", kind="go", sends=TenderChosen(kind.value))
    back = Key(id="back", text=words("Another way to pay"), icon="back", sends=Closed())
    return lane.page(
        "number",
        title,
        Dots(kind.value, DIGITS, least=LEAST),
        tools=(back,),
        letters=secret_digits(done),
        head=lane.head(),
    )


def asking(lane: Lane, attempt: Attempt) -> Page:
    """The shop's server is asked; a wallet's code is shown as soon as it has one."""
    words, sum_ = lane.words, lane.words.money(attempt.amount)
    total = Total(words("To pay"), sum_, lane.total().under, lane.total().saved)
    stopped = attempt.cancelled
    back = Key(
        id="back",
        text=words("Back to basket"),
        icon="back",
        sends=None if stopped else BackPressed(),
        off=stopped,
        why=words("We are stopping the payment.") if stopped else "",
    )
    wait = Key(id="wait", text=words("Please wait"), kind="wait", icon="dots")
    if attempt.shown and not stopped:
        hero = Hero(
            two_lines(words("Scan this\nwith your phone")),
            words("Then confirm there."),
            "amount",
            amount=sum_,
        )
        code = QrCode(
            qr_rows(attempt.shown), words("Pay with the phone"), words("We see by ourselves when it is paid.")
        )
        return lane.page("wallet", hero, code, tools=(back,), total=total, go=wait)
    text = words("We are stopping the payment.") if stopped else words("We are asking the shop for it.")
    hero = Hero((words("One moment, please"),), text, size="amount", amount=sum_)
    return lane.page("asking", hero, Picture("pause"), tools=(back,), total=total, go=wait)


def handed_over(lane: Lane, phase: Handover) -> Page:
    """Nothing was paid: where to go, and the number that opens the basket there."""
    words, record = lane.words, phase.record
    text = words("Show this code there. Your basket waits for you.\nNothing is paid yet.")
    hero = Hero(
        two_lines(words("Please go to a\nstaffed checkout")), text, size="title", icon="people", strong=True
    )
    code = QrCode(qr_rows(record.id), words("Your basket"), words("Or take the slip from the printer."))
    sum_ = words.money(record.priced.total)
    total = Total(words("To pay there"), sum_, counted(words, record.lines))
    return lane.page("handover", hero, code, *slip(giving_back(lane), "taken"), total=total, go=finish(lane))
