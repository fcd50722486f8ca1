"""A view never raises, whatever the session holds: any panel over any phase, any device away, any word typed."""

import re
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.checkout.jobs import JobState
from kiosk.checkout.model import Intervention, Why
from kiosk.checkout.session import (
    Device,
    Finishing,
    Health,
    LiveWeight,
    Panel,
    Paying,
    Reading,
    Session,
    Shopping,
    Staff,
)
from kiosk.text import Words
from kiosk.units import Grams, LineNo, Millis
from screens.reading import script
from screens.view import view
from screens.widgets import Page
from tests.screens.sessions import DEVICES, ITEMS
from tests.screens.states import BUILD, session

words_for = lru_cache(Words)
reached = lru_cache(session)
NAMES = re.findall(r"[a-z_]+(?=[,.])", str(Panel.__doc__).replace("\n", " "))

texts = st.text(max_size=8) | st.sampled_from(
    ["12", "²", "declined", "present_card", "pin_checking", "own_bag"]
)
panels = st.builds(
    Panel,
    st.sampled_from(NAMES) | texts,
    item=st.none() | st.sampled_from(ITEMS),
    line=st.none() | st.integers(0, 9).map(LineNo),
    person=texts,
    digits=st.booleans(),
)
devices = st.lists(
    st.builds(
        Device,
        st.sampled_from([each.name for each in DEVICES] + ["storage", "odd"]),
        st.sampled_from(Health),
        texts,
        paper=st.sampled_from(["", "ok", "low", "out"]),
    ),
    max_size=8,
).map(tuple)
questions = st.lists(
    st.builds(
        Intervention,
        st.sampled_from(Why),
        st.just(Millis(0)),
        line=st.none() | st.integers(0, 9).map(LineNo),
        grams=st.integers(-9000, 9000).map(Grams),
        age=st.sampled_from([0, 16, 18]),
        answer=st.sampled_from(["", "moved", "not_scanned", "own_bag", "x"]),
        asked_staff=st.booleans(),
    ),
    max_size=4,
).map(tuple)
lives = st.builds(LiveWeight, st.sampled_from(Reading), st.integers(-20_000, 20_000).map(Grams))

states = st.sampled_from(JobState)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    here, _ = reached(draw(st.sampled_from(list(BUILD))))
    kept, passing = here.kept, here.passing
    phase = kept.phase
    if isinstance(phase, Shopping):
        phase = Shopping(replace(phase.sale, open=draw(questions), focus=draw(st.none() | st.integers(0, 9))))
    if isinstance(phase, Paying):
        phase = replace(phase, declined=draw(texts), sale=replace(phase.sale, open=draw(questions)))
    if isinstance(phase, Finishing):
        words = st.sampled_from(["", "print", "phone", "none", "email", "x"])
        phase = replace(phase, receipt=draw(words), email=draw(st.sampled_from(["", "asked", "not_taken"])))
        kept = replace(kept, jobs=tuple(replace(job, state=draw(states)) for job in kept.jobs))
    staff = draw(st.sampled_from([kept.staff, None, Staff("17", "Sam", Millis(0))]))
    kept = replace(
        kept, phase=phase, staff=staff, language=draw(st.sampled_from(["en", "fr", "de", "ar", "x"]))
    )
    passing = replace(
        passing,
        panel=draw(st.none() | panels),
        typed=draw(texts),
        found=draw(st.lists(st.sampled_from(ITEMS), max_size=9).map(tuple)),
        page=draw(st.integers(0, 5)),
        notice=draw(texts),
        more_time=draw(st.booleans()),
        devices=draw(devices),
        produce=draw(lives),
        terminal_says=draw(texts),
        large=draw(st.booleans()),
        contrast=draw(st.booleans()),
    )
    return Session(kept, passing)


@settings(max_examples=400, deadline=None)
@given(sessions(), st.integers(0, 4_000_000_000_000).map(Millis))
def test_a_view_never_raises(here: Session, now: Millis) -> None:
    shown = view(here, words_for, now)
    assert (
        isinstance(shown, Page) and shown.name and shown.blocks and script(words_for(shown.language), shown)
    )


@pytest.mark.parametrize("name", ["till-basket", "staff-quiet"])
@pytest.mark.parametrize("why", Why)
def test_colleagues_see_a_page_whatever_is_asked(name: str, why: Why) -> None:
    """A payment whose result is not known was once a question to the staffed till that nobody had worded."""
    here, now = reached(name)
    assert isinstance(here.kept.phase, Shopping)
    phase = Shopping(replace(here.kept.phase.sale, open=(Intervention(why, now),)))
    assert view(replace(here, kept=replace(here.kept, phase=phase)), words_for, now).blocks
