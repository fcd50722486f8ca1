"""kiosk run CONFIG: the kiosk itself."""

import argparse
import gc
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from drivers.voices import Command, Engine
from kiosk import notify, version, wire
from kiosk.catalogue import Catalogue, CatalogueError
from kiosk.checkout.effects import Deed
from kiosk.checkout.events import Event
from kiosk.checkout.passed import DeviceSeen, WeighingModuleSeen
from kiosk.checkout.session import Device, Health, Kept, OutOfService, Session
from kiosk.checks.watch import Watch
from kiosk.config import Config, ConfigError, Files, ScreenConfig, read
from kiosk.journal import Journal, JournalError
from kiosk.loop import Inbox, Loop, Timing
from kiosk.loop.clock import Clock, system_steady, system_wall
from kiosk.loop.ending import Ending
from kiosk.loop.face import Glass
from kiosk.loop.fingers import sources
from kiosk.loop.hands import Hands
from kiosk.loop.pulse import Pulse
from kiosk.loop.sounds import Mixer, Sounds
from kiosk.loop.status import StatusSocket, status
from kiosk.loop.talk import Talk
from kiosk.loop.telemetry import Telemetry, asked, state
from kiosk.loop.voice import Sink, Voice
from kiosk.loop.witness import Witness
from kiosk.stopping import signalled
from kiosk.text import Words
from screens.closed import NOT_SET_UP
from screens.screen import Screen, unmeasured
from screens.theme import Panel

log = logging.getLogger("kiosk")

HEARTBEAT = 10.0  # seconds
STOP_BY = 2.0
PR_SET_DUMPABLE = 4  # linux/prctl.h
AGAIN = os.EX_TEMPFAIL  # systemd starts it anew
MINUTE = 60_000
LOOK = 0.5  # seconds between looks at a screen that nobody can use


def undumpable() -> None:
    """No core dump of this process is ever written: its memory may hold what a terminal told of a card (Linux)."""
    import ctypes
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def open_screen(config: ScreenConfig) -> Screen:
    """The panel of the configuration; the SDL driver is fixed before SDL starts."""
    if config.driver:
        os.environ["SDL_VIDEODRIVER"] = config.driver
    os.environ.setdefault("SDL_TOUCH_MOUSE_EVENTS", "0")
    screen = Screen(
        Panel(px=config.px, mm=config.mm, rotation=config.rotation, floor=config.floor),
        config.brand,
        config.reduced_motion,
        fullscreen=config.fullscreen,
        pictures=Path(config.pictures) if config.pictures else None,
    )
    log.info("screen: %s", screen.video)
    return screen


def open_glass(config: Config, wall: Callable[[], int] = system_wall, voice: Voice | None = None) -> Glass:
    talk = Talk(voice, config.voice.speaker_dba) if voice and config.voice else None
    return Glass(
        open_screen(config.screen),
        config.shop.currency,
        config.shop.exponent,
        wall,
        Sounds() if config.screen.sound else None,
        talk,
        typing=not config.screen.fullscreen,
    )


def open_voice(
    config: Config, emit: Callable[[Event], None], engine: Engine | None, sink: Sink | None
) -> Voice | None:
    """The voice of audio mode, not yet started; None where the configuration has no table for it."""
    if config.voice is None:
        return None
    money = config.shop.currency, config.shop.exponent
    return Voice(
        engine or Command(config.voice),
        sink or Mixer(),
        lambda language: Words(language, *money),
        emit,
        time.monotonic,
    )


class Kiosk:
    """One lane, put together from its configuration: `begin` shows the first page, `live` goes on until stopped."""

    def __init__(self, config: Config, engine: Engine | None = None, sink: Sink | None = None) -> None:
        """`engine` and `sink` make and play the voice's sound; left out, a program and the sound card do."""
        self.config = config
        self.journal = Journal(
            Path(config.files.journal),
            config.files.keep_days,
            Path(config.files.device_key) if config.files.device_key else None,
            config.rules.anchor_minutes,
        )
        self.catalogue = Catalogue.open(Path(config.files.catalogue))
        self.journal.source = self.catalogue.source
        self.clock = Clock(self.journal.newest())
        self.inbox = Inbox()
        self.telemetry = Telemetry(version.VERSION)
        self.voice = open_voice(config, self.inbox.put, engine, sink)
        self.glass = open_glass(config, self.clock.now, self.voice)
        self.hands: Hands | None = None
        self.ending = Ending(system_steady)
        self._early: list[Deed] = []
        self._state, self._since, self._told = "", self.clock.now(), 0.0
        self._doubt = ""
        self._asked: tuple[wire.Asked, ...] = ()
        self._seen: Session | None = None
        self.witness = Witness(self.journal, self.clock.now, system_steady)
        self.loop = Loop(
            inbox=self.inbox,
            journal=self.journal,
            face=self.glass,
            policy=config.policy(self.journal.id),
            answer=lambda question: self._hands().answer(question),
            act=self._act,
            heed=lambda message: self._hands().heed(message),
            beat=self._beat,
            watch=self._watch,
            wall=self.clock.now,
        )
        self.watchers: list[Callable[[Session], None]] = []
        self.pulse = Pulse(self.journal, self.glass, system_steady)
        self.status = StatusSocket(Path(config.files.status), self._status)
        self.machine = Watch(self.inbox.put)

    def begin(self) -> None:
        """The first page is on the glass, and takes a touch, before any device is looked for."""
        self.loop.begin()
        notify.ready()
        self.witness.start(version.VERSION, self.loop.version_before)

    def reach_out(self) -> None:
        """Warm up what the first scan would wait for; start devices, link door and PIN desk; do what waited."""
        if self.hands is not None:
            return  # a question at the start was already there
        from kiosk.loop.outfit import outfit

        undumpable()
        for language in self.config.shop.languages:
            self.glass.words(language).warm()
        self.hands = outfit(
            self.config,
            inbox=self.inbox,
            journal=self.journal,
            catalogue=self.catalogue,
            glass=self.glass,
            telemetry=self.telemetry,
            clock=self.clock,
        )
        self._name_weighing()
        if not self.catalogue.version:
            self.inbox.put(DeviceSeen(Device("catalogue", Health.FAULT, "none has come yet")))
        self.machine.start()
        self.inbox.watch(sources())
        if self.voice is not None:
            self.voice.start()
        early, self._early = self._early, []
        for deed in early:
            self.hands.act(deed)
        gc.freeze()  # what has come so far stays: later collections need not look at it
        gc.enable()

    def _name_weighing(self) -> None:
        """The service page and the ledger name the code that prices by weight; a lane that weighs nothing has none."""
        from kiosk.loop import weighing_module

        if self.config.scales.produce is not None:
            found, rules = weighing_module.digest(), self.config.rules
            self.inbox.put(WeighingModuleSeen(weighing_module.shown(found)))
            self.witness.weighing(found, rules.produce_plate, rules.tare_max, rules.unit_price)

    def live(self) -> None:
        self.begin()
        self.reach_out()
        self.loop.run()

    def close(self) -> None:
        notify.stopping()
        self.status.close()
        self.machine.stop()
        if self.hands is not None:
            self.hands.close(STOP_BY)
        if self.voice is not None:
            self.voice.close()
        self.witness.stop()
        self.journal.close()
        self.catalogue.close()
        self.glass.close()

    def _hands(self) -> Hands:
        if self.hands is None:
            self.reach_out()
        assert self.hands is not None
        return self.hands

    def _watch(self, timing: Timing, session: Session) -> None:
        self.telemetry.turn(timing)
        for watcher in self.watchers:
            watcher(session)

    def _act(self, deed: Deed) -> None:
        if self.hands is None:
            self._early.append(deed)
        else:
            self.hands.act(deed)

    def _beat(self) -> None:
        """After each round of the loop: the watchdog, and now and then a word to the store server."""
        if self.pulse.beat():
            notify.watchdog()
        window_closed = self.glass.closed and not self.config.screen.fullscreen
        if self.ending.now(self.loop.session) or window_closed:
            self.loop.stopping = True
        now, session = time.monotonic(), self.loop.session
        self.witness.look(session.passing.server or self.config.link is None)
        self._look_at_the_clock()
        if self.hands is None or (now - self._told < HEARTBEAT and session is self._seen):
            return
        self._seen, word, wanted = session, state(session), asked(session)
        if now - self._told < HEARTBEAT and (word, wanted) == (self._state, self._asked):
            return
        self._asked = wanted
        if word != self._state:
            self._state, self._since = word, self.clock.now()
        self._told = now
        beat = self.telemetry.heartbeat(
            self.loop.session, self._since, self.clock.now(), self.journal.depth()
        )
        self.hands.tell(wire.Status(beat))
        self.hands.deliver()

    def _status(self) -> wire.LaneStatus:
        return status(
            self.loop.session,
            ready=self.hands is not None,
            frame_ms=self.pulse.frame_ms,
            journal_ms=self.pulse.journal_ms,
        )

    def _look_at_the_clock(self) -> None:
        """A time of day that cannot be believed is told to staff and books, once, and so is its end."""
        doubt = self.clock.detail
        if bool(doubt) is bool(self._doubt):
            return
        self._doubt = doubt
        self.witness.doubts(doubt)
        self.inbox.put(DeviceSeen(Device("clock", Health.FAULT if doubt else Health.READY, doubt)))


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="kiosk run", description="Start the kiosk.")
    parser.add_argument("config", type=Path)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args(argv)
    gc.disable()  # until everything is there: a start makes no garbage worth looking for
    logging.basicConfig(
        level=logging.DEBUG if options.verbose else logging.INFO, format="%(levelname)s %(name)s: %(message)s"
    )
    stop = signalled()
    if notify.supervised() and not options.config.exists():
        return wait_for(options.config, stop)
    try:
        config = read(options.config)
    except ConfigError as wrong:
        print(f"kiosk run: {wrong}", file=sys.stderr)
        return amend(options.config, str(wrong), stop) if notify.supervised() else os.EX_CONFIG
    try:
        return live(config, stop)
    except (JournalError, CatalogueError) as wrong:
        log.error("%s", wrong)
        return rest(config, str(wrong), stop)


def live(config: Config, stop: threading.Event) -> int:
    """The kiosk until it is told to stop."""
    kiosk = Kiosk(config)
    kiosk.ending.told = stop
    try:
        kiosk.live()
    finally:
        kiosk.close()
    return 0


def rest(config: Config, why: str, stop: threading.Event) -> int:
    """The books cannot be used: the lane takes a break, says so on the glass, and waits for a technician."""
    glass = open_glass(config)
    kept = Kept(OutOfService("device.storage"), config.shop.languages[0], config.policy(""))
    still(glass, kept, why, stop.is_set, stop, Path(config.files.status))
    return os.EX_DATAERR


def wait_for(path: Path, stop: threading.Event) -> int:
    """A machine that is no lane yet says how it becomes one; it ends once it is one, and is started again."""
    return until_changed(path, NOT_SET_UP, f"not set up yet: there is no {path}", stop)


def amend(path: Path, why: str, stop: threading.Event) -> int:
    """The configuration is wrong: nobody knows this screen's size or language, but it is not black, and a technician
    who puts it right has it started again."""
    return until_changed(path, "configuration", why, stop)


def until_changed(path: Path, reason: str, why: str, stop: threading.Event) -> int:
    log.warning("%s", why)
    before = changed(path)
    glass = Glass(Screen(unmeasured(), fullscreen=True), "EUR", 2, system_wall)
    kept, status = Kept(OutOfService(reason)), Path(Files().status)
    still(glass, kept, why, lambda: stop.is_set() or changed(path) != before, stop, status)
    return 0 if stop.is_set() else AGAIN


def changed(path: Path) -> int:
    """When a file was last written, in ns; 0: it is not there."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def still(
    glass: Glass, kept: Kept, why: str, over: Callable[[], bool], stop: threading.Event, status: Path
) -> None:
    """One page that nobody can do anything on, until it is over."""
    told = wire.LaneStatus(False, 0, 0, False, 0, 0, version.VERSION, fault=why)
    door, minute = StatusSocket(status, lambda: told), 0
    while not over():
        if minute != (minute := system_wall() // MINUTE):  # it says the time of day
            glass.show(Session(kept), 0)
            glass.draw(0)
            glass.flip()
            notify.ready(why)
        stop.wait(LOOK)
        glass.touched(0)
        notify.watchdog(why)
    door.close()
    glass.close()
