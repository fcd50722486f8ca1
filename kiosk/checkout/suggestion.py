"""What a shop would like to suggest, and when: plain rules, no profile of anybody."""

from collections.abc import Sequence

from msgspec import Struct

from kiosk.checkout.model import Item
from kiosk.units import ItemId, Millis


class Suggestion(Struct, frozen=True, omit_defaults=True):
    """With anything of `has` (items or groups; none: with any basket) and nothing of `lacks` in it, offer `item`.

    Without an item it is what sells most and is not in the basket. `text` is the shop's sentence by language.
    """

    id: str
    text: dict[str, str] = {}
    has: tuple[ItemId | str, ...] = ()
    lacks: tuple[ItemId | str, ...] = ()
    item: ItemId | None = None

    def fits(self, basket: Sequence[Item]) -> bool:
        there = {part for item in basket for part in (item.id, *item.groups)}
        wanted = not self.has or any(part in there for part in self.has)
        return wanted and self.item not in there and not any(part in there for part in self.lacks)


class Offered(Struct, frozen=True):
    """What is suggested now: the item, the shop's sentence for it, where it stands, and since when it is shown."""

    item: Item
    text: dict[str, str] = {}
    place: str = ""
    shown: Millis = Millis(0)
