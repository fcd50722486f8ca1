"""A made-up shop for the benchmarks: promotions and baskets as a supermarket has them.

Most promotions are for a small range of their own; a few overlap: a department percentage, a meal deal, a
multibuy over two ranges. About a third of a basket's lines come from ranges on promotion.
"""

from random import Random

from kiosk.pricing import (
    Article,
    BuyNPayM,
    BuyXGetY,
    Context,
    Line,
    LoyaltyPrice,
    MealDeal,
    MixMatchFixed,
    NthDiscount,
    Offers,
    PctOffItems,
    Promotion,
    Tax,
    WeightPerKgOff,
)
from kiosk.units import Grams, ItemId, LineNo, Minor, Rate

MEMBER = Context(today="2026-05-14", member=True)
TAXES = (Tax("A", Rate(200_000)), Tax("B", Rate(100_000)), Tax("C", Rate(55_000)))


class Shop:
    """`articles` in ranges of 2 to 12 with a promotion each, and four times as many without."""

    def __init__(self, promotions: int, seed: int) -> None:
        self.random = Random(seed)
        self.articles: list[Article] = []
        self.ranges = [self._range(f"range{at}", at) for at in range(promotions - 6)]
        self.plain = [self._article((f"plain{at % 40}",)) for at in range(4 * len(self.articles))]
        own = [
            self._promotion(f"P{at:03}", f"range{at}", len(self.ranges[at])) for at in range(promotions - 6)
        ]
        self.offers = Offers(version=f"seed {seed}", promotions=(*own, *self._wide()), taxes=TAXES)

    def _article(self, groups: tuple[str, ...], weighed: bool = False) -> Article:
        price = Minor(10 * self.random.randint(6, 80) + self.random.choice([0, 5, 9]))
        article = Article(
            id=ItemId(len(self.articles) + 1),
            price=None if weighed else price,
            price_per_kg=price if weighed else None,
            tax=self.random.choice("ABCCCC"),
            groups=groups,
        )
        self.articles.append(article)
        return article

    def _range(self, name: str, at: int) -> list[Article]:
        department = f"department{at % 12}"
        return [self._article((name, department)) for _ in range(self.random.randint(2, 12))]

    def _promotion(self, name: str, group: str, articles: int) -> Promotion:
        kind, price = self.random.randrange(8), Minor(10 * self.random.randint(20, 60) - 1)
        groups = (group,)
        if kind < 2:
            return BuyNPayM(id=name, n=3, m=2, groups=groups)
        if kind == 2:
            return BuyNPayM(id=name, n=2, m=1, groups=groups, limit=3)
        if kind == 3:
            return NthDiscount(id=name, nth=2, pct=Rate(500_000), groups=groups)
        if kind == 4:
            return MixMatchFixed(id=name, n=self.random.randint(2, 4), price=price, groups=groups)
        if kind == 5:
            return PctOffItems(id=name, pct=Rate(10_000 * self.random.randint(5, 30)), groups=groups)
        if kind == 6:
            return LoyaltyPrice(id=name, price=Minor(199), groups=groups)
        return WeightPerKgOff(id=name, off_per_kg=Minor(50), groups=groups)

    def _wide(self) -> list[Promotion]:
        return [
            PctOffItems(id="W1", pct=Rate(100_000), groups=("department1",)),
            PctOffItems(id="W2", pct=Rate(50_000), groups=("department5",), member_only=True),
            MealDeal(id="W3", slots=(("range3",), ("range15", "range27"), ("range39",)), price=Minor(550)),
            MixMatchFixed(id="W4", n=3, price=Minor(500), groups=("range7", "range8")),
            BuyNPayM(id="W5", n=4, m=3, groups=("department9",)),
            BuyXGetY(id="W6", x=2, buy=("range20",), get=("range21",), pct=Rate(1_000_000)),
        ]

    def basket(self, lines: int) -> tuple[Line, ...]:
        """A basket of so many lines; of a range on promotion a shopper takes a few kinds, a few of each."""
        chosen: list[tuple[Article, int]] = []
        while len(chosen) < lines:
            if self.random.random() < 0.2:
                some = self.random.choice(self.ranges)
                kinds = self.random.sample(some, min(len(some), self.random.randint(1, 3)))
                chosen += [(article, self.random.randint(1, 3)) for article in kinds]
            else:
                chosen.append((self.random.choice(self.plain), self.random.choice([1, 1, 1, 2])))
        self.random.shuffle(chosen)
        return tuple(
            Line(
                no=LineNo(at),
                article=article,
                qty=qty if article.price is not None else 1,
                grams=None if article.price is not None else Grams(self.random.randint(100, 2500)),
            )
            for at, (article, qty) in enumerate(chosen[:lines], start=1)
        )


class Tangle(Shop):
    """Promotions that all overlap: each over a third of the only 30 articles there are."""

    def __init__(self, promotions: int, seed: int) -> None:
        self.random = Random(seed)
        self.articles = []
        names = [f"group{at}" for at in range(promotions)]
        picked = [tuple(name for name in names if self.random.random() < 0.33) for _ in range(30)]
        self.ranges = [[self._article(groups) for groups in picked]]
        self.plain = self.ranges[0]
        own = [self._promotion(f"P{at:03}", name, 30) for at, name in enumerate(names)]
        self.offers = Offers(promotions=tuple(own), taxes=TAXES)
