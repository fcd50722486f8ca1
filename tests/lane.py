"""A lane without a world, for tests of the core: a catalogue in a dict, a clock that is told, effects on a list."""

from collections.abc import Iterable
from typing import Self

from kiosk.barcode import Carrier, Code, Measured, Pack, Product
from kiosk.barcode.digits import check_digit
from kiosk.checkout.effects import (
    AskRecalled,
    CheckPrice,
    Deed,
    DrawName,
    FindOffer,
    LookUp,
    LookUpDocument,
    LookUpItem,
    LookUpSale,
    Report,
    Search,
    TakeOffers,
)
from kiosk.checkout.events import (
    BagScaleSeen,
    Barred,
    Fact,
    Happened,
    ItemFound,
    ItemUnknown,
    OffersTaken,
    PrintFailed,
    Recalled,
    Reminded,
    Restarted,
    SaleNotHere,
    Scanned,
    WeightSettled,
)
from kiosk.checkout.model import Item, Line, Sale
from kiosk.checkout.passed import DocumentFound, Found, OfferFound, Passed, PriceFound
from kiosk.checkout.session import Policy, Session
from kiosk.checkout.step import step
from kiosk.checkout.suggestion import Offered
from kiosk.checkout.suspending import NameDrawn
from kiosk.pricing import BuyNPayM, LoyaltyPrice, Offers, Tax
from kiosk.units import Grams, Gtin, ItemId, Millis, Minor, Rate

POLICY = Policy(
    store="0187",
    lane="4",
    shop="Tilleul",
    journal="j0",
    version="test",
    produce_plate="Max 15 kg  Min 100 g  e = 5 g  Class III",
)
DAY = "2026-11-21"

OFFERS = Offers(
    version="1",
    promotions=(
        BuyNPayM(id="Y32", label="3 for 2", n=3, m=2, items=(ItemId(2),)),
        LoyaltyPrice(id="EGG", label="Member price", price=Minor(289), items=(ItemId(5),)),
    ),
    taxes=(Tax(code="R", rate=Rate(55_000)), Tax(code="N", rate=Rate(200_000))),
)


def gtin(id: int) -> Gtin:
    """A number with a right check digit for an item of these tests."""
    digits = f"30000000000{id}"
    return Gtin(int(f"{digits}{check_digit(digits)}"))


def item(id: int, name: str, price: int | None, **more: object) -> Item:
    fields = {"tax": "R", "gtin": gtin(id), "grams": Grams(500), "spread": Grams(5)} | more
    return Item(id=ItemId(id), name=name, price=None if price is None else Minor(price), **fields)  # type: ignore[arg-type]


MILK = item(1, "Whole milk 1 L", 125, grams=Grams(1030))
YOGHURT = item(2, "Greek yoghurt 4 x 125 g", 199, grams=Grams(540))
TOMATOES = item(3, "Vine tomatoes", None, price_per_kg=Minor(349), grams=None, plu=4664)
WINE = item(4, "Cotes du Rhone 75 cl", 790, tax="N", min_age=18, grams=Grams(1250))
EGGS = item(5, "Free-range eggs, 10", 329, grams=Grams(680))
TIN = item(6, "Peeled tomatoes 400 g", 95, grams=Grams(470))
LOST = item(7, "No price yet", None)
ITEMS = (MILK, YOGHURT, TOMATOES, WINE, EGGS, TIN, LOST)


class Lane:
    """Plays events against step and answers its questions; `deeds` is everything that would have gone out."""

    def __init__(self, session: Session | None = None, items: Iterable[Item] = ITEMS) -> None:
        self.now = Millis(1_790_000_000_000)
        self.items = {item.gtin: item for item in items}
        self.recalled: set[tuple[Gtin, str, str]] = set()
        self.sold: set[tuple[Gtin, str]] = set()
        self.lot = 1_000_000
        self.deeds: list[Deed] = []
        self.offer: Offered | None = None
        self.drawn = 0
        self.facts: list[tuple[Millis, Happened]] = []
        self.session = session or Session()
        if session is None:
            self.play(Restarted(POLICY))
            self.play(BagScaleSeen(True))

    def play(self, *events: Happened | Passed) -> Self:
        for event in events:
            self.turn(event)
        return self

    def turn(self, event: Happened | Passed) -> list[Deed]:
        """One event to its end, questions answered; the deeds of this turn."""
        self.now = Millis(self.now + 700)
        waiting: list[Happened | Passed] = [event]
        deeds: list[Deed] = []
        while waiting:
            event = waiting.pop(0)
            before = self.session
            self.session, effects = step(before, event, self.now)
            if isinstance(event, Fact):
                self.facts.append((self.now, event))
            else:
                assert self.session.kept is before.kept, f"{event} passes and changed what is kept"
            for effect in effects:
                if isinstance(effect, Deed):
                    deeds.append(effect)
                else:
                    waiting.append(self.answer(effect))
        self.deeds += deeds
        return deeds

    def answer(self, question: object) -> Happened | Passed:
        match question:
            case LookUp(code=code, carrier=carrier, by_camera=by_camera):
                found = self.items.get(_number(code))
                if found is None:
                    return ItemUnknown(code, by_camera)
                return ItemFound(code, found, carrier, self.barred(code))
            case LookUpItem(item=id):
                found = next((item for item in self.items.values() if item.id == id), None)
                return ItemFound(None, found) if found else ItemUnknown(None)
            case AskRecalled(lines=lines):
                return Recalled(tuple(line.no for line in lines if self.is_recalled(line)))
            case TakeOffers():
                return OffersTaken(OFFERS, DAY, lot=self.lot)
            case DrawName(why=why, by=by):
                self.drawn += 1
                return NameDrawn(f"BASKET-{self.drawn:A>26}", f"{self.drawn:06}", why, by)
            case Search(text=text):
                return Found(text, tuple(item for item in self.items.values() if text in item.name), "")
            case LookUpSale(number=number):
                return SaleNotHere(number)
            case CheckPrice(code=code, item=id):
                picked = next((item for item in self.items.values() if item.id == id), None)
                return PriceFound(picked or self.items.get(_number(code)))
            case FindOffer():
                return OfferFound(self.offer)
            case LookUpDocument(job=job, kind=kind, of=of):
                records = [deed.record for deed in self.deeds if isinstance(deed, Report)]
                record = next((one for one in records if one.kind == kind and one.id == of), None)
                return DocumentFound(job, record) if record else PrintFailed(job, "gone")
        raise AssertionError(question)

    def barred(self, code: Code) -> Barred:
        """What a catalogue and a ledger would say of that pack."""
        number, pack = _number(code), getattr(code, "pack", Pack())
        if self.names(number, pack):
            return "recalled"
        return "sold" if pack.serial and (number, pack.serial) in self.sold else ""

    def names(self, number: Gtin | None, pack: Pack) -> bool:
        """Whether a recall names that pack."""
        return any((number, b, s) in self.recalled for b in {"", pack.batch} for s in {"", pack.serial})

    def is_recalled(self, line: Line) -> bool:
        return self.names(line.gtin or line.item.gtin, line.pack)

    def scan(self, item: Item, carrier: Carrier = "", after: int = 700, **pack: str) -> Self:
        """Read a symbol of the item, so many milliseconds after the last event; `pack` is what it says."""
        assert item.gtin is not None
        self.now = Millis(self.now + after - 700)
        return self.play(Scanned(Product(item.gtin, pack=Pack(**pack)), carrier))

    def put(self, grams: int) -> "Lane":
        """Something of so many grams is put on the bag scale (or taken off it)."""
        level = self.session.kept.level
        return self.play(WeightSettled(level, Grams(level + grams)))

    def silence(self) -> "Lane":
        """Nothing happens for as long as a weight check waits before it asks."""
        for _ in range(5):
            if not self.sale.bag.card:
                self.play(Reminded("weigh"))
        return self

    def buy(self, *items: Item) -> "Lane":
        """Scan each and put it into the bag."""
        for item in items:
            self.scan(item).put(item.grams or 0)
        return self

    @property
    def sale(self) -> Sale:
        sale = getattr(self.session.kept.phase, "sale", None)
        assert isinstance(sale, Sale), f"no sale in {self.session.kept.phase}"
        return sale

    @property
    def phase(self) -> str:
        return type(self.session.kept.phase).__name__

    def done(self, kind: type) -> list[object]:
        return [deed for deed in self.deeds if isinstance(deed, kind)]


def _number(code: Code | None) -> Gtin | None:
    match code:
        case Product(gtin=gtin) | Measured(item=gtin):
            return gtin
        case _:
            return None
