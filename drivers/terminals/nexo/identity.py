"""By what a request is known at the terminal: ServiceIDs, and what finds a transaction again.

A ServiceID has 1 to 10 characters and must not come twice at one terminal within 48 hours. That of an attempt is
drawn from the attempt's id alone, so it is found again after a restart; that of any other request is random. The
first letter keeps the two apart, nine characters of 36 make either some 10**14.
"""

import hashlib
import re
from random import Random

from drivers.terminals.nexo.messages import NexoError, TransactionID
from kiosk.units import AttemptId

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LENGTH = 9


def of_attempt(attempt: AttemptId) -> str:
    """The ServiceID of an attempt, the same for ever."""
    return "A" + _spelled(int.from_bytes(hashlib.sha256(attempt.encode()).digest(), "big"))


def anew(chance: Random) -> str:
    """The ServiceID of a question, an abort: anything that is no attempt."""
    return "Q" + _spelled(chance.getrandbits(64))


def _spelled(number: int) -> str:
    return "".join(DIGITS[number // 36**place % 36] for place in range(LENGTH))


def written(transaction: TransactionID) -> str:
    """Transaction id and time in one text, digits parted by ~ so that none of them looks like a card number."""
    id = transaction.transaction_id.replace("~", "~~")
    return re.sub(r"(\d{6})(?=\d)", r"\1~", id) + "|" + transaction.time_stamp


def read(reference: str) -> TransactionID:
    """What `written` made of it. NexoError where it did not."""
    id, bar, time = reference.rpartition("|")
    if not bar or not id:
        raise NexoError("no transaction id in the reference")
    return TransactionID(transaction_id=re.sub(r"~(~?)", r"\1", id), time_stamp=time)
