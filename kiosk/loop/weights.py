"""What this lane and all others have weighed: given along with every item that is found, and told to the link."""

import time
from collections.abc import Callable, Iterable

from msgspec.structs import replace

from kiosk import wire
from kiosk.catalogue import Catalogue
from kiosk.checkout.effects import Learnt
from kiosk.checkout.model import Item
from kiosk.journal import Journal
from kiosk.units import ItemId
from kiosk.weight.sums import together

DAY = 86_400  # seconds
BATCH = 500  # items in one order to the link


def today() -> int:
    """Days since 1970."""
    return int(time.time()) // DAY


class Weights:
    """`catalogue` is the one in use, `send` hands an order to the link (False: there is none, or it is far behind)."""

    def __init__(
        self,
        journal: Journal,
        catalogue: Callable[[], Catalogue],
        send: Callable[[wire.LinkOrder], bool],
        today: Callable[[], int] = today,
    ) -> None:
        self._journal, self._catalogue, self._send, self._today = journal, catalogue, send, today
        self._untold = False

    def given(self, item: Item) -> Item:
        """The item with what is known of its weight: the lane's own weighings count at once, told or not."""
        if item.by_weight:
            return item
        others = self._in_use().weighed(item.id)
        own = self._journal.weighed(item.id)
        found = together(own, others.known, self._today(), others.floor)
        return replace(item, weighings=found) if found else item

    def tell(self, learnt: Learnt) -> None:
        """The commit has it: the link may have it, too."""
        self._teach({one.item for one in learnt.sums})

    def tell_all(self) -> None:
        """To a link that has just come, and remembers nothing."""
        self._untold = False
        self._teach(None)

    def catch_up(self) -> None:
        if self._untold:
            self.tell_all()

    def _in_use(self) -> Catalogue:
        """The catalogue; whose items it has the journal is told each time, for it may be another shop's by now."""
        catalogue = self._catalogue()
        self._journal.source = catalogue.source
        return catalogue

    def _teach(self, items: Iterable[ItemId] | None) -> None:
        self._in_use()
        book, lessons = self._journal.weight_book(), self._journal.lessons(items)
        batches = [tuple(lessons[n : n + BATCH]) for n in range(0, len(lessons), BATCH)] or [()]
        for batch in batches:
            if not self._send(wire.Teach(self._journal.source, book, batch)):
                self._untold = True
                return
