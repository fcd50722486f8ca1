"""DSFinV-K: closed days of the ledger as the tables that a German tax auditor reads (spec 2.4, package `dsfinvk`).

Pure: records to rows. Sums of a closing are those of its single records, by construction; a test compares them with
`totals`. Training and broken-off baskets are in the single records and in no sum.
"""

from datetime import tzinfo

from dsfinvk import models
from dsfinvk.table import Model

from kiosk.fiscal.dsfinv.closing import closing
from kiosk.fiscal.dsfinv.sheet import Day, Known, Sheet, Shop, days, known
from kiosk.fiscal.dsfinv.singles import single

__all__ = ["TABLES", "Day", "Known", "Shop", "days", "known", "rows"]

TABLES: tuple[type[Model], ...] = (
    models.Stamm_Abschluss, models.Stamm_Orte, models.Stamm_Kassen, models.Stamm_Terminals, models.Stamm_Agenturen,
    models.Stamm_TSE, models.Stamm_USt, models.Z_GV_Typ, models.Z_Zahlart, models.Z_Waehrungen, models.Bonkopf,
    models.Bonkopf_Zahlarten, models.Bonpos, models.Bonpos_Preisfindung, models.Bonpos_Zusatzinfo,
    models.TSE_Transaktionen, models.Bonkopf_USt, models.Bonpos_USt, models.Bonkopf_AbrKreis, models.Bon_Referenzen,
)  # fmt: skip


def rows(day: Day, shop: Shop, zone: tzinfo, known: Known) -> list[Model]:
    """Every row of every table for one day. Raises UnknownRate for a tax code without UST_SCHLUESSEL."""
    sheet = Sheet(day, shop, zone, known)
    found = list(closing(sheet))
    for line, bon in sheet.bons:
        found += single(sheet, line, bon)
    return found
