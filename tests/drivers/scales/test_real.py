"""The part of the contract that a scale can be asked without a hand that puts things on it. With `--real CONFIG` it is
the scales of that TOML, in real time; else the simulated ones."""

import queue
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import pytest

from drivers.line import CLOCK, Line, LineLost
from drivers.scales.config import AnyScale
from drivers.scales.models import language, worker
from drivers.scales.scale import Talk
from drivers.simulated.balance import Make
from drivers.simulated.scales import peer
from drivers.simulated.world import World
from drivers.worker import Worker
from kiosk.checkout.events import Event
from kiosk.checkout.passed import DeviceSeen, ScaleRead
from kiosk.checkout.session import Health, Reading
from tests.drivers.scales.bench import MODELS, config_of

PATIENCE = 30.0
USABLE = (Reading.WEIGHT, Reading.ZERO)


@contextmanager
def scales(real: Path | None) -> Iterator[dict[str, AnyScale]]:
    """The configurations of what is there, by name."""
    with ExitStack() as stack:
        if real is not None:
            tables = tomllib.loads(real.read_text()).get("scales", {})
            yield {name: msgspec.convert(table, AnyScale) for name, table in tables.items()}
            return
        found = {}
        for model in MODELS:
            scale = stack.enter_context(peer(model, World(), "bag", Make(settle=0.02)))
            found[model] = config_of(model, port=scale.port)
        yield found


@pytest.fixture
def there(real: Path | None) -> Iterator[dict[str, AnyScale]]:
    with scales(real) as found:
        assert found, f"no [scales.…] in {real}"
        yield found


def started(name: str, config: AnyScale) -> tuple[Worker[Line], "queue.SimpleQueue[Event]"]:
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    thread = worker(name, config, events.put)
    thread.start()
    return thread, events


def until_ready(events: "queue.SimpleQueue[Event]") -> None:
    while True:
        event = events.get(timeout=PATIENCE)
        if isinstance(event, DeviceSeen) and event.device.health is Health.READY:
            return


def test_it_answers_and_says_what_lies_there(there: dict[str, AnyScale]) -> None:
    """Of an Adam that says each weight once, nobody knows before it has said one."""
    for name, config in there.items():
        thread, events = started(name, config)
        until_ready(events)
        wanted = USABLE if not getattr(config, "silent", False) else (*USABLE, Reading.STALE)
        while True:
            event = events.get(timeout=PATIENCE)
            if isinstance(event, ScaleRead) and event.live.reading in wanted:
                break
        assert thread.stop(PATIENCE), name


def test_it_goes_on_answering_after_a_line_was_opened_again(there: dict[str, AnyScale]) -> None:
    for name, config in there.items():
        for _ in range(3):
            thread, events = started(name, config)
            until_ready(events)
            assert thread.stop(PATIENCE), name


def test_every_answer_of_twenty_is_whole(there: dict[str, AnyScale]) -> None:
    for config in there.values():
        speaks = language(str(config.__struct_config__.tag))
        line = config.open(speaks.redact)
        try:
            codec, talk = speaks.codec(config), Talk(line, CLOCK)
            for _ in range(20):
                assert codec.weigh(talk).live.reading is not Reading.ABSENT
        finally:
            line.close()


def test_where_nobody_answers_the_line_is_lost() -> None:
    config = config_of("nci", port="socket://127.0.0.1:1")
    with pytest.raises(LineLost):
        config.open(language("nci").redact)
