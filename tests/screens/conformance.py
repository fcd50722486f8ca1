"""The conformance table of screens/ACCESSIBILITY.md: each point of EN 301 549 with the tests that prove it.

    python -m tests.screens.conformance           runs the named tests, and writes the table if all of them pass

What only a built kiosk can prove says so; nothing is claimed that no test named here shows.
"""

import ast
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "screens" / "ACCESSIBILITY.md"
BEGIN, END = "<!-- written by python -m tests.screens.conformance -->\n", "<!-- end of the table -->\n"

READING, AUDIO, VOICE = (
    "tests/screens/test_reading.py",
    "tests/loop/test_audio_mode.py",
    "tests/loop/test_voice.py",
)
BLIND, PADS, SCREEN = (
    "tests/journeys/test_a_blind_purchase.py",
    "tests/drivers/test_keypads.py",
    "tests/screens/test_screen.py",
)
HERE = "tests/screens/test_conformance.py"
VIEWS, LAYOUT, THEME = (
    "tests/screens/test_views.py",
    "tests/screens/test_layout.py",
    "tests/screens/test_theme.py",
)


class Point(NamedTuple):
    """One point of the checklist: its clause, what is asked, what proves it, and what only hardware can."""

    id: str
    clause: str
    asks: str
    tests: tuple[str, ...] = ()
    hardware: str = ""


POINTS = (
    Point("A01", "5.1.3.1, 5.1.3.14", "every screen, state and error speaks, with its prices, totals and keys", (
        f"{READING}::test_every_state_speaks_in_its_language",
        f"{VIEWS}::test_speech_has_every_price_total_and_key",
    )),
    Point("A02", "5.1.3.4, 5.1.3.5", "speech is interrupted within 200 ms, and repeated", (
        f"{AUDIO}::test_every_key_is_followed_by_silence_within_a_fifth_of_a_second",
        f"{AUDIO}::test_a_scan_interrupts_all_speech",
        f"{AUDIO}::test_a_finger_on_the_glass_interrupts",
        f"{AUDIO}::test_zero_says_it_again",
        f"{VOICE}::test_new_speech_ends_what_is_not_true_any_more_and_keeps_the_rest",
    )),
    Point("A03", "5.1.3.10", "no other sound longer than 3 s",
          (f"{HERE}::test_no_signal_is_longer_than_three_seconds",)),
    Point("A04", "5.1.3.6", "pictures that mean something have words",
          (f"{READING}::test_pictures_that_mean_something_have_words",)),
    Point("A05", "5.1.3.8, 5.1.3.9", "secret digits are a tone; what is private goes to the headset", (
        f"{AUDIO}::test_digits_of_a_secret_are_a_tone",
        f"{AUDIO}::test_the_keys_of_a_secret_are_named_to_the_headset_only",
        "tests/screens/test_reading.py::test_the_loudspeaker_names_no_card_and_no_person",
        f"{READING}::test_the_loudspeaker_names_no_card_and_no_person",
    )),
    Point("A06", "5.1.3.11", "headphones begin audio mode, unplugging mutes", (
        f"{PADS}::test_headphones_in_and_out",
        f"{AUDIO}::test_headphones_begin_it_and_pulling_them_out_mutes_at_once",
    ), "a 3.5 mm socket within reach"),
    Point("A07", "5.1.3.12, 5.1.3.13", "volume in steps up to 65 dBA, back after each shopper and each crash", (
        f"{AUDIO}::test_the_loudspeaker_goes_up_to_65_dba_and_the_headset_to_all_there_is",
        f"{AUDIO}::test_the_keypad_sets_the_volume_step_by_step",
        f"{AUDIO}::test_the_next_shopper_has_volume_pace_and_screen_as_they_were",
        f"{AUDIO}::test_after_a_crash_the_volume_is_what_it_was_for_everybody",
    ), "voice.speaker_dba measured once"),
    Point("A08", "5.1.3.15", "what went wrong is said with its item", (
        f"{READING}::test_what_went_wrong_is_named_with_its_item",
        f"{AUDIO}::test_an_unreadable_code_is_named_and_what_to_do",
    )),
    Point("A09", "5.1.3.16", "the receipt is told: count, total, paid by, saving, where it is", (
        f"{READING}::test_the_receipt_is_told",
        f"{BLIND}::test_a_purchase_by_ear_and_fingers",
    )),
    Point("A10", "5.1.6.1, 5.1.6.2", "all of it by keypad with a black screen; the focus is never trapped", (
        f"{BLIND}::test_a_purchase_by_ear_and_fingers",
        f"{READING}::test_every_key_on_the_glass_can_be_gone_to",
        f"{READING}::test_the_arrows_go_round_and_are_never_held",
        f"{READING}::test_back_leads_out_of_every_panel",
        f"{PADS}::test_what_a_blind_shopper_needs_is_on_it",
        f"{AUDIO}::test_the_curtain_is_black",
    )),
    Point("A11", "5.1.7", "no speech input is needed", (f"{BLIND}::test_a_purchase_by_ear_and_fingers",)),
    Point("A12", "5.1.4", "a mode with large capitals, nothing cut", (
        "tests/screens/test_matrix.py::test_every_size_and_look_of_a_state",
        "tests/screens/test_lint.py::test_a_small_key_and_one_too_near_to_another",
    ), "the panel's real size in screen.mm"),
    Point("A13", "5.1.5, WCAG 1.4.3", "contrast in every theme, nothing flashes", (
        f"{THEME}::test_every_pair_of_every_theme_can_be_told_apart",
        f"{THEME}::test_high_contrast_knows_no_brand",
    )),
    Point("A14", "5.1.5", "what is heard is seen as well", (
        f"{READING}::test_what_is_spoken_is_printed",
        f"{AUDIO}::test_nothing_moves_and_the_words_are_printed",
    )),
    Point("A15", "5.2", "accessibility begins without needing itself", (
        f"{AUDIO}::test_headphones_begin_it_and_pulling_them_out_mutes_at_once",
        f"{AUDIO}::test_one_key_begins_it_and_ends_it_anywhere",
    )),
    Point("A16", "5.5.1, 5.9", "one finger; acts on release, sliding off cancels", (
        f"{SCREEN}::test_a_key_acts_when_the_finger_leaves_it",
        f"{SCREEN}::test_sliding_off_a_key_cancels",
    )),
    Point("A17", "5.5.2, 8.4.1, 8.4.2.2", "keys told apart by touch",
          (f"{PADS}::test_every_key_of_the_keypad_has_a_name",),
          "raised mark on the 5, shapes of OK, back and help, 22.2 N at most"),
    Point("A18", "5.7, 5.8", "no key repeat; debounce up to 0.5 s and more", (
        f"{PADS}::test_a_held_key_repeats_nothing",
        f"{PADS}::test_the_same_key_within_the_debounce_counts_once",
        f"{SCREEN}::test_one_tap_reported_twice_acts_once",
    )),
    Point("A19", "8.3", "controls within reach",
          (f"{LAYOUT}::test_the_sill_takes_no_more_than_two_fifths_of_portrait",),
          "heights of panel, keypad and socket: installation, below"),
    Point("A20", "8.5", "how speech starts can be felt", (), "a braille label “headphones” beside the socket"),
    Point("A21", "5.3", "no biometrics as the only way",
          (f"{VIEWS}::test_staff_pages_need_an_accepted_pin",)),
    Point("A22", "WCAG 2.2.1", "time-outs are said, more than once, and one press extends them", (
        f"{AUDIO}::test_time_that_runs_out_is_said_more_than_once",
        f"{VOICE}::test_a_countdown_is_said_when_it_is_due_and_not_when_it_is_over",
    )),
    Point("A23", "Annex I", "simple words, short sentences", (
        f"{READING}::test_every_state_speaks_in_its_language",
        f"{VIEWS}::test_words_we_never_say",
    )),
    Point("A24", "Annex I", "help is one key away everywhere",
          (f"{READING}::test_help_is_one_key_away_everywhere",),
          "how long a person takes is the shop's"),
    Point("A25", "8.4, 5.1.3.8", "the amount is said before the card is asked for", (
        f"{READING}::test_the_amount_is_told_before_the_card_is_asked_for",
        f"{BLIND}::test_a_purchase_by_ear_and_fingers",
    ), "a terminal with a tactile PIN pad"),
    Point("A26", "Annex I", "same prices, offers and tenders in audio mode",
          (f"{BLIND}::test_a_purchase_by_ear_and_fingers",)),
    Point("A27", "Annex I", "this table",
          (f"{HERE}::test_the_file_is_what_the_tests_prove",)),
)  # fmt: skip


def named() -> list[str]:
    """Every test that the table names, once."""
    return sorted({test for point in POINTS for test in point.tests})


def exists(test: str) -> bool:
    path, _, name = test.partition("::")
    file = ROOT / path
    return file.is_file() and any(
        isinstance(node, ast.FunctionDef) and node.name == name
        for node in ast.walk(ast.parse(file.read_text()))
    )


def table() -> str:
    rows = ["| | EN 301 549 | asked | proved by | needs the built kiosk |", "|---|---|---|---|---|"]
    for point in POINTS:
        tests = "<br>".join(
            test.partition("::")[2].removeprefix("test_").replace("_", " ") for test in point.tests
        )
        proof = tests or "no test: hardware alone"
        rows.append(f"| {point.id} | {point.clause} | {point.asks} | {proof} | {point.hardware} |")
    return "\n".join(rows) + "\n"


def whole(text: str) -> str:
    """The file with today's table in it."""
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + "\n" + table() + "\n" + END + rest.partition(END)[2]


def main() -> int:
    """The exit code of pytest; the file is written only when every named test passes."""
    tests = [
        test for test in named() if test != f"{HERE}::test_the_file_is_what_the_tests_prove"
    ]  # it comes of this
    run = subprocess.run([sys.executable, "-m", "pytest", "-q", "-n", "2", *tests], cwd=ROOT)
    if run.returncode == 0:
        FILE.write_text(whole(FILE.read_text(encoding="utf-8")), encoding="utf-8")
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
