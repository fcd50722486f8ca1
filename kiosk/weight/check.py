"""The weight check of one visit: a handful of accounts, extended by everything that happens. Pure, frozen, no clock."""

from collections.abc import Callable
from math import exp, log

from msgspec import Struct
from msgspec.structs import replace

from kiosk.weight.account import Account, Lain, Setting, Unit
from kiosk.weight.change import WORSE, Story, Telling, depart, tell
from kiosk.weight.odds import lognormal, student, total

# Accounts that are kept at most: of the right ones, and of those in which something is wrong.
RIGHT, WRONG = 8, 6
WAVED_THROUGH = 0.3  # of what is wrong, how much a colleague approves all the same
SETTLED = 2  # reminders after which what is on its way at the payment should be there
# The next scan is what lies there, as she said or by chance.
MATCHES_LATE, MATCHES_LOOSE = log(0.8), log(0.3)
PART_LATE, PART_LOOSE = log(0.1), log(0.02)  # of it being only a part of that


class Check(Struct, frozen=True):
    """One visit. `level` is the last settled gross reading in grams, `void` are units that are no longer sold.

    `announced`: she said that a bag of her own comes; `full`: that a full bag goes. `paying` and `paid` say how far she
    is, `quiet` how many reminders have passed since all was well, `card` whether a card is open, `told` how many were
    closed with her word. `doubt` are the cents that may be lost though a colleague approved, `stopped` whether the
    lane was stopped for them.
    """

    setting: Setting = Setting()
    units: tuple[Unit, ...] = ()
    void: frozenset[int] = frozenset()
    accounts: tuple[Account, ...] = (Account(),)
    level: float = 0.0
    announced: bool = False
    full: bool = False
    paying: bool = False
    paid: bool = False
    quiet: int = 0
    card: bool = False
    told: int = 0
    doubt: int = 0
    stopped: bool = False

    @property
    def best(self) -> Account:
        """The likeliest account."""
        return self.accounts[0]

    @property
    def pending(self) -> tuple[Unit, ...]:
        """What by the likeliest account is on its way."""
        return tuple(self.units[i] for i in self.best.pending)

    @property
    def leaving(self) -> tuple[Unit, ...]:
        """What by the likeliest account should be taken out, for it is no longer sold."""
        return tuple(self.units[lain.unit] for lain in self.best.placed if lain.unit in self.void)


# ---- what happens


def scanned(check: Check, *units: Unit) -> Check:
    """One or more things alike were scanned: they are on their way, or are what lies there already."""
    first = len(check.units)
    new = tuple(range(first, first + len(units)))
    told: list[Story] = []
    for account in check.accounts:
        told.append((account.odds + (log(0.2) if account.late else 0.0), _to_come, (account, new)))
        if account.loose > 0:
            for count in range(1, len(units) + 1):
                odds = account.odds + _match(check.setting, account, units[0], count)
                told.append((odds, _was_there, (account, new, count, check.setting)))
            if (rest := account.loose - units[0].belief.mean) > check.setting.light:
                odds = account.odds + _match_part(check.setting, account, rest)
                told.append((odds, _was_part, (account, new, rest, check.setting)))
    return replace(check, units=check.units + units, accounts=best(told), paying=False)


def _match(setting: Setting, account: Account, unit: Unit, count: int) -> float:
    """How much likelier what lies loose is so many of this than anything else."""
    belief, grams = unit.belief, account.loose
    if belief.wide:
        near = lognormal(grams, log(belief.mean * count), belief.wide)
    else:
        near = student(grams - count * belief.mean, count * belief.var + setting.blur, belief.degrees)
    anything = lognormal(grams, setting.market.middle, setting.market.spread)
    return near - anything + (MATCHES_LATE if account.late else MATCHES_LOOSE)


def _match_part(setting: Setting, account: Account, rest: float) -> float:
    """How much likelier what lies loose is one of this and something more than one other thing."""
    market = setting.market
    both = lognormal(rest, market.middle, market.spread)
    anything = lognormal(account.loose, market.middle, market.spread)
    return both - anything + (PART_LATE if account.late else PART_LOOSE)


def _to_come(odds: float, account: Account, new: tuple[int, ...]) -> Account:
    return replace(account, odds=odds, pending=account.pending + new)


def _was_part(odds: float, account: Account, new: tuple[int, ...], rest: float, setting: Setting) -> Account:
    lain = Lain(new[0], account.loose - rest, setting.blur * 2)
    return replace(
        account, odds=odds, pending=account.pending + new[1:], placed=(*account.placed, lain), loose=rest
    )


def _was_there(odds: float, account: Account, new: tuple[int, ...], count: int, setting: Setting) -> Account:
    lain = tuple(Lain(i, account.loose / count, setting.blur * 2) for i in new[:count])
    return replace(
        account,
        odds=odds,
        pending=account.pending + new[count:],
        placed=account.placed + lain,
        loose=0.0,
        wrong=0,
        late=False,
    )


def voided(check: Check, line: int, count: int | None = None) -> Check:
    """A line is no longer sold (or `count` of it): what of it is on its way is forgotten, the rest must come out."""
    mine = [i for i, unit in enumerate(check.units) if unit.line == line and i not in check.void]
    if count is not None:
        pending = check.best.pending
        mine = sorted(mine, key=lambda i: (i not in pending, -i))[:count]
    void = check.void | frozenset(mine)
    accounts = tuple(_without(account, void) for account in check.accounts)
    return replace(check, void=void, accounts=accounts)


def _without(account: Account, void: frozenset[int]) -> Account:
    """What was put down for a thing that is now void is something that nobody has scanned."""
    pending = tuple(i for i in account.pending if i not in void)
    if account.swapped not in void:
        return replace(account, pending=pending)
    loose = account.loose + sum(lain.grams for lain in account.placed if lain.unit == account.swapped)
    placed = tuple(lain for lain in account.placed if lain.unit != account.swapped)
    return replace(account, pending=pending, placed=placed, loose=loose, swapped=-1)


def restored(check: Check, line: int) -> Check:
    """The removal of a line was undone: what still lies there is right again, the rest is on its way."""
    back = frozenset(i for i in check.void if check.units[i].line == line)
    accounts = []
    for account in check.accounts:
        lying = {lain.unit for lain in account.placed}
        accounts.append(replace(account, pending=account.pending + tuple(sorted(back - lying))))
    return replace(check, void=check.void - back, accounts=tuple(accounts))


def settled(check: Check, level: float) -> Check:
    """The bag scale has come to rest at `level` grams."""
    telling = Telling(check.units, check.void, check.setting, level, check.announced, check.full)
    change = level - check.level
    for account in check.accounts:
        (depart if check.paid else tell)(account, change, telling)
    if not telling.stories:
        return replace(check, level=level)
    accounts = best(telling.stories)
    announced = check.announced and accounts[0].bag <= check.best.bag
    return replace(
        check, level=level, accounts=accounts, announced=announced, full=check.full and change > -60
    )


def reminded(check: Check) -> Check:
    """Some seconds have passed and nothing moved: a hand would have gone, a late scan would have come."""
    patience = 0.6 if check.paying else 1.0

    def shift(account: Account) -> float:
        if account.lean:
            return -1.5 * patience
        if account.wrong or not account.loose:
            return 0.0
        return (-0.7 if account.loose > 0 else -0.4) * patience

    return replace(_shifted(check, shift), quiet=check.quiet + 1)


# ---- what is said


def says_bag(check: Check) -> Check:
    """Her own bag: announced, or as the answer to a card."""
    if not check.card:
        return replace(check, announced=True)
    return _answered(check, lambda account: 0.45 if account.wrong else 0.9 if account.unsaid else 0.1)


def says_full(check: Check) -> Check:
    """A full bag goes, or has gone with whatever was in it or on its way into it."""
    if not check.card:
        return replace(check, full=True)
    accounts = []
    for account in check.accounts:
        wrong = 0 if account.loose < 0 else account.wrong
        loose, lean = max(0.0, account.loose), max(0.0, account.lean)
        accounts.append(replace(account, pending=(), out=(), loose=loose, lean=lean, wrong=wrong))
    return _answered(replace(check, accounts=tuple(accounts)), lambda account: 1.0)


def says_moved(check: Check) -> Check:
    """Something was only moved, or leaned on."""
    if not check.card:
        return check

    def chance(account: Account) -> float:
        moved = account.lean or account.loose < 0
        return 0.6 if moved and not account.wrong else 0.3

    return _answered(check, chance)


def says_fine(check: Check) -> Check:
    """Nothing is wrong."""
    if not check.card:
        return check

    def chance(account: Account) -> float:
        if account.wrong:
            return 0.3
        return 0.05 if account.loose or account.lean else 0.9

    return _answered(check, chance)


def says_left_out(check: Check, line: int) -> Check:
    """What of this line is not in the bag stays out of it."""
    accounts = []
    for account in check.accounts:
        pending = tuple(i for i in account.pending if check.units[i].line != line)
        accounts.append(replace(account, pending=pending))
    return replace(check, accounts=best([(each.odds, _again, (each,)) for each in accounts]))


def _answered(check: Check, chance: Callable[[Account], float]) -> Check:
    """An answer to a card: how likely who lives through each account gives it. What she said of bags is known now."""
    check = _shifted(check, lambda account: log(chance(account)))
    return replace(check, accounts=tuple(replace(account, unsaid=0.0) for account in check.accounts))


def believed(check: Check) -> Check:
    """A card is closed with her word: what is wrong is hardly thought of any more, but it is not forgotten."""
    check = _shifted(check, lambda account: log(0.01) if account.wrong else 0.0)
    if check.paying:
        accounts = tuple(replace(account, pending=(), out=()) for account in check.accounts)
        check = replace(check, accounts=accounts)
    return replace(check, card=False, told=check.told + 1)


def approved(check: Check, corrected: bool = False) -> Check:
    """A colleague has looked: what lies there is right, and what does not lie there stays out.

    Who approves without having corrected anything may have waved it through: some doubt is left, in cents.
    """
    doubt = 0 if corrected else _left_in_doubt(check)
    right = next((each for each in check.accounts if not each.wrong and not each.lean), check.best)
    account = replace(
        right,
        odds=0.0,
        pending=(),
        out=(),
        placed=tuple(lain for lain in right.placed if lain.unit not in check.void),
        bag=right.bag + max(0.0, right.loose),
        unsaid=0.0,
        loose=0.0,
        lean=0.0,
        wrong=0,
        swapped=-1,
        late=False,
        alone=(),
    )
    return replace(check, accounts=(account,), card=False, quiet=0, doubt=max(check.doubt, doubt))


def _left_in_doubt(check: Check) -> int:
    """What may be lost by the accounts in which something is wrong, for all that was approved."""
    right = sum([exp(each.odds) for each in check.accounts if not each.wrong])
    wrong = [(WAVED_THROUGH * exp(each.odds), each.wrong) for each in check.accounts if each.wrong]
    whole = right + sum([chance for chance, _ in wrong])
    return round(sum([chance * cents for chance, cents in wrong]) / whole) if whole else 0


# ---- the likeliest few


def best(stories: list[Story]) -> tuple[Account, ...]:
    """Alike ones as one, their odds beside the likeliest; of the right and of the wrong ones some each."""
    stories.sort(key=_odds, reverse=True)
    top = stories[0][0]
    kept: dict[tuple[object, ...], Account] = {}
    room = {False: RIGHT, True: WRONG}
    for odds, make, how in stories[: 6 * RIGHT]:
        if odds < top - WORSE:
            break
        account = make(odds - top, *how)
        key = _what(account)
        old = kept.get(key)
        if old is not None:
            kept[key] = replace(old, odds=total([old.odds, account.odds]))
        elif room[account.wrong > 0]:
            room[account.wrong > 0] -= 1
            kept[key] = account
    return tuple(kept.values())


def _odds(story: Story) -> float:
    return story[0]


def _what(account: Account) -> tuple[object, ...]:
    """Accounts that say the same, to ten grams."""
    placed = tuple([lain.unit for lain in account.placed])
    rest = (round(account.bag, -1), round(account.loose, -1), round(account.lean, -1), account.wrong > 0)
    return (account.pending, placed, *rest)


def _again(odds: float, account: Account) -> Account:
    return replace(account, odds=odds)


def _shifted(check: Check, shift: Callable[[Account], float]) -> Check:
    """The same accounts, each more or less likely by so much (a logarithm)."""
    told: list[Story] = [(each.odds + shift(each), _again, (each,)) for each in check.accounts]
    return replace(check, accounts=best(told))
