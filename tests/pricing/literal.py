"""Stages 1 and 2 by priority as the README of the vectors says it, one sentence after the other."""

from collections.abc import Sequence

from kiosk.pricing import BuyNPayM, BuyXGetY, Line, MealDeal, MixMatchFixed, NthDiscount, Promotion
from tests.pricing.exhaustive import alone, pct, price_of, within

Unit = tuple[int, int, int]  # price negated, line, piece: sorted as every rule sorts


def literal_discounts(lines: Sequence[Line], promotions: Sequence[Promotion]) -> list[dict[str, int]]:
    """What each promotion takes off each line."""
    by_line = {line.no: line for line in lines}
    free = sorted((-price_of(line), line.no, piece) for line in lines for piece in range(line.qty))
    taken: dict[tuple[int, str], int] = {}

    def take(unit: Unit, promotion: Promotion, amount: int) -> None:
        key = unit[1], promotion.id
        taken[key] = taken.get(key, 0) + amount

    for promotion in sorted(promotions, key=lambda one: (one.priority, one.id)):
        applied = 0
        while applied != getattr(promotion, "limit", None):
            cuts = once(promotion, free, by_line)
            if not cuts or sum(cuts.values()) <= 0:
                break
            applied += 1
            for unit, amount in cuts.items():
                free.remove(unit)
                take(unit, promotion, amount)
    return [
        {name: amount for (no, name), amount in sorted(taken.items()) if no == line.no and amount}
        for line in lines
    ]


def once(promotion: Promotion, free: Sequence[Unit], by_line: dict[int, Line]) -> dict[Unit, int]:
    """One application on the free units: what it takes off each unit that it uses."""

    def groups(unit: Unit) -> set[str]:
        article = by_line[unit[1]].article
        assert article is not None
        return set(article.groups)

    if isinstance(promotion, MealDeal):
        return meal(promotion, free, groups)
    if isinstance(promotion, BuyXGetY):
        for reward in (unit for unit in free if groups(unit) & set(promotion.get)):
            buys = [unit for unit in reversed(free) if unit != reward and groups(unit) & set(promotion.buy)]
            if len(buys) >= promotion.x:
                return {**dict.fromkeys(buys[: promotion.x], 0), reward: pct(-reward[0], promotion.pct)}
        return {}
    eligible = [unit for unit in free if within(promotion, by_line[unit[1]].article)]  # type: ignore[arg-type]
    if isinstance(promotion, BuyNPayM):
        chosen = eligible[: promotion.n]
        return (
            {unit: -unit[0] if at >= promotion.m else 0 for at, unit in enumerate(chosen)}
            if len(chosen) == promotion.n
            else {}
        )
    if isinstance(promotion, NthDiscount):
        chosen = eligible[: promotion.nth]
        if len(chosen) < promotion.nth:
            return {}
        return {**dict.fromkeys(chosen, 0), chosen[-1]: pct(-chosen[-1][0], promotion.pct)}
    if isinstance(promotion, MixMatchFixed):
        chosen = eligible[: promotion.n]
        return shared(chosen, promotion.price) if len(chosen) == promotion.n else {}
    for unit in eligible:
        saving = alone(promotion, by_line[unit[1]])
        if saving:
            return {unit: saving}
    return {}


def meal(promotion: MealDeal, free, groups) -> dict[Unit, int]:  # type: ignore[no-untyped-def]
    """The dearest free units that can fill all slots together, found by trying."""
    best: list[Unit] = []

    def fill(slots: tuple[tuple[str, ...], ...], chosen: list[Unit]) -> None:
        nonlocal best
        if not slots:
            if not best or ranking(chosen) < ranking(best):
                best = chosen
            return
        for unit in free:
            if unit not in chosen and groups(unit) & set(slots[0]):
                fill(slots[1:], [*chosen, unit])

    def ranking(units: list[Unit]) -> tuple[int, list[Unit]]:
        return sum(unit[0] for unit in units), sorted(units)

    fill(promotion.slots, [])
    return shared(sorted(best), promotion.price) if best else {}


def shared(units: list[Unit], price: int) -> dict[Unit, int]:
    """The saving over a fixed price by largest remainder; ties: larger price, lower line, lower piece."""
    total = sum(-unit[0] for unit in units)
    saving = total - price
    if saving <= 0:
        return {}
    parts = {unit: saving * -unit[0] // total for unit in units}
    by_remainder = sorted(units, key=lambda unit: (-(saving * -unit[0] % total), unit))
    for unit in by_remainder[: saving - sum(parts.values())]:
        parts[unit] += 1
    return parts
