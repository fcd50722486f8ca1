"""Routes about members."""

from litestar import post
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.params import JSONBody

from kiosk.wire import MemberAnswer, MemberQuestion
from store import members
from store.database import writing
from store.guards import Call, caller, lane_only


@post("/v1/members/find", guards=[lane_only], status_code=200, sync_to_thread=True)
def find_member(data: JSONBody[MemberQuestion], request: Call) -> MemberAnswer:
    """Whose card, code or phone number that is: 404 if nobody's, 429 after too many of these from one lane.

    The number is in the body, so no log has it.
    """
    state = request.app.state
    with writing(state.engine) as db:
        try:
            found = members.find(db, state.salt, caller(request), data, state.now())
        except members.TryLaterError as error:
            raise HTTPException("too many unknown numbers from this lane", status_code=429) from error
    if found is None:
        raise HTTPException("no member has this number", status_code=404)
    return found


MEMBERS: list[BaseRouteHandler] = [find_member]
