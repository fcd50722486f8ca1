"""Single records: one receipt, refund or broken-off basket with its positions, payments, references and signature."""

from collections.abc import Iterator
from decimal import Decimal

from dsfinvk import models
from dsfinvk.table import Model

from kiosk.checkout.money import Tender
from kiosk.checkout.records import Cancelled, ClosedSale, FiscalSignature, HandedOver, Refund
from kiosk.fiscal.dsfinv.positions import Position, positions
from kiosk.fiscal.dsfinv.sheet import WAYS, Sheet, till_of
from kiosk.fiscal.kassenbeleg import Fiscal, kind_of
from kiosk.fiscal.qr import iso
from kiosk.fiscal.totals import taxes_of, tenders_of
from kiosk.units import Millis, half_up

SELF_SERVICE = "Selbstbedienung"


def single(sheet: Sheet, line: int, bon: Fiscal) -> Iterator[Model]:
    taxes = taxes_of(bon)
    started, ended = _times(bon, sheet.signed.get(bon.id))
    yield sheet.row(
        models.Bonkopf,
        BON_ID=bon.id,
        BON_NR=getattr(bon, "number", line),
        BON_TYP=kind_of(bon).value,
        TERMINAL_ID=sheet.till,
        BON_STORNO=isinstance(bon, Refund) and bon.whole,
        BON_START=sheet.local(started),
        BON_ENDE=sheet.local(ended),
        BEDIENER_ID=getattr(bon, "by", "") or SELF_SERVICE,
        UMS_BRUTTO=sheet.money(sum(tax.gross for tax in taxes)),
        BON_NOTIZ=getattr(bon, "reason", "")[:255],
    )
    keys: dict[int, list[int]] = {}
    for tax in taxes:
        so_far = keys.setdefault(sheet.key(tax.code, tax.rate), [0, 0, 0])
        so_far[:] = [so_far[0] + tax.gross, so_far[1] + tax.net, so_far[2] + tax.vat]
    for key, (gross, net, vat) in sorted(keys.items()):
        yield sheet.row(
            models.Bonkopf_USt,
            BON_ID=bon.id,
            UST_SCHLUESSEL=key,
            BON_BRUTTO=sheet.money(gross),
            BON_NETTO=sheet.money(net),
            BON_UST=sheet.money(vat),
        )
    for tender in tenders_of(bon):
        yield _payment(sheet, bon.id, tender)
    for number, position in enumerate(positions(bon), 1):
        yield from _position(sheet, bon, str(number), position)
    if isinstance(bon, Refund):
        yield _reference(sheet, bon)
    if bon.id in sheet.signed:
        yield _tse(sheet, bon.id, sheet.signed[bon.id])


def _payment(sheet: Sheet, id: str, tender: Tender) -> Model:
    way, name = WAYS[tender.kind]
    return sheet.row(
        models.Bonkopf_Zahlarten,
        BON_ID=id,
        ZAHLART_TYP=way,
        ZAHLART_NAME=name,
        ZAHLWAEH_CODE=sheet.head.currency,
        BASISWAEH_BETRAG=sheet.money(tender.amount),
    )


def _position(sheet: Sheet, bon: Fiscal, number: str, position: Position) -> Iterator[Model]:
    item = position.item
    thousandths = position.quantity * (1 if position.by_weight else 1000)
    yield sheet.row(
        models.Bonpos,
        BON_ID=bon.id,
        POS_ZEILE=number,
        ARTIKELTEXT=position.text[:255],
        POS_TERMINAL_ID=sheet.till,
        GV_TYP=position.kind,
        P_STORNO=position.undone,
        ART_NR=str(item.id) if item else "",
        GTIN=f"{item.gtin:014}" if item and item.gtin else "",
        WARENGR=item.department[:50] if item else "",
        MENGE=Decimal(thousandths).scaleb(-3),
        FAKTOR=Decimal(1),
        EINHEIT="kg" if position.by_weight else "Stück",
        STK_BR=_each(sheet, position.base, thousandths),
    )
    if position.rate is not None:
        yield from _amounts(sheet, bon, number, position, sheet.key(position.code, position.rate))


def _amounts(sheet: Sheet, bon: Fiscal, number: str, position: Position, key: int) -> Iterator[Model]:
    """A position's VAT, and how its price came about where that was not simply so."""
    yield sheet.row(
        models.Bonpos_USt,
        BON_ID=bon.id,
        POS_ZEILE=number,
        UST_SCHLUESSEL=key,
        POS_BRUTTO=sheet.money(position.gross),
        POS_NETTO=sheet.money(position.net),
        POS_UST=sheet.money(position.vat),
    )
    if not position.discounts:
        return
    steps = [("base_amount", position.base), *(("discount", -one.amount) for one in position.discounts)]
    for kind, amount in steps:
        yield sheet.row(
            models.Bonpos_Preisfindung,
            BON_ID=bon.id,
            POS_ZEILE=number,
            TYP=kind,
            UST_SCHLUESSEL=key,
            PF_BRUTTO=sheet.money(amount),
        )


def _each(sheet: Sheet, base: int, thousandths: int) -> Decimal:
    """The price of a piece or a kilogram, to five decimals."""
    if not thousandths:
        return Decimal(0)
    sign = 1 if thousandths > 0 else -1
    steps = 10 ** (5 - sheet.shop.exponent) * 1000
    return Decimal(half_up(sign * base * steps, abs(thousandths))).scaleb(-5)


def _reference(sheet: Sheet, refund: Refund) -> Model:
    known = sheet.closed.get(refund.original.id)
    return sheet.row(
        models.Bon_Referenzen,
        BON_ID=refund.id,
        REF_TYP="Transaktion",
        REF_DATUM=sheet.local(known[1]) if known else None,
        REF_Z_KASSE_ID=till_of([refund.original]).till,
        REF_Z_NR=known[0] if known else None,
        REF_BON_ID=refund.original.id,
    )


def _tse(sheet: Sheet, id: str, said: FiscalSignature) -> Model:
    if not said.serial:
        out = f"TSE ausgefallen seit {iso(said.outage)}"
        return sheet.row(models.TSE_Transaktionen, BON_ID=id, TSE_TA_FEHLER=out)
    return sheet.row(
        models.TSE_Transaktionen,
        BON_ID=id,
        TSE_ID=sheet.devices[said.serial],
        TSE_TANR=said.transaction,
        TSE_TA_START=iso(said.started),
        TSE_TA_ENDE=iso(said.finished),
        TSE_TA_VORGANGSART=said.process_type,
        TSE_TA_SIGZ=said.counter,
        TSE_TA_SIG=said.signature,
        TSE_VORGANGSDATEN=said.process_data,
    )


def _times(bon: Fiscal, said: FiscalSignature | None) -> tuple[Millis, Millis]:
    """When it began and ended; what has no beginning of its own has the fiscal device's."""
    match bon:
        case ClosedSale():
            return bon.started, bon.ended
        case Refund():
            ended = bon.ended
        case Cancelled() | HandedOver():
            ended = bon.at
    began = said.started if said is not None and said.started else ended
    return min(began, ended), ended
