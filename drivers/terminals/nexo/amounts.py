"""Amounts on this wire are JSON decimals in major units; here they are whole minor units. Never a float."""

from decimal import Decimal

from drivers.terminals.nexo.messages import NexoError
from kiosk.units import Minor

EXPONENTS = dict.fromkeys(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF"), 0
)
EXPONENTS |= dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
"""Decimals of the currencies that do not have two (ISO 4217)."""

MOST = 10**12
LONGEST = 20  # digits; more than that arithmetic on decimals rounds off


def exponent_of(currency: str) -> int:
    """How many decimals a currency has, by its three letters."""
    return EXPONENTS.get(currency, 2)


def major(amount: Minor, currency: str) -> Decimal:
    """So many minor units as they are sent: 1099 in EUR is 10.99."""
    return Decimal(amount).scaleb(-exponent_of(currency))


def minor(amount: Decimal, currency: str) -> Minor:
    """An amount as it was received in minor units. NexoError where the currency cannot have that amount."""
    if not amount.is_finite() or not 0 <= amount < MOST or len(amount.as_tuple().digits) > LONGEST:
        raise NexoError(f"no amount of money: {amount}")
    units = amount.scaleb(exponent_of(currency))
    if units != units.to_integral_value():
        raise NexoError(f"{currency} has no {amount}")
    return Minor(int(units))
