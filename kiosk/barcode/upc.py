"""UPC-E, the short form of a UPC-A whose zeros are left out in one of four ways."""

from kiosk.barcode.digits import BarcodeError, Reason, check_digit, digits_of


def expand(text: str) -> str:
    """The UPC-A (12 digits) of a UPC-E: 6 digits, 7 with its number system, 8 with its check digit also.

    The check digit of a UPC-E is that of the number it stands for; 6 or 7 digits have none to verify.
    """
    digits_of(text)
    if len(text) not in (6, 7, 8):
        raise BarcodeError(Reason.LENGTH)
    system, body = ("0", text) if len(text) == 6 else (text[0], text[1:7])
    if system not in "01":
        raise BarcodeError(Reason.NUMBER_SYSTEM)
    match body[5]:
        case "0" | "1" | "2":
            payload = body[:2] + body[5] + "0000" + body[2:5]
        case "3":
            payload = body[:3] + "00000" + body[3:5]
        case "4":
            payload = body[:4] + "00000" + body[4]
        case _:
            payload = body[:5] + "0000" + body[5]
    payload = system + payload
    check = str(check_digit(payload))
    if len(text) == 8 and text[7] != check:
        raise BarcodeError(Reason.CHECK_DIGIT)
    return payload + check


def compress(upc_a: str) -> str:
    """The UPC-E (8 digits) of a UPC-A (12 digits, check digit right); NOT_SHORTENABLE where there is none."""
    digits_of(upc_a)
    if len(upc_a) != 12:
        raise BarcodeError(Reason.LENGTH)
    if int(upc_a[11]) != check_digit(upc_a[:11]):
        raise BarcodeError(Reason.CHECK_DIGIT)
    system, maker, item, check = upc_a[0], upc_a[1:6], upc_a[6:11], upc_a[11]
    if system in "01":
        if item[:4] == "0000" and item[4] >= "5" and maker[4] != "0":
            return system + maker + item[4] + check
        if item[:4] == "0000" and maker[4] == "0" and maker[3] != "0":
            return system + maker[:4] + item[4] + "4" + check
        if maker[2:] in ("000", "100", "200") and item[:2] == "00":
            return system + maker[:2] + item[2:] + maker[2] + check
        if maker[3:] == "00" and item[:3] == "000":
            return system + maker[:3] + item[3:] + "3" + check
    raise BarcodeError(Reason.NOT_SHORTENABLE)
