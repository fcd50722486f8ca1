"""What a shop sets of a terminal that speaks Concert E+."""

from typing import Annotated, Literal

from msgspec import Meta

from drivers.line import SerialConfig
from drivers.terminals.currencies import CURRENCIES

SECONDS = Annotated[float, Meta(gt=0)]


class Config(
    SerialConfig, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="concert"
):
    """A terminal that speaks Concert E+: 7E1 on RS232, as it is set here, 8N1 where it appears as a USB device.

    `till` is ours at the terminal. `echoes`: it sends our private data back, so that an answer to somebody else is
    known. `meal_voucher` is the payment mode of meal vouchers, empty where it has none. `online` has every payment
    authorised by the bank. `omits`: what its approvals never say; Concert has no field for a terminal id.

    Times in seconds: `answer` the longest wait for a result; `life` the longest that a payment can be under way;
    `byte` how long any single answer of the line may take; `commit`, shorter than that, our own time to write a
    result down before it is acknowledged; `poll`, `ready` and `ask` as for other terminals.
    """

    bytesize: Literal[7, 8] = 7
    parity: Literal["N", "E", "O"] = "E"
    till: Annotated[str, Meta(pattern=r"^[0-9]{2}$")] = "01"
    currency: str = "EUR"
    echoes: bool = True
    meal_voucher: Annotated[str, Meta(pattern=r"^[0-9A-Z]?$")] = ""
    online: bool = False
    omits: tuple[Literal["terminal_id"], ...] = ("terminal_id",)
    life: SECONDS = 240.0
    answer: SECONDS = 180.0
    byte: SECONDS = 3.0
    commit: SECONDS = 2.5
    poll: SECONDS = 30.0
    ready: SECONDS = 20.0
    ask: SECONDS = 1.0

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise ValueError(f"currency must be one of {', '.join(CURRENCIES)}, not {self.currency!r}")
        if self.commit >= self.byte:
            raise ValueError(
                "commit must be shorter than byte: the terminal waits no longer to be acknowledged"
            )
        if self.life < self.answer:
            raise ValueError("life must not be shorter than answer: a payment may be under way so long")
