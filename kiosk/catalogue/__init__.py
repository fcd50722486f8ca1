"""The kiosk's own copy of items, codes, prices, offers and staff, and of what others have weighed,
in an SQLite file of its own."""

from kiosk.catalogue.file import CatalogueError
from kiosk.catalogue.intake import Intake
from kiosk.catalogue.reader import Catalogue
from kiosk.catalogue.shared import SharedIntake

__all__ = ["Catalogue", "CatalogueError", "Intake", "SharedIntake"]
