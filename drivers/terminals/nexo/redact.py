"""What may be written down of a message: the keys we know to be harmless as they are, all else masked, same length."""

import re

from drivers.terminals.nexo.frames import HEAD, LONGEST, How
from drivers.terminals.nexo.texts import Last4, kept, safe

PLAIN = frozenset(
    "ProtocolVersion MessageClass MessageCategory MessageType ServiceID SaleID POIID DeviceID Result ErrorCondition "
    "Currency RequestedAmount AuthorizedAmount ReversedAmount TransactionID TimeStamp AbortReason ReversalReason "
    "DocumentQualifier ReceiptReprintFlag HostDiagnosisFlag GlobalStatus CommunicationOKFlag PaymentBrand EntryMode "
    "PaymentType PaymentInstrumentType SaleToAcquirerData AllowedPaymentBrand ReconciliationType POIReconciliationID "
    "PaymentCurrency TransactionType TransactionCount TransactionAmount EventToNotify OnlineFlag OutputFormat "
    "EndOfLineFlag RequiredSignatureFlag IntegratedPrintFlag AdyenCryptoVersion KeyIdentifier KeyVersion".split()
)
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*', re.DOTALL)
COLON = re.compile(r"\s*:")


def redact(run: bytes) -> bytes:
    """As many bytes of a line of frames; what is no whole frame is all masked."""
    safe_run = b""
    while run:
        end = HEAD.size + (HEAD.unpack_from(run)[0] if len(run) >= HEAD.size else LONGEST)
        if end > len(run):
            return safe_run + b"*" * len(run)
        how = run[HEAD.size - 1]
        body = run[HEAD.size : end]
        safe_run += run[: HEAD.size] + (redacted(body) if how == How.BODY else b"*" * len(body))
        run = run[end:]
    return safe_run


def redacted(body: bytes) -> bytes:
    """One message with nothing of a card but its last four digits."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return b"*" * len(body)
    if not text.lstrip().startswith("{"):
        return b"*" * len(body)
    parts: list[str] = []
    key, at = "", 0
    for token in TOKEN.finditer(text):
        parts.append(_between(text[at : token.start()]))
        at = token.end()
        if token[0][0] == '"' and COLON.match(text, at):
            key = token[0][1:-1]
            parts.append(safe(token[0]))
        else:
            parts.append(_value(key, token[0]))
    parts.append(_between(text[at:]))
    return "".join(parts).encode()


def _between(text: str) -> str:
    """Punctuation, true, false and null; anything else is no JSON, and none of it is shown."""
    plain = re.sub(r"true|false|null|[\s\[\]{}:,]", "", text)
    return "".join("*" if char.isalnum() else char for char in text) if plain else text


def _value(key: str, token: str) -> str:
    if key == "MaskedPan" and token[0] == '"':
        last = str(kept(Last4, token))
        return '"' + last.rjust(len(token) - 2, "*") + '"'
    if key in PLAIN:
        return safe(token)
    if token[0] == '"':
        inner = token[1:-1]
        return '"' + "*" * len(inner.encode()) + '"'
    return re.sub(r"\d", "0", token)
