"""The check of one visit: a handful of accounts, extended by every event; a pure function of what happened."""

from collections.abc import Callable
from math import exp, log

from msgspec import Struct
from msgspec.structs import replace

from kiosk.weight.account import RIGHT, WORSE, WRONG, Account, Lain, Setting, Unit
from kiosk.weight.change import Telling, depart, fit, tell
from kiosk.weight.odds import lognormal, total

Story = tuple[float, Callable[..., Account], tuple[object, ...]]


class Check(Struct, frozen=True):
    """One visit. `level` is the last settled gross reading; `silence` how often time has passed since it was right."""

    setting: Setting = Setting()
    units: tuple[Unit, ...] = ()
    void: frozenset[int] = frozenset()
    accounts: tuple[Account, ...] = (Account(),)
    level: float = 0.0
    announced: bool = False
    full: bool = False
    paid: bool = False


def best(stories: list[Story]) -> tuple[Account, ...]:
    """The likeliest few, alike ones as one, their odds beside the best of them; of right and of wrong ones each."""
    stories.sort(key=_odds, reverse=True)
    top = stories[0][0]
    kept: dict[tuple[object, ...], Account] = {}
    room = {False: RIGHT, True: WRONG}
    for odds, make, how in stories[: 6 * RIGHT]:
        if odds < top - WORSE:
            break
        account = make(odds - top, *how)
        wrong = account.wrong > 0
        key = (
            account.pending,
            tuple([lain.unit for lain in account.placed]),
            round(account.bag, -1),
            round(account.loose, -1),
            round(account.lean, -1),
            wrong,
        )
        old = kept.get(key)
        if old is not None:
            kept[key] = replace(old, odds=total([old.odds, account.odds]))
        elif room[wrong]:
            room[wrong] -= 1
            kept[key] = account
    return tuple(kept.values())


def _odds(story: Story) -> float:
    return story[0]


def again(odds: float, account: Account) -> Account:
    return replace(account, odds=odds)


def reweighted(check: Check, shift: Callable[[Account], float]) -> Check:
    """The same accounts, each more or less likely by so much (a logarithm)."""
    return replace(check, accounts=best([(a.odds + shift(a), again, (a,)) for a in check.accounts]))


def scanned(check: Check, units: tuple[Unit, ...]) -> Check:
    """One or more things alike were scanned: they are on their way, or are what lies there already."""
    first = len(check.units)
    new = tuple(range(first, first + len(units)))
    market = check.setting.market
    told: list[Story] = []
    for account in check.accounts:
        late = account.story == "late"
        told.append((account.odds + (log(0.2) if late else 0.0), _come, (account, new)))
        if account.loose > 0:
            belief = units[0].belief
            fresh = lognormal(account.loose, market.middle, market.spread)
            for count in range(1, len(units) + 1):
                if belief.wide:
                    near = lognormal(account.loose, log(belief.mean * count), belief.wide)
                else:
                    off = account.loose - count * belief.mean
                    near = fit(off, count * belief.var + check.setting.blur, belief.dof)
                odds = account.odds + near - fresh + (log(0.8) if late else log(0.3))
                told.append((odds, _was, (account, new, count, check.setting.blur)))
    check = replace(check, units=check.units + units)
    return replace(check, accounts=best(told))


def _come(odds: float, account: Account, new: tuple[int, ...]) -> Account:
    return replace(account, odds=odds, pending=account.pending + new)


def _was(odds: float, account: Account, new: tuple[int, ...], count: int, blur: float) -> Account:
    lain = tuple(Lain(i, account.loose / count, blur * 2) for i in new[:count])
    return replace(
        account,
        odds=odds,
        pending=account.pending + new[count:],
        placed=account.placed + lain,
        loose=0.0,
        wrong=0,
        story="",
    )


def voided(check: Check, line: int, count: int | None = None) -> Check:
    """The line is no longer sold (or `count` of it): what of it is on its way is forgotten, the rest must come out."""
    mine = [i for i, unit in enumerate(check.units) if unit.line == line and i not in check.void]
    if count is not None:
        mine = mine[len(mine) - count :]
    void = check.void | frozenset(mine)
    return replace(check, void=void, accounts=tuple(_void(account, void) for account in check.accounts))


def _void(account: Account, void: frozenset[int]) -> Account:
    """What was swapped for a void thing is now something that nobody scanned."""
    loose, placed, swapped = account.loose, account.placed, account.swapped
    if swapped in void:
        loose += sum(lain.grams for lain in placed if lain.unit == swapped)
        placed = tuple(lain for lain in placed if lain.unit != swapped)
        swapped = -1
    pending = tuple(i for i in account.pending if i not in void)
    return replace(account, pending=pending, placed=placed, loose=loose, swapped=swapped)


def carried_off(check: Check) -> Check:
    """The full bag was taken away, with whatever was in it or on its way into it."""
    accounts = tuple(
        replace(
            account,
            pending=(),
            out=(),
            loose=max(0.0, account.loose),
            wrong=0 if account.loose < 0 else account.wrong,
            lean=max(0.0, account.lean),
        )
        for account in check.accounts
    )
    return replace(check, accounts=best([(a.odds, again, (a,)) for a in accounts]))


def settled(check: Check, level: float) -> Check:
    """The scale has come to rest at `level`."""
    telling = Telling(check.units, check.void, check.setting, level, check.announced, check.full)
    change = level - check.level
    for account in check.accounts:
        (depart if check.paid else tell)(account, change, telling)
    if not telling.stories:
        return replace(check, level=level)
    accounts = best(telling.stories)
    return replace(
        check,
        level=level,
        accounts=accounts,
        announced=check.announced and not accounts[0].bag,
        full=check.full and change > -60,
    )


def skipped(check: Check, line: int) -> Check:
    """What of this line is not in the bag stays out of it."""
    accounts = tuple(
        replace(account, pending=tuple(i for i in account.pending if check.units[i].line != line))
        for account in check.accounts
    )
    return replace(check, accounts=accounts)


def waited(check: Check, patience: float) -> Check:
    """Time has passed and nothing moved: a hand would have gone, a late scan would have come."""

    def shift(account: Account) -> float:
        if account.lean:
            return -1.5 * patience
        if account.wrong or not account.loose:
            return 0.0
        return (-0.7 if account.loose > 0 else -0.4) * patience

    return reweighted(check, shift)


def weighted(check: Check, weight: Callable[[Account], float]) -> Check:
    """Something was said: each account by how well it goes with it (a probability)."""
    return reweighted(check, lambda account: log(max(1e-9, weight(account))))


def accepted(check: Check) -> Check:
    """Somebody has looked: what lies there is right."""
    account = check.accounts[0]
    for each in check.accounts:
        if not each.wrong and not each.lean:
            account = each
            break
    clean = replace(
        account,
        odds=0.0,
        pending=(),
        bag=account.bag + max(0.0, account.loose),
        loose=0.0,
        lean=0.0,
        wrong=0,
        swapped=-1,
        story="",
        placed=tuple(lain for lain in account.placed if lain.unit not in check.void),
    )
    return replace(check, accounts=(clean,))


class Verdict(Struct, frozen=True):
    """Chances: that something is wrong, that something is still to come, and money at risk (cents)."""

    wrong: float
    unfinished: float
    missing: float
    risk: float
    leaning: float
    bag: float
    best: Account


def visible(check: Check, account: Account) -> bool:
    """Whether something is on its way that the scale would see; not what was carried off with all the rest."""
    light = 2.5 * check.setting.division
    for i in account.pending:
        belief = check.units[i].belief
        if (belief.wide or belief.mean > light) and (account.placed or i not in account.out):
            return True
    return False


STILL_OUT = 0.05  # how seldom something scanned is not there at the payment


def verdict(check: Check, paying: bool = False) -> Verdict:
    light = 2.5 * check.setting.division
    wrong = unfinished = missing = risk = whole = leaning = bag = 0.0
    for account in check.accounts:
        chance = exp(account.odds)
        lacks = visible(check, account)
        if paying and lacks:
            chance *= STILL_OUT
        whole += chance
        if account.wrong:
            wrong += chance
            risk += chance * account.wrong
        elif account.loose or any(lain.unit in check.void and lain.grams > light for lain in account.placed):
            unfinished += chance
        elif account.lean:
            leaning += chance
        elif lacks:
            missing += chance
        if account.unsaid > 30 and not account.wrong:
            bag += chance
    return Verdict(
        wrong / whole,
        unfinished / whole,
        missing / whole,
        risk / whole,
        leaning / whole,
        bag / whole,
        check.accounts[0],
    )


def worth_missing(check: Check) -> int:
    """Cents of what, in the likeliest account, is on its way and could be seen."""
    light = 2.5 * check.setting.division
    account = check.accounts[0]
    units = [check.units[i] for i in account.pending if account.placed or i not in account.out]
    return sum(unit.price for unit in units if unit.belief.wide or unit.belief.mean > light)


def let_be(check: Check) -> Check:
    """What has not come by now stays out."""
    return replace(check, accounts=tuple(replace(a, pending=(), out=()) for a in check.accounts))


def bag_known(check: Check) -> Check:
    """She has said that it is a bag."""
    return replace(check, accounts=tuple(replace(a, unsaid=0.0) for a in check.accounts))


LARGE = 700.0  # grams from which a thing may well be too large for the bag


def doubtful_skip(check: Check, line: int) -> float:
    """Chance that what a shopper calls too large for the bag, once she was asked for it, is somewhere else."""
    pending = check.accounts[0].pending
    units = [check.units[i] for i in pending if check.units[i].line == line]
    if not units:
        return 0.0
    heavy = max(unit.belief.mean for unit in units)
    price = sum(unit.price for unit in units)
    odds = 0.006 / (0.03 if heavy >= LARGE else 0.003) * min(3.0, price / 300) ** 0.5
    return odds / (1 + odds)
