"""The route of baskets that were set aside."""

from litestar import post
from litestar.handlers import BaseRouteHandler
from litestar.params import JSONBody

from kiosk.wire import BasketGiven, TakeBasket
from store import handovers
from store.database import writing
from store.guards import Call, caller, lane_only


@post("/v1/baskets/take", guards=[lane_only], status_code=200, sync_to_thread=True)
def take_basket(data: JSONBody[TakeBasket], request: Call) -> BasketGiven:
    """Hand out a basket that was set aside, to one lane alone. A refusal is an answer, too, and says why.

    The same request gets the same answer: a lane that has not heard it asks again.
    """
    with writing(request.app.state.engine) as db:
        return handovers.give(db, caller(request), data, request.app.state.now())


BASKETS: list[BaseRouteHandler] = [take_basket]
