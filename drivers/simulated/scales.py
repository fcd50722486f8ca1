"""The simulated scales by the `model` of the table that configures their driver."""

import time
from collections.abc import Callable

from drivers.simulated.balance import Balance, Make, Plate, ScalePeer
from drivers.simulated.scale_8217 import Mechanism
from drivers.simulated.scale_asked import Adam, Cas, Digi, Nci, Sma
from drivers.simulated.scale_dialog06 import Dialog06
from drivers.simulated.scale_hid import Hid, HidPeer
from drivers.simulated.world import World

BALANCES: dict[str, type[Balance]] = {
    "toledo8217": Mechanism,
    "nci": Nci,
    "cas": Cas,
    "sma": Sma,
    "adam": Adam,
    "digi": Digi,
    "dialog06": Dialog06,
    "hid": Hid,
}


def balance(
    model: str,
    world: World,
    plate: Plate,
    make: Make = Make(),  # noqa: B008
    clock: Callable[[], float] = time.monotonic,
) -> Balance:
    return BALANCES[model](world, plate, make, clock)


def peer(
    model: str,
    world: World,
    plate: Plate,
    make: Make = Make(),  # noqa: B008
    number: int = 0,
) -> ScalePeer:
    """That scale on a TCP port."""
    scale = balance(model, world, plate, make)
    return HidPeer(scale, number) if isinstance(scale, Hid) else ScalePeer(scale, number)
