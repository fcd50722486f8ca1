"""The voice by a clock that is told: silence at once, and nothing that is not true any more."""

from collections.abc import Iterator

import pytest

from kiosk.checkout.events import Event
from kiosk.checkout.passed import DeviceSeen, Spoken
from kiosk.checkout.session import Health
from kiosk.loop.voice import RETRY, Manner, Voice
from kiosk.text import Words
from screens.speech import Utterance
from tests.speech import Engine, Loudspeaker

PLAIN = Manner("en")
LONG = "A sentence that takes its time to be said, and then some more of it."


class Stage:
    """A voice whose thread is this one; `passes` lets so many milliseconds go by."""

    def __init__(self) -> None:
        self.now = 0.0
        self.engine, self.speaker = Engine(), Loudspeaker(lambda: self.now)
        self.told: list[Event] = []
        self.voice = Voice(self.engine, self.speaker, Words, self.told.append, lambda: self.now)

    def say(self, *texts: str, keep: frozenset[str] = frozenset(), manner: Manner = PLAIN) -> None:
        self.voice.say([Utterance(text) for text in texts], manner, keep)
        self.passes(0)

    def passes(self, millis: int) -> None:
        until = self.now + millis / 1000
        while True:
            pause = self.voice.step()
            if pause == 0:
                continue
            if pause < 0 or self.now + pause > until:
                break
            self.now += pause
        self.now = until

    @property
    def said(self) -> list[str]:
        return self.speaker.said


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.voice.close()


def test_an_action_is_followed_by_silence_at_once(stage: Stage) -> None:
    stage.say(LONG, "And another.")
    stage.passes(500)
    assert stage.speaker.busy()
    stage.voice.hush()
    silent = stage.speaker.trace[-1]
    assert silent.text == "" and silent.at == stage.now, "not a millisecond later"
    stage.passes(60_000)
    assert stage.said == [LONG], "what waited is not said any more"


def test_what_is_rendered_while_somebody_acts_is_not_played(stage: Stage) -> None:
    engine = stage.engine

    class Slow(Engine):
        def render(self, text: str, language: str, pace: int) -> bytes:
            stage.voice.hush()
            return engine.render(text, language, pace)

    stage.voice = Voice(Slow(), stage.speaker, Words, stage.told.append, lambda: stage.now)
    stage.say(LONG)
    assert stage.said == []


def test_one_after_the_other_in_their_order(stage: Stage) -> None:
    stage.say("One.", "Two.", "Three.")
    stage.passes(10_000)
    assert stage.said == ["One.", "Two.", "Three."]
    starts = [played.at for played in stage.speaker.trace if played.text]
    assert starts == sorted(starts) and starts[1] >= 0.24, "each waits for the one before"
    assert [event for event in stage.told if isinstance(event, Spoken)] == [
        Spoken("One."),
        Spoken("Two."),
        Spoken("Three."),
    ]


def test_new_speech_ends_what_is_not_true_any_more_and_keeps_the_rest(stage: Stage) -> None:
    stage.say("Moving. Let it rest for a moment.", "To pay 3 euros.")
    stage.passes(300)
    stage.say("Stable. Press Add.", keep=frozenset({"To pay 3 euros."}))
    stage.passes(20_000)
    assert stage.said == ["Moving. Let it rest for a moment.", "To pay 3 euros.", "Stable. Press Add."]
    assert [played.at for played in stage.speaker.trace if not played.text] == [0.3]


def test_what_is_still_true_is_said_to_its_end(stage: Stage) -> None:
    stage.say(LONG)
    stage.passes(300)
    stage.say("News.", keep=frozenset({LONG}))
    stage.passes(20_000)
    assert stage.said == [LONG, "News."] and all(played.text for played in stage.speaker.trace)


def test_a_countdown_is_said_when_it_is_due_and_not_when_it_is_over(stage: Stage) -> None:
    warned = [Utterance("30 seconds."), Utterance("15 seconds.", 15_000), Utterance("10 seconds.", 20_000)]
    stage.voice.say(warned, PLAIN)
    stage.passes(16_000)
    assert stage.said == ["30 seconds.", "15 seconds."]
    assert 15.0 <= stage.speaker.trace[-1].at < 15.1
    stage.voice.hush()
    stage.passes(60_000)
    assert stage.said == ["30 seconds.", "15 seconds."]


def test_again_is_what_was_said_last(stage: Stage) -> None:
    stage.say("One.", "Two.")
    stage.passes(5_000)
    stage.voice.hush()
    stage.voice.again()
    stage.passes(5_000)
    assert stage.said == ["One.", "Two."] * 2


def test_what_may_be_heard_next_is_rendered_while_the_shopper_listens(stage: Stage) -> None:
    stage.voice.ahead(["Find a product.", "My own bag."], PLAIN)
    stage.passes(1_000)
    assert stage.said == [] and len(stage.engine.rendered) == 2
    stage.say("My own bag.")
    assert stage.said == ["My own bag."] and len(stage.engine.rendered) == 2, "nothing is rendered twice"


def test_volume_and_pace_are_those_of_the_moment(stage: Stage) -> None:
    stage.say("Volume 6.", manner=Manner("de", 7, 0.25))
    assert stage.speaker.trace[-1].gain == 0.25
    assert stage.engine.rendered[-1][1:] == ("de", 7)


def test_prices_are_rendered_as_people_say_them(stage: Stage) -> None:
    stage.say("Zu zahlen 12,50\u00a0€.", manner=Manner("de"))
    assert stage.engine.rendered[-1][0] == "Zu zahlen 12 Euro 50."
    assert Spoken("Zu zahlen 12,50\u00a0€.") in stage.told, "printed as it is written"


def test_without_an_engine_the_kiosk_goes_on_and_says_so(stage: Stage) -> None:
    stage.engine.lost = "espeak-ng is not installed"
    stage.voice.look()
    stage.say("One.", "Two.")
    stage.passes(5_000)
    (lost,) = [event for event in stage.told if isinstance(event, DeviceSeen)]
    assert lost.device.health is Health.ABSENT and "espeak-ng" in lost.device.detail
    assert stage.said == []
    assert Spoken("One.") in stage.told, "what cannot be said is printed"
    stage.engine.lost = ""
    stage.passes(int(RETRY * 1000) + 1)
    stage.say("Three.")
    assert stage.said == ["Three."]
