"""What a plan has in store, done at its moment: the end of the process, and what link, terminal and disk do."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from drivers.simulated.terminal import TerminalPeer
from drivers.simulated.terminal_book import State
from drivers.simulated.world import Card, World
from tests.prove.books import Holder, stamped
from tests.prove.disk import FSYNC_ERROR, FULL, OK, WRITE_ERROR
from tests.prove.families import NUMBER, RULES, Family, wrapped
from tests.prove.hub import Hub
from tests.prove.plan import Kill, Plan
from tests.prove.process import Process
from tests.prove.watch import Watch
from tests.prove.wire import Net

CODES = {"full": FULL, "read-only": WRITE_ERROR, "fsync fails": FSYNC_ERROR}
COMMITS = {"K0", "K1", "K16", "K6", "K11", "K15", "K18"}
NOON = datetime(2026, 9, 21, 12)


class Trouble:
    """`reached` lists what was planned and came to pass: K0 to K20, link, terminal, disk."""

    def __init__(
        self,
        plan: Plan,
        family: Family,
        hub: Hub,
        net: Net,
        watch: Watch,
        process: Callable[[], Process | None],
    ) -> None:
        self.plan, self.family, self.hub, self.net, self.watch = plan, family, hub, net, watch
        self._process = process
        self.world, self.holder = World(), Holder()
        self.reached: list[str] = []
        self.kills = list(plan.kills)
        self.away_until = self.disk_until = self.terminal_until = 0.0
        self.card: Callable[[], Card] = Card
        self.terminals: list[TerminalPeer] = []
        self.terminal = self._new_terminal()
        self._passed: Counter[str] = Counter()
        self._inside = 0
        self._due_to = {"link", "terminal", "disk"}
        if plan.terminal == "receipt wraps":
            wrapped(self.terminal.book)
        self.terminal.script.update(dict(plan.script))
        if plan.terminal in {"receipt wraps", "misspeaks"}:
            self.reached.append("terminal")
            self._due_to.discard("terminal")
        watch.at = self.at
        net.noted = watch.wired
        net.cut_send = self._first_bytes

    def _new_terminal(self) -> TerminalPeer:
        peer = self.family.peer(self.world)
        peer.book.clock = lambda: NOON + timedelta(seconds=self.hub.now)
        peer.book.rule = RULES[self.plan.rule]
        stamped(peer, self.holder)
        self.terminals.append(peer)
        return peer

    @property
    def back(self) -> float:
        """Since when link, terminal, disk and kiosk are all there again."""
        return max(self.net.back, self.disk_until, self.away_until, self.terminal_until)

    def look(self) -> None:
        """A terminal that says it is busy is not there yet."""
        if self.terminal.busy_answers or any(
            entry.state is State.PENDING for entry in self.terminal.book.entries
        ):
            self.terminal_until = max(self.terminal_until, self.hub.now)

    # ---- at its moment

    def at(self, moment: str) -> None:
        process = self._process()
        if process is None or process.life.dead:
            return
        plan = self.plan
        for number, what in enumerate(("link", "terminal", "disk")):
            if what in self._due_to and moment == plan.when[number]:
                self._due_to.discard(what)
                getattr(self, f"_{what}")()
        if self._due(moment):
            kill = self.kills[0]
            if kill.inside and moment in COMMITS:
                self._inside = kill.inside
            else:
                self._kill(kill, process)

    def _first_bytes(self, data: bytes) -> bytes:
        process = self._process()
        if process is not None and self.watch.sending_first() and self._due("K2"):
            data = data[: self.hub.random.randrange(len(data))]
            self._kill(self.kills[0], process)
        return data

    def _due(self, moment: str) -> bool:
        process = self._process()
        if not self.kills or self.kills[0].at != moment or process is None or process.life.dead:
            return False
        self._passed[moment] += 1
        return self._passed[moment] > self.kills[0].skip and not self._inside

    def _kill(self, kill: Kill, process: Process) -> None:
        self.kills.pop(0)
        self._passed.clear()
        self._inside = 0
        self.reached.append(kill.at)
        process.disk.tears = self.plan.disk == "torn page"
        if process.disk.tears and kill.power and "disk" in self._due_to:
            self._due_to.discard("disk")
            self.reached.append("disk")
        self.away_until = self.hub.now + kill.away
        process.end(kill.power)
        self.reached += ["power cut"] * kill.power + ["unsynced"] * bool(process.disk.unsynced)
        if self.plan.link == "back after restart" and "link" in self._due_to:
            self._due_to.discard("link")
            self.reached.append("link")
            self.net.down_until = self.away_until + 15
            self.net.loses()

    # ---- the disk

    def wrote(self, what: str) -> None:
        """A write or sync is about to be done: the process may end in the middle of a commit."""
        process = self._process()
        if self._inside and process is not None:
            self._inside -= 1
            if not self._inside and self.kills:
                self._kill(self.kills[0], process)

    def fault(self, what: str) -> int:
        """What SQLite is told of that write or sync."""
        if self.hub.now >= self.disk_until:
            return OK
        code = CODES[self.plan.disk]
        return OK if code == FSYNC_ERROR and what != "sync" else code

    def _disk(self) -> None:
        if self.plan.disk in CODES:
            self.reached.append("disk")
            self.disk_until = self.hub.now + self.hub.random.choice((0.5, 20.0))

    # ---- the link

    def _link(self) -> None:
        hub, net = self.hub, self.net
        if self.plan.link == "none" or (self.plan.link == "back after restart" and self.kills):
            self._due_to.add("link")
            return
        self.reached.append("link")
        match self.plan.link:
            case "reset":
                hub.later(0, net.reset)
            case "drop 1 s":
                net.held_until = hub.now + 1
            case "drop 10 s":
                net.held_until = hub.now + 10
            case "drop > T4":
                net.held_until = hub.now + 200
            case "half open" if net.serial:
                net.held_until = hub.now + 30
            case "half open":
                net.loses()
                hub.later(0.01, self.terminal.reboot)
            case "replugged":
                hub.later(0, net.reset)
                net.down_until = hub.now + hub.random.choice((0.5, 20.0))
            case "back after restart":
                hub.later(0, net.reset)
                net.down_until = hub.now + 30

    # ---- the terminal

    def _terminal(self) -> None:
        hub, terminal = self.hub, self.terminal
        if self.plan.terminal == "stays up":
            return
        self.reached.append("terminal")
        match self.plan.terminal:
            case "reboots, keeps":
                terminal.book.rule = RULES[0]
                hub.later(hub.random.choice((0, 0.1)), terminal.reboot)
            case "reboots, reverses":
                terminal.book.rule = RULES[1 + self.plan.rule % 3]
                hub.later(hub.random.choice((0, 0.1)), terminal.reboot)
            case "busy":
                terminal.busy_answers = 8
            case "card left in":
                self._card_inside(terminal)
            case "declines after":
                self.world.change(card=Card(bank="declines"))
                hub.later(60, lambda: self.world.change(card=self.card()))
            case "day ended":
                hub.later(0, terminal.reboot)
            case "swapped":
                hub.later(0, self._swap)

    def _card_inside(self, terminal: TerminalPeer) -> None:
        if not isinstance(getattr(terminal, "status", None), int):
            terminal.busy_answers = 5
            return
        terminal.status = 0xDC
        self.terminal_until = self.hub.now + 8
        self.hub.later(8, lambda: setattr(terminal, "status", 0))

    def _swap(self) -> None:
        """Another terminal stands there, with another id and another book."""
        old = self.terminal
        old.reboot()
        old.unplug()
        self.terminal = self._new_terminal()
        self.terminal.terminal_id = "29001099"
        if hasattr(self.terminal, "poi_id"):  # which the lane is not set up for: the old one comes back
            self.terminal.poi_id = "V400m-347069299"
            self.terminal_until = self.hub.now + 120
            self.hub.later(120, lambda: self._swap_back(old))
        book, last = self.terminal.book, old.book
        book.receipt, book.trace = last.receipt + 1, last.trace + 1
        if (before := book.before) is not None:  # as if it were the payment that is being asked about
            before.receipt, before.trace, before.amount = book.receipt, book.trace, self.holder.amount

    def _swap_back(self, old: TerminalPeer) -> None:
        self.terminal.unplug()
        old.replug()
        self.net.peers[NUMBER] = old  # type: ignore[assignment]
        self.terminals.remove(old)
        self.terminals.append(old)
        self.terminal = old
