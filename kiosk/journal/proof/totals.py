"""What the lines of a ledger come to: by day, month and year, and for ever. Whole minor units, stdlib only."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

KEY_LINES = ("key_made", "key_changed")
"""Names of the technical lines that say which public key signs from there on."""


@dataclass
class Tax:
    """The sum of one VAT code at one rate (ten-thousandths of a percent); gross = net + vat, minor units."""

    code: str
    rate: int
    gross: int
    net: int
    vat: int


class Paid(NamedTuple):
    kind: str
    amount: int


@dataclass
class Side:
    """Money in one direction: how often, how much, by VAT code and rate, by kind of tender. Never negative."""

    count: int = 0
    amount: int = 0
    taxes: list[Tax] = field(default_factory=list)
    tenders: dict[str, int] = field(default_factory=dict)

    def add(self, count: int, amount: int, taxes: Iterable[Any], tenders: Iterable[Any]) -> None:
        """`tenders` have kind and amount, `taxes` the fields of Tax."""
        self.count += count
        self.amount += amount
        for tax in taxes:
            for mine in self.taxes:
                if mine.code == tax.code and mine.rate == tax.rate:
                    mine.gross += tax.gross
                    mine.net += tax.net
                    mine.vat += tax.vat
                    break
            else:
                self.taxes.append(Tax(tax.code, tax.rate, tax.gross, tax.net, tax.vat))
        for paid in tenders:
            kind = str(paid.kind)
            self.tenders[kind] = self.tenders.get(kind, 0) + paid.amount


@dataclass
class Totals:
    """What a period comes to. Training is counted as such and is in no sum; nor is a cancelled basket (`voids`)."""

    sold: Side = field(default_factory=Side)
    refunded: Side = field(default_factory=Side)
    voids: int = 0
    duplicates: int = 0
    training: int = 0

    def add(self, other: "Totals") -> None:
        for mine, more in ((self.sold, other.sold), (self.refunded, other.refunded)):
            mine.add(more.count, more.amount, more.taxes, [Paid(*paid) for paid in more.tenders.items()])
        self.voids += other.voids
        self.duplicates += other.duplicates
        self.training += other.training


@dataclass
class Period:
    """The open day, month or year: its name once that is known, closings of its kind before it, its first line."""

    name: str = ""
    closed: int = 0
    first: int = 1
    totals: Totals = field(default_factory=Totals)


@dataclass
class Books:
    """What the lines up to `number` come to. `sold` and `refunded` are perpetual: nothing ever resets them.

    `hash` (hex) and `at` are the last line's, `key` the one that signs. `signed` is the last signed line, `seal` its
    signature (hex), `since` when the first line after it was written.
    """

    number: int = 0
    hash: str = ""
    at: int = 0
    key: str = ""
    signed: int = 0
    seal: str = ""
    since: int | None = None
    sold: int = 0
    refunded: int = 0
    day: Period = field(default_factory=Period)
    month: Period = field(default_factory=Period)
    year: Period = field(default_factory=Period)

    def take(self, number: int, at: int, kind: str, line: bytes, seal: bytes | None, record: Any) -> None:
        """Count one more line; `record` has the body's fields as attributes (None for kinds that count nothing)."""
        self.number, self.at, self.hash = number, at, line.hex()
        if seal is not None:
            self.signed, self.seal, self.since = number, seal.hex(), None
        elif self.since is None:
            self.since = at
        if kind == "sale":
            self._sale(record)
        elif record is not None:
            self._other(kind, record)

    def _sale(self, sale: Any) -> None:
        totals = self.day.totals
        if getattr(sale, "training", False):
            totals.training += 1
            return
        amount = sale.priced.total
        self.sold += amount
        totals.sold.add(1, amount, sale.priced.taxes, sale.tenders)

    def _other(self, kind: str, record: Any) -> None:
        totals = self.day.totals
        training = getattr(record.original if kind == "refund" else record, "training", False)
        match kind:
            case "refund" | "void" if training:
                totals.training += 1
            case "refund":
                self.refunded += record.amount
                totals.refunded.add(1, record.amount, taxes_given_back(record), record.tenders)
            case "void":
                totals.voids += 1
            case "duplicate":
                totals.duplicates += 1
            case "technical" if record.name in KEY_LINES:
                self.key = record.fields["key"]
            case "closing":
                self._closed(record.period, record.date)

    def due(self, day: str) -> list[tuple[str, str]]:
        """Which closings the end of this local day brings, in order: month and year of an earlier day first."""
        spans = [("month", self.month.name), ("year", self.year.name)]
        late = [(span, name) for span, name in spans if name and not day.startswith(name)]
        return [*late, ("day", day), *(ends_with(day))]

    def closing(self, span: str, name: str) -> dict[str, Any]:
        """What a closing says of its period."""
        period: Period = getattr(self, span)
        return {
            "period": span,
            "date": name,
            "no": period.closed + 1,
            "first": period.first,
            "last": self.number,
            "totals": asdict(period.totals),
            "sold": self.sold,
            "refunded": self.refunded,
        }

    def anchor(self) -> dict[str, Any]:
        """What an anchor says."""
        return {"sold": self.sold, "refunded": self.refunded}

    def _closed(self, span: str, name: str) -> None:
        if span == "day":
            for longer, length in ((self.month, 7), (self.year, 4)):
                longer.totals.add(self.day.totals)
                longer.name = name[:length]
        setattr(self, span, Period("", getattr(self, span).closed + 1, self.number + 1))


def ends_with(day: str) -> list[tuple[str, str]]:
    """The month and the year that end with a day (ISO)."""
    after = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    return [(span, day[:n]) for span, n in (("month", 7), ("year", 4)) if day[:n] != after[:n]]


def taxes_given_back(refund: Any) -> list[Tax]:
    """VAT of a refund by code: of the whole sale as it was, of a part out of what is given back, net to the nearest."""
    original = refund.original.priced
    if refund.amount == original.total:
        return [Tax(tax.code, tax.rate, tax.gross, tax.net, tax.vat) for tax in original.taxes]
    gross: dict[str, int] = {}
    for code, amount in _given_back(refund):
        gross[code] = gross.get(code, 0) + amount
    rates = {tax.code: tax.rate for tax in original.taxes}
    found = []
    for code, amount in gross.items():
        rate = rates.get(code, 0)
        net = (2 * amount * 1_000_000 + 1_000_000 + rate) // (2 * (1_000_000 + rate))
        found.append(Tax(code, rate, amount, net, amount - net))
    return found


def _given_back(refund: Any) -> list[tuple[str, int]]:
    """What comes back by VAT code: of each line its goods, and the deposit on so many of its pieces."""
    lines = {line.no: line for line in refund.original.lines}
    deposits = {line.no: line.deposit for line in refund.original.priced.lines}
    parts = []
    for back in refund.lines:
        line = lines[back.no]
        pieces = 1 if line.grams is not None else line.qty
        deposit = (2 * deposits[back.no] * min(back.qty, pieces) + pieces) // (2 * pieces)
        goods, held = (line.item.tax, back.amount - deposit), (getattr(line.item, "deposit_tax", ""), deposit)
        parts += [part for part in (goods, held) if part[1]]
    return parts
