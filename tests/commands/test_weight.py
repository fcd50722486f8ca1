"""kiosk weight: a trial's figures as JSON, checks that are other processes, and the check that is one for others."""

import subprocess
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


# The check as another process.

JUDGE = [sys.executable, "-m", "kiosk", "weight", "judge"]
STORE = '{"type":"store","scale":{"d":5,"capacity":15000},"items":[["a",null,99],[7,330,120.5]]}'
START = '{"type":"basket_start","basket":1}'
SCAN = '{"type":"scan","line":1,"item":7,"qty":1,"price":120.5}'
VISIT = [
    STORE,
    START,
    SCAN,
    '{"type":"settled","w":330.0,"t":3,"more":{"of":["what","is","unknown"]}}',
    '{"line":"x","type":"scan","item":"new here"}',
    '{"type":"settled","w":400}',
    '{"type":"press","key":"skip","line":"x"}',
    '{"type":"tick"}',
    '{"type":"pay"}',
    '{"type":"paid"}',
    '{"type":"basket_end","basket":1}',
]


def judged(*lines, words=("-",)):
    """Exit code, lines heard and standard error."""
    said = "".join(f"{line}\n" for line in lines)
    ended = subprocess.run([*JUDGE, *words], input=said, capture_output=True, text=True, timeout=60)
    return ended.returncode, ended.stdout.splitlines(), ended.stderr


def test_one_line_is_heard_for_each_that_is_said():
    code, heard, wrong = judged(*VISIT)
    assert (code, wrong) == (0, "")
    assert heard == ['{"d":"ok"}'] * len(VISIT)
    assert judged() == (0, [], "")


def test_each_answer_comes_before_the_next_question():
    with subprocess.Popen([*JUDGE, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for line in VISIT:
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            assert msgspec.json.decode(process.stdout.readline()) == {"d": "ok"}
        process.stdin.close()
        assert process.wait(30) == 0


def test_who_no_longer_listens_ends_it_quietly():
    with subprocess.Popen(
        [*JUDGE, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        process.stdin.write("".join(f"{line}\n" for line in VISIT).encode())
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


def test_a_tape_is_judged_as_the_same_lines_are(tmp_path):
    tape = tmp_path / "tape"
    tape.write_text("".join(f"{line}\n" for line in VISIT))
    assert judged(words=(str(tape), "--tau", "-2")) == judged(*VISIT, words=("--tau=-2", "-"))
    code, heard, wrong = judged(words=(str(tmp_path / "none"),))
    assert (code, heard) == (2, []) and "No such file" in wrong
    tape.write_text("pardon?")
    code, _, wrong = judged(words=(str(tape),))
    assert code == 2 and f"{tape}, line 1: " in wrong


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "Input data was truncated: expected one JSON object"),
        ("", "expected one JSON object"),
        ("\x00", "expected one JSON object"),
        ('{"type":"settled","w":5} and more', "expected one JSON object"),
        ('{"type":"settled","w":NaN}', "expected one JSON object"),
        ("{" + '"x":[' * 50_000, "expected one JSON object"),
        ("[]", "Expected `object`, got `array`"),
        (
            '{"type":"weight","w":3}',
            "Invalid value 'weight' - at `$.type`: expected one of store, basket_start",
        ),
        ('{"w":3}', "Object missing required field `type`"),
        ('{"type":"settled"}', "Object missing required field `w`"),
        ('{"type":"settled","w":"heavy"}', "Expected `float`, got `str` - at `$.w`"),
        ('{"type":"settled","w":1e999}', "Number out of range - at `$.w`"),
        ('{"type":"settled","w":1e9}', "Expected `float` <= 1000000.0 - at `$.w`"),
        ('{"type":"settled","w":null}', "Expected `float`, got `null` - at `$.w`"),
        ('{"type":"press","key":"any"}', "Invalid enum value 'any' - at `$.key`"),
        ('{"type":"press","key":"skip"}', "press: expected a line that was scanned, not None"),
        ('{"type":"scan","line":2,"item":7,"qty":0,"price":1}', "Expected `int` >= 1 - at `$.qty`"),
        ('{"type":"scan","line":2,"item":7,"qty":-3,"price":1}', "Expected `int` >= 1 - at `$.qty`"),
        ('{"type":"scan","line":2,"item":7,"qty":1001,"price":1}', "Expected `int` <= 1000 - at `$.qty`"),
        ('{"type":"scan","line":2,"item":7,"qty":1.5,"price":1}', "Expected `int`, got `float` - at `$.qty`"),
        ('{"type":"scan","line":2,"item":null,"qty":1,"price":1}', "got `null` - at `$.item`"),
        ('{"type":"scan","line":2,"item":7,"qty":1,"price":Infinity}', "expected one JSON object"),
        ('{"type":"scan","line":2,"item":7,"qty":1,"price":-1}', "Expected `float` >= 0.0 - at `$.price`"),
        ('{"type":"qty","line":1,"qty":-1}', "Expected `int` >= 0 - at `$.qty`"),
        ('{"type":"qty","line":"1","qty":1}', "qty: expected a line that was scanned, not '1'"),
        ('{"type":"staff","verdict":"approved"}', "staff approved: expected open before it"),
        ('{"type":"basket_end","basket":2}', "basket_end: expected basket 1, not 2"),
        (START, "basket_start: expected basket_end before it"),
        (STORE, "store: expected once, first"),
        (SCAN, "scan: expected a new line, not 1 again"),
    ],
)
def test_a_wrong_line_is_named_with_what_was_expected(line, says, capsys, tmp_path):
    tape = tmp_path / "tape"
    tape.write_text("\n".join([STORE, START, SCAN, line, SCAN]))
    assert main(["judge", str(tape)]) == 2
    heard, wrong = capsys.readouterr()
    assert heard == '{"d":"ok"}\n' * 3
    assert wrong.startswith(f"kiosk weight judge: {tape}, line 4: ") and wrong.count("\n") == 1
    assert says in wrong


@pytest.mark.parametrize("tau", ["51", "nan", "much"])
def test_a_threshold_out_of_reach_is_refused(tau, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["judge", "-", "--tau", tau])
    assert stopped.value.code == 2
    assert "--tau: " in capsys.readouterr().err


def test_the_learned_check_behind_a_pipe_decides_as_in_the_same_process(capsys):
    words = ("--baskets", "40", "--dishonest", "0.15", "--deciders", "learned:1,pipe")
    pipe = " ".join([*JUDGE, "-", "--tau", "1"])
    told = figures(capsys, *words, "--pipe", pipe)["same_packs"]
    mine, piped = ({k: v for k, v in told[name].items() if k != "cpu_ms"} for name in ("learned:1", "pipe"))
    assert mine == piped and mine["all"]["alarms"] > 0
