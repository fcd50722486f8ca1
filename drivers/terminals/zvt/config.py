"""What a shop sets of a ZVT terminal."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from drivers.terminals.currencies import CURRENCIES
from drivers.terminals.zvt.fields import AUTO

SECONDS = Annotated[float, Meta(gt=0)]


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="zvt"):
    """A terminal that speaks ZVT over TCP, or over a serial line with `framing` serial (8N2, usually 9600 baud).

    `registration` BE: unattended, receipts come to the till as text, nobody pays or manages at the terminal itself.
    `charset` is the character set of its texts, or "auto". `terminal_id` pins the terminal, empty takes any; `record`
    names a tape. Times in seconds: t3 and t4 as in the manual; `issue` is how long the terminal waits for our word on
    a result, which leaves us `commit` to write it down, saying "not yet" every `pace`; `poll` how often we ask whether
    it is well; `ready` how long a busy terminal may take before we do not even start, asked every `ask`.
    """

    port: Annotated[str, Meta(min_length=1)]
    framing: Literal["tcp", "serial"] = "tcp"
    baud: Annotated[int, Meta(ge=300, le=921600)] = 9600
    password: Annotated[str, Meta(pattern=r"^\d{6}$")] = "000000"
    currency: str = "EUR"
    registration: Annotated[int, Meta(ge=0, le=255)] = 0xBE
    charset: str = "auto"
    record: str = ""
    terminal_id: str = ""
    omits: tuple[Literal["amount", "currency", "terminal_id"], ...] = ()
    mirrors: bool = False
    numbers: bool = True
    voucher_payment_type: Annotated[int, Meta(ge=0, le=255)] | None = None
    t1: SECONDS = 0.2
    t2: SECONDS = 5.0
    t3: SECONDS = 5.0
    t4: SECONDS = 180.0
    issue: Annotated[int, Meta(ge=1, le=255)] = 30
    commit: SECONDS = 15.0
    pace: SECONDS = 1.0
    poll: SECONDS = 30.0
    ready: SECONDS = 20.0
    ask: SECONDS = 1.0
    life: SECONDS = 4.5

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise ValueError(f"currency must be one of {', '.join(CURRENCIES)}, not {self.currency!r}")
        try:
            "".encode("cp437" if self.charset == AUTO else self.charset)
        except LookupError:
            raise ValueError(f"no such character set: {self.charset!r}") from None
