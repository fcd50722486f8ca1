"""The greatest saving of a few overlapping group promotions: one sweep over the units, dearest first.

Each unit goes to one role of one promotion or to none. All ways of dealing out the units so far that leave
every promotion in the same state are one node, of which only the best is kept; so identical units cost
nothing twice. While nodes last the answer is exact. Nodes are counted, never timed: the same basket, the same answer.
"""

from collections.abc import Sequence
from typing import NamedTuple

from kiosk.pricing.tracks import Kind, Track
from kiosk.units import Minor

MANY = 128  # layers above this are worth bounding


class Dealt(NamedTuple):
    """The best deal found: the (track, role) given out to each kind; `proven`: there is no better."""

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
        self.proven, self.nodes = True, 0
        self._hopes: list[int] = []
        self._ahead: list[list[tuple[Minor, tuple[int, ...]]]] = []

    def run(self) -> Dealt:
        """Deal out all units; the gain is at least `floor`, else no roles are told."""
        layer, trail = {0: 0}, []
        options = [self._options(kind) for kind in self.kinds]
        costs = [len(options[at]) + 1 for at in self.steps]
        ahead = sum(costs)
        for step, at in enumerate(self.steps):
            layer, back = self._deal(layer, options[at])
            trail.append(back)
            ahead -= costs[step]
            if len(layer) > MANY or (ahead and len(layer) * ahead > (self.allowed - self.nodes)):
                layer = self._thin(layer, step + 1, ahead)
        ends = [state for state in layer if self._complete(state)]
        if not ends:
            return Dealt(self.floor, [], self.proven, self.nodes)
        end = max(ends, key=lambda state: (layer[state], -state))
        return Dealt(layer[end], self._walk_back(end, trail), self.proven, self.nodes)

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
        self.nodes += len(layer) * (len(options) + 1)
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

    def _thin(self, layer: dict[int, int], step: int, ahead: int) -> dict[int, int]:
        """Drop what cannot beat the floor; then, if nodes are short, all but the most hopeful."""
        self.nodes += len(layer)
        if not self._hopes:
            self._look_ahead()
        rated = []
        for state, gain in layer.items():
            credit = self._credit(state, step)
            if credit is not None and gain + credit + self._hopes[step] > self.floor:
                rated.append((-gain - credit, state))
        width = max(8, (self.allowed - self.nodes) // max(1, ahead))
        if len(rated) > width:
            rated = sorted(rated)[:width]
            self.proven = False
        return {state: layer[state] for _, state in rated}

    def _credit(self, state: int, step: int) -> int | None:
        credit = 0
        for at, (track, (dearest, left)) in enumerate(zip(self.tracks, self._ahead[step], strict=True)):
            more = track.credit(state // self.strides[at] % track.states, dearest, left)
            if more is None:
                return None
            credit += more
        return credit

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
