"""The shop's rules for colleagues, as they are written in its file."""

import pytest

from kiosk.config import ConfigError, parse
from kiosk.units import Grams, Minor

LANE = """
[lane]
store = "1"
number = "4"
[shop]
name = "Tilleul"
[rules]
override_limit = 2000
audit = true
skip_heavy = 2500
{more}
"""
RESTRICTED = """
[rules.reasons]
cancel_sale = ["left_behind", "Feueralarm"]
[[rules.restricted]]
name = "alcohol"
closed = ["22:00", "08:00"]
[[rules.restricted]]
name = "medicine"
most = 2
"""


def test_they_reach_the_core_as_they_are_written() -> None:
    policy = parse(LANE.format(more=RESTRICTED), "shop.toml").policy("j0")
    assert (policy.override_limit, policy.refund_limit) == (Minor(2000), Minor(0))
    assert policy.audit and policy.skip_heavy == Grams(2500)
    alcohol, medicine = policy.restricted
    assert (alcohol.closed, alcohol.most, medicine.most, medicine.tag) == (("22:00", "08:00"), 0, 2, False)
    assert policy.reasons == {"cancel_sale": ("left_behind", "Feueralarm")}


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('[rules.reasons]\nrefund_all = ["x"]', "rules.reasons"),
        ("[rules.reasons]\nvoid = []", "rules.reasons"),
        ('[[rules.restricted]]\nname = "alcohol"\nclosed = ["24:00", "08:00"]', "rules.restricted"),
        ("staff_codes = true", "rules.staff_codes"),
    ],
)
def test_what_cannot_be_meant_is_named(more: str, key: str) -> None:
    with pytest.raises(ConfigError) as wrong:
        parse(LANE.format(more=more), "shop.toml").verify("shop.toml")
    assert key in str(wrong.value)
