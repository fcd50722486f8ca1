"""What the tax office wants on paper: golden receipts of Germany and France, as printed and as text."""

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from drivers.simulated.tse import Chip
from kiosk.checkout.records import FiscalSignature
from kiosk.fiscal.profiles import NEUTRAL, profile_of
from kiosk.fiscal.qr import code, read, why_not_genuine
from kiosk.receipt import Plain, QrCode, Receipt, Text, receipt
from kiosk.slips import document
from kiosk.text.cells import cells
from kiosk.text.receipt_lines import lines, words_for
from kiosk.units import Millis
from tests.fiscal.shop import SHOP, closed, refund_of
from tests.receipt import sample

GOLDEN = Path(__file__).parent.parent / "golden" / "receipts"
SIGNED = FiscalSignature(
    serial="c7b8f4b0e09d2f45f31b1b20ae0c3c1c5a6d5dbd8bd0ac8c86bd9c2a7d4ee9f1",
    client="0187-4",
    transaction=1042,
    counter=2213,
    started=Millis(1_795_279_800_000),
    finished=Millis(1_795_279_891_000),
    process_type="Kassenbeleg-V1",
    process_data="Beleg^13.09_15.19_0.00_0.00_0.00^28.28:Unbar",
    algorithm="ecdsa-plain-SHA256",
    time_format="unixTime",
    signature="x8XI+5WbIwsUvOTi1l8QzlEScbN9gaHuUafT+ytIcQ2LtiLDu9Jv+zKoKjvioXcSDt3IXNVNsKFfKhvN9OjfFw==",
    public_key="BGFKQP7EENf3s5hTDXvlh+xyJ1Q9BNIa9LyYbYK+pTAKAGQ2fmI40p5QOrpHpvb+UuOrNQJdhzggHNfyyyDyf/g=",
)
IN_WORDS = replace(SHOP, signature_as="text")
FRENCH = replace(sample.SHOP, receipt_url="")


def written(document: Receipt, columns: int) -> str:
    return "\n".join(lines(document, words_for(document), columns)) + "\n"


RECEIPTS = {
    "DE-qr": receipt(closed(), SHOP, signature=SIGNED),
    "DE-text": receipt(closed(), IN_WORDS, signature=SIGNED),
    "DE-out": receipt(closed(), SHOP, signature=FiscalSignature(outage=Millis(1))),
    "FR": receipt(sample.closed(language="fr"), FRENCH, excerpt="7 c 0 e"),
}


@pytest.mark.parametrize("columns", [48, 32])
@pytest.mark.parametrize("name", RECEIPTS)
def test_a_receipt_by_the_law_of_its_country(name: str, columns: int) -> None:
    text = written(RECEIPTS[name], columns)
    path = GOLDEN / f"law-{name}-{columns}.txt"
    if os.environ.get("UPDATE_GOLDENS"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    assert all(cells(line) <= columns for line in text.splitlines())


def test_the_code_on_paper_is_the_signature() -> None:
    (printed,) = [block.text for block in RECEIPTS["DE-qr"].blocks if isinstance(block, QrCode)]
    assert printed == code(SIGNED) and read(printed).signature == SIGNED.signature
    assert why_not_genuine(read(printed)) == "wrong signature"  # these figures were signed by nobody


def test_in_words_everything_is_there_that_the_law_names() -> None:
    text = written(RECEIPTS["DE-text"], 48).replace("\n", "").replace(" ", "")
    for said in ("1042", "2213", "0187-4", SIGNED.serial, SIGNED.signature, "2026-11-21T16:50:00.000Z"):
        assert said in text


def test_an_outage_is_named_in_german_whatever_the_shopper_speaks() -> None:
    french = receipt(closed(language="fr"), SHOP, signature=FiscalSignature(outage=Millis(1)))
    assert Plain("TSE ausgefallen") in french.blocks
    assert "TSE ausgefallen" in written(RECEIPTS["DE-out"], 48)
    assert Text("TSE out of order", strong=True) in RECEIPTS["DE-out"].blocks


def test_a_country_without_a_device_says_nothing_of_one() -> None:
    assert receipt(closed(), SHOP) == receipt(closed(), SHOP, signature=None, excerpt="")
    assert "TSE" not in written(receipt(closed(), SHOP), 48)


def test_french_receipts_name_what_the_doctrine_wants() -> None:
    text = written(RECEIPTS["FR"], 48)
    for said in ("SIRET", "TVA FR", "0001-1-000042", "caisse 1", "Logiciel", "0.1.0", "7 c 0 e", "Taux"):
        assert said in text, said


def test_each_country_has_its_rules_and_the_others_have_neutral_ones() -> None:
    france, germany = profile_of("fr"), profile_of("DE")
    assert not france.may_print_unasked and france.receipt_default == "ask" and "none" in france.choices
    assert "none" not in germany.choices and germany.unanswered == "print" and germany.signs
    assert profile_of("BE").cash_step == 5
    assert profile_of("XX") is profile_of("") is NEUTRAL
    assert france.keep_days >= 6 * 365 and germany.keep_days >= 10 * 365


@pytest.mark.parametrize(
    ("country", "written", "missing"),
    [
        ("FR", ("SIRET 552 100 554 00025", "TVA FR 32 552100554"), []),
        ("FR", ("SIRET 552 100 554 00025",), ["VAT number"]),
        ("FR", ("SIREN 552 100 554", "TVA FR 32 552100554"), ["SIRET"]),
        ("DE", ("USt-IdNr. DE123456789",), []),
        ("DE", ("St.-Nr. 27/123/45678",), []),
        ("DE", (), ["VAT number"]),
        ("", (), []),
    ],
)
def test_numbers_that_the_law_wants_are_missed(
    country: str, written: tuple[str, ...], missing: list[str]
) -> None:
    assert profile_of(country).missing(written) == missing


def test_the_code_is_read_off_the_paper_and_is_genuine(tmp_path: Path) -> None:
    import zxingcpp
    from PIL import Image

    from kiosk.checkout.effects import Print
    from tests.drivers.printers.lane import Lane
    from tests.fiscal.test_qr import signed

    lane = Lane()
    deed = Print("j-42", closed(), signature=signed(Chip(), SIGNED.process_data))
    lane.rig.clock.at(0.5, lambda: lane.rig.orders.put(deed))
    lane.run(60)
    picture = tmp_path / "receipt.png"
    lane.papers[0].png(picture)
    found = [code.text for code in zxingcpp.read_barcodes(Image.open(picture).convert("L"))]
    (text,) = [text for text in found if text.startswith("V0;")]
    assert why_not_genuine(read(text)) == ""


def test_a_refund_has_its_own_signature_and_excerpt() -> None:
    back = refund_of(closed(), (4, 2))
    made = document(back, SHOP, signature=SIGNED, excerpt="7 c 0 e")
    assert QrCode(code(SIGNED)) in made.blocks
    assert Text("Signature: {excerpt}", {"excerpt": "7 c 0 e"}) in made.blocks
    assert not any(isinstance(block, QrCode) for block in document(back, SHOP).blocks)
