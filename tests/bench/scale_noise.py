"""Scales through a line on which one byte in a hundred is another: wrong weights, and how soon the right one is back.

In virtual time, by the real drivers over TCP: what is counted here does not depend on the machine.
"""

from collections.abc import Iterator

from drivers.scales.models import MODULES
from drivers.simulated.balance import Make
from drivers.simulated.scale_asked import Adam
from kiosk.checkout.session import LiveWeight, Reading
from tests.bench import Row
from tests.drivers.scales.bench import REPORT_SECONDS, Bench, Hiss

LEVEL = 10.0  # seconds
BURST, AFTER = 0.3, 0.1


def bench(model: str, settle: float) -> Bench:
    fields = {"silent": False} if model == "adam" else {}
    made = Bench(model, make=Make(settle=settle), **fields)
    if isinstance(made.balance, Adam):
        made.balance.silent = False
    return made


def rows(quick: bool) -> Iterator[Row]:
    for model in MODULES:
        yield row(model, levels=20 if quick else 250, bursts=20 if quick else 200)


def row(model: str, levels: int, bursts: int) -> Row:
    made, hiss = bench(model, 0.1), Hiss(model)
    made.rig.through = hiss
    plan = [(0.0, 0)] + [(LEVEL * step, 10 * (step * 997 % 1499 + 1)) for step in range(1, levels)]
    for at, grams in plan[1:]:
        made.at(at, bag=grams)
    lost = made.run(LEVEL * levels)
    shown = [(at, live.grams) for at, live in made.shown if live.reading in (Reading.WEIGHT, Reading.ZERO)]
    wrong = sum(grams != plan[min(int(at / LEVEL), levels - 1)][1] for at, grams in shown)
    read = len({grams for _, grams in shown} & {grams for _, grams in plan})
    back = sum(recovered(model, seed) for seed in range(bursts))
    return Row(
        what=f"scale, {model}: wrong weights through 1 % noise; back one poll after a burst of 30 %",
        goal="0; every time",
        measured=(
            f"{wrong} wrong of {len(shown)} shown, {hiss.answers} answers, {hiss.hurt} hurt,"
            f" {read} of {levels} levels read; back {back} of {bursts}"
        ),
        ratio=None,
        ok=not wrong and lost is None and back == bursts and read == levels,
    )


def recovered(model: str, seed: int) -> bool:
    """A weight changes amid a second and a half of noise that hurts every frame; is it read one poll after the end?"""
    made = bench(model, 0.0)
    made.world.change(bag=1250)
    made.rig.through = Hiss((model, seed), share=BURST)
    made.at(1.0, bag=2500)
    made.through(1.5, lambda answer: [answer])
    made.run(1.5 + max(made.period, 2 * REPORT_SECONDS) + AFTER)
    return made.readings[-1] == LiveWeight(Reading.WEIGHT, 2500)
