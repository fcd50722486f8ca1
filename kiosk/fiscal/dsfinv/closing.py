"""The closing itself: whose till it was, what it was set to, and the sums of the day."""

from collections.abc import Iterator
from decimal import Decimal

from dsfinvk import models
from dsfinvk.table import Model

from kiosk.fiscal.dsfinv.positions import by_kind, positions
from kiosk.fiscal.dsfinv.sheet import WAYS, Sheet
from kiosk.fiscal.kassenbeleg import Kind, kind_of
from kiosk.fiscal.totals import taxes_of, tenders_of

TAX_WORDS = {
    1: "Allgemeiner Steuersatz",
    2: "Ermäßigter Steuersatz",
    5: "Nicht steuerbar",
    6: "Umsatzsteuerfrei",
}


def closing(sheet: Sheet) -> Iterator[Model]:
    """Master data as of this day, then the sums."""
    yield from _master(sheet)
    yield from _taxes(sheet)
    yield from _tses(sheet)
    yield from _sums(sheet)


def _master(sheet: Sheet) -> Iterator[Model]:
    shop, tenders = sheet.shop, _tenders(sheet)
    first, last = (sheet.bons[0][1].id, sheet.bons[-1][1].id) if sheet.bons else ("", "")
    yield sheet.row(
        models.Stamm_Abschluss,
        TAXONOMIE_VERSION=models.TAXONOMY_VERSION,
        Z_BUCHUNGSTAG=sheet.day.ended.date,
        Z_START_ID=first,
        Z_ENDE_ID=last,
        NAME=shop.name[:60],
        STRASSE=shop.street[:60],
        PLZ=shop.postcode,
        ORT=shop.city,
        LAND=shop.country,
        STNR=shop.tax_number,
        USTID=shop.vat_id,
        Z_SE_ZAHLUNGEN=sheet.money(sum(tenders.values())),
        Z_SE_BARZAHLUNGEN=Decimal(0),
    )
    yield sheet.row(
        models.Stamm_Orte,
        LOC_NAME=shop.name[:60],
        LOC_STRASSE=shop.street[:60],
        LOC_PLZ=shop.postcode,
        LOC_ORT=shop.city,
        LOC_LAND=shop.country,
        LOC_USTID=shop.vat_id,
    )
    yield sheet.row(
        models.Stamm_Kassen,
        KASSE_BRAND="kiosk",
        KASSE_MODELL="kiosk",
        KASSE_SERIENNR=shop.till or sheet.till,
        KASSE_SW_BRAND="kiosk",
        KASSE_SW_VERSION=sheet.head.version,
        KASSE_BASISWAEH_CODE=sheet.head.currency,
        KEINE_UST_ZUORDNUNG=False,
    )


def _taxes(sheet: Sheet) -> Iterator[Model]:
    rates = {sheet.key(tax.code, tax.rate): tax.rate for _, bon in sheet.bons for tax in taxes_of(bon)}
    for key, rate in sorted(rates.items()):
        words = TAX_WORDS.get(key, f"Steuersatz {rate // 10_000} %")
        yield sheet.row(
            models.Stamm_USt, UST_SCHLUESSEL=key, UST_SATZ=Decimal(rate).scaleb(-4), UST_BESCHR=words
        )


def _tses(sheet: Sheet) -> Iterator[Model]:
    said = {one.serial: one for one in sheet.signed.values()}
    certificate = sheet.shop.certificate
    for serial, number in sheet.devices.items():
        yield sheet.row(
            models.Stamm_TSE,
            TSE_ID=number,
            TSE_SERIAL=serial,
            TSE_SIG_ALGO=said[serial].algorithm,
            TSE_ZEITFORMAT=said[serial].time_format,
            TSE_PD_ENCODING="UTF-8",
            TSE_PUBLIC_KEY=said[serial].public_key,
            TSE_ZERTIFIKAT_I=certificate[:1000],
            TSE_ZERTIFIKAT_II=certificate[1000:2000],
        )


def _sums(sheet: Sheet) -> Iterator[Model]:
    sums: dict[tuple[str, int], list[int]] = {}
    for _, bon in sheet.bons:
        if kind_of(bon) is not Kind.BELEG:
            continue
        for kind, found in by_kind(positions(bon)):
            for one in found:
                if one.rate is None:
                    continue
                so_far = sums.setdefault((kind, sheet.key(one.code, one.rate)), [0, 0, 0])
                so_far[:] = [so_far[0] + one.gross, so_far[1] + one.net, so_far[2] + one.vat]
    for (kind, key), (gross, net, vat) in sorted(sums.items()):
        yield sheet.row(
            models.Z_GV_Typ,
            GV_TYP=kind,
            UST_SCHLUESSEL=key,
            Z_UMS_BRUTTO=sheet.money(gross),
            Z_UMS_NETTO=sheet.money(net),
            Z_UST=sheet.money(vat),
        )
    for (way, name), amount in sorted(_tenders(sheet).items()):
        yield sheet.row(
            models.Z_Zahlart, ZAHLART_TYP=way, ZAHLART_NAME=name, Z_ZAHLART_BETRAG=sheet.money(amount)
        )
    yield sheet.row(models.Z_Waehrungen, ZAHLART_WAEH=sheet.head.currency, ZAHLART_BETRAG_WAEH=Decimal(0))


def _tenders(sheet: Sheet) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for _, bon in sheet.bons:
        for tender in tenders_of(bon) if kind_of(bon) is Kind.BELEG else ():
            sums[WAYS[tender.kind]] = sums.get(WAYS[tender.kind], 0) + tender.amount
    return sums
