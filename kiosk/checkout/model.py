"""The basket's nouns: items, lines, questions, the sale. Frozen data, nothing decides here."""

from enum import StrEnum

from msgspec import Struct

from kiosk.barcode import Carrier, Pack
from kiosk.checkout.money import Tender
from kiosk.pricing import Article, Hint, Offers, Priced
from kiosk.units import Grams, Gtin, LineNo, Millis, Minor, SaleId
from kiosk.weight.check import Check
from kiosk.weight.sums import Weighings


class Item(Article, frozen=True, kw_only=True, omit_defaults=True):
    """A thing the shop sells, as the local catalogue has it.

    `grams` is what one piece weighs with its packaging and `spread` one standard deviation of it, both
    None where nobody knows; `weighings` is what lanes have learnt of it. `content` is the printed net quantity
    ("500 g"), `per_unit` the price per kilogram or litre with its unit ("kg" or "L") for the shelf-price law.
    `synonyms` are what else people call it: the search of the catalogue takes them in, and no basket carries them.
    """

    name: str
    names: dict[str, str] = {}
    synonyms: tuple[str, ...] = ()
    department: str = "other"
    symbol: str = ""
    content: str = ""
    per_unit: tuple[Minor, str] | None = None
    gtin: Gtin | None = None
    plu: int | None = None
    grams: Grams | None = None
    spread: Grams | None = None
    min_age: int = 0
    restriction: str = ""
    tare: Grams = Grams(0)
    origin: str = ""
    weighings: Weighings | None = None

    @property
    def by_weight(self) -> bool:
        return self.price_per_kg is not None

    def called(self, language: str) -> str:
        return self.names.get(language, self.name)


class Line(Struct, frozen=True):
    """One line of the basket. `grams` is net and only for goods sold by weight; `price` replaces the item's own
    (label price or an attendant's override).

    `pack` is what the symbol said of these very packs, under the number `gtin`; `asks` is the question (a Why) that a
    colleague has to say yes to before the line can be paid.
    """

    no: LineNo
    item: Item
    qty: int = 1
    grams: Grams | None = None
    tare: Grams = Grams(0)
    price: Minor | None = None
    printed: str = ""
    bagged: bool = True
    by: str = ""
    pack: Pack = Pack()
    gtin: Gtin | None = None
    asks: str = ""


class Read(Struct, frozen=True):
    """A symbol read a moment ago whose other one, on the same pack, has not been: so many pieces on that line.

    Without a line: the pack is not sold.
    """

    gtin: Gtin
    carrier: Carrier
    at: Millis
    qty: int
    line: LineNo | None


class Why(StrEnum):
    """Why a person of the shop, or the shopper herself, has to look (domain words of interventions)."""

    WEIGHT_UNEXPECTED = "weight.unexpected"
    WEIGHT_MISMATCH = "weight.mismatch"
    WEIGHT_MISSING = "weight.missing"
    WEIGHT_REMOVED = "weight.removed"
    WEIGHT_UNKNOWN_ITEM = "weight.unknown_item"
    BAG_OWN = "bag.own"
    BAG_SKIP_LIMIT = "bag.skip_limit"
    AGE_RESTRICTED = "age.restricted"
    SALE_RESTRICTED = "sale.restricted"
    ITEM_SECURITY_TAG = "item.security_tag"
    ITEM_QTY_LIMIT = "item.qty_limit"
    ITEM_NOT_FOUND = "item.not_found"
    ITEM_PRICE_REQUIRED = "item.price_required"
    ITEM_RECALLED = "item.recalled"
    ITEM_EXPIRED = "item.expired"
    ITEM_BEST_BEFORE = "item.best_before"
    ITEM_DATE_UNSURE = "item.date_unsure"
    ITEM_SOLD_BEFORE = "item.sold_before"
    VOID_LIMIT = "item.void_limit"
    PRICE_DISPUTE = "price.dispute"
    COUPON_CHECK = "coupon.check"
    AUDIT_RANDOM = "audit.random"
    AUDIT_RISK = "audit.risk"
    HELP_REQUESTED = "help.requested"
    HELP_ACCESSIBILITY = "help.accessibility"
    PAYMENT_UNKNOWN = "payment.unknown_result"
    PAYMENT_DECLINED_REPEAT = "payment.declined_repeat"
    DEPOSIT_INVALID = "deposit.voucher_invalid"
    IDLE_ABANDONED = "idle.abandoned"


class Intervention(Struct, frozen=True):
    """One open question. `asked_staff` once a colleague was called, `seen` when one first had it on her page; `grams`
    what the bag scale cannot explain; `printed` the name of a thing that is on no line."""

    why: Why
    raised: Millis
    line: LineNo | None = None
    grams: Grams = Grams(0)
    age: int = 0
    printed: str = ""
    answer: str = ""
    asked_staff: bool = False
    seen: Millis | None = None


class Resolution(StrEnum):
    """`timeout`: nobody came before it was over; `auto`: the lane needed nobody."""

    APPROVED = "approved"
    REJECTED = "rejected"
    SELF_FIXED = "self_fixed"
    TIMEOUT = "timeout"
    AUTO = "auto"


class Settled(Struct, frozen=True):
    """A question that was answered: how, when, by whom (empty: the shopper), why, and whether from afar."""

    intervention: Intervention
    resolution: Resolution
    at: Millis
    by: str = ""
    reason: str = ""
    remote: bool = False


class Member(Struct, frozen=True, omit_defaults=True):
    """A loyalty member as a salted token; the number itself stays in the worker.

    `points` and `credit` are hers before this sale, `vouchers` what each of her own is worth, `tiers` all that she has
    reached. `spends`: she showed a card or a code of the app, not only a number that others may know.
    """

    token: str
    points: int = 0
    credit: Minor = Minor(0)
    vouchers: tuple[Minor, ...] = ()
    tiers: tuple[str, ...] = ()
    spends: bool = False


class Audit(Struct, frozen=True):
    """A rescan under way: the colleague who counts, and how many she has of each line that was chosen.

    `extra` are things that are on no line, `solved` what was put right, `worth` how much money that was; `reason` is
    hers where nobody but she asked for it.
    """

    by: str
    name: str
    counts: tuple[tuple[LineNo, int], ...]
    extra: tuple[Line, ...] = ()
    solved: int = 0
    worth: Minor = Minor(0)
    reason: str = ""


class Sale(Struct, frozen=True):
    """One visit, from the first thing scanned to the money. `hint` is what one more of the focus line would save.

    `lot` was drawn for it below a million, `audit` is a rescan under way, `declines` how often in a row a card was
    declined, `cashier` the colleague who served (empty: the shopper alone).
    """

    id: SaleId
    started: Millis
    date: str
    offers: Offers
    lines: tuple[Line, ...] = ()
    removed: tuple[Line, ...] = ()
    next_line: LineNo = LineNo(1)
    focus: LineNo | None = None
    bag: Check = Check()
    open: tuple[Intervention, ...] = ()
    settled: tuple[Settled, ...] = ()
    approved_age: int = 0
    member: Member | None = None
    tenders: tuple[Tender, ...] = ()
    attempts: int = 0
    priced: Priced | None = None
    hint: Hint | None = None
    training: bool = False
    coupons: tuple[str, ...] = ()
    receipt: str = ""
    reads: tuple[Read, ...] = ()
    lot: int = 1_000_000
    audit: Audit | None = None
    declines: int = 0
    cashier: str = ""
