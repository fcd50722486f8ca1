"""The installation: packages, fonts, the camera's decoders, the module that prices by weight, the voice."""

import importlib.util

from drivers.camera import missing
from drivers.camera.config import Config as Camera
from drivers.voices import Command, EngineLost
from kiosk.config import Config
from kiosk.readiness.faults import Fault
from kiosk.readiness.report import Check, ill, well
from kiosk.text import own_name, right_to_left
from kiosk.text.fonts import drawable

EXTRAS = {
    "argon2": "PINs of the staff",
    "PIL": "letters outside the printer's code page",
    "requests": "the store server",
    "gpiozero": "the lane light",
    "pyudev": "keyboards that nobody expects",
    "segno": "QR codes",
    "serial": "devices on serial lines",
}


def software(config: Config) -> list[Check]:
    return [
        installation(),
        fonts(config.shop.languages),
        *cameras(config),
        *weighing(config),
        *voice(config),
        *law(config),
    ]


def installation() -> Check:
    lacking = [f"{name} ({what})" for name, what in EXTRAS.items() if importlib.util.find_spec(name) is None]
    if lacking:
        return ill("software", "python packages", Fault.PACKAGE_MISSING, f"missing: {', '.join(lacking)}")
    return well("software", "python packages", "all there")


def fonts(languages: tuple[str, ...]) -> Check:
    """Whether every language of the shop can be drawn: a font for its script, and letters that join on paper."""
    without = [each for each in languages if not drawable(own_name(each))]
    joining = [each for each in languages if right_to_left(each)]
    lacking = [f"fonts-noto-core or fonts-noto-cjk ({', '.join(without)})"] if without else []
    if joining and importlib.util.find_spec("PIL"):
        from PIL import features

        lacking += [] if features.check("raqm") else [f"libfribidi0 ({', '.join(joining)} on paper)"]
    if lacking:
        return ill("software", "fonts", Fault.FONT_MISSING, f"missing: {'; '.join(lacking)}")
    return well("software", "fonts", ", ".join(languages))


def cameras(config: Config) -> list[Check]:
    """What the process of a camera needs of this machine; that it watches is said by its line, as a scanner's."""
    if not any(isinstance(one, Camera) for one in config.scanners):
        return []
    if lacking := missing.packages():
        said = f"missing: {', '.join(lacking)}"
        return [ill("software", "camera decoders", Fault.PACKAGE_MISSING, said)]
    why = missing.zbar()
    return [well("software", "camera decoders", f"zxing alone: {why}" if why else "zxing and zbar")]


def weighing(config: Config) -> list[Check]:
    """What prices by weight come from: its version and hash, and the plate that it keeps to."""
    from kiosk.loop import weighing_module

    if config.scales.produce is None:
        return []
    said = f"{weighing_module.VERSION} {weighing_module.digest()}, {config.rules.produce_plate}"
    return [well("software", "weighing module", said)]


def voice(config: Config) -> list[Check]:
    """Whether the voice makes a sound in every language of the shop."""
    if config.voice is None:
        return []
    engine = Command(config.voice)
    try:
        for language in config.shop.languages:
            engine.render("1", language, 5)
    except EngineLost as lost:
        return [ill("software", "voice", Fault.BROKEN, str(lost))]
    return [well("software", "voice", f"speaks {', '.join(config.shop.languages)}")]


def law(config: Config) -> list[Check]:
    """What the country wants and the configuration does not have."""
    return [ill("software", "configuration", Fault.NOT_CONFIGURED, want) for want in config.wants()]
