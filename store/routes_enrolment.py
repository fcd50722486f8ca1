"""The one route for a machine that has no token yet."""

from litestar import post
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.params import JSONBody

from kiosk.wire.enrol import Enrol, Enrolled
from store.enrolment import enrol
from store.guards import Call


@post("/v1/enrol", status_code=200, sync_to_thread=True)
def post_enrol(data: JSONBody[Enrol], request: Call) -> Enrolled:
    """A code from `store lane invite` for the lane's token: 404 if there is none, or none any more.

    Code and token are in bodies, so no log has them.
    """
    enrolled = enrol(request.app.state.engine, data.code, request.app.state.now())
    if enrolled is None:
        raise HTTPException("this code was used, is over, or never was", status_code=404)
    return enrolled


ENROLMENT: list[BaseRouteHandler] = [post_enrol]
