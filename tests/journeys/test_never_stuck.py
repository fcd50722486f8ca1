"""Every trouble in every moment: the page says what matters, a key leads on, Help works, and nothing is lost.

`screens/NEVER_STUCK.md` is written from the same cells: UPDATE_GOLDENS=1 rewrites it.
"""

import os

import pytest
from msgspec.structs import replace

from kiosk.checkout.effects import Light
from kiosk.checkout.events import HelpPressed, PayPressed, RefundConfirmed
from kiosk.checkout.passed import MemberUnknown, Opened
from kiosk.checkout.session import Finishing, Idle, Paying, Refunding, Shopping
from kiosk.text import Words
from screens.layout import lay_out
from screens.lint import findings
from screens.reading import script
from screens.text import Type
from screens.theme import Panel, theme
from tests.conftest import ROOT
from tests.journeys.never_stuck import (
    MOMENTS,
    TROUBLES,
    Visit,
    home,
    is_staffs,
    keys,
    lines,
    sentences,
    table,
    without_since,
)
from tests.screens.sessions import EVERYTHING, Shop

PAGE = ROOT / "screens" / "NEVER_STUCK.md"
PANELS = (Panel((1080, 1920), (194, 344)), Panel((1920, 1080), (344, 194)))
TYPE = Type()
CELLS = [(moment, trouble) for moment in MOMENTS for trouble in TROUBLES]

each_cell = pytest.mark.parametrize(("moment", "trouble"), CELLS)


def struck(moment: str, trouble: str) -> Visit:
    visit = Visit(moment, trouble)
    visit.strike(TROUBLES[trouble])
    return visit


@each_cell
def test_a_key_leads_on_and_help_works(moment: str, trouble: str) -> None:
    visit = struck(moment, trouble)
    page = visit.page
    on = [key for key in keys(page) if key.sends is not None and not key.off]
    if is_staffs(page):
        assert on or trouble == "storage", "a colleague is shut in"
        return
    (called,) = [key for key in on if key.id == "help"]
    visit.lane.play(called.sends)
    if isinstance(called.sends, HelpPressed):
        assert any(each.asked_staff for each in visit.session.kept.phase.sale.open)
        assert Light("help") in visit.lane.deeds
        return
    helping = {key.id for key in keys(visit.page) if key.sends is not None and not key.off}
    assert isinstance(called.sends, Opened) and helping & {"call", "solved", "back"}, "help shows the way"


@each_cell
def test_nothing_is_lost_and_all_is_well_again(moment: str, trouble: str) -> None:
    calm, visit = Visit(moment, trouble), Visit(moment, trouble)
    before = lines(visit.session)
    visit.strike(TROUBLES[trouble])
    assert lines(visit.session) == before
    visit.mend(TROUBLES[trouble])
    assert lines(visit.session) == before or isinstance(visit.session.kept.phase, Idle)
    if visit.session.kept == calm.session.kept:
        assert without_since(visit.session) == without_since(calm.session)
        assert visit.page_at(calm.lane.now) == calm.page, "the page as if nothing had been"
    ends(visit)


@each_cell
def test_while_it_lasts_one_can_still_do_what_the_table_promises(moment: str, trouble: str) -> None:
    """A trouble that lets one sell lets every visit end; one that does not never offers to pay."""
    visit = struck(moment, trouble)
    if TROUBLES[trouble].sells:
        ends(visit)
        return
    if isinstance(visit.session.kept.phase, Paying | Finishing | Refunding) and trouble == "bag_heavy":
        return  # it is judged already
    pays = [
        key for key in keys(visit.page) if isinstance(key.sends, PayPressed | RefundConfirmed) and not key.off
    ]
    assert not pays or (trouble, moment) == ("terminal", "refund"), "it goes back when the terminal does"


def ends(visit: Visit) -> None:
    """From here to a free lane by the keys that the pages offer; what was taken is what was sold."""
    sold = len(visit.sold())
    phase = visit.session.kept.phase
    buys = isinstance(phase, Shopping | Paying)
    home(visit)
    assert len(visit.sold()) == sold + buys
    if buys:
        assert visit.charged == visit.sold()[-1].priced.total


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_every_cell_fits_its_panel(moment: str, language: str) -> None:
    for trouble in TROUBLES:
        visit = struck(moment, trouble)
        kept = replace(visit.session.kept, language=language)
        visit.lane.session = replace(visit.session, kept=kept)
        page = visit.page
        for panel in PANELS:
            frame = lay_out(page, panel, theme(page.theme, page.large), TYPE.measure)
            assert findings(frame, panel) == [], (trouble, page.name)


def test_without_the_terminal_a_shop_that_takes_more_than_cards_still_sells() -> None:
    visit = Visit("start")
    visit.lane = Shop(EVERYTHING)
    visit.strike(TROUBLES["terminal"])
    assert not visit.key("start").off
    visit.lane.full()
    assert not visit.key("pay").off and "No cards here, for now" in " ".join(script(Words("en"), visit.page))
    visit.press("pay")
    assert visit.key("pay").off and not visit.key("cash").off
    visit.press("cash")
    assert visit.page.name == "handover"


def test_without_terminal_and_server_such_a_shop_still_has_its_staffed_tills() -> None:
    visit = Visit("start")
    visit.lane = Shop(replace(EVERYTHING, handover=False))
    visit.strike(TROUBLES["terminal"])
    visit.strike(TROUBLES["server"])
    visit.lane.full()
    assert visit.key("pay").off


def test_a_member_card_is_not_called_unknown_when_nobody_could_be_asked() -> None:
    visit = struck("basket", "server")
    visit.lane.play(MemberUnknown(asked=False))
    assert "**Your card cannot be checked just now** Show it once more before you pay." in sentences(
        visit.page
    )


def test_the_table_is_what_the_cells_show() -> None:
    text = table()
    if os.environ.get("UPDATE_GOLDENS"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text, f"UPDATE_GOLDENS=1 rewrites {PAGE.relative_to(ROOT)}"
