"""What the random runs came to: counts, times, and the fault matrix as Markdown."""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median, quantiles

from tests.prove.families import COUNTED
from tests.prove.plan import CLOCKS, DISKS, KILLS, LINKS, TERMINALS
from tests.prove.run import Outcomes

ROWS = ("none", *KILLS)
AXES = (("link", LINKS, "none"), ("terminal", TERMINALS, "stays up"), ("disk", DISKS, "none"))
HEADS = {
    "K0": "K0 before intent", "K1": "K1 after intent", "K2": "K2 mid-send", "K3": "K3 after send",
    "K4": "K4 after 80 00", "K5": "K5 during 04 FF", "K6": "K6 result not stored", "K7": "K7 stored, not acked",
    "K8": "K8 acked", "K9": "K9 mid-print", "K10": "K10 before the last ack", "K11": "K11 before sale commit",
    "K12": "K12 after commit", "K13": "K13 released, not reported", "K14": "K14 during resolve",
    "K15": "K15 before reversal intent", "K16": "K16 after it", "K17": "K17 reversal sent",
    "K18": "K18 its result not stored", "K19": "K19 stored, not acked", "K20": "K20 end of day", "none": "no kill",
}  # fmt: skip

NAMES = {
    "zvt": "zvt over TCP", "zvt serial": "zvt on a serial line", "caisse": "Caisse-AP without a status query",
    "caisse T": "Caisse-AP with one", "concert": "Concert E+",
}  # fmt: skip


def happened(run: Outcomes, axis: str, calm: str) -> str:
    """What really befell that run: what was planned and never came to pass counts as calm."""
    return str(getattr(run.plan, axis)) if axis in run.reached else calm


def cells(runs: Iterable[Outcomes]) -> Counter[tuple[str, str]]:
    """How many runs are behind each pair of a kill point and something else that went wrong."""
    counted: Counter[tuple[str, str]] = Counter()
    for run in runs:
        rows = {kill for kill in run.reached if kill in KILLS} or {"none"}
        for row in rows:
            counted[row, "runs"] += 1
            for axis, _, calm in AXES:
                counted[row, f"{axis}: {happened(run, axis, calm)}"] += 1
            counted[row, f"clock: {run.plan.clock}"] += 1
    return counted


def table(runs: Sequence[Outcomes]) -> str:
    """The fault matrix: rows are where the kiosk was killed, a cell is the number of runs."""
    counted = cells(runs)
    columns = ["runs"]
    for axis, values, calm in AXES:
        columns += [f"{axis}: {value}" for value in dict.fromkeys((calm, *values))]
    columns += [f"clock: {value}" for value in CLOCKS]
    lines = ["| killed at | " + " | ".join(columns) + " |", "|---|" + "--:|" * len(columns)]
    for row in ROWS:
        numbers = " | ".join(str(counted[row, column]) for column in columns)
        lines.append(f"| {HEADS[row]} | {numbers} |")
    return "\n".join(lines)


def summary(runs: Sequence[Outcomes]) -> str:
    """Per family: runs, violations, what was unknown and who found out, and how long that took."""
    lines = [
        "| family | runs | lives | sales | violations | UNKNOWN | without a person |"
        " seconds to resolve: median, p99, most | of nothing found |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for family in dict.fromkeys(COUNTED.get(run.plan.family, run.plan.family) for run in runs):
        mine = [run for run in runs if COUNTED.get(run.plan.family, run.plan.family) == family]
        lines.append(f"| {family} | " + " | ".join(_figures(mine)) + " |")
        kinds = dict.fromkeys(run.plan.family for run in mine)
        for kind in kinds if len(kinds) > 1 else ():
            part = [run for run in mine if run.plan.family == kind]
            lines.append(f"| of these {NAMES.get(kind, kind)} | " + " | ".join(_figures(part)) + " |")
    killed = sum(run.reached.count(kill) for run in runs for kill in KILLS)
    cuts, unsynced = (sum(run.reached.count(what) for run in runs) for what in ("power cut", "unsynced"))
    lines += [
        "",
        f"{killed:,} times the kiosk ended: {killed - cuts:,} kill -9, {cuts:,} power cuts, {unsynced:,} of ",
    ]
    lines[-1] += "these amid writes that were not yet synced."
    return "\n".join(lines)


def _figures(runs: Sequence[Outcomes]) -> list[str]:
    ended = [episode for run in runs for episode in run.episodes if episode.by in {"terminal", "person"}]
    alone = sum(episode.by == "terminal" for episode in ended)
    return [
        f"{len(runs):,}",
        f"{sum(run.lives for run in runs):,}",
        f"{sum(run.sales for run in runs):,}",
        str(sum(bool(run.violations) for run in runs)),
        f"{len(ended):,}",
        f"{100 * alone / len(ended):.1f} %" if ended else "-",
        _times([second for run in runs for second in run.seconds_to_resolve]),
        _times([second for run in runs for second in run.seconds_to_believe]),
    ]


def _times(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return "-"
    p99 = quantiles(seconds, n=100, method="inclusive")[98]
    return f"{median(seconds):.1f}, {p99:.1f}, {max(seconds):.1f}"
