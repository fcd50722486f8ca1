"""What the disk did not take has not happened yet, and nothing that came later happens before it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.barcode import Product
from kiosk.checkout.effects import Acknowledge, Authorise, Deed, LookUp, Question, TakeOffers
from kiosk.checkout.events import (
    Event,
    ItemFound,
    LanguageChosen,
    OffersTaken,
    PayPressed,
    ReadyToSend,
    Reminded,
    Restarted,
    ResultReceived,
    Scanned,
    TerminalAnswered,
)
from kiosk.checkout.money import Mark, Outcome, PaymentResult, Stage
from kiosk.checkout.session import Paying, Session
from kiosk.journal import Journal
from kiosk.loop.inbox import Inbox
from kiosk.loop.loop import MOST_TURNS, Loop
from kiosk.units import AttemptId
from tests.lane import DAY, MILK, OFFERS, POLICY
from tests.prove import disk

UNKNOWN = PaymentResult(Outcome.UNKNOWN)


class Glass:
    """A screen that nobody looks at."""

    def __init__(self) -> None:
        self.presses: list[Event] = []
        self.shown = 0

    def show(self, session: Session, now: int) -> None:
        self.shown += 1

    def draw(self, now: int) -> bool:
        return False

    def flip(self) -> None: ...

    def stirred(self) -> bool:
        return False

    def touched(self, now: int) -> list[Event]:
        presses, self.presses = self.presses, []
        return presses

    def close(self) -> None: ...


class Lane:
    """A loop and a journal on a disk that may be full; time goes on when it is told."""

    def __init__(self, folder: Path) -> None:
        self.disk = disk.watch(folder)
        self.journal = Journal(folder / "journal.db")
        self.glass = Glass()
        self.deeds: list[Deed] = []
        self.time = 1_000
        self.inbox = Inbox()
        self.loop = Loop(
            inbox=self.inbox, journal=self.journal, face=self.glass, policy=POLICY, answer=self.answer,
            act=self.deeds.append, heed=lambda message: None, wall=lambda: 1_790_000_000_000 + self.time,
            steady=lambda: self.time,
        )  # fmt: skip

    def answer(self, question: Question) -> Event:
        match question:
            case TakeOffers():
                return OffersTaken(OFFERS, DAY)
            case LookUp(code=code):
                return ItemFound(code, MILK)
        raise AssertionError(question)

    def hear(self, *events: Event) -> None:
        for event in events:
            self.inbox.put(event)
            self.loop.once(0.0)

    def full(self, is_full: bool) -> None:
        self.disk.fault = lambda what: disk.FULL if is_full else disk.OK

    def wait(self, millis: int) -> None:
        self.time += millis
        for _ in range(4):
            self.loop.once(0.0)

    def told(self) -> list[str]:
        return [type(fact).__name__ for turn in self.journal.turns() for fact in turn.facts]


@pytest.fixture
def lane(tmp_path: Path) -> Iterator[Lane]:
    made = Lane(tmp_path)
    yield made
    made.full(False)
    made.journal.close()
    disk.forget(made.disk)


def paying(lane: Lane) -> AttemptId:
    """A payment whose first byte has left."""
    lane.loop.begin()
    assert MILK.gtin is not None
    lane.hear(Scanned(Product(MILK.gtin)), PayPressed())
    attempt = next(deed.attempt for deed in lane.deeds if isinstance(deed, Authorise))
    lane.hear(ReadyToSend(attempt, Mark("T1")))
    return attempt


def attempt_of(lane: Lane) -> Stage:
    phase = lane.loop.session.kept.phase
    assert isinstance(phase, Paying) and phase.attempt is not None
    return phase.attempt.stage


def test_a_later_word_of_the_terminal_waits_for_the_earlier_one(lane: Lane) -> None:
    attempt = paying(lane)
    lane.full(True)
    lane.hear(ResultReceived(attempt, PaymentResult(Outcome.APPROVED)))
    assert lane.deeds.count(Acknowledge(attempt)) == 1, "nothing is acknowledged that is not on the disk"
    lane.full(False)
    lane.hear(TerminalAnswered(attempt, UNKNOWN))
    lane.wait(1_100)
    assert lane.told()[-2:] == ["ResultReceived", "TerminalAnswered"]
    assert attempt_of(lane) is Stage.CHECKING


def test_what_is_pressed_meanwhile_is_not_done_before_it_either(lane: Lane) -> None:
    attempt = paying(lane)
    lane.full(True)
    lane.hear(TerminalAnswered(attempt, PaymentResult(Outcome.NOT_CHARGED)))
    lane.full(False)
    lane.glass.presses = [LanguageChosen("fr")]
    lane.wait(60)
    assert lane.told()[-1] == "ReadyToSend"
    lane.wait(1_100)
    assert lane.told()[-1] == "TerminalAnswered"


def test_a_lane_that_begins_on_a_full_disk_begins_when_it_is_not(lane: Lane) -> None:
    """Before that it has no rules of its shop, and serves nobody."""
    lane.full(True)
    lane.loop.begin()
    lane.full(False)
    assert MILK.gtin is not None
    lane.hear(Scanned(Product(MILK.gtin)))
    assert lane.told() == []
    lane.wait(1_100)
    assert lane.told() == [Restarted.__name__] and lane.loop.session.kept.policy == POLICY


def test_a_lane_that_rests_for_days_while_money_waits_to_go_back_has_little_to_replay(lane: Lane) -> None:
    lane.loop.begin()
    for _ in range(MOST_TURNS + 50):
        lane.hear(Reminded("ask_reversal"))
    _, seq = lane.journal.mark()
    assert len(list(lane.journal.turns(seq))) < MOST_TURNS
