"""A lane that was enrolled a moment ago knows no products yet: it says so, and opens when they come."""

from pathlib import Path

from kiosk.catalogue import Catalogue
from kiosk.wire import CatalogueChanged
from tests.journeys.rig import Journey, stock
from tests.lane import MILK


def test_it_is_closed_until_the_catalogue_has_come(tmp_path: Path) -> None:
    Catalogue.open(tmp_path / "catalogue.db").close()
    with Journey(tmp_path) as journey:
        journey.devices_ready()
        journey.until_says("No more products here, for now")
        journey.until_says("Please use another checkout.")
        stock(tmp_path / "catalogue.db")
        journey.kiosk.inbox.put(CatalogueChanged(1))
        journey.until_says("Just scan.")
        journey.buy(MILK)
        journey.finish()
        assert journey.sold == [125]
