"""The way to the store server: does it answer, is it ours, does it know this lane?"""

from kiosk.catalogue.intake import Wanted
from kiosk.config import Config
from kiosk.readiness.faults import Fault
from kiosk.readiness.report import Check, State, ill, well
from kiosk.units import ItemId

FIRST_PAGE = Wanted("", 0, 0, ItemId(0))


def shop(config: Config) -> list[Check]:
    """One request as the link makes it, with the lane's own token, that changes nothing at the server."""
    if config.link is None:
        return [Check("shop", "store server", State.ABSENT, "not in the configuration: the lane sells alone")]
    from kiosk.link.client import NoStoreError, RefusedError, StoreClient

    server = config.link.server
    try:
        client = StoreClient(config.link)
    except NoStoreError as wrong:
        return [ill("shop", "store server", Fault.TOKEN, str(wrong), "a file for this user")]
    try:
        client.catalogue_page(FIRST_PAGE)
    except (NoStoreError, RefusedError) as wrong:
        return [ill("shop", "store server", why(str(wrong)), f"{server}: {wrong}")]
    finally:
        client.close()
    return [well("shop", "store server", f"{server} answers, and knows this lane")]


def why(said: str) -> Fault:
    """What a failed request tells, by the words of the link's own client."""
    if "not the pinned" in said:
        return Fault.WRONG_PIN
    return Fault.TOKEN if "status 401" in said or "device token" in said else Fault.SERVER_AWAY
