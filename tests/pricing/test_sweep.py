"""The sweep's bounds: however high the floor, a deal above it is found."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.pricing import BuyNPayM, Promotion, sweep
from kiosk.pricing.tracks import Kind, roles_of, track
from kiosk.units import Minor
from tests.pricing.baskets import group_promotions


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[tuple[Kind, int]], list[Promotion]]:
    """Kinds of units, dearest first, and the promotions that they can be in."""
    promotions = [draw(group_promotions(at)) for at in range(draw(st.integers(1, 3)))]
    parts = [(at, role) for at, promotion in enumerate(promotions) for role in range(roles_of(promotion))]
    roles = st.lists(st.sampled_from(parts), min_size=1, unique=True).map(sorted).map(tuple)
    kinds = []
    for price in sorted(
        draw(st.lists(st.integers(1, 300), min_size=1, max_size=5, unique=True)), reverse=True
    ):
        spare = draw(st.sampled_from([0, 0, price // 10, price // 2]))
        kinds.append((Kind(Minor(price), Minor(spare), draw(roles)), draw(st.integers(1, 3))))
    return kinds, promotions


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(problem=problems())
def test_bounds_hide_nothing_above_the_floor(
    monkeypatch: pytest.MonkeyPatch, problem: tuple[list[tuple[Kind, int]], list[Promotion]]
) -> None:
    kinds, promotions = problem

    def dealt(many: int, floor: int) -> sweep.Dealt:
        monkeypatch.setattr(sweep, "MANY", many)
        tracks = [track(promotion, at, kinds) for at, promotion in enumerate(promotions)]  # type: ignore[arg-type]
        return sweep.Sweep(kinds, tracks, 10**6, floor).run()

    free = dealt(10**9, -1)
    assert free.proven
    bounded = dealt(0, free.gain - 1)
    assert (bounded.gain, bounded.proven) == (free.gain, True)
    assert dealt(0, free.gain).roles == []


def test_out_of_nodes_no_roles_are_told_and_nothing_is_proven() -> None:
    kinds = [(Kind(Minor(100), Minor(0), ((0, 0),)), 9)]
    promotion = BuyNPayM(id="G", n=3, m=2)
    searched = [sweep.Sweep(kinds, [track(promotion, 0, kinds)], nodes, 0) for nodes in (20, 200)]
    assert [(dealt.gain, dealt.proven) for dealt in (one.run() for one in searched)] == [
        (0, False),
        (300, True),
    ]
