"""What a change of level may have been: every move that goes on with an account, how likely it is, what it makes."""

from collections.abc import Callable
from itertools import combinations
from math import log

from msgspec.structs import replace

from kiosk.weight.account import Account, Lain, Setting, Unit, bag_odds, lean_odds
from kiosk.weight.odds import lognormal, normal, student

WORSE = 10.0  # an account this much less likely than the best is forgotten (logarithm)
AT_ONCE = 4  # things that are put down together, if not all
ANOTHER_PACK = 0.15  # spread of the logarithm of what a new pack weighs beside the old one
HEAVY = 4_000  # grams of a bag that is full

Story = tuple[float, Callable[..., Account], tuple[object, ...]]
"""How likely an account is, and how it is made: the maker gets the odds and these."""

Mix = tuple[tuple[int, ...], float, float, float, int]
"""Things put down together: which, their known grams, variance and degrees of freedom, and the one of unknown weight
(-1: none, -2: several)."""


class Telling:
    """Collects the stories of one change to `level`; what is far less likely than the best is not even written down."""

    def __init__(
        self,
        units: tuple[Unit, ...],
        void: frozenset[int],
        setting: Setting,
        level: float,
        announced: bool = False,
        full: bool = False,
    ) -> None:
        self.units, self.void, self.setting, self.level = units, void, setting, level
        self.announced, self.full = announced, full
        self.empty = level <= setting.empty
        self.stories: list[Story] = []
        self._top = -1e9
        self._mixes: dict[tuple[int, ...], list[Mix]] = {}

    def offer(self, odds: float, make: Callable[..., Account], *how: object) -> None:
        if odds > self._top - WORSE:
            self.stories.append((odds, make, how))
            self._top = max(self._top, odds)

    def mixes(self, pending: tuple[int, ...]) -> list[Mix]:
        """What of the things on their way may be put down together, each mix of items once."""
        found = self._mixes.get(pending)
        if found is None:
            found = self._mixes[pending] = self._mix(pending)
        return found

    def _mix(self, pending: tuple[int, ...]) -> list[Mix]:
        found: list[Mix] = []
        seen: set[tuple[int, ...]] = set()
        for some in _some(pending):
            kinds = tuple(sorted([self.units[i].alike for i in some]))
            if kinds not in seen:
                seen.add(kinds)
                found.append(self._weigh(some))
        return found

    def _weigh(self, some: tuple[int, ...]) -> Mix:
        known, var, degrees, wide = 0.0, self.setting.blur, 1e9, -1
        for i in some:
            belief = self.units[i].belief
            if belief.wide:
                wide = i if wide == -1 else -2
            else:
                known += belief.mean
                var += belief.var
                degrees = min(degrees, belief.degrees)
        return some, known, var, degrees, wide


def _some(pending: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Each thing by itself, some together, all of them."""
    chosen: list[tuple[int, ...]] = [(i,) for i in pending]
    if len(pending) <= AT_ONCE + 1:
        for size in range(2, min(AT_ONCE, len(pending)) + 1):
            chosen += combinations(pending, size)
    else:
        chosen += combinations(pending[:3] + pending[-2:], 2)
        chosen += [pending[:size] for size in (3, 4)] + [pending[-size:] for size in (3, 4)]
    if len(pending) > AT_ONCE:
        chosen.append(pending)
    return chosen


# ---- what may have happened


def tell(account: Account, change: float, telling: Telling) -> None:
    """Every way on from an account while she shops, given that the level changed by `change` grams."""
    rates = telling.setting.rates
    if account.lean:
        _moves(account, change + account.lean, telling, account.odds + rates.goes, 0.0)
        _moves(account, change, telling, account.odds + rates.stays, account.lean)
    else:
        _moves(account, change, telling, account.odds, 0.0)


def depart(account: Account, change: float, telling: Telling) -> None:
    """Every way on once it is paid: all goes, or a bag of it; one thing that comes out alone, or one more, is odd."""
    setting, rates, offer, odds = telling.setting, telling.setting.rates, telling.offer, account.odds
    offer(odds + normal(change, setting.blur), as_it_was, account, 0.0)
    if account.loose:
        offer(odds + normal(change + account.loose, 2 * setting.blur), cleared, account, 0.0)
    if change > setting.quiet:
        foreign = lognormal(change, setting.market.middle, setting.market.spread)
        risk = setting.market.worth(change)
        offer(odds + rates.more_after + foreign, put, account, telling, (), change, 0.0, 0.0, change, risk)
    if change < 0:
        rate = rates.goes if telling.empty else rates.half_goes
        offer(odds + rate - log(max(100.0, telling.level - change)), carried, account, telling.level, 0.0)
        for lain in () if telling.empty else account.placed:
            near = odds + normal(change + lain.grams, lain.var + setting.blur)
            odd = near + rates.one_goes - log(len(account.placed))
            offer(odd, lacking, account, -lain.grams, telling.units[lain.unit].price, 0.0)


def _moves(account: Account, change: float, telling: Telling, odds: float, lean: float) -> None:
    setting, rates = telling.setting, telling.setting.rates
    if change * change < 40 * setting.blur:
        telling.offer(odds + rates.still + normal(change, setting.blur), as_it_was, account, lean)
    if change > -setting.quiet:
        _arriving(account, change, telling, odds, lean)
    if change < setting.quiet:
        _leaving(account, -change, telling, odds, lean)
    if not lean:
        rate = rates.lean if change > 0 else rates.lift
        telling.offer(odds + rate + lean_odds(change), as_it_was, account, change)


def _arriving(account: Account, change: float, telling: Telling, odds: float, lean: float) -> None:
    """Something was put down: some of what was scanned, a bag, something else, or several of these."""
    setting, rates, units = telling.setting, telling.setting.rates, telling.units
    pending = account.pending
    for mix in telling.mixes(pending):
        chosen, known, _, _, wide = mix
        size, rest = len(chosen), change - known
        begun = odds + rates.by_count[min(size, AT_ONCE)]
        if chosen[0] != pending[0] and size < len(pending):
            begun += rates.disorder
        _things(account, mix, change, telling, begun, lean)
        if wide == -1 and rest > setting.quiet and (size <= 2 or chosen == pending[:size]):
            _more(account, chosen, change, rest, telling, begun, lean)
            if size <= 2:
                _twins(account, mix, change, telling, begun, lean)
        if size == 1 and change > 0:
            swap = begun + rates.swap + lognormal(change, setting.market.middle, setting.market.spread)
            risk = max(100, setting.market.worth(change) - units[chosen[0]].price)
            telling.offer(swap, put, account, telling, chosen, change, lean, 0.0, 0.0, risk, chosen[0])
    if change > setting.quiet:
        _more(account, (), change, change, telling, odds, lean)
    if account.loose < 0:
        back = odds + rates.goes + normal(change + account.loose, 2 * setting.blur)
        telling.offer(back, cleared, account, lean)


def _things(account: Account, mix: Mix, change: float, telling: Telling, odds: float, lean: float) -> None:
    """These and nothing else, as they are believed to weigh; or one of them in another pack."""
    chosen, known, var, degrees, wide = mix
    rest, offer = change - known, telling.offer
    how = (account, telling, chosen, change, lean)
    if wide != -1:
        some = [telling.units[i].belief for i in chosen if telling.units[i].belief.wide]
        middle = log(sum([belief.mean for belief in some]))
        offer(odds + lognormal(rest, middle, some[0].wide), put, *how)
        return
    offer(odds + student(rest, var, degrees), put, *how)
    if len(chosen) > 2:
        return
    for i in chosen:
        belief = telling.units[i].belief
        his = rest + belief.mean
        if 0.4 * belief.mean < his < 2.5 * belief.mean:
            new = log(belief.change / len(chosen)) + lognormal(his, log(belief.mean), ANOTHER_PACK)
            offer(odds + new, put, *how, 0.0, 0.0, 0, i)
            for other in belief.others:
                near = student(his - other.mean, other.var + var - belief.var, other.degrees)
                offer(odds + log(other.chance) + near, put, *how, 0.0, 0.0, 0, i)


def _more(
    account: Account,
    chosen: tuple[int, ...],
    change: float,
    rest: float,
    telling: Telling,
    odds: float,
    lean: float,
) -> None:
    """Besides these things `rest` grams came that nobody scanned: a bag, something scanned in a moment, or never."""
    setting, rates, market = telling.setting, telling.setting.rates, telling.setting.market
    if telling.announced:
        rate = rates.bag_announced
    elif chosen:
        rate = rates.bag_with_things
    else:
        rate = rates.bag if account.bag or account.placed else rates.first_bag
    how = (account, telling, chosen, change, lean)
    telling.offer(odds + rate + bag_odds(rest, setting.bag_most), put, *how, rest)
    foreign = odds + lognormal(rest, market.middle, market.spread)
    telling.offer(foreign + rates.late, put, *how, 0.0, rest, 0, -1, True)
    telling.offer(foreign + rates.extra, put, *how, 0.0, rest, market.worth(rest))


def _twins(account: Account, mix: Mix, change: float, telling: Telling, odds: float, lean: float) -> None:
    """Two of a kind lie there for one that was scanned, so far."""
    chosen, known, var, degrees, _ = mix
    rest = change - known
    for i in {telling.units[j].alike: j for j in chosen}.values():
        unit = telling.units[i]
        twin = odds + student(rest - unit.belief.mean, var + unit.belief.var, degrees)
        how = (account, telling, chosen, change, lean, 0.0, rest)
        telling.offer(twin + telling.setting.rates.twin, put, *how, unit.price)
        telling.offer(twin + telling.setting.rates.late, put, *how, 0, -1, True)


def _leaving(account: Account, gone: float, telling: Telling, odds: float, lean: float) -> None:
    """`gone` grams were taken out: to be put back, because they are void, with their bag, or for good."""
    setting, rates, offer = telling.setting, telling.setting.rates, telling.offer
    blur, placed, void = setting.blur, account.placed, telling.void
    share = -log(max(1, len(placed)))
    for lain in placed:
        rate = rates.voided if lain.unit in void else rates.back + share
        near = odds + rate + normal(gone - lain.grams, lain.var + blur)
        offer(near, lift, account, telling, lean, (lain,))
    if len(placed) <= 9:
        for pair in combinations(placed, 2):
            var = pair[0].var + pair[1].var + blur
            off = gone - pair[0].grams - pair[1].grams
            if off * off < 36 * var:
                both = pair[0].unit in void and pair[1].unit in void
                rate = rates.voided if both else rates.two_back + 2 * share
                offer(odds + rate + normal(off, var), lift, account, telling, lean, pair)
    if account.loose > 0:
        offer(odds + rates.goes + normal(gone - account.loose, 2 * blur), cleared, account, lean)
    if account.bag > 0:
        offer(odds + rates.bag + normal(gone - account.bag, 2 * blur), unbagged, account, lean)
    size = -log(max(100.0, telling.level + gone))
    if placed and gone > 60:
        _carried_off(account, gone, telling, odds + (-log(40.0) if telling.empty else size), lean)
    if gone > setting.quiet:
        offer(odds + rates.taken + size, lacking, account, -gone, setting.market.worth(gone), lean)
        offer(odds + rates.out + size, lacking, account, -gone, 0, lean)


def _carried_off(account: Account, gone: float, telling: Telling, odds: float, lean: float) -> None:
    """A full bag was taken away, perhaps with what had just been put into it."""
    rates = telling.setting.rates
    if telling.full:
        odds += rates.full_announced
    else:
        odds += rates.full_heavy if telling.empty and gone > HEAVY else rates.full
    left = 0.0 if telling.empty else telling.level
    telling.offer(odds, carried, account, left, lean)
    if account.pending:
        telling.offer(odds + rates.gone_with_it, carried, replace(account, pending=()), left, lean)


# ---- what it makes of the account


def as_it_was(odds: float, account: Account, lean: float) -> Account:
    return replace(account, odds=odds, lean=lean)


def cleared(odds: float, account: Account, lean: float) -> Account:
    """What was too much has gone again, or what was missing has come back."""
    return replace(account, odds=odds, loose=0.0, wrong=0, late=False, lean=lean)


def unbagged(odds: float, account: Account, lean: float) -> Account:
    return replace(account, odds=odds, bag=0.0, unsaid=0.0, lean=lean)


def carried(odds: float, account: Account, left: float, lean: float) -> Account:
    """A bag has gone with what was in it; what of the grams is left is as good as a bag."""
    wrong = account.wrong if account.loose >= 0 else 0
    bag = max(0.0, left)
    return replace(
        account, odds=odds, placed=(), out=(), bag=bag, loose=0.0, late=False, wrong=wrong, lean=lean
    )


def lacking(odds: float, account: Account, grams: float, risk: int, lean: float) -> Account:
    wrong = account.wrong + risk
    return replace(account, odds=odds, loose=account.loose + grams, wrong=wrong, late=False, lean=lean)


def put(
    odds: float,
    account: Account,
    telling: Telling,
    chosen: tuple[int, ...],
    change: float,
    lean: float,
    bag: float = 0.0,
    loose: float = 0.0,
    risk: int = 0,
    other: int = -1,
    late: bool = False,
) -> Account:
    """These were put down, with a bag or something else; `other` weighs what is left for it, whatever was believed."""
    mine = change - bag - loose
    alone = len(chosen) == 1 and not risk and not bag and not loose
    return replace(
        account,
        odds=odds,
        pending=tuple([i for i in account.pending if i not in chosen]),
        out=tuple([i for i in account.out if i not in chosen]),
        placed=account.placed + _lain(telling, chosen, mine, other),
        bag=account.bag + bag,
        unsaid=account.unsaid + (0.0 if telling.announced else bag),
        loose=account.loose + loose,
        lean=lean,
        wrong=account.wrong + risk,
        swapped=other if risk and other >= 0 else account.swapped,
        late=late or account.late,
        alone=(*account.alone, (chosen[0], mine)) if alone else account.alone,
    )


def _lain(telling: Telling, chosen: tuple[int, ...], grams: float, other: int) -> tuple[Lain, ...]:
    """What each of them weighs there: as believed, and of what is left over by how little is known of it."""
    beliefs = [telling.units[i].belief for i in chosen]
    own = [
        1e6 if i == other else belief.var or (0.5 * belief.mean) ** 2
        for i, belief in zip(chosen, beliefs, strict=True)
    ]
    whole = sum(own) + telling.setting.blur
    rest = grams - sum([belief.mean for belief in beliefs])
    return tuple(
        Lain(i, max(0.0, belief.mean + rest * var / whole), var - var * var / whole + 0.5)
        for i, belief, var in zip(chosen, beliefs, own, strict=True)
    )


def lift(odds: float, account: Account, telling: Telling, lean: float, taken: tuple[Lain, ...]) -> Account:
    """These came out: what is void has gone, the rest is on its way again."""
    again = tuple([lain.unit for lain in taken if lain.unit not in telling.void])
    swap_undone = any(lain.unit == account.swapped for lain in taken)
    return replace(
        account,
        odds=odds,
        pending=again + account.pending,
        out=account.out + again,
        placed=tuple([lain for lain in account.placed if lain not in taken]),
        wrong=0 if swap_undone else account.wrong,
        swapped=-1 if swap_undone else account.swapped,
        lean=lean,
    )
