"""kiosk weight trial: its figures as JSON, and checks that are other processes."""

import sys

import msgspec
import pytest

from kiosk.commands.weight import main

PIPED = f"""{sys.executable} -c '
import sys
from drivers.simulated.shop.fixed import Fixed
from kiosk.weight.talk import Event
import msgspec
fixed = Fixed(25, 0.05)
for line in sys.stdin:
    said = fixed.decide(msgspec.json.decode(line, type=Event))
    print(msgspec.json.encode(dict(d=said)).decode(), flush=True)
'"""


def figures(capsys, *words):
    assert main(["trial", *words]) == 0
    return msgspec.json.decode(capsys.readouterr().out)


def test_a_trial_tells_all_figures_of_each_check_and_part(capsys):
    told = figures(capsys, "--seed", "3", "--baskets", "30", "--changes", "--deciders", "fixed25,fixed50")
    assert (told["world"], told["seeds"], told["baskets"]) == ("main", [3], 30)
    for packs in ("same_packs", "pack_changes"):
        assert set(told[packs]) == {"fixed25", "fixed50", "ratios_to_fixed25"}
        part = told[packs]["fixed25"]["cold"]
        assert part["baskets"] == 30 and part["false_alarms"] > 0
        assert part["false_alarms_per_100_items"] == round(100 * part["false_alarms"] / part["items"], 4)
        assert "warm" not in told[packs]["fixed25"]
        assert set(told[packs]["ratios_to_fixed25"]) == {"fixed50"}


def test_several_shops_are_counted_together(capsys):
    one, two, both = (
        figures(capsys, "--seed", seed, "--baskets", "20", "--deciders", "fixed25")
        for seed in ("1", "2", "1-2")
    )
    items = [told["same_packs"]["fixed25"]["all"]["items"] for told in (one, two, both)]
    assert items[0] + items[1] == items[2]


def test_a_check_behind_a_pipe_decides_as_in_the_same_process(capsys, monkeypatch):
    told = figures(capsys, "--baskets", "20", "--deciders", "fixed25,pipe", "--pipe", PIPED)["same_packs"]
    mine, piped = ({k: v for k, v in told[name].items() if k != "cpu_ms"} for name in ("fixed25", "pipe"))
    assert mine == piped


def test_a_tape_is_what_the_first_check_was_told(capsys, tmp_path):
    figures(capsys, "--baskets", "5", "--deciders", "silent", "--tape", str(tmp_path / "tape"))
    types = [msgspec.json.decode(line)["type"] for line in (tmp_path / "tape").read_bytes().splitlines()]
    assert types[:2] == ["store", "basket_start"]
    assert types.count("basket_end") == types.count("paid") == 5


def test_a_trace_is_of_visits_that_went_wrong(capsys, tmp_path):
    words = ("--baskets", "20", "--deciders", "fixed25", "--trace", str(tmp_path / "trace"))
    part = figures(capsys, *words)["same_packs"]["fixed25"]["all"]
    visits = (tmp_path / "trace").read_text().split("# ")
    heads = [line for line in (tmp_path / "trace").read_text().splitlines() if line.startswith("# ")]
    assert len(visits) > len(heads) >= part["baskets_with_a_false_alarm"] * 20 > 0
    assert all(" -> " in line for line in (tmp_path / "trace").read_text().splitlines() if line not in heads)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--deciders", "guessed"], "no check 'guessed'"),
        (["--deciders", "learned:x"], "no check 'learned:x'"),
        (["--seed", "9-3"], "'9-3' is no seed"),
        (["--baskets", "0"], "at least 1"),
        (["--seed", "1-2", "--tape", "x"], "--tape and --trace take one shop"),
    ],
)
def test_what_is_not_understood_is_said(words, says, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["trial", *words])
    assert stopped.value.code == 2
    assert says in capsys.readouterr().err


def test_a_check_that_dies_is_reported(capsys):
    dies = f"{sys.executable} -c 'raise SystemExit(3)'"
    assert main(["trial", "--baskets", "1", "--deciders", "pipe", "--pipe", dies]) == 2
    assert "the check ended with 3" in capsys.readouterr().err
