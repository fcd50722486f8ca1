"""What to do about it: nothing, wait in silence, ask with a card, call a colleague, stop the lane.

Chances times money decide, never persons. A suspicion that is strong enough gets a silent moment, then one card that
the shopper can settle alone; her answer counts for what liars and honest people make of it; what is left goes to a
colleague. At the payment everything must have come together; what a colleague has approved against strong and dear
evidence is looked at once more, whole.
"""

from enum import StrEnum
from math import exp, sqrt
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from kiosk.weight.account import Account
from kiosk.weight.check import SETTLED, Check, believed

Decision = Literal["ok", "wait", "ask", "staff", "block"]

# Chances that something is wrong, as of a thing of USUAL cents, from which to wait, to ask, to call a colleague.
SILENT, ASK, STAFF = 0.10, 0.20, 0.25
STOP = 400  # cents that may be lost although a colleague approved, from which the whole basket is looked at
SELF_FIXES = 3  # cards of one visit that her word may close
USUAL = 300  # cents that a chance is spoken of
BAG = 30  # grams of a bag that was not announced, from which a card asks about it
SEEN = 0.3  # chance of something unfinished that is waited for
NOT_THERE = 0.05  # how seldom something scanned is not there at the payment
CHEAP = 100  # cents of a thing that may stay out on her word
LARGE = 700.0  # grams from which a thing may well be too large for a bag
# How often a large thing stays out, a small one, or is elsewhere.
LEFT_OUT, LEFT_SMALL, TAKEN = 0.03, 0.003, 0.006


class Verdict(Struct, frozen=True):
    """Chances that something is wrong, is unfinished, is not there, is leaned on, is a bag that nobody told of;
    and cents at risk."""

    wrong: float
    unfinished: float
    missing: float
    leaning: float
    bag: float
    risk: float


def verdict(check: Check) -> Verdict:
    """What the accounts say together."""
    settling = check.paying and (check.quiet > 0 or check.card)
    wrong = unfinished = missing = leaning = bag = risk = whole = 0.0
    for account in check.accounts:
        chance = exp(account.odds)
        lacks = bool(expected(check, account))
        if settling and lacks:
            chance *= NOT_THERE
        whole += chance
        if account.wrong:
            wrong += chance
            risk += chance * account.wrong
            continue
        if account.unsaid > BAG:
            bag += chance
        if account.loose or _void_inside(check, account):
            unfinished += chance
        elif account.lean:
            leaning += chance
        elif lacks:
            missing += chance
    return Verdict(
        wrong / whole, unfinished / whole, missing / whole, leaning / whole, bag / whole, risk / whole
    )


def wrong_of_a_million(check: Check) -> int:
    """The chance that something is wrong, as a whole number of a million."""
    return round(verdict(check).wrong * 1_000_000)


def expected(check: Check, account: Account) -> list[int]:
    """The units on their way that the scale would see, without what was carried off with all the rest.

    Of what nobody has weighed yet nobody knows whether the scale sees it.
    """
    found = []
    for i in account.pending:
        belief = check.units[i].belief
        seen = not belief.wide and belief.mean > check.setting.light
        if seen and (account.placed or i not in account.out):
            found.append(i)
    return found


def _void_inside(check: Check, account: Account) -> bool:
    return any(lain.unit in check.void and lain.grams > check.setting.light for lain in account.placed)


def suspicion(check: Check, found: Verdict, tau: float, answered: bool) -> float:
    """The chance that somebody should look, as of a thing of 3 euros. `tau` shifts its odds: higher, fewer alarms."""
    value = sqrt(max(0.3, min(3.0, found.risk / max(1e-9, found.wrong) / USUAL)))
    odds = found.wrong / max(1e-12, 1 - found.wrong) * value
    chance = odds / (1 + odds)
    if check.paying and (check.quiet >= SETTLED or check.card):
        cheap = answered and sum(check.units[i].price for i in expected(check, check.best)) < CHEAP
        chance += found.unfinished + (0.0 if cheap else found.missing) + found.leaning
    if found.bag > SEEN:
        chance = max(chance, found.bag)
    chance = min(chance, 1 - 1e-9)
    odds = chance / (1 - chance) * exp(-tau)
    return odds / (1 + odds)


def decide(
    check: Check, *, reminder: bool = False, answer: bool = False, tau: float = 0.0
) -> tuple[Decision, Check]:
    """What to do now, after a reminder, an answer to the card, or anything else that happened."""
    found = verdict(check)
    chance = suspicion(check, found, tau, answer)
    if check.card:
        return _with_card(check, found, chance, reminder, answer)
    unfinished = found.missing + found.unfinished + found.leaning
    if check.paying and check.quiet < SETTLED and unfinished > SEEN:
        return "wait", check
    if check.paying and check.doubt >= STOP and not check.stopped:
        return "block", replace(check, stopped=True, card=True)
    if chance > ASK and (reminder or check.paying or check.paid):
        return "ask", replace(check, card=True)
    return _calm(check, found, chance)


def _with_card(
    check: Check, found: Verdict, chance: float, reminder: bool, answer: bool
) -> tuple[Decision, Check]:
    """The card stays until it is answered or nothing is left to ask; who answers in vain gets a colleague."""
    if answer:
        if chance > STAFF or check.told >= SELF_FIXES:
            return "staff", check
        return _calm(believed(check), found, chance)
    if chance > ASK:
        return "ask", check
    said, calm = _calm(check, found, chance)
    return (said, replace(calm, card=False)) if said == "ok" or reminder else ("ask", check)


def _calm(check: Check, found: Verdict, chance: float) -> tuple[Decision, Check]:
    done = check.paying and check.quiet >= SETTLED
    waits = chance > SILENT or found.unfinished > SEEN or found.leaning > SEEN
    if (waits or (check.paying and found.missing > 0.5)) and not done:
        return "wait", check
    return "ok", replace(check, quiet=0)


def doubtful(check: Check, line: int) -> bool:
    """Whether what she calls too large for a bag, now that it is missed, is small and dear enough for a colleague."""
    units = [check.units[i] for i in check.best.pending if check.units[i].line == line]
    if not units or not check.card:
        return False
    large = max(unit.belief.mean for unit in units) >= LARGE
    value = sqrt(min(2.0, sum(unit.price for unit in units) / USUAL))
    odds = TAKEN / (LEFT_OUT if large else LEFT_SMALL) * value
    return odds / (1 + odds) > STAFF


class Reason(StrEnum):
    """What a card is about."""

    UNEXPECTED = "unexpected"
    MISMATCH = "mismatch"
    MISSING = "missing"
    REMOVED = "removed"


def reason(check: Check) -> tuple[Reason, float, int | None]:
    """What to ask about: grams too much (negative: too little) and the line that it is about, where there is one.

    It is the likeliest account in which anything is to be asked; of an account that is all right, what is not there.
    """
    for account in check.accounts:
        if account.loose < 0 or account.lean < 0:
            return Reason.REMOVED, account.loose or account.lean, None
        void = [
            lain for lain in account.placed if lain.unit in check.void and lain.grams > check.setting.light
        ]
        if void:
            return Reason.UNEXPECTED, sum(lain.grams for lain in void), check.units[void[0].unit].line
        if account.swapped >= 0:
            unit = check.units[account.swapped]
            lies = sum(lain.grams for lain in account.placed if lain.unit == account.swapped)
            return Reason.MISMATCH, lies - unit.belief.mean, unit.line
        if (more := account.loose or account.unsaid or account.lean) > 0:
            return (Reason.MISMATCH if account.pending else Reason.UNEXPECTED), more, None
        if missing := expected(check, account):
            out = [i for i in missing if i in account.out]
            unit = check.units[missing[0]]
            return (Reason.REMOVED if out else Reason.MISSING), -unit.belief.mean, unit.line
    return Reason.UNEXPECTED, 0.0, None


class Guess(StrEnum):
    """What of all that may have happened is likeliest."""

    OWN_BAG = "own_bag"
    NOT_SCANNED = "not_scanned"
    ANOTHER = "another"
    NOT_THERE = "not_there"
    STILL_THERE = "still_there"
    TAKEN_OUT = "taken_out"
    LEANING = "leaning"
    NOTHING = "nothing"


def guess(check: Check) -> tuple[Guess, int | None]:
    """The likeliest account in which anything is to be asked, as a word, and the line that it is about if any."""
    for account in check.accounts:
        if account.loose < 0:
            return Guess.TAKEN_OUT, None
        if account.lean:
            return Guess.LEANING, None
        if _void_inside(check, account):
            void = next(lain.unit for lain in account.placed if lain.unit in check.void)
            return Guess.STILL_THERE, check.units[void].line
        if account.swapped >= 0:
            return Guess.ANOTHER, check.units[account.swapped].line
        if account.loose > 0:
            return Guess.NOT_SCANNED, None
        if account.unsaid > 0:
            return Guess.OWN_BAG, None
        if missing := expected(check, account):
            return Guess.NOT_THERE, check.units[missing[0]].line
    return Guess.NOTHING, None
