"""What moves and for how long: from two frames and a clock to a Moment for each part. Pure; time in ms is
given."""

from screens.marks import REST, Bar, Frame, Marker, Moment, Part, Rect, Waiting
from screens.theme import Motion


def ease_out(share: float) -> float:
    """Fast first, then settling; 0 to 1."""
    return float(1 - (1 - share) ** 3)


class Moves:
    """The movements that go on between what was shown and what is shown."""

    def __init__(self, motion: Motion, reduced: bool = False) -> None:
        self._motion, self.reduced = motion, reduced
        self._rise: tuple[int, int, int] | None = None
        self._sweeps: dict[str, int] = {}
        self._since: dict[str, int] = {}
        self._held = ""
        self._sinking: int | None = None
        self._rising: dict[str, int] = {}
        self._lift: int | None = None
        self.fade: int | None = None

    def begin(self, old: Frame | None, new: Frame, now: int, another: bool) -> None:
        """Start what follows from a change; `another` when it is another page."""
        before = {part.id: part for part in old.parts} if old else {}
        after = {part.id: part for part in new.parts}
        self._clocks(before, new, now)
        if self.reduced or old is None:
            return
        if another:
            self.settle()
            self.fade = now
            return
        height = risen(before, after)
        if height:
            line = any(name.startswith("now:") and name not in before for name in after)
            self._rise = (now, height, self._motion.paper_rise if line else self._motion.notice_rise)
        for part in new.parts:
            if has(part, Marker) and not (part.id in before and has(before[part.id], Marker)):
                self._sweeps[part.id] = now
        if "amount" in before and "amount" in after and before["amount"].marks != after["amount"].marks:
            self._lift = now

    def hold(self, name: str, now: int) -> None:
        """The finger is on the key of that id ("": on none): it goes down by its lip, the one before comes up."""
        if self._held and not self.reduced:
            self._rising[self._held] = now
        self._held, self._sinking = name, now if name and not self.reduced else None
        self._rising.pop(name, None)

    def _sunk(self, part: Part, now: int) -> int:
        """How far a key's face has sunk towards its lip."""
        if part.id in self._rising:
            return round(part.lip * (1 - ease_out(share(now, self._rising[part.id], self._motion.release))))
        if self._sinking is None:
            return part.lip
        return round(part.lip * ease_out(share(now, self._sinking, self._motion.press)))

    def _clocks(self, before: dict[str, Part], new: Frame, now: int) -> None:
        """Bars and dots run from when they were first shown."""
        for part in new.parts:
            if has(part, Bar) or has(part, Waiting):
                if part.id not in before or part.id not in self._since:
                    self._since[part.id] = now
            else:
                self._since.pop(part.id, None)

    def settle(self) -> None:
        """End all transitions; clocks go on."""
        self._rise = self._lift = self.fade = self._sinking = None
        self._sweeps.clear()
        self._rising.clear()

    def moment(self, part: Part, now: int) -> Moment:
        """How far a part has moved."""
        motion = self._motion
        dy, swept, left, phase, sunk = 0, 1.0, 1.0, 2, 0
        held = part.key is not None and part.id == self._held
        if self._rise and part.zone == "slip":
            start, height, ms = self._rise
            dy = round(height * (1 - ease_out(share(now, start, ms))))
        if self._lift is not None and part.id == "amount":
            done = share(now, self._lift, motion.total_count)
            dy = -round(4 * (1 - ease_out(done)))
        if part.id in self._sweeps:
            swept = share(now, self._sweeps[part.id], motion.highlight_sweep)
        if held or part.id in self._rising:
            sunk = self._sunk(part, now)
        if part.id in self._since:
            passed = now - self._since[part.id]
            for mark in part.marks:
                if isinstance(mark, Bar):
                    left = min(1.0, max(0.0, 1 - passed / mark.ms))
                elif isinstance(mark, Waiting) and not self.reduced:
                    phase = (2 + passed * 4 // motion.dots_cycle) % 4
        if dy == sunk == 0 and swept == left == 1 and phase == 2 and not held:
            return REST
        return Moment(dy, swept, left, phase, sunk, held)

    def faded(self, now: int) -> float:
        """Share of the new page that is seen over the old one."""
        return 1.0 if self.fade is None else share(now, self.fade, self._motion.screen_change)

    def prune(self, now: int) -> None:
        """Forget what has come to its end."""
        motion = self._motion
        if self._rise and now - self._rise[0] >= self._rise[2]:
            self._rise = None
        if self._lift is not None and now - self._lift >= motion.total_count:
            self._lift = None
        if self.fade is not None and now - self.fade >= motion.screen_change:
            self.fade = None
        for name in [n for n, start in self._sweeps.items() if now - start >= motion.highlight_sweep]:
            del self._sweeps[name]
        if self._sinking is not None and now - self._sinking >= motion.press:
            self._sinking = None
        for name in [n for n, start in self._rising.items() if now - start >= motion.release]:
            del self._rising[name]

    def going_on(self, frame: Frame, now: int) -> bool:
        """Whether anything will look different a moment later."""
        if self._rise or self._sweeps or self._rising:
            return True
        if self._sinking is not None or self._lift is not None or self.fade is not None:
            return True
        return any(self._runs(part, now) for part in frame.parts if part.id in self._since)

    def _runs(self, part: Part, now: int) -> bool:
        passed = now - self._since[part.id]
        for mark in part.marks:
            if isinstance(mark, Waiting) and not self.reduced:
                return True
            if isinstance(mark, Bar) and passed < mark.ms:
                return True
        return False


def share(now: int, start: int, ms: int) -> float:
    """How much of a duration is over, 0 to 1."""
    return 1.0 if ms <= 0 else min(1.0, max(0.0, (now - start) / ms))


def has(part: Part, kind: type) -> bool:
    return any(isinstance(mark, kind) for mark in part.marks)


def risen(before: dict[str, Part], after: dict[str, Part]) -> int:
    """By how much the slip has come out of the slot: the heights of what was not on it before."""
    if "paper" not in before or "paper" not in after:
        return 0
    height = 0
    newest = [name for name in after if name.startswith("now:") and name not in before]
    if newest:
        shrunk = [name for name in before if name.startswith("now:")]
        line = after.get("line:" + shrunk[0][4:]) if shrunk else None
        if line and shrunk[0] not in after and line.id not in before:
            height += line.box.h
        elif not shrunk:
            height += after[newest[0]].box.h
    height += sum(
        part.box.h for name, part in after.items() if name.startswith("strip:") and name not in before
    )
    return height


def slip_area(frame: Frame) -> Rect | None:
    """Where the slip is, with its shadow, within the counter."""
    boxes = [part.box for part in frame.parts if part.zone == "slip"]
    if not boxes:
        return None
    area = boxes[0]
    for box in boxes[1:]:
        area = area.with_(box)
    return area.within(frame.counter)
