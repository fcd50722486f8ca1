"""The receipts that a terminal has the till print, gathered from lines (06 D1) and blocks (06 D3)."""

from drivers.terminals.zvt.messages import PrintBlock, PrintLine

CUSTOMERS = 2


class Slip:
    """All receipts of one payment. `lines` is the customer's, else the last one."""

    def __init__(self) -> None:
        self._receipts: list[tuple[int, tuple[str, ...]]] = []
        self._open = False

    def add(self, message: PrintLine | PrintBlock) -> None:
        kind = message.receipt_type or 0
        if isinstance(message, PrintBlock):
            self._receipts.append((kind, message.lines))
            self._open = False
            return
        if self._open:
            before, lines = self._receipts.pop()
            self._receipts.append((kind or before, (*lines, message.text)))
        else:
            self._receipts.append((kind, (message.text,)))
        self._open = not (message.attribute & 0x80 and message.attribute != 0x80)

    @property
    def lines(self) -> tuple[str, ...]:
        customers = [lines for kind, lines in self._receipts if kind == CUSTOMERS]
        return (customers or [lines for _, lines in self._receipts] or [()])[-1]
