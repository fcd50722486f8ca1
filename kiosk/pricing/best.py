"""Which group promotions take which units: by priority, or the greatest total saving for the customer."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from kiosk.pricing.model import BuyXGetY, GroupPromotion, MealDeal
from kiosk.pricing.rules import Application, apply, arrange, size
from kiosk.pricing.sweep import Sweep
from kiosk.pricing.tracks import Kind, track
from kiosk.units import Minor

NODES = 100_000  # for each set of promotions that share units; some 50 ms on one core of a small server


class Pool(NamedTuple):
    """The units that a group promotion could take, numbered dearest first, then by line, then by piece.

    `spare` is the most that a unit saves on its own, `first` the rank of the first item promotion that takes
    it by priority; `roles` tells for each group promotion, by rank, its units and what each can be in it.
    """

    promotions: dict[int, GroupPromotion]
    prices: list[Minor]
    spare: list[Minor]
    first: list[int]
    roles: dict[int, dict[int, tuple[int, ...]]]


class Use(NamedTuple):
    """An application of the promotion of this rank."""

    rank: int
    application: Application


class Choice(NamedTuple):
    """The applications chosen; `proven`: no other choice saves more."""

    uses: list[Use]
    proven: bool
    nodes: int


def by_priority(pool: Pool, ranks: Iterable[int]) -> list[Use]:
    """Each promotion in turn as often as it can; units of an item promotion before it are gone."""
    taken: set[int] = set()
    uses = []
    for rank in sorted(ranks):
        free = [unit for unit in sorted(pool.roles[rank]) if unit not in taken and pool.first[unit] > rank]
        for application in apply(pool.promotions[rank], free, pool.prices, pool.roles[rank]):
            uses.append(Use(rank, application))
            taken.update(application.units)
    return uses


def best_for_customer(pool: Pool, nodes: int = NODES) -> Choice:
    """The applications with the greatest total saving, exact while `nodes` last for each connected set."""
    chosen, proven, spent = [], True, 0
    for ranks in _connected(pool):
        choice = _simple(pool, ranks[0]) if len(ranks) == 1 else None
        choice = choice or _searched(pool, ranks, nodes)
        chosen += choice.uses
        proven, spent = proven and choice.proven, spent + choice.nodes
    return Choice(chosen, proven, spent)


def _connected(pool: Pool) -> list[list[int]]:
    """The promotions that can be completed at all, in sets that share no unit."""
    leader: dict[int, int] = {}
    owner: dict[int, int] = {}

    def lead(rank: int) -> int:
        while leader[rank] != rank:
            rank = leader[rank]
        return rank

    for rank in sorted(pool.roles):
        if _possible(pool.promotions[rank], pool.roles[rank]):
            leader[rank] = rank
            for unit in pool.roles[rank]:
                leader[lead(rank)] = lead(owner.setdefault(unit, rank))
    sets: dict[int, list[int]] = {}
    for rank in leader:
        sets.setdefault(lead(rank), []).append(rank)
    return list(sets.values())


def _possible(promotion: GroupPromotion, roles: dict[int, tuple[int, ...]]) -> bool:
    if isinstance(promotion, MealDeal):
        return len({role for played in roles.values() for role in played}) == len(promotion.slots)
    if isinstance(promotion, BuyXGetY):
        return len(roles) > promotion.x and len({role for played in roles.values() for role in played}) == 2
    return len(roles) >= size(promotion)


def _simple(pool: Pool, rank: int) -> Choice | None:
    """A promotion alone whose units save nothing otherwise: its rule is the best, if no roles overlap."""
    roles = pool.roles[rank]
    if any(pool.spare[unit] or len(played) > 1 for unit, played in roles.items()):
        return None
    found = apply(pool.promotions[rank], sorted(roles), pool.prices, roles)
    return Choice([Use(rank, application) for application in found], True, 0)


def _searched(pool: Pool, ranks: Sequence[int], nodes: int) -> Choice:
    units = sorted({unit for rank in ranks for unit in pool.roles[rank]})
    start = max(by_priority(pool, ranks), [], key=lambda uses: _gain(pool, uses))
    uses, proven, spent = _swept(pool, ranks, units, start, nodes // 20)
    if not proven:
        for begun in (start, []):
            found, more = _mended(pool, ranks, units, begun, nodes * 3 // 5 - spent)
            uses, spent = max(uses, found, key=lambda one: _gain(pool, one)), spent + more
        uses, proven, more = _swept(pool, ranks, units, uses, nodes - spent)
        spent += more
    return Choice(_settled(pool, ranks, uses), proven, spent)


def _gain(pool: Pool, uses: Iterable[Use]) -> int:
    return sum(sum(use.cuts) - sum(pool.spare[unit] for unit in use.units) for _, use in uses)


def _swept(pool: Pool, ranks: Sequence[int], units: Iterable[int], known: list[Use], nodes: int) -> Choice:
    """The best that these promotions make of these units, and never worse than what is known."""
    places = {rank: at for at, rank in enumerate(ranks)}
    kinds: dict[Kind, list[int]] = {}
    for unit in units:
        parts = tuple((places[rank], role) for rank in ranks for role in pool.roles[rank].get(unit, ()))
        kinds.setdefault(Kind(pool.prices[unit], pool.spare[unit], parts), []).append(unit)
    order = sorted(kinds, key=lambda kind: (-kind.price, kind.spare, kind.roles))
    counted = [(kind, len(kinds[kind])) for kind in order]
    tracks = [track(pool.promotions[rank], places[rank], counted) for rank in ranks]
    dealt = Sweep(counted, tracks, nodes, _gain(pool, known)).run()
    if not dealt.roles:
        return Choice(known, dealt.proven, dealt.nodes)
    cast: list[list[tuple[int, int]]] = [[] for _ in ranks]
    for kind, roles in zip(order, dealt.roles, strict=True):
        for unit, (at, role) in zip(kinds[kind], sorted(roles), strict=False):
            cast[at].append((unit, role))
    uses = [
        Use(rank, application)
        for at, rank in enumerate(ranks)
        for application in arrange(pool.promotions[rank], sorted(cast[at]), pool.prices)
    ]
    return Choice(uses, dealt.proven, dealt.nodes)


def _mended(
    pool: Pool, ranks: Sequence[int], units: Sequence[int], uses: list[Use], nodes: int
) -> tuple[list[Use], int]:
    """Better a choice by pairs of promotions, each pair exactly, until no pair helps or the nodes end."""
    spent, better = 0, True
    pairs = [
        (first, second)
        for first, second in combinations(ranks, 2)
        if not pool.roles[first].keys().isdisjoint(pool.roles[second])
    ]
    tried: dict[tuple[int, int], list[int]] = {}
    while better and spent < nodes:
        better = False
        for pair in pairs:
            if spent >= nodes:
                break
            others = [use for use in uses if use.rank not in pair]
            own = [use for use in uses if use.rank in pair]
            taken = {unit for use in others for unit in use.application.units}
            first, second = (pool.roles[rank] for rank in pair)
            free = [unit for unit in units if unit not in taken and (unit in first or unit in second)]
            if tried.get(pair) == free:
                continue
            tried[pair] = free
            found = _swept(pool, pair, free, own, nodes - spent)
            spent += found.nodes
            if found.uses is not own:
                uses, better = others + found.uses, True
    return uses, spent


def _settled(pool: Pool, ranks: Sequence[int], uses: list[Use]) -> list[Use]:
    """The same saving, laid out by each promotion's own rule over the units that no other takes."""
    for rank in ranks:
        others = [use for use in uses if use.rank != rank]
        own = [use for use in uses if use.rank == rank]
        taken = {unit for use in others for unit in use.application.units}
        free = [unit for unit in sorted(pool.roles[rank]) if unit not in taken]
        held = {unit for use in own for unit in use.application.units}
        for units in (free, [unit for unit in free if unit in held or not pool.spare[unit]], sorted(held)):
            made = apply(pool.promotions[rank], units, pool.prices, pool.roles[rank])
            found = [Use(rank, application) for application in made]
            if _gain(pool, found) >= _gain(pool, own):
                uses = others + found
                break
    return uses
