"""A lane with the learned check, and whoever stands at it: the stories of other tests are told to it."""

from kiosk.weight.judge import Judge
from kiosk.weight.talk import (
    BasketEnd,
    BasketStart,
    Paid,
    Pay,
    Plate,
    Press,
    Scan,
    Settled,
    Staff,
    Store,
    Tick,
)

GOODS = {
    "tin": (400, 120),
    "jar": (700, 250),
    "bun": (60, 80),
    "yoghurt": (160, 60),
    "gum": (8, 150),
    "razor": (95, 1_900),
    "gin": (1_250, 1_900),
    "water": (9_200, 300),
    "new": (None, 200),
    "cheap": (500, 150),
} | {f"x{n}": (50 + 7 * n * n, 30 + 5 * n * n) for n in range(30)}  # the rest of the shop's mix
SOLD_BEFORE = [name for name in GOODS if name not in ("water", "new", "cheap")]


class Lane:
    """A lane and whoever stands at it; grams come and go, and `said` are all decisions since the visit began."""

    def __init__(self, sold_before=4, tau=0.0):
        self.judge = Judge(tau)
        items = tuple((name, grams, cents) for name, (grams, cents) in GOODS.items())
        self.judge.decide(Store(Plate(5, 15_000), items))
        self.number = 0
        for _ in range(sold_before):
            self.visit()
            for name in SOLD_BEFORE:
                self.buy(name)
            self.leave()

    def visit(self):
        self.number += 1
        self.level = self.line = 0
        self.tell(BasketStart(self.number))
        self.said = []
        return self

    def tell(self, event):
        said = self.judge.decide(event)
        if not isinstance(event, BasketStart):
            self.said.append(said)
        return said

    def scan(self, item, qty=1):
        self.line += 1
        return self.tell(Scan(self.line, item, qty, GOODS[item][1]))

    def put(self, grams):
        self.level += grams
        return self.tell(Settled(5 * round(self.level / 5)))

    def take(self, grams):
        return self.put(-grams)

    def buy(self, item):
        self.scan(item)
        return self.put(GOODS[item][0])

    def press(self, key, line=None):
        return self.tell(Press(key, line))

    def tick(self):
        return self.tell(Tick())

    def pay(self):
        return self.tell(Pay())

    def staff(self, verdict="approved", *between):
        said = [self.tell(Staff("open")), *(self.tell(event) for event in between), self.tell(Staff(verdict))]
        return set(said)

    def until_asked(self, ticks=4):
        """Nothing is done; how many ticks pass in silence before a card comes."""
        for number in range(1, ticks + 1):
            said = self.tick()
            if said != "wait":
                assert said == "ask"
                return number
        raise AssertionError(f"no card in {ticks} ticks")

    def leave(self):
        self.tell(Paid())
        self.tell(BasketEnd(self.number))

    def fine(self):
        """All of the visit went without a word, and may be paid."""
        return self.pay() == "ok" and set(self.said) == {"ok"}
