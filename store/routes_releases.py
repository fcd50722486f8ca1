"""Routes of releases: what a lane is to run, and its bundle, piece by piece."""

from pathlib import Path
from typing import Annotated

from litestar import Response, get, post
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from kiosk.wire.releases import PIECE, ReleaseQuestion, ReleaseWanted
from store import releases
from store.database import writing
from store.guards import Call, caller, lane_only


@post("/v1/releases/ask", guards=[lane_only], status_code=200, sync_to_thread=True)
def ask_release(data: JSONBody[ReleaseQuestion], request: Call) -> ReleaseWanted:
    """What this lane runs and what failed there; the answer is what it is to run, if it is its turn."""
    with writing(request.app.state.engine) as db:
        return releases.ask(db, caller(request), data, request.app.state.now())


@get("/v1/releases/{version:str}/{compatible:str}", guards=[lane_only], sync_to_thread=True)
def get_piece(
    version: FromPath[str],
    compatible: FromPath[str],
    request: Call,
    start: Annotated[int, QueryParameter(ge=0)] = 0,
) -> Response[bytes]:
    """A piece of a bundle from byte `start` on; behind its end nothing. Whose it is its signature says."""
    with request.app.state.engine.connect() as db:
        release = releases.named(db, version, compatible)
    if release is None:
        raise HTTPException(f"there is no release {version} for {compatible}", status_code=404)
    try:
        with Path(release.path).open("rb") as file:
            file.seek(start)
            piece = file.read(PIECE)
    except OSError as error:
        raise HTTPException(f"the bundle of {version} cannot be read", status_code=503) from error
    return Response(piece, media_type="application/octet-stream")


RELEASES: list[BaseRouteHandler] = [ask_release, get_piece]
