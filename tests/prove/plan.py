"""What goes wrong in one run, drawn from its seed: where the kiosk ends, and what link, terminal, disk and clock do."""

from random import Random

from msgspec import Struct

from drivers.simulated.terminal import Fault

KILLS = tuple(f"K{number}" for number in range(21))
LINKS = (
    "none",
    "reset",
    "drop 1 s",
    "drop 10 s",
    "drop > T4",
    "half open",
    "back after restart",
    "replugged",
)
TERMINALS = (
    "stays up", "reboots, keeps", "reboots, reverses", "busy", "card left in", "declines after", "receipt wraps",
    "day ended", "swapped", "misspeaks",
)  # fmt: skip
DISKS = ("none", "full", "read-only", "fsync fails", "torn page")
CLOCKS = ("right", "-1 day", "+2 h")
FLOWS = (
    "sale", "sale", "sale", "declined", "declined twice", "back", "walks away",
    "split", "split back", "split back", "split back", "too little", "refund", "refund", "day",
)  # fmt: skip


GIVES_BACK = ("split back", "too little", "refund")
BACK = ("K15", "K16", "K17", "K18", "K19")


class Kill(Struct, frozen=True):
    """The process ends at the `skip`-th moment that is `at`; `power`: with the plug pulled, so unsynced writes may go.

    `inside`: if that moment is a commit, at this write or sync of it.
    """

    at: str
    skip: int
    power: bool
    inside: int
    away: float


class Plan(Struct, frozen=True):
    """One run. `when` says at which moment link, terminal and disk turn bad; `script` are steps of the terminal."""

    family: str
    seed: str
    flow: str
    baskets: int
    kills: tuple[Kill, ...]
    link: str
    terminal: str
    disk: str
    clock: str
    when: tuple[str, str, str]
    script: tuple[tuple[int, Fault], ...]
    rule: int
    pace: float
    paper: float
    server_away: float


def drawn(family: str, seed: object, number: int, flows: tuple[str, ...] = FLOWS) -> Plan:
    """The plan of that run: the same for the same family, seed and number."""
    random = Random(f"{family} {seed} {number}")
    kills = _kills(random)
    flow = random.choice(flows)
    gives_back = [each for each in GIVES_BACK if each in flows]
    if kills and kills[0].at in BACK and gives_back:
        flow = random.choice(gives_back)
    if kills and kills[0].at == "K20" and "day" in flows:
        flow = "day"
    around = kills[0].at if kills else random.choice(KILLS[1:12])
    when = tuple(around if random.random() < 0.5 else random.choice(KILLS[:13]) for _ in range(3))
    clock = random.choice(("right", *CLOCKS)) if kills else "right"
    disk = random.choice(("none", "none", "none", *DISKS))
    if disk == "torn page" and not any(kill.power for kill in kills):
        disk = "none"
    terminal = random.choice(("stays up", *TERMINALS))
    steps = range(4, 40)
    script = tuple(
        (random.choice(steps), random.choice(tuple(Fault)))
        for _ in range(random.randint(1, 3) if terminal == "misspeaks" else 0)
    )
    return Plan(
        family=family,
        seed=f"{family} {seed} {number}",
        flow=flow,
        baskets=random.choice((1, 1, 2)),
        kills=kills,
        link=random.choice(("none", *LINKS)),
        terminal=terminal,
        disk=disk,
        clock=clock,
        when=when,  # type: ignore[arg-type]
        script=script,
        rule=random.randrange(4),
        pace=random.choice((0.0, 0.004, 0.05, 1.5)),
        paper=random.choice((0.0, 0.0, 0.3)),
        server_away=random.choice((0.0, 0.0, 30.0)),
    )


def _kills(random: Random) -> tuple[Kill, ...]:
    count = random.choice((0, 1, 1, 1, 1, 1, 2, 3))
    kills = []
    for number in range(count):
        at = random.choice(KILLS if number == 0 else ("K14", "K14", *KILLS))
        kills.append(
            Kill(
                at=at,
                skip=random.choice((0, 0, 0, 1, 2, 4)),
                power=random.random() < 0.5,
                inside=random.choice((0, 0, 1, 2, 3, 4, 5, 6)),
                away=random.choice((0.3, 2.0, 8.0, 40.0)),
            )
        )
    return tuple(kills)
