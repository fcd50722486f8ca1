"""What a change of level may have been, told as more of a story: the moves, how likely each is, and what it makes."""

from collections.abc import Callable
from itertools import combinations
from math import exp, log

from msgspec.structs import replace

from kiosk.weight.account import WORSE, Account, Lain, Setting, Unit, bag_odds, lean_odds
from kiosk.weight.odds import lognormal, normal, student

AT_ONCE = 4
CHANGED_SPREAD = 0.15
CERTAIN = 60.0  # degrees of freedom from which Student's t is as good as normal

Mix = tuple[tuple[int, ...], float, float, float, int]
"""Things put down together: which, their known grams and variance, degrees of freedom, and the one of unknown weight
(-1: none, -2: several)."""


def fit(off: float, var: float, dof: float) -> float:
    return student(off, var, dof) if dof < CERTAIN else normal(off, var)


class Telling:
    """Collects the stories of one change: what is far less likely than the best is not even written down."""

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
        self.top = -1e9
        self.stories: list[tuple[float, Callable[..., Account], tuple[object, ...]]] = []
        self._mixes: dict[tuple[int, ...], list[Mix]] = {}

    def offer(self, odds: float, make: Callable[..., Account], *how: object) -> None:
        if odds > self.top - WORSE:
            self.stories.append((odds, make, how))
            if odds > self.top:
                self.top = odds

    def worth(self, grams: float) -> int:
        """Cents that something of this mass may cost in this shop."""
        return max(40, int(grams * exp(-self.setting.market.a_cent)))

    def mixes(self, pending: tuple[int, ...]) -> list[Mix]:
        """What of the things on their way may be put down together, each mix of items once."""
        found = self._mixes.get(pending)
        if found is None:
            found = self._mixes[pending] = self._mix(pending)
        return found

    def _mix(self, pending: tuple[int, ...]) -> list[Mix]:
        units = self.units
        chosen: list[tuple[int, ...]] = [(i,) for i in pending]
        if len(pending) <= 5:
            for size in range(2, min(AT_ONCE, len(pending)) + 1):
                chosen += combinations(pending, size)
        else:
            chosen += combinations(pending[:3] + pending[-2:], 2)
            chosen += [pending[:size] for size in (3, 4)] + [pending[-size:] for size in (3, 4)]
        if len(pending) > AT_ONCE:
            chosen.append(pending)
        found: list[Mix] = []
        seen: set[tuple[int, ...]] = set()
        for some in chosen:
            kinds = (
                tuple(sorted([units[i].alike for i in some])) if len(some) > 1 else (units[some[0]].alike,)
            )
            if kinds in seen:
                continue
            seen.add(kinds)
            known, var, dof, wide = 0.0, self.setting.blur, 1e9, -1
            for i in some:
                belief = units[i].belief
                if belief.wide:
                    wide = i if wide == -1 else -2
                else:
                    known += belief.mean
                    var += belief.var
                    dof = min(dof, belief.dof)
            found.append((some, known, var, dof, wide))
        return found


# ---- what may have happened


def tell(account: Account, change: float, telling: Telling) -> None:
    """Every way on from an account while the shopper is at it, given that the level changed by `change`."""
    rates = telling.setting.rates
    if account.lean:
        moves(account, change + account.lean, telling, account.odds + rates.gone, 0.0)
        moves(account, change, telling, account.odds + rates.stays, account.lean)
    else:
        moves(account, change, telling, account.odds, 0.0)


def moves(account: Account, change: float, telling: Telling, odds: float, lean: float) -> None:
    setting = telling.setting
    rates, blur, quiet = setting.rates, setting.blur, 2.0 * setting.division
    if change * change < 40 * blur:
        telling.offer(odds + rates.still + normal(change, blur), as_it_was, account, lean)
    if change > -quiet:
        arriving(account, change, telling, odds, lean)
    if change < quiet:
        leaving(account, change, telling, odds, lean)
    if not lean and abs(change) >= 30:
        rate = rates.lean if change > 0 else rates.lift
        telling.offer(odds + rate + lean_odds(change), leaned, account, change)


def arriving(account: Account, change: float, telling: Telling, odds: float, lean: float) -> None:
    """Something was put down: some of what was scanned, a bag, something else, or several of these."""
    setting, units, rates = telling.setting, telling.units, telling.setting.rates
    quiet, market, offer = 2.0 * setting.division, setting.market, telling.offer
    sizes = (0.0, rates.one, rates.two, rates.three, rates.more)
    pending = account.pending
    for mix in telling.mixes(pending):
        chosen, known, var, dof, wide = mix
        size = len(chosen)
        begun = odds + sizes[min(size, 4)]
        if chosen[0] != pending[0] and size < len(pending):
            begun += rates.disorder
        rest = change - known
        if wide == -1:
            offer(begun + fit(rest, var, dof), put, account, telling, chosen, change, lean)
        else:
            some = [units[i].belief for i in chosen if units[i].belief.wide]
            middle = log(sum(belief.mean for belief in some))
            offer(begun + lognormal(rest, middle, some[0].wide), put, account, telling, chosen, change, lean)
        if size <= 2 and wide == -1:
            for i in chosen:
                belief = units[i].belief
                his = rest + belief.mean
                if 0.4 * belief.mean < his < 2.5 * belief.mean:
                    there = (
                        begun + log(belief.change / size) + lognormal(his, log(belief.mean), CHANGED_SPREAD)
                    )
                    offer(there, put, account, telling, chosen, change, lean, 0.0, 0.0, 0, i)
        if rest > quiet and wide == -1 and (size <= 2 or chosen == pending[:size]):
            more(account, chosen, rest, telling, begun, lean)
            if size <= 2:
                twins(account, mix, rest, telling, begun, lean)
        if size == 1 and change > 0:
            swap = begun + rates.swap + lognormal(change, market.middle, market.spread)
            risk = max(100, telling.worth(change) - units[chosen[0]].price)
            offer(swap, put, account, telling, chosen, change, lean, 0.0, 0.0, risk, chosen[0], "swap")
    if change > quiet:
        more(account, (), change, telling, odds, lean)
    if account.loose < 0:
        back = odds + rates.gone + normal(change + account.loose, 2 * setting.blur)
        offer(back, cleared, account, lean)


def more(
    account: Account, chosen: tuple[int, ...], rest: float, telling: Telling, odds: float, lean: float
) -> None:
    """Besides these things something came that nobody scanned: a bag, something scanned in a moment, or never."""
    rates, market, offer = telling.setting.rates, telling.setting.market, telling.offer
    if telling.announced:
        rate = rates.announced
    elif chosen:
        rate = rates.bag_too
    else:
        rate = rates.bag if account.bag or account.placed else rates.first_bag
    change = rest + sum([telling.units[i].belief.mean for i in chosen])
    bag = odds + rate + bag_odds(rest, telling.setting.bag_max)
    offer(bag, put, account, telling, chosen, change, lean, rest)
    foreign = odds + lognormal(rest, market.middle, market.spread)
    offer(foreign + rates.late, put, account, telling, chosen, change, lean, 0.0, rest, 0, -1, "late")
    risk = telling.worth(rest)
    offer(foreign + rates.extra, put, account, telling, chosen, change, lean, 0.0, rest, risk, -1, "extra")


def twins(account: Account, mix: Mix, rest: float, telling: Telling, odds: float, lean: float) -> None:
    """Two of a kind lie there for one that was scanned, so far."""
    chosen, known, var, dof, _ = mix
    rates, change = telling.setting.rates, rest + known
    for i in {telling.units[j].alike: j for j in chosen}.values():
        unit = telling.units[i]
        twin = odds + fit(rest - unit.belief.mean, var + unit.belief.var, dof)
        how = (account, telling, chosen, change, lean, 0.0, rest)
        telling.offer(twin + rates.twin, put, *how, unit.price, -1, "twin")
        telling.offer(twin + rates.late, put, *how, 0, -1, "late")


def leaving(account: Account, change: float, telling: Telling, odds: float, lean: float) -> None:
    """Something was taken out: to be put back, because it is void, with its bag, or for good."""
    rates, blur, offer, level = telling.setting.rates, telling.setting.blur, telling.offer, telling.level
    gone, placed, void = -change, account.placed, telling.void
    empty = level <= 3 * telling.setting.division + 10
    share = -log(max(1, len(placed)))
    for lain in placed:
        near = odds + normal(gone - lain.grams, lain.var + blur)
        offer(
            near + (rates.voided if lain.unit in void else rates.back + share),
            lift,
            account,
            telling,
            lean,
            (lain,),
        )
    if 2 <= len(placed) <= 9:
        for pair in combinations(placed, 2):
            var = pair[0].var + pair[1].var + blur
            off = gone - pair[0].grams - pair[1].grams
            if off * off < 36 * var:
                both = pair[0].unit in void and pair[1].unit in void
                rate = rates.voided if both else rates.back_too + 2 * share
                offer(odds + rate + normal(off, var), lift, account, telling, lean, pair)
    if account.loose > 0:
        offer(odds + rates.gone + normal(gone - account.loose, 2 * blur), cleared, account, lean)
    if account.bag > 0:
        offer(odds + rates.bag + normal(gone - account.bag, 2 * blur), unbagged, account, lean)
    size = -log(max(100.0, level + gone))
    if placed and gone > 60:
        rate = rates.full if telling.full else rates.clear + (rates.heavy if empty and gone > 4_000 else 0.0)
        rate += odds + (-log(40.0) if empty else size)
        left = 0.0 if empty else level
        offer(rate, carried, account, left, lean)
        if account.pending:
            offer(rate + rates.with_it, carried, replace(account, pending=()), left, lean)
    if gone > 2 * telling.setting.division:
        offer(odds + rates.taken + size, lacking, account, change, telling.worth(gone), lean, "taken")
        offer(odds + rates.out + size, lacking, account, change, 0, lean, "out")


def depart(account: Account, change: float, telling: Telling) -> None:
    """It is paid: all goes, or a bag of it; a single thing that comes out while the rest stays is odd."""
    setting, rates = telling.setting, telling.setting.rates
    gone, odds = -change, account.odds
    if change * change < 40 * setting.blur:
        telling.offer(odds + normal(change, setting.blur), as_it_was, account, 0.0)
    if change > 2 * setting.division:
        foreign = lognormal(change, setting.market.middle, setting.market.spread)
        risk = telling.worth(change)
        telling.offer(
            odds + log(0.3) + foreign, put, account, telling, (), change, 0.0, 0.0, change, risk, -1, "extra"
        )
        if account.loose < 0:
            telling.offer(odds + normal(change + account.loose, 2 * setting.blur), cleared, account, 0.0)
    if gone > 0:
        empty = telling.level <= 3 * setting.division + 10
        size = -log(max(100.0, telling.level + gone))
        telling.offer(
            odds + (rates.gone if empty else rates.half) + size, carried, account, telling.level, 0.0
        )
        for lain in () if empty else account.placed:
            near = odds + normal(gone - lain.grams, lain.var + setting.blur)
            price = telling.units[lain.unit].price
            odd = near + rates.single - log(len(account.placed))
            telling.offer(odd, lacking, account, -lain.grams, price, 0.0, "after")


# ---- what it makes of the story


def as_it_was(odds: float, account: Account, lean: float) -> Account:
    return replace(account, odds=odds, lean=lean)


def leaned(odds: float, account: Account, grams: float) -> Account:
    return replace(account, odds=odds, lean=grams)


def cleared(odds: float, account: Account, lean: float) -> Account:
    """What was too much has gone again, or what was missing has come back."""
    return replace(account, odds=odds, loose=0.0, wrong=0, lean=lean, story="")


def unbagged(odds: float, account: Account, lean: float) -> Account:
    return replace(account, odds=odds, bag=0.0, unsaid=0.0, lean=lean)


def carried(odds: float, account: Account, left: float, lean: float) -> Account:
    """A bag has gone with what was in it; what of the grams is left is as good as a bag."""
    return replace(
        account,
        odds=odds,
        placed=(),
        bag=max(0.0, left),
        loose=0.0,
        wrong=account.wrong if account.loose >= 0 else 0,
        lean=lean,
        out=(),
        story="",
    )


def lacking(odds: float, account: Account, grams: float, risk: int, lean: float, story: str) -> Account:
    return replace(
        account, odds=odds, loose=account.loose + grams, wrong=account.wrong + risk, lean=lean, story=story
    )


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
    story: str = "",
) -> Account:
    """These were put down, with a bag or something else; `other` weighs what is left for it, whatever was believed."""
    blur, units = telling.setting.blur, telling.units
    mine = change - bag - loose
    means = [units[i].belief.mean for i in chosen]
    vars_ = [1e6 if i == other else units[i].belief.var or (0.5 * units[i].belief.mean) ** 2 for i in chosen]
    whole = sum(vars_) + blur
    rest = mine - sum(means)
    lain = tuple(
        Lain(i, max(0.0, m + rest * v / whole), v - v * v / whole + 0.5)
        for i, m, v in zip(chosen, means, vars_, strict=True)
    )
    alone = len(chosen) == 1 and not risk and not bag and not loose
    return replace(
        account,
        odds=odds,
        pending=tuple([i for i in account.pending if i not in chosen]),
        placed=account.placed + lain,
        bag=account.bag + bag,
        unsaid=account.unsaid + (0.0 if telling.announced else bag),
        loose=account.loose + loose,
        lean=lean,
        wrong=account.wrong + risk,
        swapped=other if risk and other >= 0 else account.swapped,
        weighed=(*account.weighed, (chosen[0], mine)) if alone else account.weighed,
        out=tuple([i for i in account.out if i not in chosen]) if account.out else (),
        story=story or account.story,
    )


def lift(odds: float, account: Account, telling: Telling, lean: float, taken: tuple[Lain, ...]) -> Account:
    """These came out: what is void has gone, the rest is on its way again."""
    again = tuple(lain.unit for lain in taken if lain.unit not in telling.void)
    swapped, wrong = account.swapped, account.wrong
    if any(lain.unit == swapped for lain in taken):
        swapped, wrong = -1, 0
    return replace(
        account,
        odds=odds,
        pending=again + account.pending,
        placed=tuple([lain for lain in account.placed if lain not in taken]),
        out=account.out + again,
        wrong=wrong,
        swapped=swapped,
        lean=lean,
    )
