"""What a shop sets of a terminal that speaks the Terminal API."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from msgspec import Meta, Struct

SECONDS = Annotated[float, Meta(gt=0)]
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="nexo"):
    """A terminal asked over HTTPS: in the cloud (`url` …/sync), or itself on port 8443 (`url` …/nexo, `form` local).

    `poi_id` is the terminal (model-serial number), `sale_id` this lane. Secrets are files that nobody but their owner
    may read: `api_key_file` of the cloud; `passphrase_file` of the local form, whose key has the name `key_id` and
    `key_version`. `ca` is a PEM file that alone is trusted; the certificate of a local terminal names
    `common_name`, by itself `poi_id`.live.terminal.adyen.com. `voucher_brands` are the cards that count as meal
    vouchers. `socket`: the terminal is asked by `kiosk terminal`, a process of its own, behind that unix socket.
    `omits` names what this terminal never says, `record` a tape.

    Times in seconds: `patience` for a payment, `answer` for anything else; `commit` is how long we wait until the
    lane has written something down; `poll` how often the terminal is asked whether it is well, `retry` how often
    while it is not; `life` the longest that a request can be under way; `remembers` how long the terminal knows a
    ServiceID, after which it knows nothing of it any more.
    """

    url: Annotated[str, Meta(min_length=1)]
    poi_id: Annotated[str, Meta(min_length=1, max_length=60)]
    sale_id: Annotated[str, Meta(min_length=1, max_length=60)]
    form: Literal["cloud", "local"] = "cloud"
    api_key_file: str = ""
    passphrase_file: str = ""
    key_id: str = ""
    key_version: Annotated[int, Meta(ge=0)] = 1
    ca: str = ""
    common_name: str = ""
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "EUR"
    voucher_brands: tuple[str, ...] = ()
    socket: str = ""
    omits: tuple[Literal["amount", "currency", "terminal_id"], ...] = ()
    record: str = ""
    patience: SECONDS = 150.0
    answer: SECONDS = 15.0
    commit: SECONDS = 15.0
    poll: SECONDS = 60.0
    retry: SECONDS = 2.0
    life: SECONDS = 200.0
    remembers: SECONDS = 24 * 3600.0

    def __post_init__(self) -> None:
        address = urlsplit(self.url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError(f"`url` must be https://HOST…, not {self.url!r}")
        if address.scheme == "http" and address.hostname not in LOOPBACK:
            raise ValueError("`url` without TLS is allowed on loopback only")
        if self.form == "local" and not (self.passphrase_file and self.key_id):
            raise ValueError("the local form needs `passphrase_file` and `key_id`")
        if self.form == "local" and address.scheme == "https" and not self.ca:
            raise ValueError("the local form needs `ca`, the vendor's root certificate")
        if self.form == "cloud" and not self.api_key_file and address.hostname not in LOOPBACK:
            raise ValueError("the cloud form needs `api_key_file`")
        if self.life < self.patience:
            raise ValueError("`life` cannot be less than `patience`: so long we wait for an answer ourselves")
