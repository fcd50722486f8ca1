"""The way to the store server: does it answer, is it ours, does it know this lane?"""

from pathlib import Path

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

    server, token = config.link.server, Path(config.link.token_file)
    if closed(token):
        return [Check("shop", "store server", State.ABSENT, f"not asked: root alone may read {token}")]
    try:
        client = StoreClient(config.link)
    except NoStoreError as wrong:
        return [ill("shop", "store server", Fault.TOKEN, str(wrong), "the token of this lane")]
    try:
        client.catalogue_page(FIRST_PAGE)
    except (NoStoreError, RefusedError) as wrong:
        return [ill("shop", "store server", why(str(wrong)), f"{server}: {wrong}")]
    finally:
        client.close()
    return [well("shop", "store server", f"{server} answers, and knows this lane")]


def closed(token: Path) -> bool:
    """Whether it is another user who has the token: the link's, as a rule."""
    try:
        token.read_bytes()
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def why(said: str) -> Fault:
    """What a failed request tells, by the words of the link's own client."""
    if "not the pinned" in said:
        return Fault.WRONG_PIN
    return Fault.TOKEN if "status 401" in said or "device token" in said else Fault.SERVER_AWAY
