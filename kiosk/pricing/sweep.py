"""The greatest saving of a few overlapping group promotions: one sweep over the units, dearest first.

Each unit goes to one role of one promotion or to none. All ways of dealing out the units so far that leave
every promotion in the same state are one node, of which only the best is kept; so identical units cost
nothing twice. While nodes last the answer is exact. Nodes are counted, never timed: the same basket has the
same answer.
"""

from collections.abc import Sequence
from typing import NamedTuple

from kiosk.pricing.tracks import Kind, Track
from kiosk.units import Minor

MANY = 128  # layers above this are worth bounding


class Dealt(NamedTuple):
    """The best deal found: the (track, role) given out to each kind; `proven`: nothing beats it."""

    gain: int
    roles: list[list[tuple[int, int]]]
    proven: bool
    nodes: int


class Moves(dict[int, tuple[int, int] | None]):
    """The moves of one kind in one role of one track, by state, worked out when first asked for."""

    def __init__(self, track: Track, role: int, kind: Kind, stride: int) -> None:
        super().__init__()
        self._track, self._role, self._kind, self._stride = track, role, kind, stride

    def __missing__(self, state: int) -> tuple[int, int] | None:
        move = self._track.move(state, self._role, self._kind)
        self[state] = found = None if move is None else ((move[0] - state) * self._stride, move[1])
        return found


class Credits(dict[int, int | None]):
    """The credits of one track's states at one step, worked out when first asked for."""

    def __init__(self, track: Track, dearest: Minor, left: tuple[int, ...]) -> None:
        super().__init__()
        self._track, self._dearest, self._left = track, dearest, left

    def __missing__(self, state: int) -> int | None:
        self[state] = credit = self._track.credit(state, self._dearest, self._left)
        return credit


class Sweep:
    """One search over kinds (dearest first, with their counts) and the tracks that their roles name."""

    def __init__(
        self, kinds: Sequence[tuple[Kind, int]], tracks: Sequence[Track], nodes: int, floor: int
    ) -> None:
        self.tracks, self.floor, self.allowed = tracks, floor, nodes
        self.strides = [1]
        for track in tracks:
            self.strides.append(self.strides[-1] * track.states)
        self.steps = [at for at, (_, count) in enumerate(kinds) for _ in range(count)]
        self.kinds = [kind for kind, _ in kinds]
        self.nodes = 0
        self._hopes: list[int] = []
        self._ahead: list[list[tuple[Minor, tuple[int, ...]]]] = []

    def run(self) -> Dealt:
        """Deal out all units; no roles are told if nothing beats the floor or the nodes ran out."""
        layer, trail = {0: 0}, []
        options = [self._options(kind) for kind in self.kinds]
        for step, at in enumerate(self.steps, start=1):
            self.nodes += len(layer) * (len(options[at]) + 1)
            if self.nodes > self.allowed:
                return Dealt(self.floor, [], False, self.nodes)
            layer, back = self._deal(layer, options[at])
            trail.append(back)
            if len(layer) > MANY:
                layer = self._bounded(layer, step)
        ends = [state for state in layer if self._complete(state)]
        end = max(ends, key=lambda state: (layer[state], -state), default=None)
        if end is None or layer[end] <= self.floor:
            return Dealt(self.floor, [], True, self.nodes)
        return Dealt(layer[end], self._walk_back(end, trail), True, self.nodes)

    def _options(self, kind: Kind) -> list[tuple[int, int, int, int, Moves]]:
        return [
            (
                at,
                role,
                self.strides[at],
                self.tracks[at].states,
                Moves(self.tracks[at], role, kind, self.strides[at]),
            )
            for at, role in kind.roles
        ]

    def _deal(
        self, layer: dict[int, int], options: list[tuple[int, int, int, int, Moves]]
    ) -> tuple[dict[int, int], dict[int, tuple[int, int]]]:
        best, back = dict(layer), {}
        for choice, (_, _, stride, states, moves) in enumerate(options):
            for state, gain in layer.items():
                move = moves[state // stride % states]
                if move is not None:
                    after, total = state + move[0], gain + move[1]
                    if after not in best or total > best[after]:
                        best[after] = total
                        back[after] = (state, choice)
        return best, back

    def _complete(self, state: int) -> bool:
        return all(
            track.complete(state // self.strides[at] % track.states) for at, track in enumerate(self.tracks)
        )

    def _walk_back(self, state: int, trail: list[dict[int, tuple[int, int]]]) -> list[list[tuple[int, int]]]:
        roles: list[list[tuple[int, int]]] = [[] for _ in self.kinds]
        for at, back in zip(reversed(self.steps), reversed(trail), strict=True):
            if state in back:
                state, choice = back[state]
                roles[at].append(self.kinds[at].roles[choice])
        return roles

    def _bounded(self, layer: dict[int, int], step: int) -> dict[int, int]:
        """The states that may still beat the floor."""
        self.nodes += len(layer) * len(self.tracks)
        if not self._hopes:
            self._look_ahead()
        needed = self.floor - self._hopes[step]
        tables = [
            (stride, track.states, Credits(track, *ahead))
            for stride, track, ahead in zip(self.strides, self.tracks, self._ahead[step], strict=False)
        ]
        kept = {}
        for state, gain in layer.items():
            most = gain
            for stride, states, credit in tables:
                more = credit[state // stride % states]
                if more is None:
                    break
                most += more
            else:
                if most > needed:
                    kept[state] = gain
        return kept

    def _look_ahead(self) -> None:
        """For every step from the last: what all units to come may add, and for each track who is to come."""
        hopes, ahead = [0], [[(Minor(0), (0,) * track.roles) for track in self.tracks]]
        for at in reversed(self.steps):
            kind = self.kinds[at]
            hopes.append(hopes[-1] + max(0, *(self.tracks[t].hope(role, kind) for t, role in kind.roles)))
            now = list(ahead[-1])
            for t, role in kind.roles:
                left = list(now[t][1])
                left[role] += 1
                now[t] = (kind.price, tuple(left))
            ahead.append(now)
        self._hopes, self._ahead = hopes[::-1], ahead[::-1]
