"""All sample pages by the name of their picture in the look."""

from collections.abc import Callable

from screens.widgets import Page
from tests.screens import samples, samples_staff
from tests.screens.variants import ONLY, VARIANTS

__all__ = ["ONLY", "PASSED_MS", "SAMPLES", "VARIANTS"]

SAMPLES: dict[str, Callable[[bool], Page]] = {
    "01-start": samples.start,
    "02-empty": samples.empty,
    "03-basket": samples.basket,
    "04-finder": samples.finder,
    "05-weigh": samples.weigh,
    "06-self-fix": samples.self_fix,
    "07-help-and-age": samples.help_and_age,
    "08-remove-undo": samples.remove_undo,
    "09-payment": samples.payment,
    "10-payment-checking": samples.checking,
    "11-receipt": samples.receipt,
    "12-thanks": samples.thanks,
    "13-attendant": samples_staff.attendant,
    "14-pin": samples_staff.pin,
    "15-service": samples_staff.service,
    "16-out-of-service": samples.out_of_service,
    "17-limits": samples.limits,
    "18-more-time": samples.more_time,
    "19-email": samples_staff.email,
}
PASSED_MS = {"08-remove-undo": 1400, "12-thanks": 3040, "18-more-time": 6000}
"""How long the time bars of a picture have run."""
