"""Routes of what lanes have weighed."""

from typing import Annotated

from litestar import get, put
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.params import JSONBody, QueryParameter

from kiosk.wire import WeightsPage, WeightsTaken, WeightSums
from store import weights
from store.database import writing
from store.guards import Call, caller, lane_only


@put("/v1/weights", guards=[lane_only], status_code=200, sync_to_thread=True)
def put_weights(data: JSONBody[WeightSums], request: Call) -> WeightsTaken:
    """What this lane has weighed in its life; told again, or late, it changes nothing. 409: of other items."""
    teller = weights.Teller(caller(request), data.journal)
    try:
        with writing(request.app.state.engine) as db:
            return WeightsTaken(weights.take(db, teller, data.source, data.items, request.app.state.now()))
    except weights.OtherItemsError as error:
        raise HTTPException(str(error), status_code=409) from error


@get("/v1/weights", guards=[lane_only], sync_to_thread=True)
def get_weights(
    request: Call,
    journal: Annotated[str, QueryParameter(min_length=1, max_length=40)],
    source: Annotated[str, QueryParameter(max_length=40)] = "",
    since: Annotated[int, QueryParameter(ge=0)] = 0,
) -> WeightsPage:
    """What all others have weighed of the items that changed after version `since` (0: of all)."""
    teller = weights.Teller(caller(request), journal)
    with request.app.state.engine.begin() as db:
        return weights.page(db, teller, source, since)


WEIGHTS: list[BaseRouteHandler] = [put_weights, get_weights]
