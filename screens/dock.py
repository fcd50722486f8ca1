"""The dock beside a kiosk that is played with: the shop's things, a card, paper, cables. Its world is
elsewhere.

A key sends Typed with a line as `kiosk simulate` takes it ("scan 3017620422003", "put bag 500", "unplug
printer"); what the line does to the simulated devices is joined in kiosk/commands.
"""

from msgspec import Struct

from kiosk.checkout.passed import Paged, Typed
from screens.widgets import Finder, Head, Key, Page, Tile

TILES = 6
CABLES = ("scanner", "produce", "bag", "terminal", "printer")


class Thing(Struct, frozen=True):
    """Something that can be bought: a code to scan (empty: sold by weight) and what it weighs."""

    id: int
    name: str
    code: str
    grams: int
    symbol: str = ""
    department: str = "other"


class Dock(Struct, frozen=True):
    """What the dock shows: things, grams on both plates, whether a card is held, paper left, what is
    unplugged."""

    things: tuple[Thing, ...]
    page: int = 0
    produce: int = 0
    bag: int = 0
    card: str = ""
    paper: int = 0
    unplugged: frozenset[str] = frozenset()


def dock(seen: Dock) -> Page:
    """One page: tiles of things to hold to the scanner, and under them everything else a hand can do."""
    pages = max(1, -(-len(seen.things) // TILES))
    page = seen.page % pages
    shown = seen.things[page * TILES : (page + 1) * TILES]
    plates = f"bag scale {seen.bag} g · produce scale {seen.produce} g"
    block = Finder("Scan and put in the bag", "", plates, tuple(tile(thing) for thing in shown))
    more = Key(id="more", text="More things", icon="down", sends=Paged((page + 1) % pages))
    return Page(
        name="dock",
        language="en",
        head=Head("Dock", "the world around the kiosk", right=held(seen), tone="service", icon="settings"),
        blocks=(block,),
        tools=(more, *hands(seen)),
        foot=tuple(cable(name, name in seen.unplugged) for name in CABLES),
    )


def held(seen: Dock) -> str:
    paper = f"{seen.paper // 1000} m of paper" if seen.paper else "no paper"
    return f"{seen.card}, {paper}" if seen.card else f"no card, {paper}"


def tile(thing: Thing) -> Tile:
    line = f"buy {thing.code} {thing.grams}" if thing.code else f"weigh {thing.grams}"
    under = f"{thing.grams} g" if thing.code else f"{thing.grams} g, loose"
    return Tile(f"thing-{thing.id}", thing.name, under, thing.symbol, thing.department, Typed(line))


def hands(seen: Dock) -> tuple[Key, ...]:
    """What a shopper's hands can do beside scanning."""
    return (
        do("card", "Hold a card", "contactless", "card approves"),
        do("declined", "A card with no money", "card", "card declines"),
        do("member", "Member card", "member", "member"),
        do("badge", "Staff badge", "person", "badge"),
        do("extra", "Put 250 g more", "bag", "put bag 250"),
        do("lift", "Take 250 g out", "undo", "put bag -250"),
        do("clear", "Clear the plates", "no_bag", "clear"),
        do("paper", "New paper" if not seen.paper else "Tear the paper", "receipt", "paper"),
    )


def do(name: str, text: str, icon: str, line: str) -> Key:
    return Key(id=name, text=text, icon=icon, sends=Typed(line))


def cable(name: str, out: bool) -> Key:
    line = f"{'replug' if out else 'unplug'} {name}"
    return Key(id=f"cable-{name}", text=name.capitalize(), chosen=out, sends=Typed(line))
