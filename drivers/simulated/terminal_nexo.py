"""A card terminal that speaks the Terminal API (nexo, JSON), keeps a book of its own, and misbehaves on command.

Its line carries frames, one exchange each; `terminal_nexo_http` puts it behind HTTPS. What it says is written here
as plain JSON, not by the driver's codec, so that the two can disagree.
"""

from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import quote

import msgspec

from drivers.simulated.terminal import TerminalPeer
from drivers.simulated.terminal_book import Entry, State
from drivers.simulated.world import Card, World
from drivers.terminals.nexo.frames import HEAD, Frame, Frames, How, framed
from drivers.terminals.nexo.messages import NexoError

SAYS_NO = {"declines": ("Refusal", "210 Not enough balance"), "wrong_pin": ("WrongPIN", "129 Invalid PIN")}
"""Error conditions of the bank, and the reason in words."""

EUR = 978
Json = dict[str, Any]
_encoder = msgspec.json.Encoder(decimal_format="number")


class Running:
    """The transaction that the terminal is at: in which exchange, what was asked, and what has come of it so far."""

    def __init__(self, number: int, header: Json, body: Json) -> None:
        self.number, self.header, self.body = number, header, body
        self.entry: Entry | None = None
        self.card: Card | None = None
        self.done = False


class NexoTerminal(TerminalPeer):
    """The terminal. Set its attributes at any time.

    A payment that was begun goes on though the till is gone. `omits` are the fields it does not tell: amount,
    currency, poi. `answers_for` are header fields that it changes in answers about money. `forgets` lets it know of
    nothing on being asked, `ignores_abort` go on all the same; `partly` authorises that much at most where the till
    allows it. `tells_in_clear` is a card number that it does not mask. `bank_seconds` is how long the bank takes.
    """

    def __init__(self, world: World | None = None, number: int = 0) -> None:
        self.poi_id = "V400m-347069211"
        self.omits: frozenset[str] = frozenset()
        self.answers_for: Json = {}
        self.forgets = False
        self.ignores_abort = False
        self.partly: int | None = None
        self.status = "OK"
        self.tells_in_clear = ""
        self.bank_seconds = 0.0
        self.said: dict[str, Json] = {}
        self._transactions: dict[str, Entry] = {}
        self._given_back: dict[str, int] = {}
        self._running: Running | None = None
        self._frames = Frames()
        super().__init__(world, number)

    # ---- the line

    def connected(self) -> None:
        self._frames = Frames()

    def received(self, data: bytes) -> None:
        try:
            frames = self._frames.feed(data)
        except NexoError:
            self._hang_up()
            return
        for frame in frames:
            self.hear(_category(frame.body), framed(frame))

    def garbled(self, data: bytes) -> bytes:
        """The body's first byte is wrong, so that it is no JSON."""
        head, body = data[: HEAD.size], data[HEAD.size :]
        return head + bytes([body[0] ^ 0x40]) + body[1:] if body else data

    def heed(self, frame: bytes) -> None:
        (asked,) = Frames().feed(frame)
        try:
            request = msgspec.json.decode(asked.body)["SaleToPOIRequest"]
            header = request["MessageHeader"]
            body = request[header["MessageCategory"] + "Request"]
        except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError):
            self._tell(asked.number, "Event", _rejected(asked.body))
            return
        match header["MessageCategory"]:
            case "Payment" | "Reversal":
                self._begin(Running(asked.number, header, body))
            case "TransactionStatus":
                self._answer(asked.number, header, self._looked_up(body["MessageReference"]))
            case "Abort":
                self._abort(body["MessageReference"])
                self._say_frame("Abort", Frame(asked.number, How.BODY))
            case "Diagnosis":
                busy = self.busy() or self._running is not None
                status = {"GlobalStatus": "Busy" if busy and self.status == "OK" else self.status}
                self._answer(asked.number, header, {"Response": {"Result": "Success"}, "POIStatus": status})
            case "Reconciliation":
                self._answer(asked.number, header, self._reconciled())

    # ---- money

    def _begin(self, new: Running) -> None:
        id = new.header["ServiceID"]
        if self._running and self._running.header["ServiceID"] == id:
            return
        if id in self.said:
            self._tell(new.number, new.header["MessageCategory"], self.said[id])
        elif self._running or self.busy():
            self._answer(new.number, new.header, _failure("Busy"), money=True)
        elif new.header["MessageCategory"] == "Reversal":
            self._finish(new, self._reversed(new))
        else:
            self._running = new
            self.later(self.card_seconds, partial(self._fail, new, "Aborted", "108 Nobody presented a card"))
            if card := self.world.scene.card:
                self.later(0.0, partial(self._present, new, card))

    def shown(self, card: Card | None) -> None:
        if card and self._running:
            self._present(self._running, card)

    def _present(self, running: Running, card: Card) -> None:
        if running is self._running and running.card is None:
            running.card = card
            self.later(self.bank_seconds, partial(self._bank, running, card))

    def _bank(self, running: Running, card: Card) -> None:
        """The bank has answered."""
        if running is not self._running:
            return
        if card.bank in SAYS_NO:
            self._fail(running, *SAYS_NO[card.bank])
            return
        amounts = running.body["PaymentTransaction"]["AmountsReq"]
        amount = self.takes(int(Decimal(str(amounts["RequestedAmount"])).scaleb(2)))
        if self.partly is not None and "AllowPartialAuthorisation" in _options(running.body):
            amount = min(amount, self.partly)
        refund = running.body.get("PaymentData", {}).get("PaymentType") == "Refund"
        entry = self.book.pay_out(amount, EUR, card) if refund else self.book.open(amount, EUR, card)
        self.book.store(entry)
        self._finish(running, self._paid(running, entry, amounts["Currency"]))

    def _fail(self, running: Running, condition: str, why: str) -> None:
        if running is self._running and not running.done:
            self._finish(running, _failure(condition, why) | self._card(running.card))

    def _finish(self, running: Running, body: Json) -> None:
        """Keep the answer for whoever asks, and give it in the exchange, if the till is still there."""
        running.done = True
        if self._running is running:
            self._running = None
        sale = running.body["SaleData"]["SaleTransactionID"]
        answer = self._message(running.header, body | {"SaleData": {"SaleTransactionID": sale}}, money=True)
        self.said[running.header["ServiceID"]] = answer
        self._tell(running.number, running.header["MessageCategory"], answer)

    def _abort(self, reference: Json) -> None:
        running = self._running
        if running and running.header["ServiceID"] == reference["ServiceID"] and not self.ignores_abort:
            self._fail(running, "Aborted", "the till gave up")

    def _reversed(self, asked: Running) -> Json:
        original = asked.body["OriginalPOITransaction"]["POITransactionID"]["TransactionID"]
        entry = self._transactions.get(original)
        if entry is None:
            return _failure("NotFound")
        part = asked.body.get("ReversedAmount")
        left = entry.amount - self._given_back.get(original, 0)
        amount = entry.amount if part is None else int(Decimal(str(part)).scaleb(2))
        if entry.state is not State.STORED or not 0 < amount <= left:
            return _failure("NotAllowed", "already reversed, or more than was taken")
        if amount == entry.amount:
            reversal = self.book.reverse(entry)
        else:
            reversal = self.book.pay_out(amount, EUR, entry.card)
            self.book.store(reversal)
            self._given_back[original] = self._given_back.get(original, 0) + amount
        return {"Response": {"Result": "Success"}, **self._poi(reversal)} | (
            {} if part is None else {"ReversedAmount": part}
        )

    def _looked_up(self, reference: Json) -> Json:
        id, running = reference["ServiceID"], self._running
        if self.busy():
            return _failure("Busy")
        if running and running.header["ServiceID"] == id:
            return _failure("InProgress") | {"MessageReference": reference}
        if id not in self.said or self.forgets:
            return _failure("NotFound") | {"MessageReference": reference}
        told = self.said[id]["SaleToPOIResponse"]
        header = told["MessageHeader"]
        body = {name: part for name, part in told.items() if name != "MessageHeader"}
        return {
            "Response": {"Result": "Success"},
            "MessageReference": reference,
            "RepeatedMessageResponse": {"MessageHeader": header, "RepeatedResponseMessageBody": body},
        }

    def _reconciled(self) -> Json:
        stored = [each for each in self.book.today if each.state in (State.STORED, State.REVERSED)]
        out = [each for each in stored if each.refund or each.reverses is not None]
        kinds = {"Debit": [each for each in stored if each not in out], "Credit": out}
        self.book.close_day()
        totals = [
            {
                "TransactionType": kind,
                "TransactionCount": len(entries),
                "TransactionAmount": _major(sum(entry.amount for entry in entries)),
            }
            for kind, entries in kinds.items()
        ]
        all_of_it = {"PaymentInstrumentType": "Card", "PaymentCurrency": "EUR", "PaymentTotals": totals}
        return {"Response": {"Result": "Success"}, "TransactionTotals": [all_of_it]}

    def reboot(self) -> None:
        """The payment that was not decided yet is forgotten, what was is kept."""
        self._running = None
        super().reboot()

    # ---- what it says

    def _paid(self, running: Running, entry: Entry, currency: str) -> Json:
        amounts = {"AuthorizedAmount": _major(entry.amount), "Currency": currency}
        for field, name in (("amount", "AuthorizedAmount"), ("currency", "Currency")):
            if field in self.omits:
                del amounts[name]
        card = self._card(entry.card)["PaymentResult"]
        return {
            "Response": {"Result": "Success", "AdditionalResponse": "message=APPROVED&cardBin=411111"},
            "PaymentResult": card | {"AmountsResp": amounts},
            "PaymentReceipt": [self._receipt(entry, kind) for kind in ("CashierReceipt", "CustomerReceipt")],
            **self._poi(entry),
        }

    def _poi(self, entry: Entry) -> Json:
        seconds = int(entry.when.timestamp())
        id = f"v4W500{seconds}{entry.trace % 1000:03}.RM4Z{entry.trace:06}L{entry.receipt:04}N"
        self._transactions[id] = entry
        time = f"{entry.when + self.clock_skew:%Y-%m-%dT%H:%M:%S}.000Z"
        return {"POIData": {"POITransactionID": {"TransactionID": id, "TimeStamp": time}}}

    def _card(self, card: Card | None) -> Json:
        if card is None:
            return {}
        number = self.tells_in_clear or f"411111 **** {card.last4}"
        sensitive = {"CardSeqNumb": "01", "ExpiryDate": "3012"} | (
            {"PAN": number} if self.tells_in_clear else {}
        )
        data = {
            "PaymentBrand": card.name,
            "MaskedPan": number,
            "EntryMode": ["Contactless"],
            "SensitiveCardData": sensitive,
        }
        instrument = {"PaymentInstrumentType": "Card", "CardData": data}
        bank = {"ApprovalCode": "291675", "AcquirerPOIID": self.poi_id, "MerchantID": "SHOP"}
        return {"PaymentResult": {"PaymentInstrumentData": instrument, "PaymentAcquirerData": bank}}

    def _receipt(self, entry: Entry, kind: str) -> Json:
        number = self.tells_in_clear or f"************{entry.card.last4}"
        rows = {
            kind.removesuffix("Receipt").upper(): "",
            "Card": entry.card.name,
            "PAN": number,
            "TOTAL": f"€ {_major(entry.amount)}",
        }
        lines = [
            {"Text": f"name={quote(name)}&value={quote(value)}", "EndOfLineFlag": True}
            for name, value in rows.items()
        ]
        return {"DocumentQualifier": kind, "OutputContent": {"OutputFormat": "Text", "OutputText": lines}}

    def _message(self, header: Json, body: Json, money: bool = False) -> Json:
        told = header | {"MessageType": "Response"}
        if money:
            told |= self.answers_for
            if "poi" in self.omits:
                told.pop("POIID", None)
        return {"SaleToPOIResponse": {"MessageHeader": told, header["MessageCategory"] + "Response": body}}

    def _answer(self, number: int, header: Json, body: Json, money: bool = False) -> None:
        self._tell(number, header["MessageCategory"], self._message(header, body, money))

    def _tell(self, number: int, name: str, message: Json) -> None:
        self._say_frame(name, Frame(number, How.BODY, _encoder.encode(message)))

    def _say_frame(self, name: str, frame: Frame) -> None:
        self.say(name, framed(frame))


def _category(body: bytes) -> str:
    try:
        return str(msgspec.json.decode(body)["SaleToPOIRequest"]["MessageHeader"]["MessageCategory"])
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError):
        return "?"


def _major(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-2)


def _options(body: Json) -> str:
    return str(body.get("SaleData", {}).get("SaleToAcquirerData", ""))


def _failure(condition: str, why: str = "") -> Json:
    told = {"Result": "Failure", "ErrorCondition": condition}
    return {
        "Response": told
        | ({"AdditionalResponse": f"message={condition}&refusalReason={quote(why)}"} if why else {})
    }


def _rejected(body: bytes) -> Json:
    header = {
        "MessageClass": "Event",
        "MessageCategory": "Event",
        "MessageType": "Notification",
        "ProtocolVersion": "3.0",
        "SaleID": "N/A",
        "POIID": "N/A",
    }
    event = {"EventToNotify": "Reject", "EventDetails": "message=Input+is+not+a+JSONObject"}
    return {"SaleToPOIRequest": {"MessageHeader": header, "EventNotification": event}}
