"""What a shop sets of its fiscal device."""

from typing import Annotated

from msgspec import Meta, Struct


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="model", tag="tse"):
    """`client` is the till's serial number as the TSE knows it (its ERS). Seconds: `within` for each answer,
    `look` between two looks at a TSE that has nothing to do. `tax_keys`: UST_SCHLUESSEL of a tax code, where its
    rate does not tell it (DSFinV-K Anlage 2)."""

    port: Annotated[str, Meta(min_length=1)]
    client: Annotated[str, Meta(pattern="^[A-Za-z0-9 '()+,./:=?-]{1,64}$")]
    within: Annotated[float, Meta(ge=0.1, le=60)] = 3.0
    look: Annotated[float, Meta(ge=1, le=3600)] = 30.0
    tax_keys: dict[str, Annotated[int, Meta(ge=1, le=99)]] = {}
    record: str = ""
