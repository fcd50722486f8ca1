"""Colleagues at the lane: many open requests, reasons, a second colleague, the rescan, and the staffed till."""

from collections.abc import Callable

from msgspec.structs import replace

from kiosk.barcode import UsCoupon
from kiosk.checkout.events import (
    AssistBegun,
    AuditBegun,
    BagAnswered,
    HelpPressed,
    LeaveOutPressed,
    PayPressed,
    PinAccepted,
    PriceDisputed,
    PriceOverridden,
    QuantityChosen,
    RefundBegun,
    Scanned,
)
from kiosk.checkout.money import Outcome
from kiosk.checkout.passed import Opened
from kiosk.checkout.restrictions import Restriction
from kiosk.checkout.session import Panel
from kiosk.units import LineNo, Minor
from tests.lane import Lane
from tests.screens.sessions import BANANAS, EGGS, LOAF, MILK, POLICY, WINE, YOGHURT, Shop, heavier, wine

SAM = PinAccepted("17", "Sam")
STRICT = replace(
    POLICY,
    skip_limit=0,
    qty_limit=3,
    override_limit=Minor(500),
    restricted=(Restriction("spirits", tag=True), Restriction("tobacco", most=1)),
)
GIN = replace(WINE, id=type(WINE.id)(90), gtin=type(WINE.gtin)(90), restriction="spirits", min_age=0)  # type: ignore[misc, call-arg, arg-type]
CIGARS = replace(WINE, id=type(WINE.id)(91), gtin=type(WINE.gtin)(91), restriction="tobacco", min_age=0)  # type: ignore[misc, call-arg, arg-type]


def rush() -> Shop:
    """A tin, a wine and a strange code at once, and a shopper who would like somebody to come."""
    shop = wine()
    shop.put(236).silence().play(BagAnswered("colleague"), PriceDisputed(LineNo(5)), HelpPressed(True))
    shop.play(Scanned(UsCoupon("0614141", "222222")))
    return shop


def asked(*events: object) -> Shop:
    shop = Shop(STRICT)
    shop.items |= {GIN.gtin: GIN, CIGARS.gtin: CIGARS}
    shop.full().play(*events)  # type: ignore[arg-type]
    return shop


def reason(act: str, **more: object) -> Lane:
    return Shop().full().staff().play(Opened(Panel("reason", act=act, **more)))  # type: ignore[arg-type]


def declined() -> Shop:
    shop = Shop()
    shop.full()
    for _ in range(3):
        shop.play(PayPressed())
        shop.ready().answered(Outcome.NOT_CHARGED)
    return shop


def drawn() -> Shop:
    shop = Shop(replace(POLICY, audit=True, audit_items=3))
    shop.lot = 0
    shop.full()
    lot = replace(shop.sale, lot=0)
    kept = shop.session.kept
    shop.session = replace(shop.session, kept=replace(kept, phase=replace(kept.phase, sale=lot)))  # type: ignore[arg-type]
    shop.play(PayPressed())
    return shop


def rescan(*counted: object) -> Shop:
    shop = drawn()
    shop.play(SAM, AuditBegun())
    for each in counted:
        shop.scan(each)  # type: ignore[arg-type]
    return shop


def second() -> Shop:
    shop = Shop(STRICT)
    shop.buy(WINE).play(SAM, PriceOverridden(LineNo(1), Minor(100), "damaged"))
    return shop


def till() -> Shop:
    return Shop().staff().play(AssistBegun())  # type: ignore[return-value]


def serving() -> Shop:
    shop = Shop().full().staff()
    shop.play(AssistBegun())
    return shop


def serving_wine() -> Shop:
    shop = wine().staff()
    shop.play(AssistBegun())
    return shop


BUILD: dict[str, Callable[[], Lane]] = {
    "asked-much": rush,
    "asked-tag": lambda: asked().scan(GIN),
    "asked-not-sold": lambda: asked().scan(CIGARS).scan(CIGARS),
    "asked-many": lambda: asked(QuantityChosen(LineNo(2), 5)),
    "asked-skip": lambda: asked(LeaveOutPressed(LineNo(3))),
    "asked-price": lambda: asked(PriceDisputed(LineNo(3))),
    "asked-declined": declined,
    "asked-rescan": drawn,
    "staff-much": lambda: rush().staff(),
    "staff-tag": lambda: asked().scan(GIN).play(SAM),
    "staff-many": lambda: asked(QuantityChosen(LineNo(2), 5), LeaveOutPressed(LineNo(3)), SAM),
    "staff-not-sold": lambda: asked().scan(CIGARS).scan(CIGARS).play(SAM),
    "staff-heavier": lambda: heavier().play(BagAnswered("own_bag"), SAM),
    "staff-declined": lambda: declined().staff(),
    "staff-rescan": lambda: drawn().staff(),
    "staff-training": lambda: Shop().staff().play(Opened(Panel("reason", act="training"))),
    "reason-void": lambda: reason("void", line=LineNo(3)),
    "reason-cancel": lambda: reason("cancel_sale"),
    "reason-audit": lambda: reason("audit"),
    "reason-close": lambda: Shop().staff().play(Opened(Panel("reason", act="close_lane"))),
    "reason-own": lambda: (
        Shop(replace(POLICY, reasons={"cancel_sale": ("Feueralarm", "left_behind")}))
        .full()
        .staff()
        .play(Opened(Panel("reason", act="cancel_sale")))
    ),
    "second": second,
    "second-same": lambda: second().play(SAM),
    "rescan": rescan,
    "rescan-counted": lambda: rescan(EGGS, MILK, MILK, MILK, YOGHURT),
    "rescan-extra": lambda: rescan(EGGS, WINE),
    "rescan-right": lambda: rescan(EGGS, YOGHURT, YOGHURT, YOGHURT).play(),
    "till": till,
    "till-basket": serving,
    "till-asked": serving_wine,
    "till-remove": lambda: serving().open("remove"),
    "till-price": lambda: serving().open("price", line=LineNo(6)),
    "till-refund": lambda: till().play(RefundBegun()),
}
USED = (BANANAS, LOAF)
