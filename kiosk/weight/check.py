"""The check of one visit: a handful of accounts, extended by every event; a pure function of what happened."""

from collections.abc import Callable, Iterable
from math import exp, log

from msgspec import Struct
from msgspec.structs import replace

from kiosk.weight.account import BEAM, WORSE, Account, Setting, Unit
from kiosk.weight.change import Told, fit, stories
from kiosk.weight.odds import lognormal, total


class Check(Struct, frozen=True):
    """One visit. `level` is the last settled gross reading; `silence` how often time has passed since it was right."""

    setting: Setting = Setting()
    units: tuple[Unit, ...] = ()
    void: frozenset[int] = frozenset()
    accounts: tuple[Account, ...] = (Account(),)
    level: float = 0.0
    announced: bool = False
    full: bool = False


def best(stories: Iterable[tuple[float, Callable[[float], Account]]]) -> tuple[Account, ...]:
    """The likeliest few, alike ones as one, their odds beside the best of them."""
    some = sorted(stories, key=lambda story: -story[0])
    top = some[0][0]
    kept: dict[tuple[object, ...], Account] = {}
    for odds, make in some[: 4 * BEAM]:
        if odds < top - WORSE or len(kept) >= BEAM:
            break
        account = make(odds - top)
        key = (
            account.pending,
            tuple(lain.unit for lain in account.placed),
            round(account.bag, -1),
            round(account.loose, -1),
            round(account.lean, -1),
            account.wrong > 0,
        )
        old = kept.get(key)
        kept[key] = account if old is None else replace(old, odds=total([old.odds, account.odds]))
    return tuple(kept.values())


def scanned(check: Check, units: tuple[Unit, ...]) -> Check:
    """One or more things alike were scanned: they are on their way, or are what lies there already."""
    first = len(check.units)
    new = tuple(range(first, first + len(units)))
    market = check.setting.market
    told: list[tuple[float, Callable[[float], Account]]] = []
    for account in check.accounts:
        told.append((account.odds + (log(0.2) if account.story == "late" else 0.0), _come(account, new)))
        if account.loose > 0:
            belief = units[0].belief
            for count in range(1, len(units) + 1):
                if belief.wide:
                    near = lognormal(account.loose, log(belief.mean * count), belief.wide)
                else:
                    off = account.loose - count * belief.mean
                    near = fit(off, count * belief.var + check.setting.blur, belief.dof)
                fresh = lognormal(account.loose, market.middle, market.spread)
                odds = account.odds + near - fresh + (log(0.8) if account.story == "late" else log(0.3))
                told.append((odds, _was(account, new, count, check)))
    check = replace(check, units=check.units + units)
    return replace(check, accounts=best(told))


def _come(account: Account, new: tuple[int, ...]) -> Callable[[float], Account]:
    return lambda odds: replace(account, odds=odds, pending=account.pending + new)


def _was(account: Account, new: tuple[int, ...], count: int, check: Check) -> Callable[[float], Account]:
    from kiosk.weight.account import Lain

    def after(odds: float) -> Account:
        each = account.loose / count
        lain = tuple(Lain(i, each, check.setting.blur * 2) for i in new[:count])
        return replace(
            account,
            odds=odds,
            pending=account.pending + new[count:],
            placed=account.placed + lain,
            loose=0.0,
            wrong=0,
            story="",
        )

    return after


def voided(check: Check, line: int, count: int | None = None) -> Check:
    """The line is no longer sold (or `count` of it): what of it is on its way is forgotten, the rest must come out."""
    mine = [i for i, unit in enumerate(check.units) if unit.line == line and i not in check.void]
    if count is not None:
        mine = mine[len(mine) - count :]
    void = check.void | frozenset(mine)
    accounts = tuple(
        replace(account, pending=tuple(i for i in account.pending if i not in void))
        for account in check.accounts
    )
    return replace(check, void=void, accounts=accounts)


def settled(check: Check, level: float) -> Check:
    """The scale has come to rest at `level`."""
    told = Told(check.units, check.void, check.setting, check.announced, check.full)
    change = level - check.level
    found = []
    for account in check.accounts:
        found += stories(account, change, level, told)
    if not found:
        return replace(check, level=level)
    accounts = best(found)
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
    accounts = []
    for account in check.accounts:
        odds = account.odds
        if account.lean:
            odds -= 1.5 * patience
        elif account.loose > 0 and not account.wrong:
            odds -= 0.7 * patience
        elif account.loose < 0 and not account.wrong:
            odds -= 0.4 * patience
        accounts.append(replace(account, odds=odds))
    return replace(check, accounts=best((a.odds, lambda o, a=a: replace(a, odds=o)) for a in accounts))


def weighted(check: Check, weight: Callable[[Account], float]) -> Check:
    """Something was said: each account by how well it goes with it (a probability)."""
    told = [(a.odds + log(max(1e-9, weight(a))), lambda o, a=a: replace(a, odds=o)) for a in check.accounts]
    return replace(check, accounts=best(told))


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
    best: Account


def visible(check: Check, account: Account) -> bool:
    light = 2.5 * check.setting.division
    for i in account.pending:
        belief = check.units[i].belief
        if belief.wide or belief.mean > light:
            return True
    return False


def verdict(check: Check) -> Verdict:
    wrong = unfinished = missing = risk = whole = leaning = 0.0
    for account in check.accounts:
        chance = exp(account.odds)
        whole += chance
        if account.wrong:
            wrong += chance
            risk += chance * account.wrong
        elif account.loose or any(lain.unit in check.void for lain in account.placed):
            unfinished += chance
        elif account.lean:
            leaning += chance
        elif visible(check, account):
            missing += chance
    return Verdict(wrong / whole, unfinished / whole, missing / whole, risk / whole, leaning / whole, check.accounts[0])
