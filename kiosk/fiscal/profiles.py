"""What each country wants of receipts and books: one row a country, `shop.country` chooses. Law is data here.

In which cases paper comes unasked all the same (France's exceptions: D.541-371) is the shop's `rules.receipt_must`.

Sources: FR environment code L.541-15-10 and decree 2022-1565 (no receipt printed unasked), tax code 286 I 3 bis; DE AO
146a and KassenSichV (every receipt is issued and signed), AO 147; cash rounding BE, EE, SK, CH.
"""

import re
from typing import Literal

from msgspec import Struct


class Registration(Struct, frozen=True):
    """A number that has to stand on every receipt: its name, and how a line that bears it looks."""

    name: str
    pattern: str

    def found_in(self, lines: tuple[str, ...]) -> bool:
        return any(re.search(self.pattern, re.sub(r"[\s.]", "", line), re.IGNORECASE) for line in lines)


class Profile(Struct, frozen=True, kw_only=True):
    """One country's rules.

    `receipt_default` is ask or print; without `may_print_unasked` the shop may not choose print. `choices` are offered,
    and `unanswered` is what a shopper gets who walks away. `registrations` have to be on the receipt, `excerpt` of the
    ledger's chain too. `signs`: a fiscal device signs each sale. `cash_step` is the smallest coin in minor units,
    `keep_days` how long the books are kept.
    """

    country: str
    receipt_default: Literal["ask", "print"] = "ask"
    may_print_unasked: bool = True
    choices: tuple[str, ...] = ("print", "phone", "email", "none")
    unanswered: Literal["none", "print"] = "none"
    registrations: tuple[Registration, ...] = ()
    excerpt: bool = False
    signs: bool = False
    cash_step: int = 1
    keep_days: int = 3653

    def missing(self, registrations: tuple[str, ...]) -> list[str]:
        """The names of what has to stand on every receipt and does not."""
        return [each.name for each in self.registrations if not each.found_in(registrations)]


NEUTRAL = Profile(country="")
PROFILES = {
    profile.country: profile
    for profile in (
        Profile(
            country="FR",
            may_print_unasked=False,
            registrations=(
                Registration("SIRET", r"(?<!\d)\d{14}(?!\d)"),
                Registration("VAT number", r"FR[0-9A-Z]{2}\d{9}(?!\d)"),
            ),
            excerpt=True,
            keep_days=2192,
        ),
        Profile(
            country="DE",
            choices=("print", "phone", "email"),
            unanswered="print",
            registrations=(Registration("VAT number", r"DE\d{9}(?!\d)|\d{2,3}/\d{3,4}/\d{4,5}"),),
            signs=True,
            keep_days=3653,
        ),
        Profile(country="BE", cash_step=5),
        Profile(country="EE", cash_step=5),
        Profile(country="SK", cash_step=5),
        Profile(country="CH", cash_step=5),
    )
}


def profile_of(country: str) -> Profile:
    """The country's rules, by its two letters; neutral ones for a country that has no row."""
    return PROFILES.get(country.upper(), NEUTRAL)
