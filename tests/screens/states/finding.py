"""The finder's departments and its other alphabets, and a quantity that may be taken back."""

from msgspec.structs import replace

from kiosk.checkout.effects import Search
from kiosk.checkout.events import Happened, QuantityChosen
from kiosk.checkout.passed import Found, Passed
from kiosk.units import LineNo
from tests.screens.sessions import ITEMS, Shop


class Market(Shop):
    """A shop with departments whose goods are picked by name."""

    def answer(self, question: object) -> Happened | Passed:
        answer = super().answer(question)
        if isinstance(question, Search) and isinstance(answer, Found) and not question.text:
            found = tuple(each for each in ITEMS if question.department in ("", each.department))
            return replace(answer, items=found, departments=("fruit", "vegetables", "bakery"))
        return answer


BUILD = {
    "finder-departments": lambda: Market().full().open("finder"),
    "finder-department": lambda: Market().full().open("finder", department="vegetables"),
    "quantity-changed": lambda: Shop().full().play(QuantityChosen(LineNo(2), 3)),
    "quantity-changed-offer-lost": lambda: Shop().full().play(QuantityChosen(LineNo(4), 2)),
}
