"""Routes of receipts: the page behind the QR code, open to whoever knows its name, and the address for an e-mail."""

from litestar import MediaType, Response, get, post
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody

from kiosk.wire import ReceiptMail, Stored
from store import receipts
from store.guards import Call, caller, lane_only

PRIVATE = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}
NOTHING = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>404</title><body style="font:18px/1.5 system-ui;margin:20vh auto;max-width:26em;padding:0 20px">
<p>There is no receipt here, or it is no longer shown. It may come in a moment, if you have only just paid.</p>
<p lang="fr">Aucun ticket ici, ou il n’est plus affiché. Il peut arriver dans un instant si vous venez de payer.</p>
<p lang="de">Hier ist kein Bon, oder er wird nicht mehr gezeigt. Haben Sie eben erst bezahlt, kann er gleich kommen.</p>
"""


@get("/r/{token:str}", media_type=MediaType.HTML, include_in_schema=False, sync_to_thread=True)
def get_receipt(token: FromPath[str], request: Call) -> Response[str]:
    """The receipt of that name; wrong names and those too old get the very same answer."""
    with request.app.state.engine.connect() as db:
        found = receipts.by_name(db, token, request.app.state.now())
    if found is None:
        return Response(NOTHING, status_code=404, headers=PRIVATE)
    return Response(receipts.as_page(found), headers=PRIVATE)


@post("/v1/receipts/mail", guards=[lane_only], status_code=201, sync_to_thread=True)
def mail_receipt(data: JSONBody[ReceiptMail], request: Call) -> Response[Stored]:
    """Send a receipt of this lane there once its sale is here: 201, or 200 if that was asked before.

    The address is kept until the message has left, and is in no log. 404 where no e-mail is sent.
    """
    mailer = request.app.state.mailer
    if not mailer.offered:
        raise HTTPException("no e-mail is sent from here", status_code=404)
    new = mailer.take(caller(request), data)
    return Response(Stored(data.id, not new), status_code=201 if new else 200)


RECEIPTS: list[BaseRouteHandler] = [get_receipt, mail_receipt]
