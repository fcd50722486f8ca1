"""Sample sessions for every screen and state, reached by playing what happens in a shop."""

from collections.abc import Callable

from msgspec.structs import replace

from kiosk.barcode import GiftCard, Product
from kiosk.checkout.effects import Authorise, CheckPrice, EndOfDay, Reserve, Search, TakeOffers
from kiosk.checkout.events import (
    AddWeighed,
    BackPressed,
    BagAnswered,
    BagScaleSeen,
    DayClosed,
    EmailTaken,
    FinishPressed,
    Happened,
    HelpPressed,
    LaneClosed,
    LeaveOutPressed,
    LineChosen,
    MemberFound,
    NoAnswer,
    OffersTaken,
    OwnBagPressed,
    PayPressed,
    PinAccepted,
    PinRefused,
    PriceOverridden,
    Printed,
    PrintFailed,
    QuantityChosen,
    ReadyToSend,
    ReceiptChosen,
    RefundBegun,
    RefundConfirmed,
    RefundLineChosen,
    Reminded,
    RemovePressed,
    Restarted,
    ResultReceived,
    SaleFound,
    SaleUnknown,
    Scanned,
    Started,
    TenderChosen,
    TerminalAnswered,
    TotalsReceived,
    TrainingChosen,
    ValueAnswered,
    WalletShown,
)
from kiosk.checkout.model import Item
from kiosk.checkout.money import Attempt, Mark, Outcome, PaymentResult, TenderKind
from kiosk.checkout.passed import DeviceSeen as Seen
from kiosk.checkout.passed import (
    Faded,
    Found,
    LinkSeen,
    LookChosen,
    MemberUnknown,
    Opened,
    Paged,
    Passed,
    PinEntered,
    PriceFound,
    ScaleRead,
    StaffNamed,
    TerminalSays,
    Typed,
    UnreadableScanned,
    WeighingModuleSeen,
)
from kiosk.checkout.session import Device, Health, LiveWeight, Panel, Policy, Reading
from kiosk.pricing import (
    BuyNPayM,
    ExpiryMarkdown,
    LoyaltyPoints,
    LoyaltyPrice,
    MixMatchFixed,
    Offers,
    Tax,
    Tier,
)
from kiosk.units import Grams, Gtin, ItemId, LineNo, Minor, Rate, SaleId
from tests.lane import Lane

POLICY = Policy(
    store="0187",
    lane="4",
    shop="Tilleul",
    journal="j0",
    version="1.4.0",
    utc_offset_minutes=60,
    receipt_url="https://tilleul.example/r/",
    produce_plate="Max 15\u00a0kg  Min 100\u00a0g  e = 5\u00a0g  Class III",
)
OFFERS = Offers(
    version="2026-11-21",
    promotions=(
        BuyNPayM(
            id="Y32",
            label="3 for 2",
            labels={"fr": "3 pour 2", "de": "3 für 2"},
            n=3,
            m=2,
            items=(ItemId(4),),
        ),
        LoyaltyPrice(
            id="EGG",
            label="Member price",
            labels={"fr": "Prix membre", "de": "Mitgliedspreis"},
            price=Minor(289),
            items=(ItemId(5),),
            member_only=True,
        ),
        MixMatchFixed(
            id="T2",
            label="2 for €3.00",
            labels={"fr": "2 pour 3,00\u00a0€", "de": "2 für 3,00\u00a0€"},
            n=2,
            price=Minor(300),
            items=(ItemId(6),),
        ),
        ExpiryMarkdown(
            id="DAYS",
            label="Short date",
            labels={"fr": "Date courte", "de": "Kurzes MHD"},
            tiers=(Tier(0, Rate(500_000)), Tier(2, Rate(300_000))),
            items=(ItemId(3), ItemId(6)),
        ),
        LoyaltyPoints(id="P", per=Minor(100), points=1, member_only=True),
    ),
    taxes=(Tax(code="R", rate=Rate(55_000)), Tax(code="N", rate=Rate(200_000))),
)


def item(id: int, names: tuple[str, str, str], price: int | None, **more: object) -> Item:
    fields: dict[str, object] = {"tax": "R", "gtin": Gtin(id), "grams": Grams(500), "spread": Grams(5)}
    languages = dict(zip(("en", "fr", "de"), names, strict=True))
    return Item(
        id=ItemId(id),
        name=names[0],
        names=languages,
        price=None if price is None else Minor(price),
        **(fields | more),  # type: ignore[arg-type]
    )


BANANAS = item(
    1, ("Bananas", "Bananes", "Bananen"), None, price_per_kg=Minor(179), grams=None, plu=4011,
    department="fruit", symbol="banana",
)  # fmt: skip
MILK = item(
    2, ("Whole milk 1 L", "Lait entier 1 L", "Vollmilch 1 l"), 125, department="dairy", symbol="milk",
    per_unit=(Minor(125), "L"), grams=Grams(1030),
)  # fmt: skip
LOAF = item(
    3, ("Sourdough loaf 500 g", "Pain au levain 500 g", "Sauerteigbrot 500 g"), 340,
    department="bakery", symbol="loaf", per_unit=(Minor(680), "kg"),
)  # fmt: skip
YOGHURT = item(
    4, ("Greek yoghurt", "Yaourt grec", "Griechischer Joghurt"), 199, content="4 × 125 g",
    department="dairy", symbol="yoghurt", per_unit=(Minor(398), "kg"), grams=Grams(540),
)  # fmt: skip
EGGS = item(
    5, ("Free-range eggs, 10", "10 œufs plein air", "10 Freilandeier"), 329, department="dairy",
    symbol="eggs", grams=Grams(680),
)  # fmt: skip
CHERRIES = item(
    6, ("Cherry tomatoes 250 g", "Tomates cerises 250 g", "Cherrytomaten 250 g"), 189,
    department="vegetables", symbol="cherry_tomato", per_unit=(Minor(756), "kg"), grams=Grams(262),
)  # fmt: skip
WINE = item(
    7, ("Côtes du Rhône 75 cl", "Côtes du Rhône 75 cl", "Côtes du Rhône 75 cl"), 790, tax="N",
    min_age=18, department="drinks", symbol="wine", per_unit=(Minor(1053), "L"), grams=Grams(1250),
)  # fmt: skip
TOMATOES = item(
    8, ("Vine tomatoes", "Tomates en grappe", "Rispentomaten"), None, price_per_kg=Minor(349),
    grams=None, plu=4664, department="vegetables", symbol="tomato", tare=Grams(10), origin="France",
)  # fmt: skip
WATER = item(
    9, ("Spring water 1.5 L", "Eau de source 1,5 L", "Quellwasser 1,5 l"), 59, department="drinks",
    symbol="bottle", deposit=Minor(25), deposit_tax="R", per_unit=(Minor(39), "L"), grams=Grams(1540),
)  # fmt: skip
LOST = item(10, ("A new thing", "Une nouveauté", "Etwas Neues"), None)
ITEMS = (BANANAS, MILK, LOAF, YOGHURT, EGGS, CHERRIES, WINE, TOMATOES, WATER, LOST)

DEVICES = (
    Device("scanner", Health.READY, "usb 1.2, hid-pos"),
    Device("produce", Health.READY, "serial-1, 9600 7E1"),
    Device("bag", Health.READY, "serial-2, 9600 8N1"),
    Device("terminal", Health.READY, "10.0.4.21, ZVT"),
    Device("printer", Health.READY, "usb 1.4, ESC/POS", paper="low"),
    Device("light", Health.READY, "gpio 17 22 27"),
)


class Shop(Lane):
    """A lane with the shop's own goods, offers and devices."""

    def __init__(self, policy: Policy = POLICY, devices: tuple[Device, ...] = DEVICES) -> None:
        super().__init__(items=ITEMS)
        self.play(
            Restarted(policy),
            BagScaleSeen(policy.bag_scale),
            *(Seen(device) for device in devices),
            LinkSeen(True, 0),
            WeighingModuleSeen("1.0 · 7F3A 91C2"),
        )

    def answer(self, question: object) -> Happened | Passed:
        match question:
            case TakeOffers():
                return OffersTaken(OFFERS, "2026-11-21")
            case Search(text=text, language=language):
                found = tuple(each for each in ITEMS if text in each.called(language).lower())
                rests = (each.called(language).lower().partition(text)[2] for each in found if text)
                return Found(text, found, "".join(sorted({rest[0] for rest in rests if rest})))
            case CheckPrice(code=Product(gtin=gtin)):
                return PriceFound(self.items.get(gtin))
        return super().answer(question)

    def away(self, name: str, health: Health = Health.OFFLINE, paper: str = "") -> "Shop":
        """A device of the lane that does not work any more."""
        detail = next((each.detail for each in DEVICES if each.name == name), "")
        self.play(Seen(Device(name, health, detail, paper=paper)))
        return self

    def full(self, *, member: bool = True) -> "Shop":
        """The basket of the pictures."""
        self.play(Started())
        if member:
            self.play(MemberFound("t0ken"))
        self.play(AddWeighed(BANANAS, Grams(1185), Grams(0))).put(1185)
        self.buy(MILK, MILK, LOAF, YOGHURT, YOGHURT, YOGHURT, EGGS, CHERRIES)
        return self

    def open(self, name: str, **more: object) -> "Shop":
        self.play(Opened(Panel(name, **more)))  # type: ignore[arg-type]
        return self

    def type(self, text: str) -> "Shop":
        self.play(*(Typed(each) for each in text))
        return self

    def ready(self) -> "Shop":
        self.play(ReadyToSend(self.asked.attempt, Mark("29001006")))
        return self

    def held(self, outcome: Outcome, amount: int = 0, reason: str = "") -> "Shop":
        """What the store server says of value that it holds."""
        ask = self.done(Reserve)[-1]
        assert isinstance(ask, Reserve)
        result = PaymentResult(outcome, Minor(amount) if amount else None, "EUR", last4="0042", reason=reason)
        self.play(ValueAnswered(ask.attempt, result))
        return self

    def paying(self) -> "Shop":
        self.full().play(PayPressed())
        self.play(ReadyToSend(self.asked.attempt, Mark("29001006")))
        return self

    @property
    def asked(self) -> Authorise:
        ask = self.done(Authorise)[-1]
        assert isinstance(ask, Authorise)
        return ask

    def answered(self, outcome: Outcome, code: str = "") -> "Shop":
        ask = self.asked
        result = PaymentResult(outcome, ask.amount, ask.currency, "29001006", last4="4417", result_code=code)
        self.play(ResultReceived(ask.attempt, result), TerminalAnswered(ask.attempt, result))
        return self

    def paid(self) -> "Shop":
        return self.paying().answered(Outcome.APPROVED)

    def staff(self, *, technician: bool = False) -> "Shop":
        self.play(PinAccepted("17", "Sam", technician))
        return self


def weighing(
    *said: tuple[Reading, int] | Reading, zero: bool = True, policy: Policy = POLICY, **panel: object
) -> Shop:
    """The weighing page after the scale, seen at zero or not, has said one thing after the other."""
    shop = Shop(policy).full().open("weigh", item=TOMATOES, **panel)
    for each in (*([Reading.ZERO] if zero else []), *said):
        reading, grams = each if isinstance(each, tuple) else (each, 0)
        shop.play(ScaleRead("produce", LiveWeight(reading, Grams(grams))))
    return shop


def weighed() -> Shop:
    """What both scales say, for a technician."""
    plain = (Device("produce", Health.READY), Device("bag", Health.READY))
    shop = Shop(devices=plain)
    shop.play(ScaleRead("produce", LiveWeight(Reading.WEIGHT, Grams(1250))))
    shop.play(ScaleRead("bag", LiveWeight(Reading.BELOW_ZERO)))
    return shop.staff(technician=True).open("service")


def wine() -> Shop:
    shop = Shop().full()
    shop.buy(WINE)
    return shop


def recalled() -> Shop:
    shop = Shop().full()
    shop.recalled.add((Gtin(2), "A7", ""))
    return shop.scan(MILK, "matrix", batch="A7")


def sold_before() -> Shop:
    shop = Shop().full()
    shop.sold.add((Gtin(3), "S1"))
    return shop.scan(LOAF, "matrix", serial="S1")


def past() -> Shop:
    """Sold after its best-before day, in a shop that does."""
    return Shop(replace(POLICY, best_before="sell")).full().scan(LOAF, "matrix", best_before="2026-11-20")


def marked_down() -> Shop:
    """One loaf for today, and one for the day after tomorrow."""
    shop = Shop().full().scan(LOAF, "matrix", best_before="2026-11-23")
    return shop.scan(LOAF, "matrix", 5000, use_by="2026-11-21")


def late() -> Shop:
    """An approval that comes after the attempt was over."""
    shop = Shop().paying().answered(Outcome.NOT_CHARGED)
    ask = shop.asked
    result = PaymentResult(Outcome.APPROVED, ask.amount, ask.currency, "29001006", receipt_no="7")
    shop.play(BackPressed(), TerminalAnswered(ask.attempt, result))
    return shop


def silent(shop: Shop, times: int) -> Lane:
    return shop.play(*([NoAnswer(shop.asked.attempt)] * times))


def heavier() -> Lane:
    return Shop().full().put(236).silence()


def held(rule: str) -> Lane:
    """The colleague's page while a question waits."""
    shop = wine() if rule == "age" else Shop().full()
    if rule == "weight":
        shop.put(236).silence().play(BagAnswered("colleague"))
    shop.play(HelpPressed())
    return shop.staff()


EVERYTHING = replace(POLICY, tenders=tuple(TenderKind), handover=True, terminal_totals=True)


def ways() -> Shop:
    """The choice of how to pay, in a shop that takes everything."""
    shop = Shop(EVERYTHING)
    shop.full().play(LinkSeen(True, 0), PayPressed())
    return shop


def part_paid(terminal: bool = False) -> Shop:
    """A gift card, or a meal voucher at the terminal, has paid a part."""
    shop = ways()
    if not terminal:
        return shop.play(Scanned(GiftCard())).held(Outcome.APPROVED, 1000)  # type: ignore[attr-defined, no-any-return]
    shop.play(PayPressed()).ready()  # type: ignore[attr-defined]
    ask = shop.asked
    less = PaymentResult(Outcome.APPROVED, Minor(500), "EUR", "29001006", last4="4417")
    kept = shop.session.kept
    attempt = replace(kept.phase.attempt, kind=TenderKind.MEAL_VOUCHER)  # type: ignore[union-attr, arg-type]
    shop.session = replace(shop.session, kept=replace(kept, phase=replace(kept.phase, attempt=attempt)))  # type: ignore[arg-type]
    shop.play(TerminalAnswered(ask.attempt, less))
    return shop


def wallet() -> Lane:
    shop = ways().play(TenderChosen("wallet"))
    ask = shop.done(Reserve)[-1]
    assert isinstance(ask, Reserve)
    return shop.play(WalletShown(ask.attempt, "https://pay.example/p/7Q2XK9"))


def reversal(shop: Shop) -> Attempt:
    return shop.session.kept.giving_back[0]


def not_reversed() -> Shop:
    shop = late()
    owed = reversal(shop)
    shop.play(ReadyToSend(owed.id, Mark("29001006")))
    shop.play(TerminalAnswered(owed.id, PaymentResult(Outcome.NOT_CHARGED, result_code="B5")))
    return shop


def silent_reversal() -> Shop:
    shop = late()
    owed = reversal(shop)
    shop.play(ReadyToSend(owed.id, Mark("29001006")), NoAnswer(owed.id))
    return shop


def totals_differ() -> Shop:
    shop = Shop(EVERYTHING).full()
    shop.play(PayPressed(), PayPressed())
    shop.ready().answered(Outcome.APPROVED)
    shop.play(FinishPressed(), PinAccepted("17", "Sam"), DayClosed())
    ask = shop.done(EndOfDay)[-1]
    assert isinstance(ask, EndOfDay)
    shop.play(TotalsReceived(ask.id, Minor(0), "EUR"))
    return shop


def refund() -> Shop:
    """A colleague has scanned the receipt of a sale of today."""
    shop = Shop().paid()
    sale = shop.session.kept.phase.closed  # type: ignore[union-attr]
    shop.play(FinishPressed(), PinAccepted("17", "Sam"), RefundBegun(), SaleFound(sale))
    return shop


def refunded(done: bool = False) -> Shop:
    shop = refund()
    shop.play(RefundLineChosen(LineNo(4), 1), RefundConfirmed("return"))
    owed = reversal(shop)
    if done:
        shop.play(ReadyToSend(owed.id, Mark("29001006")))
        shop.play(TerminalAnswered(owed.id, PaymentResult(Outcome.APPROVED, owed.amount, "EUR", "29001006")))
    return shop


LOOKS = ("large", "contrast", "dark", "low_reach")


def printing(then: Callable[[str], Happened]) -> Lane:
    """The receipt was sent to the printer, and then."""
    shop = Shop().paid()
    shop.play(ReceiptChosen("print"))
    return shop.play(then(shop.session.kept.jobs[-1].id))


def unprinted() -> Shop:
    """Two shoppers have left without their paper: of the first nobody knows whether it came out."""
    shop = Shop()
    for why in ("lost", "paper_out"):
        shop.paid().play(ReceiptChosen("print"))
        shop.play(PrintFailed(shop.session.kept.jobs[-1].id, why), FinishPressed())
    return shop


def printing_on() -> Shop:
    """A shopper has left while the printer still holds her receipt."""
    shop = Shop().paid()
    shop.play(ReceiptChosen("print"), FinishPressed())
    return shop


def mailing() -> Shop:
    """Paid, in a shop that sends receipts by e-mail."""
    return Shop(replace(POLICY, email=True)).paid()


def too_much() -> Shop:
    """A removal that goes beyond what the shop leaves to the shopper."""
    shop = Shop(replace(POLICY, void_limit=0)).full()
    shop.play(RemovePressed(LineNo(6)))
    return shop


def long() -> Lane:
    """A basket with more lines than a slip shows."""
    shop = Shop().full()
    for grams in range(300, 1500, 100):
        shop.play(AddWeighed(TOMATOES, Grams(grams), Grams(10))).put(grams)
    return shop


def broken() -> Shop:
    """A lane with something to mend on it."""
    return (
        Shop()
        .away("printer", Health.READY, "out")
        .away("scanner", Health.ABSENT)
        .away("terminal", Health.FAULT)
    )


BUILD: dict[str, Callable[[], Lane]] = {
    # before the first product
    "start": Shop,
    "start-no-terminal": lambda: Shop().away("terminal"),
    "start-no-printer": lambda: Shop().away("printer", Health.READY, "out").away("produce"),
    "start-no-storage": lambda: Shop().away("storage", Health.FAULT),
    "start-ten-languages": lambda: Shop(replace(POLICY, languages=tuple("en fr de es it nl pt tr pl ar".split()))),
    "limits": lambda: Shop().away("scanner").away("printer", Health.FAULT).open("limits"),
    "limits-none": lambda: Shop().open("limits"),
    "language": lambda: Shop().full().open("language"),
    "access": lambda: Shop().open("access"),
    "access-all": lambda: Shop().play(*map(LookChosen, LOOKS), Opened(Panel("access"))),
    "help-idle": lambda: Shop().open("help"),
    "help-basket": lambda: Shop().full().open("help"),
    "help-coming": lambda: Shop().full().play(HelpPressed(), Opened(Panel("help"))),
    "price-check": lambda: Shop().open("price_check"),
    "price-check-found": lambda: Shop().open("price_check").play(PriceFound(LOAF)),
    "price-check-weighed": lambda: Shop().open("price_check").play(PriceFound(BANANAS)),
    "price-check-unknown": lambda: Shop().open("price_check").play(PriceFound(None)),
    "price-check-no-price": lambda: Shop().open("price_check").play(PriceFound(LOST)),
    # the basket
    "empty": lambda: Shop().play(Started()),
    "empty-no-bag-scale": lambda: Shop(replace(POLICY, bag_scale=False)).play(Started()),
    "empty-unreadable": lambda: Shop().play(Started(), UnreadableScanned("check_digit")),
    "basket": lambda: Shop().full(),
    "basket-long": long,
    "basket-one": lambda: Shop().play(Started()).buy(MILK),
    "basket-chosen-line": lambda: Shop().full().play(LineChosen(LineNo(3))),
    "basket-deposit": lambda: Shop().play(Started()).buy(WATER, WATER),
    "basket-out-of-bag": lambda: Shop().full().play(LeaveOutPressed(LineNo(6))),
    "basket-weighed": lambda: Shop().play(Started(), AddWeighed(BANANAS, Grams(1185), Grams(0))),
    "basket-large": lambda: Shop().full().play(LookChosen("large")),
    "basket-no-scanner": lambda: Shop().full().away("scanner"),
    "basket-no-terminal": lambda: Shop().full().away("terminal"),
    "basket-no-storage": lambda: Shop().full().away("storage", Health.FAULT),
    "basket-no-bag-scale": lambda: Shop().full().away("bag"),
    "basket-overloaded": lambda: Shop().full().play(ScaleRead("bag", LiveWeight(Reading.OVERLOADED))),
    "basket-payment-card": lambda: Shop().full().play(UnreadableScanned("payment_card")),
    "basket-own-bag": lambda: Shop().full().play(OwnBagPressed()),
    "basket-unknown-code": lambda: Shop().full().play(Scanned(Product(Gtin(999)))),
    "basket-no-price": lambda: Shop().full().scan(LOST),
    # what a pack says of itself
    "basket-past-date": lambda: Shop().full().scan(MILK, "matrix", use_by="2026-11-20"),
    "basket-recalled": lambda: recalled(),
    "basket-best-before-asked": lambda: Shop().full().scan(MILK, "matrix", best_before="2026-11-20"),
    "basket-best-before-sold": lambda: past(),
    "basket-sold-before": lambda: sold_before(),
    "basket-read-before": lambda: Shop().scan(LOAF).scan(MILK, serial="1").scan(LOAF).scan(MILK, serial="1"),
    "basket-scan-each": lambda: marked_down().play(QuantityChosen(LineNo(7), 3)),
    "basket-marked-down": lambda: marked_down(),
    "basket-price-changed": lambda: Shop().full().staff().play(PriceOverridden(LineNo(6), Minor(99), "damaged")),
    "more": lambda: Shop().full().open("more"),
    "removed": lambda: Shop().full().play(RemovePressed(LineNo(6))),
    "removed-weighed": lambda: Shop().full().play(RemovePressed(LineNo(1))),
    "removed-too-much": lambda: too_much(),
    "remove": lambda: Shop().full().open("remove"),
    "quantity": lambda: Shop().full().open("quantity", line=LineNo(2)),
    "quantity-typed": lambda: Shop().full().open("quantity", line=LineNo(6)).type("12"),
    "quantity-zero": lambda: Shop().full().open("quantity", line=LineNo(6)).type("0"),
    "more-time": lambda: Shop().full().play(Faded("idle")),
    # questions
    "age": wine,
    "help-wanted": lambda: Shop().full().play(HelpPressed()),
    "bag-heavier": heavier,
    "bag-own-bag-answered": lambda: heavier().play(BagAnswered("own_bag")),
    "bag-nothing-else": lambda: heavier().play(BagAnswered("fine")),
    "bag-not-scanned": lambda: heavier().play(BagAnswered("not_scanned")),
    "bag-colleague": lambda: heavier().play(BagAnswered("colleague")),
    "bag-removed": lambda: Shop().full().put(-350).play(PayPressed()),
    "bag-missing": lambda: Shop().full().scan(LOAF).play(PayPressed()),
    # finding
    "finder": lambda: Shop().full().open("finder"),
    "finder-second-page": lambda: Shop().full().open("finder").play(Paged(1)),
    "finder-typed": lambda: Shop().full().open("finder").type("to"),
    "finder-nothing": lambda: Shop().full().open("finder").type("xq"),
    "finder-digits": lambda: Shop().full().open("finder", digits=True),
    "coupon": lambda: Shop().full(member=False).open("coupon"),
    "coupon-unknown": lambda: Shop().full(member=False).open("coupon").play(MemberUnknown()),
    "coupon-member": lambda: Shop().full().open("coupon"),
    # weighing
    "weigh-stable": lambda: weighing((Reading.WEIGHT, 655)),
    "weigh-too-light": lambda: weighing((Reading.WEIGHT, 95)),
    "weigh-bag-only": lambda: weighing((Reading.WEIGHT, 10)),
    "weigh-zero": lambda: weighing(),
    "weigh-moving": lambda: weighing((Reading.WEIGHT, 655), Reading.MOVING),
    "weigh-not-emptied": lambda: weighing((Reading.WEIGHT, 655), zero=False),
    "weigh-below-zero": lambda: weighing(Reading.BELOW_ZERO),
    "weigh-overloaded": lambda: weighing(Reading.OVERLOADED),
    "weigh-stale": lambda: weighing(Reading.STALE),
    "weigh-absent": lambda: weighing(Reading.ABSENT),
    "weigh-unplugged": lambda: weighing((Reading.WEIGHT, 655)).away("produce"),
    "weigh-unfit": lambda: weighing((Reading.WEIGHT, 657)),
    "weigh-container": lambda: weighing((Reading.WEIGHT, 240)),
    "weigh-tared": lambda: weighing((Reading.WEIGHT, 895), tare=Grams(240)),
    "staff-weighs": lambda: Shop().full().staff().open("weigh", item=TOMATOES, tare=Grams(800)).play(
        ScaleRead("produce", LiveWeight(Reading.ZERO)),
        ScaleRead("produce", LiveWeight(Reading.WEIGHT, Grams(1500))),
    ),
    "weigh-100g": lambda: weighing((Reading.WEIGHT, 655), policy=replace(POLICY, unit_price="100g")),
    # paying
    "pay-present": lambda: Shop().paying(),
    "pay-paper-on-request": lambda: Shop(replace(POLICY, receipt_notice=True)).paying(),
    "pay-pin": lambda: Shop().paying().play(TerminalSays("enter_pin")),
    "pay-remove-card": lambda: Shop().paying().play(TerminalSays("remove_card")),
    "pay-own-words": lambda: Shop().paying().play(TerminalSays("BITTE WARTEN")),
    "pay-stopping": lambda: Shop().paying().play(BackPressed()),
    "pay-declined": lambda: Shop().paying().answered(Outcome.NOT_CHARGED),
    "pay-no-money": lambda: Shop().paying().answered(Outcome.NOT_CHARGED, "6C"),
    "pay-terminal-away": lambda: Shop().paying().answered(Outcome.NOT_CHARGED).away("terminal"),
    "pay-checking": lambda: silent(Shop().paying(), 1),
    "pay-checking-staff-knows": lambda: silent(Shop().paying(), 4),
    "pay-with-staff": lambda: silent(Shop().paying(), 13),
    "pay-help": lambda: Shop().paying().play(HelpPressed()),
    # paying otherwise
    "ways": lambda: ways(),
    "ways-offline": lambda: ways().play(LinkSeen(False, 2)),
    "ways-part-paid": lambda: part_paid(),
    "ways-declined": lambda: part_paid().play(PayPressed()).ready().answered(Outcome.NOT_CHARGED),
    "ways-giving-back": lambda: part_paid(terminal=True).play(BackPressed(), PayPressed()),
    "ways-used": lambda: ways().play(Scanned(GiftCard())).held(Outcome.NOT_CHARGED, reason="already_redeemed"),
    "other-ways": lambda: ways().play(LookChosen("large"), Opened(Panel("other_ways"))),
    "number-gift-card": lambda: ways().play(Opened(Panel("gift_card"))),
    "number-deposit-slip": lambda: ways().play(Opened(Panel("deposit_voucher"))),
    "server-asking": lambda: ways().play(Scanned(GiftCard())),
    "server-stopping": lambda: ways().play(Scanned(GiftCard()), BackPressed()),
    "wallet": lambda: wallet(),
    "handover": lambda: ways().play(TenderChosen("handover")),
    # paid
    "receipt": lambda: Shop().paid(),
    "receipt-no-paper": lambda: Shop().paid().away("printer", Health.READY, "out"),
    "thanks-phone": lambda: Shop().paid().play(ReceiptChosen("phone")),
    "thanks-none": lambda: Shop().paid().play(ReceiptChosen("none")),
    "thanks-printing": lambda: Shop().paid().play(ReceiptChosen("print")),
    "thanks-printed": lambda: printing(lambda job: Printed(job)),
    "thanks-paper-out": lambda: printing(lambda job: PrintFailed(job, "paper_out")),
    "receipt-email": lambda: mailing(),
    "receipt-email-away": lambda: mailing().play(LinkSeen(False, 3)),
    "receipt-not-mailed": lambda: mailing().play(ReceiptChosen("email"), EmailTaken(SaleId("j0-1"), False)),
    "email": lambda: mailing().open("email"),
    "email-signs": lambda: mailing().open("email", digits=True),
    "email-sending": lambda: mailing().open("email").play(ReceiptChosen("email")),
    "thanks-mailing": lambda: mailing().play(ReceiptChosen("email")),
    "thanks-mailed": lambda: mailing().play(ReceiptChosen("email"), EmailTaken(SaleId("j0-1"), True)),
    "thanks-never-asked": lambda: Shop(replace(POLICY, receipt_default="none")).paid(),
    "thanks-lost": lambda: printing(lambda job: PrintFailed(job, "lost")),
    "closed": lambda: Shop().staff().play(LaneClosed("staff")),
    # staff
    "staff-number": lambda: Shop().full().open("staff_number"),
    "staff-number-typed": lambda: Shop().open("staff_number").type("17"),
    "staff-needs-pin": lambda: Shop().full().open("service"),
    "pin": lambda: Shop().full().play(StaffNamed("17")),
    "pin-wrong": lambda: Shop().play(StaffNamed("17"), PinEntered("17"), PinRefused("17")),
    "pin-checking": lambda: Shop().play(StaffNamed("17"), PinEntered("17")),
    "pin-locked": lambda: Shop().play(StaffNamed("17"), *[PinRefused("17")] * 5),
    "staff-papers": lambda: unprinted().staff(),
    "staff-paper-in-the-printer": lambda: printing_on().staff(),
    "staff-idle": lambda: Shop().away("bag").away("printer", Health.FAULT).staff(),
    "staff-age": lambda: held("age"),
    "staff-weight": lambda: held("weight"),
    "staff-quiet": lambda: Shop().full().staff(),
    "staff-void-limit": lambda: too_much().staff(),
    "staff-unsold": lambda: Shop().full().scan(LOST).play(Scanned(Product(Gtin(999))), PinAccepted("17", "Sam")),
    "staff-packs": lambda: sold_before().scan(MILK, use_by="2026-11-20").scan(EGGS, best_before="2026-11-20").staff(),
    "staff-recalled": lambda: recalled().staff(),
    "staff-abandoned": lambda: Shop().full().play(Reminded("abandon"), PinAccepted("17", "Sam")),
    "staff-late-approval": lambda: late().staff(),
    "staff-payment": lambda: silent(Shop().paying(), 13).play(PinAccepted("17", "Sam")),
    "staff-not-reversed": lambda: not_reversed().staff(),
    "staff-reversal-unknown": lambda: silent_reversal().staff(),
    "staff-totals-differ": lambda: totals_differ().staff(),
    "refund": lambda: Shop().staff().play(RefundBegun()),
    "refund-typed": lambda: Shop().staff().play(RefundBegun()).type("12"),  # type: ignore[attr-defined]
    "refund-unknown": lambda: Shop().staff().play(RefundBegun(), SaleUnknown("0187-4-000099")),
    "refund-lines": lambda: refund(),
    "refund-chosen": lambda: refund().play(RefundLineChosen(LineNo(4), 1), RefundLineChosen(LineNo(6), 1)),
    "refund-going": lambda: refunded(),
    "refund-done": lambda: refunded(done=True),
    "training": lambda: Shop().staff().play(TrainingChosen(True)).staff(),  # type: ignore[attr-defined]
    "staff-paid": lambda: Shop().paid().staff(),
    "staff-closed": lambda: Shop().staff().play(LaneClosed("staff"), PinAccepted("17", "Sam")),
    "staff-remove": lambda: Shop().full().staff().open("remove"),
    "staff-price-line": lambda: Shop().full().staff().open("price"),
    "staff-price": lambda: Shop().full().staff().open("price", line=LineNo(6)),
    "staff-price-typed": lambda: Shop().full().staff().open("price", line=LineNo(6)).type("99"),
    "service": lambda: broken().staff(technician=True).open("service"),
    "service-scales": lambda: weighed(),
    "service-sale": lambda: Shop().full().staff().open("service").play(LinkSeen(False, 3)),
}  # fmt: skip
