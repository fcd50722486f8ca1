"""What a shop sets of a terminal that speaks Caisse-AP."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from drivers.terminals.currencies import CURRENCIES

SECONDS = Annotated[float, Meta(gt=0)]


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="caisse"):
    """A terminal that speaks Caisse-AP over IP (`port` socket://…:8888), called anew for every request.

    `caller` is the id that the association gives to the maker of a till, `till` ours at the terminal. `echoes`: it
    sends our private data back, so that an answer to somebody else is known; set it false for one that puts its own
    there. `ticket`: it sends the shopper's ticket (from version 0320). `newline`: it wants a line end. `meal_voucher`
    is the application asked for (CONECS), empty where it has none.

    `status`: how it tells of a payment that was lost sight of. "none": not at all, a colleague decides. "T": action T
    (PayXpert). "duplicate": the last ticket again, which is then also asked for before each payment. `reversal`: it
    cancels a payment, or can only pay out. `telecollection`: the end of the day sends its payments in.

    `omits`: what its approvals never say. The protocol has no tag for a terminal id; set it empty for a terminal that
    sends its serial number (AQ) with every answer, which is then compared. Amount and currency can never be missing:
    an approval without them could not be looked up. Times in seconds: `answer`
    the longest wait for a payment, in which the connection is never closed; `life` the longest that one can be under
    way; `ping` the wait for any other answer; `quiet` how long nothing may follow a whole one; `commit` our own time to
    write a result down; `poll`, `ready` and `ask` as for other terminals: how often it is asked whether it is well,
    how long a busy one is waited for, and how often it is asked then.
    """

    port: Annotated[str, Meta(min_length=1)]
    version: Literal["0300", "0310", "0320"] = "0300"
    caller: Annotated[str, Meta(pattern=r"^[0-9A-Z]{12}$")] = "012345678901"
    till: Annotated[str, Meta(pattern=r"^[0-9]{1,2}$")] = "01"
    currency: str = "EUR"
    echoes: bool = True
    ticket: bool = False
    newline: bool = False
    meal_voucher: Annotated[str, Meta(pattern=r"^([0-9A-Z]{3})?$")] = "00E"
    status: Literal["none", "T", "duplicate"] = "none"
    reversal: Literal["cancel", "credit"] = "cancel"
    telecollection: bool = False
    record: str = ""
    omits: tuple[Literal["terminal_id"], ...] = ("terminal_id",)
    life: SECONDS = 240.0
    answer: SECONDS = 180.0
    ping: SECONDS = 5.0
    quiet: SECONDS = 0.3
    commit: SECONDS = 15.0
    poll: SECONDS = 30.0
    ready: SECONDS = 20.0
    ask: SECONDS = 1.0

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise ValueError(f"currency must be one of {', '.join(CURRENCIES)}, not {self.currency!r}")
        if (self.ticket or self.status == "duplicate") and self.version != "0320":
            raise ValueError("tickets are sent from version 0320 on")
        if self.life < self.answer:
            raise ValueError("life must not be shorter than answer: a payment may be under way so long")
