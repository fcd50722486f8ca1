"""A colleague says who she is: number or badge, then the PIN, whose digits never come here."""

from kiosk.checkout.events import CountersignDropped
from kiosk.checkout.passed import Closed, Opened, PinEntered, StaffNamed
from kiosk.checkout.session import Countersign, Panel
from screens.lane import Lane, counted
from screens.panels import pad
from screens.reasons import listed
from screens.slip import called, line_of
from screens.widgets import ERASE, Dots, Hero, Key, Page, Slip, Strip


def staff_number(lane: Lane) -> Page:
    words, typed = lane.words, lane.session.passing.typed
    text = words("Your number, or hold your badge to the scanner.")
    title = Hero((words("Staff"),), text, size="ask", amount=typed)
    tick = Key(
        id="ok",
        text="",
        icon="check",
        kind="go",
        sends=StaffNamed(typed) if typed else None,
        off=not typed,
        why="" if typed else words("Nothing is typed yet."),
    )
    head, letters = lane.staff_head(), pad(lane, tick)
    return lane.page("staff_number", title, *kept(lane), head=head, tools=(lane.back(),), letters=letters)


def kept(lane: Lane) -> tuple[Slip, ...]:
    """So that a shopper who came here by accident finds back."""
    words, sale = lane.words, lane.sale
    if sale is None or not sale.lines:
        return ()
    due = words.money(sale.priced.total) if sale.priced else ""
    text = words("{products}, {sum}. Shoppers: press Back.", products=counted(words, sale.lines), sum=due)
    return (Slip(strips=(Strip("kept", "basket", words("The basket is kept"), text),)),)


def staff_pin(lane: Lane) -> Page:
    """Circles that fill; the keys carry digits, not events."""
    words, person = lane.words, lane.panel.person
    until = max((each.until for each in lane.session.kept.lockouts if each.person == person), default=0)
    wait = until - lane.now
    passing = lane.session.passing
    checking = passing.notice == "pin_checking" and not passing.pin_wrong
    locked = wait > 0 or checking
    codes = lane.policy.staff_codes
    text = words("Your PIN or your code, please.") if codes else words("Your PIN, please.")
    wrong = words("That was not it. Once more, please.") if passing.pin_wrong else ""
    if wait > 0:
        text, wrong = words("Please wait {time}, then try again.", time=words.countdown(wait)), ""
    elif checking:
        text = words("One moment, please.")
    title = Hero((words("Staff code"),), text, size="ask", icon="lock" if locked else "")
    dots = Dots(f"pin-{person}", lane.policy.pin_digits, wrong)
    tools = (
        Key(
            id="other",
            text=words("Not {person}", person=person),
            icon="person",
            sends=Opened(Panel("staff_number")),
        ),
        Key(id="back", text=words("Back"), icon="back", sends=Closed()),
    )
    letters = secret_pad(text if locked else "", person)
    return lane.page(
        "staff_pin", title, dots, *kept(lane), head=lane.staff_head(), tools=tools, letters=letters
    )


def countersign(lane: Lane, wish: Countersign) -> Page:
    """One colleague has asked for it; another one says yes with her own number."""
    words = lane.words
    again = words("Another colleague than {name}, please.", name=wish.name)
    same = lane.session.passing.notice == "another_colleague"
    text = f"{again}\n{wished(lane, wish)}" if same else wished(lane, wish)
    title = Hero((words("A second colleague, please"),), text, size="title", icon="people")
    drop = Key(id="drop", text=words("Leave it as it was"), icon="undo", sends=CountersignDropped())
    name = Key(
        id="staff", text=words("Staff"), icon="lock", kind="answer", sends=Opened(Panel("staff_number"))
    )
    left = words("{name}, closes in {time}", name=wish.name, time=words.countdown(wish.until - lane.now))
    head = lane.staff_head(left, "clock")
    return lane.page("countersign", title, head=head, tools=(name, drop), foot=())


def wished(lane: Lane, wish: Countersign) -> str:
    """What she says yes to: the product and its new price, or what goes back, and why."""
    words, sum_ = lane.words, lane.words.money(wish.amount)
    reason = next((text for code, text, _ in listed(lane, wish.what) if code == wish.reason), wish.reason)
    if wish.what == "refund":
        return f"{words('Goes back: {sum}', sum=sum_)}\n{reason}"
    line = line_of(lane.sale, wish.line) if lane.sale else None
    price = words("New price: {sum}", sum=sum_)
    return "\n".join((*((called(line.item, words),) if line else ()), price, reason))


def secret_digits(tick: Key) -> tuple[tuple[Key, ...], ...]:
    """Digits for a secret field, and the key that says it is whole."""

    def key(text: str) -> Key:
        return Key(id=f"digit-{text}", text=text, digit=text)

    erase = Key(id="erase", text="", icon="erase", digit=ERASE)
    return (*(tuple(key(each) for each in row) for row in ("123", "456", "789")), (erase, key("0"), tick))


def secret_pad(why: str, person: str) -> tuple[tuple[Key, ...], ...]:
    """Digits for the field, and a tick that says it is whole; all off while there is a reason why."""

    def key(text: str) -> Key:
        return Key(id=f"digit-{text}", text=text, digit="" if why else text, off=bool(why), why=why)

    off = bool(why)
    erase = Key(id="erase", text="", icon="erase", digit="" if off else ERASE, off=off, why=why)
    tick = Key(
        id="ok", text="", icon="check", kind="go", sends=None if off else PinEntered(person), off=off, why=why
    )
    return (*(tuple(key(each) for each in row) for row in ("123", "456", "789")), (erase, key("0"), tick))
