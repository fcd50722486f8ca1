"""The words of a page: plain frozen data, no pixels. A screen is a function from a Session to a Page.

A page is always the same three things: a head that tells, a counter with paper that tells, and the sill,
where everything lies that can be pressed (look: "paper tells, the sill does"). Layout decides where, paint
decides how. Texts are finished sentences in the page's language; `id` is stable across languages and turns,
and animation, focus and secret digits hang on it.
"""

from msgspec import Struct

from kiosk.checkout.events import Event

ERASE = "\b"
"""The `digit` of the key that takes the last digit back."""


class Key(Struct, frozen=True, kw_only=True):
    """Something to press. `kind`: go, sill, answer, person, paper, wait (dashed: somebody else acts now).

    `sends` is the event of a press. A key that is `off` sends nothing and says `why` instead. `note` is a
    second, smaller line. `digit` is the character that a key of a secret field (Dots, Field) adds; such a key sends
    nothing. `skip` turns the pages of a long slip: so many of its newest lines are passed over.
    """

    id: str
    text: str
    sends: Event | None = None
    icon: str = ""
    kind: str = "sill"
    note: str = ""
    off: bool = False
    why: str = ""
    chosen: bool = False
    digit: str = ""
    skip: int | None = None


class Head(Struct, frozen=True):
    """The top line. `tone`: shop, staff (blue) or service (dark). `right_strong` follows `right` in bold."""

    title: str
    sub: str = ""
    right: str = ""
    right_icon: str = ""
    tone: str = "shop"
    icon: str = ""
    right_strong: str = ""


# ---- what stands on the counter, from the top down


class Hero(Struct, frozen=True):
    """A headline on the bare counter. `size`: hero, farewell, closed, title, ask, check, amount or done
    (kit.HEADLINES); `icon` a disc before it. `text` explains in quiet ink, or in full ink when `strong`
    (something to do); `after` follows the marker, `quiet` after that. `bar_ms` is time that runs out
    (progress only)."""

    lines: tuple[str, ...]
    text: str = ""
    size: str = "hero"
    icon: str = ""
    marker: str = ""
    amount: str = ""
    after: str = ""
    strong: bool = False
    quiet: str = ""
    bar_ms: int = 0


class Picture(Struct, frozen=True):
    """A drawing. `name`: terminal, first_product, bag, shelf (groceries standing on the sill), pause."""

    name: str
    caption: str = ""
    amount: str = ""


class SlipLine(Struct, frozen=True):
    """One older line of the slip. `marker` is the saving in words, `was` the price before it."""

    id: str
    text: str
    under: str
    price: str
    was: str = ""
    marker: str = ""
    symbol: str = ""
    department: str = "other"
    touch: Event | None = None
    struck: bool = False


class Headline(Struct, frozen=True):
    """The newest line, big. `hint` is what one more would bring (bold part, rest); `seconds` an undo bar."""

    line: SlipLine
    hint: tuple[str, str] | None = None
    hint_boxes: tuple[int, int] = (0, 0)
    says: str = ""
    bar_ms: int = 0


class Strip(Struct, frozen=True):
    """News printed on the slip. `tone`: plain, person (blue), or the steps of something going on: done, next.
    `keys` stand on it (staff pages only). `count` is a countdown, bold after the text."""

    id: str
    icon: str
    title: str
    text: str = ""
    tone: str = "plain"
    right: str = ""
    keys: tuple[Key, ...] = ()
    bar_ms: int = 0
    count: str = ""


class Slip(Struct, frozen=True):
    """The receipt as it grows: older lines, the headline, strips under it; it rises out of the sill."""

    lines: tuple[SlipLine, ...] = ()
    headline: Headline | None = None
    strips: tuple[Strip, ...] = ()
    id: str = "slip"


class Tile(Struct, frozen=True):
    """A product to pick: `match` is the part of the name that was typed (start, end)."""

    id: str
    text: str
    under: str
    symbol: str
    department: str
    sends: Event
    match: tuple[int, int] | None = None


class Finder(Struct, frozen=True):
    """Search field and tiles; `typed` with a caret, `placeholder` on the right of it."""

    title: str
    typed: str
    placeholder: str
    tiles: tuple[Tile, ...]
    nothing: str = ""


class Value(Struct, frozen=True):
    label: str
    value: str
    unit: str = ""
    dim: bool = False


class Weighing(Struct, frozen=True):
    """The legal four: net, tare, unit price, price on one paper, same size; `state` in shape and word, and what to
    `do` about it."""

    title: str
    text: str
    symbol: str
    department: str
    state: str
    do: str
    state_icon: str
    right: str
    values: tuple[Value, ...]
    plate: str


class Told(Struct, frozen=True):
    """One thing that is known of a product. `strong`: it may matter to somebody's health."""

    icon: str
    label: str
    text: str
    strong: bool = False


class Sheet(Struct, frozen=True):
    """All that the shop says of a product, on one paper: price and unit price big, `marker` what members save or an
    offer in words, then what is known of it, then others of its kind (name, price)."""

    symbol: str
    department: str
    title: str
    price: str
    unit: str
    marker: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
    others_title: str = ""
    others: tuple[tuple[str, str], ...] = ()
    after: str = ""


class QrCode(Struct, frozen=True):
    """A QR code on paper: `rows` of 0 and 1 characters without the quiet zone."""

    rows: tuple[str, ...]
    title: str
    text: str


class Dots(Struct, frozen=True):
    """A secret field: so many circles, filled as digits are typed; the digits live in the shell under
    `field`. The field is whole with `least` digits, or with all where that is 0."""

    field: str
    length: int
    wrong: str = ""
    least: int = 0


class Field(Struct, frozen=True):
    """An e-mail address of at most `length` characters: shown, but nowhere but in the shell, under `field`, as a
    secret's digits are. `hint` stands in it while it is empty."""

    field: str
    length: int
    hint: str = ""


class Table(Struct, frozen=True):
    """Devices for technicians: header cells, rows of cells, and pairs below. The last cell of a row may be
    a chip."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    pairs: tuple[tuple[str, str], ...] = ()


Block = Hero | Picture | Slip | Finder | Weighing | Sheet | QrCode | Dots | Field | Table


class Total(Struct, frozen=True):
    """The sum above the go key. `saved` is the yellow marker."""

    label: str
    amount: str
    under: str = ""
    saved: str = ""


class Page(Struct, frozen=True, kw_only=True):
    """One screen. `name` is the golden's name; `tools` lie on the sill, `letters` is a keyboard or number pad
    (rows of keys), `progress` what the sill tells beside its keys. `turn` says that a slip has {n} lines more
    above, and how one comes back to its newest. Nothing moves on a page that is `still`, nothing is seen of one
    behind a `curtain`."""

    name: str
    language: str
    head: Head
    blocks: tuple[Block, ...]
    tools: tuple[Key, ...] = ()
    letters: tuple[tuple[Key, ...], ...] = ()
    total: Total | None = None
    go: Key | None = None
    foot: tuple[Key, ...] = ()
    progress: Hero | None = None
    rtl: bool = False
    theme: str = "light"
    large: bool = False
    low_reach: bool = False
    turn: tuple[str, str] | None = None
    still: bool = False
    curtain: bool = False
