"""Before the first product: hello, languages, limits; and the panels for language, look and help."""

from kiosk.checkout.events import HelpCancelled, HelpPressed, LanguageChosen, Started
from kiosk.checkout.passed import LookChosen, Opened, Paged
from kiosk.checkout.session import Idle, Panel
from screens.lane import Lane, slip, two_lines
from screens.notices import notice
from screens.ways import otherwise
from screens.widgets import Hero, Key, Page, Picture, Strip

ON_THE_SILL, LARGE_ON_THE_SILL = 8, 4
ON_A_PAGE, LARGE_ON_A_PAGE = 14, 6


def start(lane: Lane) -> Page:
    """Hello. Just scan."""
    words, limits = lane.words, limit_strips(lane)
    off = lane.away("storage") or lane.away("catalogue") or (lane.away("terminal") and not otherwise(lane))
    go = Key(
        id="start",
        text=words("Start"),
        icon="scan",
        kind="go",
        sends=None if off else Started(),
        off=off,
        why=words("Please use another checkout.") if off else "",
    )
    strips = (*limits, *notice(lane))[: 1 if lane.large or lane.low else None]
    begin = words("Your first product starts the checkout.\nCard payment only.")
    begin = "" if lane.large and strips else begin
    hello = Hero(two_lines(words("Hello.\nJust scan.")), begin)
    if off:  # the strips say why, and where to go
        hello = Hero(two_lines(words("This checkout\ntakes a break.")))
    check = Key(
        id="price_check",
        text=words("Price") if lane.large else words("Price check"),
        icon="tag",
        sends=Opened(Panel("price_check")),
    )
    foot = (lane.help_key(), check, lane.access_key())
    return lane.page(
        "start",
        hello,
        *slip(strips, "limits"),
        Picture("shelf"),
        head=lane.head(lane.clock()),
        tools=on_the_sill(lane),
        go=go,
        foot=foot,
    )


def on_the_sill(lane: Lane) -> tuple[Key, ...]:
    """The lane's first languages, and More where there are more than fit."""
    keys = language_keys(lane)
    room = LARGE_ON_THE_SILL if lane.large else ON_THE_SILL
    if len(keys) <= room:
        return keys
    more = Key(id="more", text=lane.words("More"), icon="language", sends=Opened(Panel("language")))
    return (*keys[: room - 1], more)


def language_keys(lane: Lane) -> tuple[Key, ...]:
    now = lane.session.kept.language
    return tuple(
        Key(
            id=f"language-{code}",
            text=lane.words_for(code).name,
            sends=LanguageChosen(code),
            chosen=code == now,
        )
        for code in lane.policy.languages
    )


def limit_strips(lane: Lane) -> tuple[Strip, ...]:
    """What this checkout cannot do just now, in plain words, and what to do instead."""
    words = lane.words
    elsewhere = words("The card terminal does not answer. Please use another checkout.")
    closed = words("Our team knows. Please use another checkout.")
    if lane.sale is not None and lane.sale.lines:
        elsewhere = words("You can go on scanning. A colleague helps you: press Help.")
        closed = words("A colleague comes. Your basket is kept.")
    nothing = ("pause", words("No more products here, for now"), closed)
    says = {
        "storage": nothing,
        "catalogue": nothing,
        "terminal": ("card", words("No paying here, for now"), elsewhere),
        "scanner": (
            "scan",
            words("The scanner takes a break"),
            words("Find your products by name, or press Help."),
        ),
        "produce": (
            "scale",
            words("No weighing here, for now"),
            words("A colleague weighs loose goods for you."),
        ),
        "printer": (
            "printer",
            words("No paper receipts here, for now"),
            words("You can take your receipt with your phone."),
        ),
    }
    if otherwise(lane):
        says["terminal"] = ("card", words("No cards here, for now"), words("You can pay in another way."))
    return tuple(
        Strip(f"limit-{name}", icon, title, text)
        for name, (icon, title, text) in says.items()
        if lane.away(name)
    )


def limits(lane: Lane) -> Page:
    """The same, as a page of its own."""
    words, strips = lane.words, limit_strips(lane)
    text = "" if strips else words("Everything works here.")
    title = Hero((words("What to know"),), text, size="title", icon="info")
    return lane.page("limits", title, *slip(strips), tools=(lane.back(),))


def language(lane: Lane) -> Page:
    words = lane.words
    title = Hero((words("Choose your language"),), words("Your basket stays as it is."), size="title")
    foot = (lane.back(), lane.help_key(), lane.access_key())
    return lane.page("language", title, tools=on_this_page(lane), foot=foot)


def on_this_page(lane: Lane) -> tuple[Key, ...]:
    """The languages that fit on a page, and More where there are others."""
    keys = language_keys(lane)
    most = LARGE_ON_A_PAGE if lane.large else ON_A_PAGE
    if len(keys) <= most:
        return keys
    room = most - 1
    page = lane.session.passing.page % -(-len(keys) // room)
    more = Key(id="more", text=lane.words("More"), icon="language", sends=Paged(page + 1))
    return (*keys[page * room : (page + 1) * room], more)


def access(lane: Lane) -> Page:
    """Easier to see, easier to reach."""
    words, passing = lane.words, lane.session.passing
    looks = (
        ("large", words("Larger text"), "text_size", passing.large),
        ("contrast", words("More contrast"), "contrast", passing.contrast),
        ("dark", words("Darker screen"), "light", passing.dark),
        ("low_reach", words("Keys further down"), "lower", passing.low_reach),
        ("slower", words("More time"), "clock", passing.slower),
    )
    tools = tuple(
        Key(
            id=f"look-{name}",
            text=text,
            icon=icon,
            chosen=on,
            note=words("on") if on else "",
            sends=LookChosen(name),
        )
        for name, text, icon, on in looks
        if not (lane.large and name == "low_reach")  # large text has its keys there anyway
    )
    title = Hero((words("What makes it easier?"),), words("You can change it at any time."), size="title")
    foot = (lane.back(), lane.help_key(), lane.language_key())
    return lane.page("access", title, tools=tools, foot=foot)


def helping(lane: Lane) -> Page:
    """Help: how it goes, a colleague on the way, and the way in for staff."""
    words, idle = lane.words, isinstance(lane.session.kept.phase, Idle)
    coming = lane.help_open()
    lines = (words("A colleague is coming"),) if coming else (words("How can we help?"),)
    text = words("You can go on scanning.") if coming else words("Hold the barcode to the glass to begin.")
    call = Key(
        id="call",
        text=words("Call a colleague"),
        icon="person",
        kind="answer",
        sends=HelpPressed(lane.easier),
    )
    solved = Key(id="solved", text=words("I can go on alone"), icon="check", sends=HelpCancelled())
    staff = Key(id="staff", text=words("Staff"), icon="lock", sends=Opened(Panel("staff_number")))
    foot = (lane.language_key(), lane.access_key())
    code = Key(
        id="basket_code",
        text=words("A basket set aside"),
        icon="suspend",
        sends=Opened(Panel("basket_code")),
    )
    tools = (solved if coming else call, staff, *([code] if idle else []), lane.back())
    hero = Hero(lines, text if coming or idle else "", size="title", icon="person" if coming else "help")
    return lane.page("help", hero, tools=tools, foot=foot)
