"""What a change of level may have been, told as more of a story: the moves, how likely each is, and what it makes."""

from collections.abc import Callable
from math import exp, log

from msgspec.structs import replace

from kiosk.weight.account import Account, Lain, Setting, Unit, bag_odds, lean_odds, subsets
from kiosk.weight.odds import lognormal, normal, student

Story = tuple[float, Callable[[float], Account]]

CHANGED_SPREAD = 0.15
SIX = 36.0


def fit(off: float, var: float, dof: float) -> float:
    return student(off, var, dof) if dof < 60 else normal(off, var)


class Told:
    """The units of the basket, what is known to be void, and what was announced."""

    __slots__ = ("announced", "full", "setting", "units", "void")

    def __init__(
        self, units: tuple[Unit, ...], void: frozenset[int], setting: Setting, announced: bool, full: bool
    ) -> None:
        self.units, self.void, self.setting, self.announced, self.full = units, void, setting, announced, full


def stories(account: Account, change: float, level: float, told: Told) -> list[Story]:
    """Every way on from an account, given that the level changed by `change` to `level`."""
    if not account.lean:
        return moves(account, change, level, told, account.odds, 0.0)
    gone = moves(account, change + account.lean, level, told, account.odds + told.setting.rates.gone, 0.0)
    odds = account.odds + log(0.1)
    return gone + moves(account, change, level, told, odds, account.lean)


def moves(
    account: Account, change: float, level: float, told: Told, odds: float, lean: float
) -> list[Story]:
    setting, units = told.setting, told.units
    rates, blur, quiet = setting.rates, setting.blur, 2.0 * setting.division
    found: list[Story] = []

    def still(o: float) -> Account:
        return replace(account, odds=o, lean=lean)

    if change * change < 40 * blur:
        found.append((odds + rates.still + normal(change, blur), still))
    if change > -quiet:
        arriving(found, account, change, told, odds, lean)
    if change < quiet:
        leaving(found, account, change, level, told, odds, lean)
    if not lean and abs(change) >= 30:
        rate = rates.lean if change > 0 else rates.lift
        found.append(
            (odds + rate + lean_odds(change), lambda o: replace(account, odds=o, lean=change, story="lean"))
        )
    return found


def arriving(
    found: list[Story], account: Account, change: float, told: Told, odds: float, lean: float
) -> None:
    """Something was put down: some of what was scanned, a bag, something else, or several of these."""
    setting, units, rates = told.setting, told.units, told.setting.rates
    blur, quiet, market = setting.blur, 2.0 * setting.division, setting.market
    sizes = (0.0, rates.one, rates.two, rates.three, rates.more)
    first = account.pending[0] if account.pending else -1
    for chosen, size in subsets(account.pending, units):
        begun = odds + sizes[min(size, 4)]
        if chosen[0] != first and size < len(account.pending):
            begun += rates.disorder
        known, var, dof, wide = 0.0, blur, 1e9, -1
        for i in chosen:
            belief = units[i].belief
            if belief.wide:
                wide = i if wide < 0 else -2
            else:
                known += belief.mean
                var += belief.var
                dof = min(dof, belief.dof)
        rest = change - known
        if wide == -1:
            found.append((begun + fit(rest, var, dof), put(account, chosen, change, told, lean)))
        elif wide == -2:
            middle = log(sum(units[i].belief.mean for i in chosen if units[i].belief.wide))
            found.append((begun + lognormal(rest, middle, 0.8), put(account, chosen, change, told, lean)))
        else:
            belief = units[wide].belief
            here = begun + lognormal(rest, log(belief.mean), belief.wide)
            found.append((here, put(account, chosen, change, told, lean)))
        if size <= 2:
            for i in chosen:
                belief = units[i].belief
                if belief.wide or wide != -1:
                    continue
                his = change - (known - belief.mean)
                if his > 0 and 0.4 < his / belief.mean < 2.5:
                    there = begun + log(belief.change) + lognormal(his, log(belief.mean), CHANGED_SPREAD)
                    found.append((there, put(account, chosen, change, told, lean, other=i)))
        if rest > quiet and wide == -1:
            more(found, account, chosen, rest, told, begun, lean)
            if size <= 2:
                for i in {units[j].alike: j for j in chosen}.values():
                    belief = units[i].belief
                    twin = fit(rest - belief.mean, var + belief.var, dof)
                    price = units[i].price
                    found.append((begun + rates.twin + twin, put(account, chosen, change, told, lean, loose=rest, wrong=price, story="twin")))
                    found.append((begun + rates.late + twin, put(account, chosen, change, told, lean, loose=rest, story="late")))
        if size == 1 and change > 0:
            price = worth(change, told)
            swap = begun + rates.swap + lognormal(change, market.middle, market.spread)
            found.append((swap, put(account, chosen, change, told, lean, other=chosen[0], wrong=max(100, price - units[chosen[0]].price), story="swap")))
    if change > quiet:
        more(found, account, (), change, told, odds, lean)
    if account.loose < 0:
        back = odds + rates.gone + normal(change + account.loose, 2 * blur)
        found.append((back, lambda o: replace(account, odds=o, loose=0.0, wrong=0, lean=lean, story="")))


def more(
    found: list[Story],
    account: Account,
    chosen: tuple[int, ...],
    rest: float,
    told: Told,
    odds: float,
    lean: float,
) -> None:
    """Besides these things something came that nobody scanned: a bag, something scanned in a moment, or never."""
    rates, market = told.setting.rates, told.setting.market
    if told.announced:
        rate = rates.announced
    elif chosen:
        rate = rates.bag_too
    else:
        rate = rates.bag if account.bag or account.placed else rates.first_bag
    change = rest + sum(told.units[i].belief.mean for i in chosen)
    bag = odds + rate + bag_odds(rest, told.setting.bag_max)
    found.append((bag, put(account, chosen, change, told, lean, bag=rest)))
    foreign = lognormal(rest, market.middle, market.spread)
    late = odds + rates.late + foreign
    found.append((late, put(account, chosen, change, told, lean, loose=rest, story="late")))
    extra = odds + rates.extra + foreign
    found.append((extra, put(account, chosen, change, told, lean, loose=rest, wrong=worth(rest, told), story="extra")))


def worth(grams: float, told: Told) -> int:
    """Cents that something of this mass may cost in this shop."""
    market = told.setting.market
    return max(40, int(grams * exp(-market.a_cent)))


def put(
    account: Account,
    chosen: tuple[int, ...],
    change: float,
    told: Told,
    lean: float,
    *,
    bag: float = 0.0,
    loose: float = 0.0,
    wrong: int = 0,
    other: int = -1,
    story: str = "",
) -> Callable[[float], Account]:
    """The account after these were put down; `other` weighs what is left for it, whatever was believed."""

    def after(odds: float) -> Account:
        blur, units = told.setting.blur, told.units
        mine = change - bag - loose
        means = [units[i].belief.mean for i in chosen]
        spreads = [units[i].belief.var or (0.5 * units[i].belief.mean) ** 2 for i in chosen]
        if other >= 0:
            spreads = [1e6 if i == other else s for i, s in zip(chosen, spreads, strict=True)]
        whole = sum(spreads) + blur
        rest = mine - sum(means)
        lain = tuple(
            Lain(i, max(0.0, m + rest * s / whole), s - s * s / whole + 0.5)
            for i, m, s in zip(chosen, means, spreads, strict=True)
        )
        alone = len(chosen) == 1 and not wrong and not bag and not loose
        return replace(
            account,
            odds=odds,
            pending=tuple(i for i in account.pending if i not in chosen),
            placed=account.placed + lain,
            bag=account.bag + bag,
            loose=account.loose + loose,
            lean=lean,
            wrong=account.wrong + wrong,
            swapped=other if wrong and other >= 0 else account.swapped,
            weighed=(*account.weighed, (chosen[0], mine)) if alone else account.weighed,
            story=story or account.story,
        )

    return after


def leaving(
    found: list[Story],
    account: Account,
    change: float,
    level: float,
    told: Told,
    odds: float,
    lean: float,
) -> None:
    """Something was taken out: to be put back, because it is void, with its bag, or for good."""
    rates, blur, division = told.setting.rates, told.setting.blur, told.setting.division
    gone = -change
    placed = account.placed
    spread = 1.0 / max(1, len(placed))
    for lain in placed:
        void = lain.unit in told.void
        near = normal(gone - lain.grams, lain.var + blur)
        rate = rates.voided if void else rates.back + log(spread)
        found.append((odds + rate + near, lift(account, (lain,), told, lean)))
    if 2 <= len(placed) <= 9:
        share = log(2.0 / (len(placed) * (len(placed) - 1))) + rates.back + log(0.2)
        for n, one in enumerate(placed):
            for two in placed[n + 1 :]:
                void = one.unit in told.void and two.unit in told.void
                off = gone - one.grams - two.grams
                if off * off < SIX * (one.var + two.var + blur):
                    near = normal(off, one.var + two.var + blur)
                    found.append((odds + (rates.voided if void else share) + near, lift(account, (one, two), told, lean)))
    if account.loose > 0:
        near = normal(gone - account.loose, 2 * blur)
        found.append((odds + rates.gone + near, lambda o: replace(account, odds=o, loose=0.0, wrong=0, lean=lean, story="")))
    if account.bag > 0:
        near = normal(gone - account.bag, 2 * blur)
        found.append((odds + rates.bag + near, lambda o: replace(account, odds=o, bag=0.0, lean=lean)))
    if placed and level <= 3 * division + 10:
        rate = rates.full if told.full else rates.clear if gone < 5000 else rates.clear + log(8)
        here = odds + rate - log(40.0)
        found.append((here, lambda o: replace(account, odds=o, placed=(), bag=0.0, loose=0.0, wrong=0, lean=lean)))
    elif placed and gone > 60:
        rate = rates.full if told.full else rates.clear + log(0.5)
        size = -log(max(100.0, level + gone))
        found.append((odds + rate + size, lambda o: replace(account, odds=o, placed=(), bag=max(0.0, level), loose=0.0, lean=lean)))
    if gone > 2.0 * division:
        size = -log(max(200.0, level + gone))
        cents = worth(gone, told)
        found.append((odds + rates.taken + size, lambda o: replace(account, odds=o, loose=account.loose + change, wrong=account.wrong + cents, lean=lean, story="taken")))
        found.append((odds + rates.back + log(0.1) + size, lambda o: replace(account, odds=o, loose=account.loose + change, lean=lean, story="out")))


def lift(
    account: Account, taken: tuple[Lain, ...], told: Told, lean: float
) -> Callable[[float], Account]:
    """The account after these came out: what is void has gone, the rest is on its way again."""

    def after(odds: float) -> Account:
        left = [lain for lain in account.placed]
        for lain in taken:
            left.remove(lain)
        swapped = account.swapped
        wrong = account.wrong
        if any(lain.unit == swapped for lain in taken):
            swapped, wrong = -1, 0
        again = tuple(lain.unit for lain in taken if lain.unit not in told.void)
        units = tuple(lain.unit for lain in taken)
        return replace(
            account,
            odds=odds,
            pending=again + account.pending,
            placed=tuple(left),
            wrong=wrong,
            swapped=swapped,
            lean=lean,
            weighed=tuple(pair for pair in account.weighed if pair[0] not in units or wrong == account.wrong),
        )

    return after
