"""Offers, compiled once: which promotions an article can be in, and in which order promotions come."""

from collections.abc import Iterable
from typing import NamedTuple

from kiosk.pricing.model import (
    Article,
    BasketThreshold,
    BuyXGetY,
    CouponBasket,
    CouponItem,
    Filtered,
    GroupPromotion,
    ItemPromotion,
    LoyaltyCredit,
    LoyaltyPoints,
    MealDeal,
    Offers,
    Promotion,
    StaffPct,
    Tax,
)
from kiosk.units import ItemId

BUY, GET = 0, 1


class Part(NamedTuple):
    """The part an article can play in a group promotion: a slot of a meal deal, BUY or GET, else 0."""

    promotion: int
    role: int


class Reach(NamedTuple):
    """The promotions that an article can be in, as ranks (places in `Index.ranked`), ascending."""

    items: tuple[int, ...]
    parts: tuple[Part, ...]


class Index:
    """Offers by article and by group; promotions ranked by priority, then id."""

    def __init__(self, offers: Offers) -> None:
        ranked = sorted(offers.promotions, key=lambda promotion: (promotion.priority, promotion.id))
        self.offers = offers
        self.taxes: dict[str, Tax] = {tax.code: tax for tax in offers.taxes}
        self.by_id: dict[str, Promotion] = {promotion.id: promotion for promotion in ranked}
        self.ranked = [
            promotion for promotion in ranked if isinstance(promotion, ItemPromotion | GroupPromotion)
        ]
        self.staff = [promotion for promotion in ranked if isinstance(promotion, StaffPct)]
        self.thresholds = [promotion for promotion in ranked if isinstance(promotion, BasketThreshold)]
        self.loyalty = [
            promotion for promotion in ranked if isinstance(promotion, LoyaltyPoints | LoyaltyCredit)
        ]
        self.coupons: dict[str, CouponItem | CouponBasket] = {
            promotion.id: promotion
            for promotion in ranked
            if isinstance(promotion, CouponItem | CouponBasket)
        }
        self._by_group: dict[str, list[Part]] = {}
        self._by_item: dict[ItemId, list[Part]] = {}
        self._for_all: list[Part] = []
        self._reach: dict[tuple[ItemId, tuple[str, ...]], Reach] = {}
        for rank, promotion in enumerate(self.ranked):
            self._enter(rank, promotion)

    def _enter(self, rank: int, promotion: ItemPromotion | GroupPromotion) -> None:
        if isinstance(promotion, MealDeal):
            self._enter_groups(rank, promotion.slots)
        elif isinstance(promotion, BuyXGetY):
            self._enter_groups(rank, (promotion.buy, promotion.get))
        else:
            self._enter_groups(rank, (promotion.groups,))
            for item in promotion.items:
                self._by_item.setdefault(item, []).append(Part(rank, 0))
            if not promotion.groups and not promotion.items:
                self._for_all.append(Part(rank, 0))

    def _enter_groups(self, rank: int, roles: Iterable[tuple[str, ...]]) -> None:
        for role, groups in enumerate(roles):
            for group in groups:
                self._by_group.setdefault(group, []).append(Part(rank, role))

    def reach(self, article: Article) -> Reach:
        """What the article can take part in; worked out once per article."""
        key = (article.id, article.groups)
        found = self._reach.get(key)
        if found is None:
            parts = {*self._for_all, *self._by_item.get(article.id, ())}
            for group in article.groups:
                parts.update(self._by_group.get(group, ()))
            items = [
                part.promotion for part in parts if isinstance(self.ranked[part.promotion], ItemPromotion)
            ]
            grouped = [part for part in parts if isinstance(self.ranked[part.promotion], GroupPromotion)]
            found = self._reach[key] = Reach(tuple(sorted(items)), tuple(sorted(grouped)))
        return found


def covers(promotion: Filtered, article: Article) -> bool:
    """Whether a promotion's filter lets the article in."""
    if not promotion.groups and not promotion.items:
        return True
    return article.id in promotion.items or any(group in promotion.groups for group in article.groups)


_recent: list[Index] = []


def compiled(offers: Offers) -> Index:
    """The index of these very offers; the last few are kept, so a basket compiles them once."""
    for index in _recent:
        if index.offers is offers:
            return index
    index = Index(offers)
    _recent.append(index)
    del _recent[:-4]
    return index


def offered(article: Article, offers: Offers) -> tuple[Promotion, ...]:
    """The promotions that an article can be in, best ranked first."""
    index = compiled(offers)
    reach = index.reach(article)
    ranks = {*reach.items, *(part.promotion for part in reach.parts)}
    return tuple(index.ranked[rank] for rank in sorted(ranks))


def words(offers: Offers, promotion: str, language: str) -> str:
    """What is shown for a promotion, by its id, in a language; the id itself if it is not offered."""
    found = compiled(offers).by_id.get(promotion)
    return promotion if found is None else found.words(language)
