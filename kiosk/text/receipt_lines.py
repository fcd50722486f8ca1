"""A receipt set in lines of a fixed number of columns: what a printer prints, a web page shows and a golden keeps."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from kiosk.receipt import (
    Barcode,
    Block,
    CardSlip,
    Cut,
    Deposit,
    Discount,
    Fact,
    Heading,
    LineItem,
    Moment,
    Plain,
    QrCode,
    Receipt,
    Rule,
    SignHere,
    TaxTable,
    TenderRow,
    Text,
    TotalRow,
)
from kiosk.text import Words, msg
from kiosk.text.cells import cells, clean, fold

INDENT = "  "
LEAST_NAME = 8  # columns that a name keeps beside an amount, or the amount gets a line of its own
VAT_HEADS = (msg("VAT"), msg("Rate"), msg("Net"), msg("VAT sum"), msg("Gross"))


class Row(Struct, frozen=True):
    """One line of letters. `right` stands at the right edge; `big` letters are two cells wide and high."""

    left: str = ""
    right: str = ""
    centred: bool = False
    strong: bool = False
    big: bool = False
    fill: str = " "

    def text(self, columns: int) -> str:
        """The line in exactly so many columns, no spaces at its end; a left that is too long is never cut."""
        room = columns - cells(self.left) - cells(self.right)
        if self.centred:
            return " " * (room // 2) + self.left
        return (self.left + self.fill * max(0, room) + self.right).rstrip(" ")


Set = Row | QrCode | Barcode | Cut
Spell = Callable[[str], str]


def words_for(receipt: Receipt) -> Words:
    """The receipt's own language and currency."""
    return Words(receipt.language, receipt.currency, receipt.exponent)


def lines(receipt: Receipt, words: Words, columns: int = 48) -> tuple[str, ...]:
    """The receipt as plain text: every line at most `columns` wide, a code as what it says."""
    texts: list[str] = []
    for row in set_rows(receipt, words, columns):
        match row:
            case Row():
                texts.append(row.text(columns))
            case QrCode(text) | Barcode(text):
                texts += [Row(part, centred=True).text(columns) for part in fold(text, columns)]
            case Cut():
                pass
    return tuple(texts)


def set_rows(receipt: Receipt, words: Words, columns: int = 48, spell: Spell = clean) -> tuple[Set, ...]:
    """The receipt in lines. Long names wrap, amounts stand in one column at the right, no amount is ever cut.

    `spell` is what a text becomes before it is measured: at least clean, and what the paper's letters allow.
    """
    codes = [block.tax for block in receipt.blocks if isinstance(block, LineItem | Deposit)]
    setter = _Setter(words, columns, spell, max((cells(spell(code)) for code in codes), default=0))
    return tuple(row for block in receipt.blocks for row in setter.set(block))


class _Setter:
    def __init__(self, words: Words, columns: int, spell: Spell, code_width: int) -> None:
        self.words = words
        self.columns = columns
        self.spell = spell
        self.code_width = code_width

    def set(self, block: Block) -> list[Set]:
        words = self.words
        match block:
            case Heading(text):
                return self.centred(text, big=True)
            case Plain(text):
                return self.centred(text)
            case Text(key, args, strong):
                return self.centred(words(key, **args), strong=strong)
            case Fact(key, value):
                return self.pair(words(key), value)
            case Moment(started, ended, timezone):
                clocks = [words.clock(at, minutes_east(at, timezone)) for at in (started, ended)]
                day = words.date(ended, minutes_east(ended, timezone))
                return self.centred(words.line(day, "–".join(dict.fromkeys(clocks)), by=", "))
            case LineItem():
                return self.item(block)
            case Discount(label, amount):
                return self.pair(label or words("Discount"), self.sum(-amount), indent=INDENT)
            case Deposit(qty, each, amount, tax):
                name = words.line(words("Deposit"), self.times(qty, each), by=" ")
                return self.pair(name, self.sum(amount, tax), indent=INDENT)
            case Rule():
                return [Row(fill=self.spell("─"))]
            case TotalRow(key, amount, big):
                return self.pair(words(key), words.money(amount) if big else self.sum(amount), big=big)
            case TaxTable():
                return self.taxes(block)
            case TenderRow(key, amount, detail):
                return self.pair(words.line(words(key), detail, by=" "), words.money(amount), strong=True)
            case CardSlip(texts):
                return [Row(part) for text in texts for part in fold(self.spell(text), self.columns)]
            case SignHere(key):
                return self.sign_here(words(key))
            case QrCode() | Barcode() | Cut():
                return [block]

    def sum(self, amount: int, tax: str = "") -> str:
        """An amount without its currency, and its VAT code in a column of its own."""
        code = self.spell(tax)
        gap = " " * (self.code_width - cells(code))
        return f"{self.words.decimal(amount, self.words.exponent)} {code}{gap}"

    def times(self, qty: int, each: int | None) -> str:
        price = "" if each is None else f" {self.words.decimal(each, self.words.exponent)}"
        return "" if qty == 1 else f"{qty} ×{price}"

    def item(self, item: LineItem) -> list[Set]:
        words = self.words
        parts = []
        if item.grams is not None:
            net = words("{weight} net", weight=words.weight(item.grams))
            each = "" if item.per_kg is None else words.per_weight(item.per_kg, item.unit)
            parts.append(words.line(net, each, by=" × "))
            if item.tare:
                parts.append(words("tare {weight}", weight=words.weight(item.tare)))
        elif item.qty != 1:
            parts.append(self.times(item.qty, item.each))
        rows = self.pair(item.name, self.sum(item.amount, item.tax))
        detail = self.spell(words.line(*parts))
        return rows + [Row(INDENT + part) for part in fold(detail, self.columns - len(INDENT)) if part]

    def pair(
        self, left: str, right: str, *, indent: str = "", strong: bool = False, big: bool = False
    ) -> list[Set]:
        """A name and its amount: beside the name's first line, or below the name where there is no room."""
        columns = self.columns // 2 if big else self.columns
        name, amount = self.spell(left), self.spell(right)
        room = columns - len(indent) - cells(amount) - 1
        widest = max((cells(word) for word in name.split(" ")), default=0)
        below = room < min(LEAST_NAME, cells(name)) or (big and room < widest <= columns)
        parts = fold(name, columns - len(indent) if below else room)
        rows = [Row(indent + part, strong=strong or big, big=big) for part in parts]
        if below:
            rows.append(Row(right=amount, strong=strong or big, big=big))
        else:
            rows[0] = replace(rows[0], right=amount)
        return [*rows]

    def sign_here(self, whose: str) -> list[Set]:
        """Three lines of room, a line to write on, and below it whose name it is."""
        name = [Row(part) for part in fold(self.spell(whose), self.columns)]
        return [Row(), Row(), Row(), Row(fill="_"), *name, Row()]

    def centred(self, text: str, *, strong: bool = False, big: bool = False) -> list[Set]:
        parts = fold(self.spell(text), self.columns // 2 if big else self.columns)
        return [Row(part, centred=True, strong=strong or big, big=big) for part in parts if part]

    def taxes(self, table: TaxTable) -> list[Set]:
        """VAT by code in five columns, or name by name on paper too narrow for them."""
        words = self.words
        heads = [self.spell(words(head)) for head in VAT_HEADS]
        grid = [
            [self.spell(row.code), self.spell(words.percent(row.rate))]
            + [self.spell(words.decimal(sum_, words.exponent)) for sum_ in (row.net, row.vat, row.gross)]
            for row in table.rows
        ]
        widths = [max(map(cells, column)) for column in zip(heads, *grid, strict=True)]
        spare, gaps = self.columns - sum(widths), len(heads) - 1
        if spare < gaps:
            return [
                row for line in grid for pair in zip(heads, line, strict=True) for row in self.pair(*pair)
            ]
        widths = [widths[0]] + [widths[i] + (spare + i - 1) // gaps for i in range(1, len(heads))]
        return [Row(_columns(line, widths), strong=line is heads) for line in [heads, *grid]]


def minutes_east(at: int, timezone: str) -> int:
    """How far the clocks there were from UTC at that moment: summer time may begin while a kiosk runs."""
    offset = datetime.fromtimestamp(at // 1000, ZoneInfo(timezone)).utcoffset()
    return int(offset.total_seconds()) // 60 if offset else 0


def _columns(line: list[str], widths: list[int]) -> str:
    """The first text at the left of its column, the others at the right of theirs."""
    first, *others = [" " * (width - cells(text)) for text, width in zip(line, widths, strict=True)]
    return line[0] + first + "".join(gap + text for gap, text in zip(others, line[1:], strict=True))
