"""The voice's engine as a program: espeak-ng where it is, another one by its command line, and what goes wrong."""

import io
import shutil
import sys
import wave
from pathlib import Path

import pygame
import pytest

from drivers.voices import ESPEAK, PACES, VOICES, Command, Config, EngineLost
from kiosk.loop.sounds import Mixer

needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs the package espeak-ng")
SPEAKER = """
import sys, wave
out = wave.open(sys.stdout.buffer, "wb")
out.setnchannels(1), out.setsampwidth(2), out.setframerate(22050)
text = sys.stdin.read()
out.writeframes((sys.argv[1] + text).encode() * 200)
"""


def seconds(wav: bytes) -> float:
    with wave.open(io.BytesIO(wav)) as sound:
        return sound.getnframes() / sound.getframerate()


@needs_espeak
@pytest.mark.parametrize("language", VOICES)
def test_espeak_has_a_voice_for_every_language(language: str) -> None:
    assert 0.2 < seconds(Command(Config()).render("1 2 3", language, 5)) < 10


@needs_espeak
def test_a_quicker_pace_is_shorter() -> None:
    engine = Command(Config())
    times = [seconds(engine.render("Please present your card.", "en", pace)) for pace in (1, 5, 10)]
    assert times == sorted(times, reverse=True) and len(PACES) == 10


def test_another_engine_by_its_command(tmp_path: Path) -> None:
    program = tmp_path / "speaker.py"
    program.write_text(SPEAKER)
    engine = Command(
        Config(command=f"{sys.executable} {program} {{voice}}-{{speed}}", voices={"fr": "marie"})
    )
    wav = engine.render("Bonjour", "fr", 5)
    assert b"marie-175Bonjour" in wav and seconds(wav) > 0


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("no-such-program --stdin", "no-such-program is not installed"),
        (f"{sys.executable} -c 'import sys; sys.exit(\"no such voice\")'", "no such voice"),
        (f"{sys.executable} -c 'print(1)'", "makes no sound"),
    ],
)
def test_an_engine_that_makes_no_sound_says_why(command: str, said: str) -> None:
    with pytest.raises(EngineLost, match=said):
        Command(Config(command=command)).render("1", "en", 5)


@needs_espeak
def test_the_mixer_plays_what_espeak_made_and_is_silent_at_once() -> None:
    wav = Command(Config(command=ESPEAK)).render("A sentence that takes a while to be said.", "en", 5)
    sink = Mixer()
    sink.open()
    try:
        sink.play(wav, 0.5)
        assert sink.busy()
        sink.stop()
        assert not sink.busy()
    finally:
        pygame.mixer.quit()
