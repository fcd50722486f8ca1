"""Every driver's configuration: told apart by its model, bounded, and wrong keys are named."""

import msgspec
import pytest

from drivers.lights import gpio
from drivers.scales.config import AnyScale, BagScale, Dialog06, Toledo8217, UsbHid
from drivers.scales.models import MODULES, driver
from drivers.scanners import evdev, hid_pos, serial
from drivers.terminals import caisse, concert, zvt

PLAIN = {
    Toledo8217: {"model": "toledo8217", "port": "/dev/serial/by-id/scale"},
    serial.Config: {"model": "serial", "port": "/dev/serial/by-id/scanner"},
    evdev.Config: {"model": "evdev", "port": "/dev/input/by-id/scanner-event-kbd"},
    UsbHid: {"model": "hid", "port": "/dev/kiosk/produce"},
    hid_pos.Config: {"model": "hid-pos", "port": "/dev/kiosk/scanner"},
    gpio.Config: {"model": "gpio", "factory": "lgpio"},
    caisse.Config: {"model": "caisse", "port": "socket://192.168.10.20:8888"},
    concert.Config: {"model": "concert", "port": "/dev/serial/by-id/terminal"},
}


@pytest.mark.parametrize("kind", PLAIN)
def test_its_fewest_keys_are_enough(kind):
    assert isinstance(msgspec.convert(PLAIN[kind], kind), kind)


@pytest.mark.parametrize("kind", PLAIN)
def test_an_unknown_key_is_named(kind):
    with pytest.raises(msgspec.ValidationError, match="colour"):
        msgspec.convert(PLAIN[kind] | {"colour": "red"}, kind)


def test_scanners_are_told_apart_by_model():
    for kind in (serial.Config, evdev.Config, hid_pos.Config):
        assert isinstance(msgspec.convert(PLAIN[kind], serial.Config | evdev.Config | hid_pos.Config), kind)


@pytest.mark.parametrize("model", MODULES)
def test_scales_are_told_apart_by_model_and_made_by_it(model):
    config = msgspec.convert({"model": model, "port": "x"}, AnyScale)
    assert config.__struct_config__.tag == model
    assert driver("produce", config)


def test_a_scale_that_prices_is_no_bag_scale():
    with pytest.raises(msgspec.ValidationError, match="dialog06"):
        msgspec.convert({"model": "dialog06", "port": "x"}, BagScale)
    assert isinstance(msgspec.convert({"model": "dialog06", "port": "x"}, AnyScale), Dialog06)


def test_terminals_are_told_apart_by_model_and_say_what_they_never_tell():
    for kind in (caisse.Config, concert.Config):
        config = msgspec.convert(PLAIN[kind], zvt.Config | caisse.Config | concert.Config)
        assert isinstance(config, kind) and config.omits == ("terminal_id",)
        assert config.life >= config.answer


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (caisse.Config, {"currency": "XXX"}),
        (caisse.Config, {"caller": "short"}),
        (caisse.Config, {"till": "123"}),
        (caisse.Config, {"status": "X"}),
        (caisse.Config, {"omits": ["amount"]}),
        (caisse.Config, {"life": 10.0}),
        (caisse.Config, {"meal_voucher": "00e"}),
        (concert.Config, {"till": "1"}),
        (concert.Config, {"commit": 3.0}),
        (concert.Config, {"life": 10.0}),
        (concert.Config, {"currency": "XXX"}),
        (Toledo8217, {"rate": 0}),
        (Toledo8217, {"division": 0}),
        (Toledo8217, {"unit": "g"}),
        (Toledo8217, {"parity": "M"}),
        (Toledo8217, {"profile": "unheard"}),
        (UsbHid, {"baud": 9600}),
        (serial.Config, {"gap": 60}),
        (serial.Config, {"off": "€"}),
        (evdev.Config, {"layout": "dvorak"}),
        (evdev.Config, {"baud": 9600}),
        (hid_pos.Config, {"report": "zebra"}),
        (gpio.Config, {"green": 99}),
    ],
)
def test_what_is_out_of_bounds_is_named(kind, wrong):
    with pytest.raises(msgspec.ValidationError, match=next(iter(wrong))):
        msgspec.convert(PLAIN[kind] | wrong, kind)


def test_tickets_need_the_version_that_has_them():
    for wrong in ({"ticket": True}, {"status": "duplicate"}):
        with pytest.raises(msgspec.ValidationError, match="version"):
            msgspec.convert(PLAIN[caisse.Config] | wrong, caisse.Config)
        msgspec.convert(PLAIN[caisse.Config] | wrong | {"version": "0320"}, caisse.Config)
