"""Members and the price page: whose prices, what is hers to spend, what the shop says of a product, and an offer."""

from collections.abc import Callable

from msgspec.structs import replace

from kiosk.checkout.about import About, Facts
from kiosk.checkout.events import MemberFound, PayPressed, Started, TenderChosen
from kiosk.checkout.model import Item
from kiosk.checkout.money import Outcome, TenderKind
from kiosk.checkout.passed import (
    Faded,
    LinkSeen,
    LookChosen,
    MemberUnknown,
    OfferFound,
    Opened,
    PhoneEntered,
    PriceFound,
)
from kiosk.checkout.session import Panel
from kiosk.checkout.suggestion import Offered
from kiosk.pricing import offered
from kiosk.units import Minor
from tests.screens import sessions
from tests.screens.sessions import BANANAS, EGGS, LOAF, MILK, OFFERS, POLICY, TOMATOES, WATER, Shop

ADA = MemberFound(
    "t0ken",
    points=1240,
    credit=Minor(350),
    vouchers=(Minor(200), Minor(500)),
    tiers=("silver",),
    spends=True,
)
BY_PHONE = replace(POLICY, member_phone=True)
EVERYTHING = replace(POLICY, tenders=tuple(TenderKind), handover=True, member_phone=True)
OAT_MILK = sessions.item(
    21, ("Oat drink 1 L", "Boisson à l’avoine 1 L", "Haferdrink 1 l"), 99, department="dairy", symbol="milk",
    per_unit=(Minor(99), "L"),
)  # fmt: skip
GOAT_MILK = sessions.item(
    22, ("Goat’s milk 75 cl", "Lait de chèvre 75 cl", "Ziegenmilch 75 cl"), 219, department="dairy",
    symbol="milk", per_unit=(Minor(292), "L"),
)  # fmt: skip

BASIL = sessions.item(
    23, ("Basil in a pot", "Basilic en pot", "Basilikum im Topf"), 179, department="vegetables"
)


NOTHING = About()


def asked(item: Item, about: About = NOTHING, policy: object = POLICY) -> Shop:
    """The price page with an answer on it."""
    about = replace(about, promotions=about.promotions or offered(item, OFFERS))
    return Shop(policy).open("price_check").play(PriceFound(item, about))  # type: ignore[arg-type, return-value]


def known(item: Item = MILK) -> Shop:
    """All that a shop can say."""
    facts = Facts(
        allergens=("milk",), traces=("nuts", "soy"), highlights="Organic, from pasture", place="Aisle 4, left",
        stock=12, counted="2026-11-21",
    )  # fmt: skip
    said = replace(item, origin="FR")
    return asked(said, About(facts, others=(OAT_MILK, GOAT_MILK), counted_today=True))


def phone() -> Shop:
    shop = Shop(BY_PHONE)
    shop.full(member=False)
    return shop.play(LinkSeen(True, 0), Opened(Panel("phone")))  # type: ignore[return-value]


def card() -> Shop:
    """The basket, and then her card."""
    shop = Shop(EVERYTHING)
    shop.full(member=False)
    return shop.play(LinkSeen(True, 0), ADA)  # type: ignore[return-value]


def suggested(**rules: object) -> Shop:
    """The basket at rest, with the one thing that goes with it."""
    shop = Shop(replace(POLICY, offers=True, **rules))  # type: ignore[arg-type]
    shop.full(member=False)
    told = {
        "en": "Basil goes well with tomatoes.",
        "fr": "Le basilic va bien aux tomates.",
        "de": "Basilikum passt zu Tomaten.",
    }
    return shop.play(Faded("offer"), OfferFound(Offered(BASIL, told, "Aisle 1, fresh")))  # type: ignore[return-value]


BUILD: dict[str, Callable[[], Shop]] = {
    "member": lambda: card().open("coupon"),
    "member-by-phone": lambda: card().play(replace(ADA, spends=False)).open("coupon"),  # type: ignore[attr-defined]
    "member-nobody-yet": lambda: Shop(BY_PHONE).play(Started(), LinkSeen(True, 0)).open("coupon"),  # type: ignore[attr-defined]
    "member-phone": phone,
    "member-phone-asking": lambda: phone().play(PhoneEntered()),  # type: ignore[return-value, dict-item]
    "member-phone-unknown": lambda: phone().play(PhoneEntered(), MemberUnknown()),  # type: ignore[return-value, dict-item]
    "member-phone-away": lambda: phone().play(PhoneEntered(), MemberUnknown(asked=False)),  # type: ignore[return-value, dict-item]
    "ways-member": lambda: card().play(PayPressed()),  # type: ignore[return-value, dict-item]
    "ways-member-credit": lambda: (
        card().play(PayPressed(), TenderChosen("credit")).held(Outcome.APPROVED, 350)
    ),  # type: ignore[attr-defined]
    "product": known,
    "product-large": lambda: known().play(LookChosen("large")),  # type: ignore[return-value, dict-item]
    "product-low": lambda: known().play(LookChosen("low_reach")),  # type: ignore[return-value, dict-item]
    "product-member-price": lambda: asked(
        EGGS, About(Facts(allergens=("eggs",), stock=4, counted="2026-11-20"))
    ),
    "product-weighed": lambda: asked(BANANAS, About(Facts(allergens=()))),
    "product-recalled": lambda: asked(LOAF, About(Facts(allergens=("gluten",)), recalled=True)),
    "product-deposit": lambda: asked(WATER, About(Facts(place="Aisle 9"))),
    "offer": suggested,
    "offer-large": lambda: suggested().play(LookChosen("large")),  # type: ignore[return-value, dict-item]
    "product-bare": lambda: asked(TOMATOES),
}
