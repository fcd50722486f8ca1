"""Pages made by hand that say what the pictures of the look say, to draw beside them."""

from kiosk.checkout.events import HelpPressed, LineChosen, PayPressed, Started
from kiosk.units import LineNo
from screens.widgets import (
    Finder,
    Head,
    Headline,
    Hero,
    Key,
    Page,
    Picture,
    QrCode,
    Slip,
    SlipLine,
    Strip,
    Tile,
    Total,
    Value,
    Weighing,
)

NBSP = "\u00a0"
SHOP = Head("Tilleul", "Checkout 4")
MEMBER = Head("Tilleul", "Checkout 4", "Member prices are on", "member")
SCAN_FIRST = "Scan a product first"


def key(text: str, icon: str = "", name: str = "", **more: object) -> Key:
    made = Key(id=name or text.lower().replace(" ", "_"), text=text, icon=icon, sends=Started())
    return Key(**{**{f: getattr(made, f) for f in made.__struct_fields__}, **more})  # type: ignore[arg-type]


FOOT = (key("Help", "help"), key("English", "language", "language"), key("Easier to use", "access", "access"))
TOOLS = (
    key("Find a product", "find", "find"),
    key("Quantity", "quantity"),
    key("Remove", "remove"),
    key("My own bag", "own_bag", "own_bag"),
    key("Coupon or card", "coupon", "coupon"),
    key("Leave out of bag", "no_bag", "no_bag"),
)
PAY = Key(id="go", text="Pay", icon="forward", kind="go", sends=PayPressed())
PAY_OFF = key("Pay", "forward", "go", kind="go", off=True, why=SCAN_FIRST)


def line(
    number: int, text: str, under: str, price: str, symbol: str, department: str, **more: str
) -> SlipLine:
    return SlipLine(
        str(number),
        text,
        under,
        price,
        symbol=symbol,
        department=department,
        touch=LineChosen(LineNo(number)),
        **more,
    )  # type: ignore[arg-type]


LINES = (
    line(1, "Bananas", f"1.185{NBSP}kg × €1.79/kg", "€2.12", "banana", "fruit"),
    line(2, "Whole milk 1 L", "2 × €1.25", "€2.50", "milk", "dairy"),
    line(3, "Sourdough loaf 500 g", "€6.80/kg", "€3.40", "loaf", "bakery"),
    line(
        4,
        "Greek yoghurt 4 × 125 g",
        "3 × €1.99",
        "€3.98",
        "yoghurt",
        "dairy",
        was="€5.97",
        marker="3 for 2 −€1.99",
    ),
    line(5, "Free-range eggs, 10", "", "€2.89", "eggs", "dairy", was="€3.29", marker="Member price −€0.40"),
    line(6, "Cherry tomatoes 250 g", "€7.56/kg", "€1.89", "cherry_tomato", "vegetables"),
    line(7, "Côtes du Rhône 75 cl", "€10.53/L", "€7.90", "wine", "drinks"),
)
TOMATOES = Headline(LINES[5], ("1 more: 2 for €3.00", "and €0.78 saved"), (1, 2))
TO_PAY = Total("To pay", "€16.78", "9 products", "saved €2.39")


def page(name: str, blocks: tuple[object, ...], **more: object) -> Page:
    told = {"head": SHOP, "foot": FOOT, "language": "en", **more}
    return Page(name=name, blocks=blocks, **told)  # type: ignore[arg-type]


def start(portrait: bool) -> Page:
    names = ("English", "Français", "Deutsch", "Español", "العربية", "中文", "Polski")
    languages = tuple(key(name, chosen=name == "English") for name in names)
    return page(
        "start",
        (
            Hero(("Hello.", "Just scan."), "Your first product starts the checkout. Or press Start."),
            Picture("shelf"),
        ),
        head=Head("Tilleul", "Checkout 4", "14:32"),
        tools=(*languages, key("More", "language")),
        go=key("Start", "scan", "go", kind="go"),
        foot=(FOOT[0], key("Price check", "tag"), FOOT[2]),
    )


def limits(portrait: bool) -> Page:
    strips = (
        Strip("card", "card", "Card payment only, for now", "For cash, please use a staffed checkout."),
        Strip("paper", "printer", "No paper receipts here, for now", "QR code and e-mail work as always."),
    )
    first = start(portrait)
    hero = Hero(("Hello.", "Just scan."), "Your first product starts the checkout.")
    return page(
        "limits",
        (hero, Slip(strips=strips), Picture("shelf")),
        head=first.head,
        tools=first.tools,
        go=first.go,
        foot=first.foot,
    )


def empty(portrait: bool) -> Page:
    off = {"quantity", "remove", "no_bag"}
    tools = tuple(
        key(k.text, k.icon, k.id, off=k.id in off, why=SCAN_FIRST if k.id in off else "") for k in TOOLS
    )
    bag = Strip(
        "bag", "bag", "Your own bag? Put it down first.", "Then press “My own bag”. You can do it later, too."
    )
    hero = Hero(
        ("Scan your", "first product"), "Hold the barcode to the glass,\nthen put it in the bag.", "title"
    )
    return page(
        "empty",
        (hero, Picture("first_product"), Slip(strips=(bag,))),
        tools=tools,
        go=PAY_OFF,
        total=Total("To pay", "€0.00", "No products yet"),
    )


def basket(portrait: bool) -> Page:
    return page("basket", (Slip(LINES[:5], TOMATOES),), head=MEMBER, tools=TOOLS, go=PAY, total=TO_PAY)


FOUND = (
    ("vegetables", "tomato", "Vine tomatoes", "€3.49 per kg", 5),
    ("vegetables", "cherry_tomato", "Cherry tomatoes", "€4.99 per kg", 7),
    ("vegetables", "potato", "Potatoes, waxy", "€1.59 per kg", 4),
    ("vegetables", "sweet_potato", "Sweet potatoes", "€2.79 per kg", 10),
    ("bakery", "bread", "Toast loaf, bakery", "€2.20 each", 0),
    ("vegetables", "mushroom", "Button mushrooms", "€5.99 per kg", 3),
)


def finder(portrait: bool) -> Page:
    tiles = tuple(
        Tile(symbol, text, under, symbol, department, Started(), (at, at + 2))
        for department, symbol, text, under, at in FOUND
    )
    letters = [
        key(sign, name=f"letter:{sign}", off=sign not in "aefimnoru") for sign in "abcdefghijklmnopqrstuvwxyz"
    ]
    letters += [key("123", name="digits"), key("", "erase", "erase")]
    more = key("8 more", "down")
    return page(
        "finder",
        (Finder("What is it?", "to", "Part of the name, or the number on the label", tiles),),
        head=Head("Tilleul", "Checkout 4", "To pay", right_strong="€16.78") if portrait else SHOP,
        letters=tuple(tuple(letters[at : at + 7]) for at in range(0, 28, 7)),
        tools=(key("Basket", "back"), key("Not here", "people"), more)
        if portrait
        else (key("Back to basket", "back"),),
        total=None if portrait else Total("To pay", "€16.78"),
        foot=FOOT if portrait else (key("It is not here", "people"), more, FOOT[0], FOOT[2]),
    )


def weigh(portrait: bool) -> Page:
    values = (
        Value("Net weight", "0.645", "kg"),
        Value("Tare (bag)", "0.010", "kg"),
        Value("Unit price", "€3.49", "per kg"),
        Value("Price", "€2.25"),
    )
    plate = f"Scale 2 {NBSP} Max 15 kg {NBSP} Min 100 g {NBSP} e = 5 g {NBSP} Class III"
    weighing = Weighing(
        "Vine tomatoes",
        "Loose, class I, France",
        "tomato",
        "vegetables",
        "Stable",
        "",
        "stable",
        "zero was checked",
        values,
        plate,
    )
    return page(
        "weigh",
        (weighing,),
        total=Total("To pay, with this", "€19.03", "€16.78 + €2.25"),
        tools=(key("Not this one", "find"), key("Tare", "bag", note="0.010 kg"), key("Cancel", "close")),
        go=key("Add", "plus", "go", kind="go"),
    )


def self_fix(portrait: bool) -> Page:
    strip = Strip(
        "scale", "scale", "Let’s check the bag together", "It is heavier than expected. What happened?"
    )
    answers = (
        key("I put my own bag there", "own_bag", kind="answer"),
        key("I moved or lifted things", "undo", kind="answer"),
        key("Something is not scanned", "scan", kind="answer"),
        key("None of these", "people", kind="answer", note="A colleague has a look"),
    )
    return page(
        "self_fix",
        (Slip(LINES[0 if portrait else 1 : 6], strips=(strip,)),),
        head=MEMBER,
        tools=answers,
        go=PAY_OFF,
        total=Total("To pay", "€16.78", "You can go on scanning"),
    )


def help_and_age(portrait: bool) -> Page:
    strips = (
        Strip("age", "age", "We ask for ID once, for the wine", "Please go on scanning meanwhile.", "person"),
        Strip("help", "person", "Sam is on the way", "Usually here in under a minute.", "person"),
    )
    return page(
        "help",
        (Slip(LINES[:6], Headline(LINES[6]), strips),),
        head=MEMBER,
        tools=TOOLS,
        go=key("Pay opens after\nthe ID check", "person", "go", kind="wait"),
        total=Total("To pay", "€24.68", "10 products", "saved €2.39"),
        foot=(
            Key(id="help", text="Sam is coming", icon="person", kind="person", sends=HelpPressed()),
            *FOOT[1:],
        ),
    )


def remove_undo(portrait: bool) -> Page:
    gone = SlipLine(
        "6",
        "Removed:\nCherry tomatoes 250 g",
        "",
        "€1.89",
        symbol="cherry_tomato",
        department="vegetables",
        struck=True,
    )
    tools = (key("Undo", "undo", kind="answer"), TOOLS[0], key("Remove more", "remove"), TOOLS[3])
    return page(
        "remove",
        (Slip(LINES[:5], Headline(gone, says="Please take it out of the bag.", bar_ms=5000)),),
        head=MEMBER,
        tools=tools if portrait else tools[:3],
        go=PAY,
        total=Total("To pay", "€14.89", "8 products", "saved €2.39"),
    )


PAID = Total("To pay", "€24.68", "10 products", "saved €2.39")


def payment(portrait: bool) -> Page:
    return page(
        "payment",
        (
            Hero(("Please present", "your card"), "Card, phone or watch", "amount", amount="€24.68"),
            Picture("terminal", "Present card", "€24.68"),
        ),
        tools=(key("Gift card", "gift"), key("Meal voucher", "coupon"), key("Back to basket", "back")),
        total=PAID,
        go=key("Use the card\nterminal", "terminal", "go", kind="wait"),
    )


def checking(portrait: bool) -> Page:
    strips = (
        Strip("sent", "check", "€24.68 went to the terminal", "14:36:08", "done"),
        Strip(
            "asking", "clock", "Asking for the result", "For 12 seconds now. It can take a minute.", "next"
        ),
        Strip("known", "person", "Sam knows about it", "And comes if it takes longer.", "next"),
    )
    hero = Hero(
        ("We are checking with", "the card terminal"),
        "Please wait, and do not pay again.\nYou will not be charged twice.",
        "check",
        strong=True,
    )
    return page(
        "checking",
        (hero, Picture("terminal", "Please wait", "€24.68"), Slip(strips=strips)),
        total=Total("Amount", "€24.68", "Your basket is kept"),
        go=key("Please wait", "dots", "go", kind="wait"),
    )


QR = (
    "1111111010111001001111111",
    "1000001001001111001000001",
    "1011101011000111101011101",
    "1011101001010100101011101",
    "1011101001011110101011101",
    "1000001011000101001000001",
    "1111111010101010101111111",
    "0000000000100101000000000",
    "1010001100001101000100101",
    "1001100101111111001001100",
    "0001001101011110010001110",
    "0111010110110110111000111",
    "0100101101101111110101001",
    "0001000111001101101011011",
    "1110001011001011101100110",
    "0000100110111100000010001",
    "1100001110100010111110111",
    "0000000011100010100011110",
    "1111111010010110101011001",
    "1000001001100101100010100",
    "1011101001011111111111011",
    "1011101001101000001011110",
    "1011101011001111011111111",
    "1000001000111001110111101",
    "1111111010101111000111011",
)


def receipt(portrait: bool) -> Page:
    return page(
        "receipt",
        (
            Hero(("Paid: €24.68",), "Card ending in 4417", "done", "check"),
            QrCode(QR, "Your receipt", "Take it with your phone’s camera.\nNo app, no name."),
        ),
        tools=(key("Print it on paper", "printer"), key("Send it by e-mail", "mail")),
        total=Total("Paid", "€24.68", saved="saved €2.39"),
        go=key("Done", "check", "go", kind="go", note="without paper"),
    )


def thanks(portrait: bool) -> Page:
    hero = Hero(
        ("Thank you.",),
        "Please take your card and your bag.",
        "farewell",
        marker="You saved €2.39",
        strong=True,
        after="Yoghurt, 3 for 2: €1.99\nEggs, member price: €0.40",
        quiet="24 points are now on your card.",
    )
    return page(
        "thanks",
        (hero, Picture("bag")),
        total=Total("Paid", "€24.68", "10 products"),
        progress=Hero(("Receipt is on your phone",), icon="receipt", bar_ms=8000),
        go=key("Finish", "forward", "go", kind="go", note="or just walk away"),
        foot=(FOOT[0], key("Print receipt", "printer"), FOOT[2]),
    )


def out_of_service(portrait: bool) -> Page:
    return page(
        "out_of_service",
        (
            Hero(("This checkout", "takes a break."), "Please use checkout 3 or 5.", "closed", strong=True),
            Picture("bag", "device.terminal_offline"),
        ),
        head=Head("Tilleul", "Checkout 4", "14:32"),
        progress=Hero(("Our team knows",), "Nothing was charged here.", icon="pause"),
    )


def more_time(portrait: bool) -> Page:
    strip = Strip(
        "time", "clock", "Do you need more time?", "We keep your basket for you.", bar_ms=30000, count="0:24"
    )
    return page(
        "more_time",
        (Slip(LINES[0 if portrait else 1 : 6], strips=(strip,)),),
        head=MEMBER,
        total=TO_PAY,
        tools=(
            key("Put it aside for later", "suspend", note="A code brings it back"),
            key("A colleague, please", "person"),
        ),
        go=key("More time", "plus", "go", kind="go"),
    )
