"""Routes for value that the server holds, refunds of other lanes' sales, and baskets handed over."""

from typing import Any, NoReturn

from litestar import Response, get, post, put
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody

from kiosk.wire import ReserveValue, SaleAnswer, SaleQuestion, TakenOver, TakeOver, ValueDecision, ValueState
from store import handovers, refunds, value
from store.database import writing
from store.guards import Call, caller, lane_only
from store.wallet import SignatureError

ORDERS = {"commit": value.commit, "cancel": value.cancel, "credit": value.credit}


@post("/v1/value/reserve", guards=[lane_only], status_code=201, sync_to_thread=True)
def reserve(data: JSONBody[ReserveValue], request: Call) -> Response[ValueState]:
    """Set value aside under the lane's own id: 201, or 200 if that was asked before, with the same answer.

    409 if the id was used for something else. A refusal is an answer, too: state `refused` with its reason.
    """
    state, lane = request.app.state, caller(request)
    if data.kind == "wallet":
        return _answer(state.wallets.reserve(state.value_salt, lane, data), data.id)
    with writing(state.engine) as db:
        answer = value.reserve(db, state.value_salt, lane, data, state.now())
    return _answer(answer, data.id)


@get("/v1/value/{id_:str}", guards=[lane_only], sync_to_thread=True)
def get_value(id_: FromPath[str], request: Call) -> ValueState:
    """Where a reservation stands; 404 if there is none, which does not say that there never will be."""
    with request.app.state.engine.connect() as db:
        _own(request, value.owner(db, id_), id_)
        found = value.shown(db, id_)
    assert found is not None
    return found


@put("/v1/value/{id_:str}/withdraw", guards=[lane_only], status_code=201, sync_to_thread=True)
def withdraw(id_: FromPath[str], request: Call) -> Response[ValueState]:
    """What is not reserved yet is cancelled, and its reserve refused should it come later; else it stays reserved."""
    with request.app.state.engine.connect() as db:
        if (lane := value.owner(db, id_)) is not None:
            _own(request, lane, id_)
    return _answer(request.app.state.wallets.withdraw(caller(request), id_), id_)


@put("/v1/value/{id_:str}/{do:str}", guards=[lane_only], status_code=201, sync_to_thread=True)
def order(
    id_: FromPath[str], do: FromPath[str], data: JSONBody[ValueDecision], request: Call
) -> Response[ValueState]:
    """`commit`: book it for good; `cancel`: set it free; `credit`: give so much of it back for a refund.

    201, or 200 if that is done, or 409 if it cannot be.

    A cancel is remembered though its reserve has not come yet. A conflict is kept and shown, and changes nothing.
    """
    if do not in ORDERS:
        raise HTTPException("expected commit, cancel, credit or withdraw", status_code=404)
    if (data.id, data.do) != (id_, do):
        raise HTTPException(f"the order in the body is to {data.do} {data.id}", status_code=400)
    with writing(request.app.state.engine) as db:
        answer = ORDERS[do](db, caller(request), data, request.app.state.now())
    return _answer(answer, id_)


@post("/v1/wallet/callback", status_code=200)
async def wallet_callback(request: Call) -> dict[str, bool]:
    """The wallet's provider says something about a payment, signed; whenever, in any order, however often."""
    from litestar.concurrency import sync_to_thread

    body = await request.body()
    try:
        known = await sync_to_thread(request.app.state.wallets.heard, body)
    except SignatureError as error:
        raise HTTPException(str(error), status_code=401) from error
    return {"known": known}


@post("/v1/sales/find", guards=[lane_only], status_code=200, sync_to_thread=True)
def find_sale(data: JSONBody[SaleQuestion], request: Call) -> SaleAnswer:
    """A sale by the number on its receipt, for this lane to give back; 404: none; 409: another lane is at it."""
    with writing(request.app.state.engine) as db:
        try:
            found = refunds.claim(db, caller(request), data.number, request.app.state.now())
        except refunds.ClaimedError as error:
            raise HTTPException(str(error), status_code=409) from error
    if found is None:
        raise HTTPException("no sale has this number", status_code=404)
    return found


@get("/v1/handovers/{id_:str}", guards=[lane_only], sync_to_thread=True)
def get_handover(id_: FromPath[str], request: Call) -> TakenOver:
    """A basket that is to be paid at a staffed till."""
    with request.app.state.engine.connect() as db:
        found = handovers.show(db, id_)
    if found is None:
        raise HTTPException("no basket has this id", status_code=404)
    return found


@put("/v1/handovers/{id_:str}/take", guards=[lane_only], status_code=200, sync_to_thread=True)
def take_handover(id_: FromPath[str], data: JSONBody[TakeOver], request: Call) -> TakenOver:
    """Take the basket over: 409 if somebody else was quicker; the same till and person may ask again."""
    lane = caller(request)
    till = f"{lane.store}/{lane.lane}"
    with writing(request.app.state.engine) as db:
        try:
            found = handovers.take(db, id_, till, data.by, request.app.state.now())
        except handovers.TakenError as error:
            raise HTTPException(str(error), status_code=409) from error
    if found is None:
        raise HTTPException("no basket has this id", status_code=404)
    return found


def _own(request: Call, owner: Any, id_: str) -> None:
    if owner is None:
        raise HTTPException(f"no reservation {id_}", status_code=404)
    if owner != caller(request):
        raise HTTPException(f"{id_} is another lane's", status_code=403)


def _answer(answer: value.Answer, id_: str) -> Response[ValueState]:
    if answer.conflict:
        _refuse(f"{id_}: {answer.conflict}; this is kept for inspection")
    assert answer.state is not None
    return Response(answer.state, status_code=200 if answer.again else 201)


def _refuse(detail: str) -> NoReturn:
    raise HTTPException(detail, status_code=409)


VALUE: list[BaseRouteHandler] = [
    reserve,
    get_value,
    withdraw,
    order,
    wallet_callback,
    find_sale,
    get_handover,
    take_handover,
]
