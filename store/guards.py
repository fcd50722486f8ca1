"""Who may call: a lane by its device token, or a person who looks at the pages."""

import base64
import binascii
from typing import Any, TypeAlias

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler

from store.lanes import Lane

Call: TypeAlias = Request[Any, Any, State]


async def lane_only(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard: the caller shows a lane's token (`Authorization: Bearer …`), or gets 401."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    lane = connection.app.state.doorkeeper.lane_of(token) if scheme.lower() == "bearer" else None
    if lane is None:
        raise NotAuthorizedException("no lane has this device token")
    connection.scope["state"]["lane"] = lane


async def viewer_only(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard for people and scrapers: open on a server bound to loopback, else any device token, also as
    the password of HTTP Basic."""
    if connection.app.state.open_pages:
        return
    scheme, _, given = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            given = ""
    if connection.app.state.doorkeeper.lane_of(given) is None:
        raise NotAuthorizedException("a device token is needed", headers={"WWW-Authenticate": "Basic"})


def caller(request: Call) -> Lane:
    lane: Lane = request.scope["state"]["lane"]
    return lane
