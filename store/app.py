"""The store server's HTTP interface; `GET /schema` describes it (OpenAPI)."""

import time
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from litestar import Litestar, MediaType, Response, get, post, put
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlalchemy import Connection, Engine, func, select

from kiosk.units import ItemId
from kiosk.wire import (
    CataloguePage,
    ClosedSale,
    HandedOver,
    Heartbeat,
    HeartbeatAnswer,
    Record,
    Refund,
    Signed,
    Stored,
)
from kiosk.wire.baskets import Released, Resumed
from store import anchors, handovers, loyalty, metrics, page, receipts, refunds
from store.database import member_salt, value_salt
from store.feed import catalogue_page
from store.guards import Call, caller, lane_only, viewer_only
from store.intake import Delivery, Intake, NotStoredError, Taken, record_delivery, sale_delivery
from store.lanes import Doorkeeper, Lane, all_lanes, heard
from store.mail import Mailer, Posts
from store.routes_baskets import BASKETS
from store.routes_enrolment import ENROLMENT
from store.routes_members import MEMBERS
from store.routes_receipts import RECEIPTS
from store.routes_releases import RELEASES
from store.routes_value import VALUE
from store.routes_weights import WEIGHTS
from store.tables import catalogue, conflicts, records, sales
from store.wallet import Provider
from store.wallet_keeper import WalletKeeper

BODY_LIMIT = 4_000_000  # bytes
NO_MESSAGE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
DESCRIBED = OpenAPIConfig("Store server", "1", path="/schema", render_plugins=[JsonRenderPlugin(path="/")])


async def _taken(request: Call, delivery: Delivery, id_: str) -> Response[Stored]:
    try:
        taken = await request.app.state.intake.take(delivery)
    except NotStoredError as error:
        raise HTTPException(str(error), status_code=503) from error
    if taken is Taken.CONFLICT:
        detail = f"{id_} is stored with other content; what came now is kept for inspection"
        raise HTTPException(detail, status_code=409)
    again = taken is Taken.AGAIN
    return Response(Stored(id_, again), status_code=200 if again else 201)


@put("/v1/sales/{sale_id:str}", guards=[lane_only], status_code=201)
async def put_sale(sale_id: FromPath[str], data: JSONBody[ClosedSale], request: Call) -> Response[Stored]:
    """Store a closed sale: 201, or 200 if it is there already, or 409 if another content has its id.

    The points of a member are booked with it, once.
    """
    lane = caller(request)
    if data.id != sale_id:
        raise HTTPException(f"the sale in the body is {data.id}", status_code=400)
    if (data.store, data.lane) != (lane.store, lane.lane):
        detail = f"this token is for lane {lane.lane} of store {lane.store}, not {data.lane} of {data.store}"
        raise HTTPException(detail, status_code=403)
    also = None
    if data.member is not None and data.priced.loyalty_credit and not data.training:
        also = lambda db: loyalty.earn_credit(db, data, _now())  # noqa: E731
    return await _taken(request, sale_delivery(data, await request.body(), also), sale_id)


@put("/v1/records/{key:str}", guards=[lane_only], status_code=201)
async def put_record(key: FromPath[str], data: JSONBody[Record], request: Call) -> Response[Stored]:
    """Store a line of the lane's ledger, or a business event, under a key of the lane's own.

    A refund of more than was paid is money already gone: 409, kept as a conflict, with an alarm.
    """
    lane = caller(request)
    also = _also(lane, data)
    return await _taken(request, record_delivery(lane, key, data, await request.body(), also), key)


def _also(lane: Lane, record: Record) -> Callable[[Connection], bool] | None:
    """What else a ledger line means here: money given back, a basket in another hand, a signature."""
    now = _now()
    match record.kind:
        case "refund":
            refund = msgspec.convert(record.body, Refund, str_keys=True)
            return lambda db: refunds.take(db, lane, refund, now)
        case "handover":
            basket = msgspec.convert(record.body, HandedOver, str_keys=True)
            return lambda db: handovers.keep(db, lane, basket)
        case "released":
            free = msgspec.convert(record.body, Released, str_keys=True)
            return lambda db: handovers.release(db, lane, free)
        case "resumed":
            again = msgspec.convert(record.body, Resumed, str_keys=True)
            return lambda db: handovers.resume(db, lane, again, now)
        case "fiscal":
            signed = msgspec.convert(record.body, Signed, str_keys=True)
            return lambda db: receipts.sign(db, lane, signed)
        case _:
            return anchors.kept(lane, record, now)


@get("/v1/catalogue", guards=[lane_only], sync_to_thread=True)
def get_catalogue(
    request: Call,
    source: Annotated[str, QueryParameter(max_length=40)] = "",
    since: Annotated[int, QueryParameter(ge=0)] = 0,
    version: Annotated[int, QueryParameter(ge=0)] = 0,
    after: Annotated[int, QueryParameter(ge=0)] = 0,
) -> CataloguePage:
    """One page of what changed after version `since` (0: everything), items beyond id `after`."""
    with request.app.state.engine.begin() as db:
        return catalogue_page(
            db, caller(request).store, source, since, version, ItemId(after), request.app.state.page_size
        )


@post("/v1/heartbeat", guards=[lane_only], status_code=200, sync_to_thread=True)
def post_heartbeat(data: JSONBody[Heartbeat], request: Call) -> HeartbeatAnswer:
    """How the lane is; the answer tells what versions there are and whether the lane is wanted open."""
    with request.app.state.engine.begin() as db:
        is_open, reason = heard(db, caller(request), data, _now())
        row = db.execute(select(catalogue)).one()
    return HeartbeatAnswer(row.source, row.version, is_open, reason, row.weights)


@get("/metrics", guards=[viewer_only], sync_to_thread=True)
def get_metrics(request: Call) -> Response[bytes]:
    """Prometheus text: the lanes' own figures and the server's."""
    with request.app.state.engine.connect() as db:
        counts = {
            "sco_store_sales_total": db.execute(select(func.count()).select_from(sales)).scalar_one(),
            "sco_store_conflicts_total": db.execute(select(func.count()).select_from(conflicts)).scalar_one(),
            "sco_store_ledger_alarms_total": anchors.count(db),
            "sco_store_records_total": db.execute(select(func.count()).select_from(records)).scalar_one(),
            **metrics.of_value(db, _now()),
        }
        text = metrics.exposition(all_lanes(db), counts, _now())
    return Response(text.encode(), media_type=metrics.CONTENT_TYPE)


@get("/", guards=[viewer_only], media_type=MediaType.HTML, sync_to_thread=True, include_in_schema=False)
def get_page(request: Call) -> str:
    """The lane monitor."""
    with request.app.state.engine.connect() as db:
        return page.monitor(db, _now())


def _now() -> int:
    return time.time_ns() // 1_000_000


def _problem(_: Call, error: Exception) -> Response[dict[str, Any]]:
    return Response({"status_code": 400, "detail": str(error)}, status_code=400)


def _shared(engine: Engine) -> dict[str, Any]:
    """What every route of one database needs."""
    salts = {"salt": member_salt(engine), "value_salt": value_salt(engine)}
    return {"engine": engine, "doorkeeper": Doorkeeper(engine), **salts}


def make_app(
    engine: Engine,
    *,
    open_pages: bool = True,
    page_size: int = 1000,
    wallet: Provider | None = None,
    posts: Posts | None = None,
    sender: str = "receipts@localhost",
    now: Callable[[], int] = _now,
) -> Litestar:
    """The ASGI application on an opened database; `open_pages`: the monitor and the metrics need no token.

    `wallet` is who is asked for payments by phone, `posts` what brings receipts away, from `sender`; without,
    neither is offered. `now` in milliseconds since 1970.
    """
    intake = Intake(engine)
    keeper, mailer = WalletKeeper(engine, wallet, now), Mailer(engine, posts, now, sender)
    state = State(
        {
            **_shared(engine),
            "intake": intake,
            "wallets": keeper,
            "mailer": mailer,
            "open_pages": open_pages,
            "page_size": page_size,
            "now": now,
        }
    )
    own = [put_sale, put_record, get_catalogue, post_heartbeat, get_metrics, get_page]
    return Litestar(
        [*own, *ENROLMENT, *MEMBERS, *VALUE, *BASKETS, *RECEIPTS, *WEIGHTS, *RELEASES],
        state=state,
        openapi_config=DESCRIBED,
        on_startup=[keeper.start, mailer.start],
        on_shutdown=[keeper.close, mailer.close, intake.close],
        request_max_body_size=BODY_LIMIT,
        exception_handlers=dict.fromkeys(NO_MESSAGE, _problem),
        logging_config=None,
    )
