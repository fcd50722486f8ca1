"""What does it cost, and what is it: a product held to the glass or found by name, where nothing is sold.

What the shop has not said is not shown, and nothing is guessed.
"""

from kiosk.checkout.about import About
from kiosk.checkout.events import Started
from kiosk.checkout.model import Item
from kiosk.checkout.passed import Opened
from kiosk.checkout.session import Idle, Panel
from kiosk.pricing import ExpiryMarkdown, LoyaltyPrice
from kiosk.text import Words, msg
from screens.lane import Lane, slip
from screens.notices import notice
from screens.slip import called
from screens.weigh import per
from screens.widgets import Hero, Key, Page, Picture, Sheet, Told

ALLERGENS = {
    "celery": msg("celery"),
    "crustaceans": msg("crustaceans"),
    "eggs": msg("eggs"),
    "fish": msg("fish"),
    "gluten": msg("gluten"),
    "lupin": msg("lupin"),
    "milk": msg("milk"),
    "molluscs": msg("molluscs"),
    "mustard": msg("mustard"),
    "nuts": msg("nuts"),
    "peanuts": msg("peanuts"),
    "sesame": msg("sesame"),
    "soy": msg("soy"),
    "sulphites": msg("sulphites"),
}
MARKERS = 2


def price_check(lane: Lane) -> Page:
    words, passing = lane.words, lane.session.passing
    if passing.priced_item is None:
        text = words("Hold the barcode to the glass.\nNothing is added.")
        title = Hero((words("What does it cost?"),), text, size="title", icon="tag")
        hold = Picture("first_product")
        return lane.page("price_check", title, hold, *slip(notice(lane)), tools=tools(lane))
    sheet = told_of(lane, passing.priced_item, passing.about)
    return lane.page("product", sheet, *slip(notice(lane)), tools=tools(lane), go=start(lane))


def tools(lane: Lane) -> tuple[Key, ...]:
    find = Key(
        id="find",
        text=lane.words("Find") if lane.large else lane.words("Find a product"),
        icon="find",
        sends=Opened(Panel("finder")),
    )
    return (*([find] if isinstance(lane.session.kept.phase, Idle) else []), lane.back())


def start(lane: Lane) -> Key | None:
    """She has it in her hand already: the next step is to begin, and to scan it like any other."""
    if not isinstance(lane.session.kept.phase, Idle) or lane.away("terminal") or lane.away("storage"):
        return None
    note = "" if lane.large else lane.words("then scan it")
    return Key(id="start", text=lane.words("Start"), note=note, icon="scan", kind="go", sends=Started())


def told_of(lane: Lane, item: Item, about: About) -> Sheet:
    words = lane.words
    rows = (*recalled(words, about), *allergens(words, about), *kept(lane, item, about))
    return Sheet(
        symbol=item.symbol,
        department=item.department,
        title=called(item, words),
        price=price(lane, item),
        unit=unit(lane, item),
        marker=() if about.recalled else markers(lane, item, about),
        told=rows,
        others_title=words("Others like it") if about.others and not lane.large else "",
        others=() if lane.large else tuple(other(lane, each) for each in about.others),
        after="" if lane.large else words("Scan the next one."),
    )


def price(lane: Lane, item: Item) -> str:
    words = lane.words
    if item.price_per_kg is not None:
        return words.price_of(item.price_per_kg, lane.policy.unit_price)
    return words.money(item.price) if item.price is not None else words("A colleague knows it")


def unit(lane: Lane, item: Item) -> str:
    words, parts = lane.words, []
    if item.price_per_kg is not None:
        parts.append(per(words, lane.policy.unit_price))
    elif item.per_unit:
        parts.append(words.per_unit(*item.per_unit))
    if item.deposit:
        parts.append(words("plus {sum} deposit", sum=words.money(item.deposit)))
    return ", ".join(parts)


def markers(lane: Lane, item: Item, about: About) -> tuple[str, ...]:
    """What members pay, and the other offers in the shop's own words."""
    words, found = lane.words, []
    for one in about.promotions:
        if one.tier or isinstance(one, ExpiryMarkdown):  # not for everybody, or not for every pack
            continue
        if isinstance(one, LoyaltyPrice):
            kilo = one.price_per_kg
            sum_ = (
                words.price_of(kilo, lane.policy.unit_price)
                if kilo is not None
                else words.money(one.price or 0)
            )
            if (kilo is None) is (item.price_per_kg is None):
                found.append(words("Members pay {sum}", sum=sum_))
        elif one.member_only:
            found.append(words("For members: {offer}", offer=one.words(words.language)))
        else:
            found.append(one.words(words.language))
    return tuple(found[:MARKERS])


def recalled(words: Words, about: About) -> tuple[Told, ...]:
    if not about.recalled:
        return ()
    return (
        Told("info", words("Not sold just now"), words("A colleague knows more: press Help."), strong=True),
    )


def allergens(words: Words, about: About) -> tuple[Told, ...]:
    facts = about.facts
    if facts.allergens is None:
        return ()
    names = ", ".join(words(ALLERGENS[each]) for each in facts.allergens)
    rows = [Told("info", words("Contains"), names or words("none of the 14 allergens"), strong=bool(names))]
    if facts.traces:
        traces = ", ".join(words(ALLERGENS[each]) for each in facts.traces)
        rows.append(Told("info", words("May contain"), traces, strong=True))
    return tuple(rows)


def kept(lane: Lane, item: Item, about: About) -> tuple[Told, ...]:
    """What it is, where it comes from, where it stands, and how many are left."""
    words, facts = lane.words, about.facts
    rows = []
    if facts.place:
        rows.append(Told("place", words("Where"), facts.place))
    if facts.stock is not None:
        counted = (
            words.n("{n} counted today", "{n} counted today", facts.stock)
            if facts.stock
            else words("Sold out today")
        )
        rows.append(Told("basket", words("In the shop"), counted if about.counted_today else words("Ask us")))
    if facts.highlights:
        rows.append(Told("tag", words("Good to know"), facts.highlights))
    if item.origin:
        rows.append(Told("place", words("From"), words.country(item.origin)))
    return tuple(rows)


def other(lane: Lane, item: Item) -> tuple[str, str]:
    each = price(lane, item)
    more = unit(lane, item)
    return called(item, lane.words), f"{each} ({more})" if more else each
