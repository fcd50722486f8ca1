"""What the configuration says of a camera; read by the lane and by the camera's own process."""

from typing import Annotated, Literal, TypeAlias, get_args

from msgspec import Meta, Struct

Symbology: TypeAlias = Literal[
    "EAN-13",
    "EAN-8",
    "UPC-A",
    "UPC-E",
    "DataBar",
    "DataBarLimited",
    "DataBarExp",
    "DataBarExpStk",
    "DataMatrix",
    "QR",
    "Code128",
    "ITF",
]
EVERY: tuple[Symbology, ...] = get_args(Symbology)
LIKELY = tuple(name for name in EVERY if name not in ("UPC-E", "ITF"))
"""UPC-E and ITF are most of what is read wrongly; a shop that sells under them names them."""


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="camera"):
    """`device`: /dev/v4l/by-id/…, an AVI, or pictures as `shelf_%02d.png`, which come again from the first one.

    `socket` joins the lane to `kiosk camera --watch`. `size` in pixels and `rate` in frames a second are asked of the
    camera. `share`: how much of a core, in per cent, reading may take in the long run. `gap`: seconds after which half
    a scan on the socket is thrown away. `record`: a tape of the lane's end.
    """

    device: Annotated[str, Meta(min_length=1)]
    socket: Annotated[str, Meta(min_length=1)]
    size: tuple[Annotated[int, Meta(ge=160, le=4096)], Annotated[int, Meta(ge=120, le=4096)]] = (640, 480)
    rate: Annotated[int, Meta(ge=2, le=60)] = 10
    share: Annotated[int, Meta(ge=1, le=100)] = 5
    symbologies: Annotated[tuple[Symbology, ...], Meta(min_length=1)] = LIKELY
    gap: Annotated[float, Meta(ge=0.02, le=5)] = 0.2
    record: str = ""
