"""What the link has to be told."""

from typing import Annotated

from msgspec import Meta, Struct

Seconds = Annotated[float, Meta(gt=0)]
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class LinkConfig(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the store server is and how it is known.

    `server`: its address; http:// is refused but for loopback. `pin`: `sha256/…` of its public key, as
    `store serve` prints it. `token_file`: the device token that `store lane add` printed. `catalogue`, `socket`: the
    files shared with the kiosk's loop. The rest in seconds; back-off doubles from `retry` to `retry_most`, and
    each wait is shortened at random by up to half, so that lanes do not come back all at once. An open payment by
    phone is asked about every `wallet_poll`, for `wallet_watch` at most.
    """

    server: str = "https://127.0.0.1:8700"
    pin: str = ""
    token_file: str = "token"
    catalogue: str = "catalogue.db"
    socket: str = "link.sock"
    heartbeat: Seconds = 10.0
    connect_timeout: Seconds = 3.0
    answer_timeout: Seconds = 15.0
    member_timeout: Seconds = 2.0
    value_timeout: Seconds = 8.0
    wallet_poll: Seconds = 1.0
    wallet_watch: Seconds = 900.0
    retry: Seconds = 1.0
    retry_most: Seconds = 60.0

    def __post_init__(self) -> None:
        from urllib.parse import urlsplit

        url = urlsplit(self.server)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise ValueError(f"`server` must be https://HOST:PORT, not {self.server!r}")
        if url.scheme == "http" and url.hostname not in LOOPBACK:
            raise ValueError("`server` without TLS is allowed on loopback only")
        if url.scheme == "https" and not self.pin.startswith("sha256/"):
            raise ValueError("`pin` must be the server's sha256/…, which `store serve` prints")
        if self.retry_most < self.retry:
            raise ValueError("`retry_most` must not be less than `retry`")
