"""The scales by the `model` of their table: of eight languages a lane loads those that it needs."""

from importlib import import_module
from typing import Any

from drivers.line import CLOCK, Clock, Line
from drivers.scales.config import AnyScale
from drivers.scales.frames import BadFrame, told
from drivers.scales.scale import Scale
from drivers.scales.settling import Settling
from drivers.worker import Emit, Worker

MODULES = {
    "toledo8217": "toledo_8217",
    "nci": "nci_scp",
    "cas": "cas_dc1",
    "sma": "sma",
    "adam": "adam",
    "digi": "digi_b",
    "dialog06": "dialog_06",
    "hid": "usb_hid",
}


def language(model: str) -> Any:
    """The module that speaks it: codec, decode, redact, ASKS."""
    return import_module(f"drivers.scales.{MODULES[model]}")


def driver(name: str, config: AnyScale) -> Scale:
    """The driver of the produce or the bag scale."""
    speaks = language(str(config.__struct_config__.tag))
    settling = Settling(config.division, config.hold) if name == "bag" else None
    return Scale(name, lambda: speaks.codec(config), config.rate, settling)


def worker(name: str, config: AnyScale, emit: Emit, clock: Clock = CLOCK) -> Worker[Line]:
    """The produce or the bag scale in a thread of its own, not yet started."""
    redact = language(str(config.__struct_config__.tag)).redact
    return Worker(name, lambda: config.open(redact, clock), driver(name, config), emit, clock)


def explain(data: bytes, options: dict[str, str]) -> dict[str, Any]:
    """What these bytes say: a question, or the last answer in them. BadFrame if they say nothing; `options`: model."""
    if unknown := options.keys() - {"model"}:
        raise BadFrame(f"no option {', '.join(sorted(unknown))}")
    speaks = language(options["model"])
    if data in speaks.ASKS:
        return {"kind": "request", "request": speaks.ASKS[data]}
    return told(speaks.decode(data))
