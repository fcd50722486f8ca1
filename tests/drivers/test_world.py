"""The simulated world, and the scale that stands in it, over a real line."""

import queue
import threading

from drivers.scales.config import Toledo8217
from drivers.scales.models import worker as scale
from drivers.simulated.balance import Make
from drivers.simulated.scale_8217 import Mechanism, Scale8217
from drivers.simulated.world import Card, Scene, World
from kiosk.checkout.events import Event, WeightSettled
from kiosk.checkout.passed import DeviceSeen, ScaleRead
from kiosk.checkout.session import Health, Reading
from tests.drivers.rig import FlyClock

PATIENCE = 30.0


def test_observers_are_told_of_every_change():
    world = World()
    scenes: list[Scene] = []
    world.watch(scenes.append)
    world.put("bag", 500)
    world.put("bag", -200)
    world.change(card=Card(bank="declines"), cover_open=True)
    assert [scene.bag for scene in scenes] == [500, 300, 300]
    assert world.scene == Scene(bag=300, card=Card(bank="declines"), cover_open=True)


def test_no_change_is_lost_between_threads():
    world = World()
    threads = [threading.Thread(target=lambda: [world.put("bag", 1) for _ in range(500)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.scene.bag == 2000


def asked(mechanism: Mechanism, command: bytes) -> bytes:
    (answer,) = mechanism.answer(command)
    return answer


def test_the_scale_says_what_manuals_print():
    """Bytes of `vectors/scales/toledo_8217.json`, and of a scale of 15 kg with 5 g divisions."""
    clock = FlyClock()
    world = World()
    scale = Mechanism(world, "produce", Make(fixed=0), clock.now)
    assert asked(scale, b"W") == b"\x0200.000\r"
    assert asked(scale, b"Z") == b"\x02?\x10\r"
    for grams, moving, answer in (
        (1250, b"\x02?\x01\r", b"\x0201.250\r"),
        (1253, b"\x02?\x01\r", b"\x0201.255\r"),
        (16_000, b"\x02?\x03\r", b"\x02?\x02\r"),
        (-100, b"\x02?\x05\r", b"\x02?\x04\r"),
    ):
        world.change(produce=grams)
        assert asked(scale, b"W") == moving
        clock.time += 1
        assert asked(scale, b"W") == answer
    world.change(produce=500)
    asked(scale, b"W")
    clock.time += 1
    assert asked(scale, b"T\r") == b"\x02?\x20\r"
    world.change(produce=1500)
    asked(scale, b"W")
    clock.time += 1
    assert asked(scale, b"W\r") == b"\x0201.000N\r"
    assert asked(scale, b"Q") == b"\x02?\x60\r"
    assert asked(scale, b"C") == b"\x02?\x00\r"
    assert asked(scale, b"T00500\r") == b"\x02?\x20\r"


def test_a_load_too_large_is_not_zeroed():
    world = World(Scene(bag=400))
    scale = Mechanism(world, "bag", Make(fixed=0x40))
    assert asked(scale, b"Z") == b"\x02?\x48\r"


def test_a_scale_is_unplugged_and_comes_back():
    events: queue.Queue[Event] = queue.Queue()

    def until(kind: type, **fields: object) -> Event:
        while True:
            event = events.get(timeout=PATIENCE)
            holder = getattr(event, "device", None) or getattr(event, "live", event)
            if isinstance(event, kind) and all(getattr(holder, k) == v for k, v in fields.items()):
                return event

    world = World()
    with Scale8217(world, "bag", Make(settle=0.05)) as peer:
        config = Toledo8217(port=peer.port, rate=20, hold=0.2)
        worker = scale("bag", config, events.put)
        worker.start()
        until(DeviceSeen, health=Health.READY)
        until(WeightSettled, after=0)
        world.put("bag", 500)
        until(WeightSettled, before=0, after=500)
        peer.unplug()
        until(ScaleRead, reading=Reading.ABSENT)
        until(DeviceSeen, health=Health.OFFLINE)
        world.put("bag", 250)
        peer.replug()
        until(DeviceSeen, health=Health.READY)
        until(WeightSettled, before=500, after=750)
        assert worker.stop(PATIENCE)
