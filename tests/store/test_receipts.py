"""The receipt behind the QR code, and by e-mail: for whoever knows its name, for a while, and of nobody else."""

import logging
import re
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from litestar.testing import TestClient
from msgspec import json
from msgspec.structs import replace
from PIL import Image
from sqlalchemy import Engine, select

from kiosk.barcode.bars import code128
from kiosk.checkout.records import FiscalSignature, Signed
from kiosk.units import Millis
from kiosk.wire import ReceiptMail
from store import receipts
from store.app import make_app
from store.database import open_database, set_setting
from store.intake import sale_delivery, store_all
from store.lanes import Lane, add_lane
from store.mail import GIVEN_UP, LONGEST_WAIT, Mailer, NotSentError, Smtp, Spool
from store.tables import mails
from tests.receipt.sample import SHOP, closed
from tests.shop import as_json

NAME = "kPq3v9yW2mX8sT5uR1oZ_w"
NOW = 1_795_271_580_000
ADDRESS = "ada.lovelace@analytical.example"


def sold(engine: Engine, **changes: Any) -> None:
    one = replace(closed(), **{"receipt": NAME, **changes})
    with engine.begin() as db:
        set_setting(db, "shop", json.encode(replace(SHOP, receipt_url="")).decode())
        store_all(db, [sale_delivery(one, as_json(one))])


@pytest.fixture
def phone(engine: Engine) -> Iterator[TestClient]:
    with TestClient(make_app(engine, now=lambda: NOW)) as client:
        yield client


def test_the_page_says_what_the_paper_says(phone: TestClient, engine: Engine) -> None:
    sold(engine)
    page = phone.get(f"/r/{NAME}")
    assert page.status_code == 200
    for words in (
        "Marché Lumière", "Plain yoghurt 4 × 125 g", "Receipt 0001-1-000042", "TOTAL", "Visa **** 0119",
        "3 for 2", "SIRET 552 100 554 00025", "A7K21Q",
    ):  # fmt: skip
        assert words in page.text
    assert "TOTAL" in receipts.as_text(receipts.Found(closed(), SHOP))


def test_it_speaks_the_language_of_the_sale(phone: TestClient, engine: Engine) -> None:
    sold(engine, language="fr")
    page = phone.get(f"/r/{NAME}").text
    assert '<html lang="fr" dir="ltr">' in page
    assert "Yaourt nature 4 × 125 g" in page


def test_nothing_of_a_member_is_on_it(phone: TestClient, engine: Engine) -> None:
    sold(engine)
    page = phone.get(f"/r/{NAME}").text
    assert "Ada" not in page
    assert "token" not in page
    assert "oints" not in page


def test_it_is_one_file_that_nobody_stores_or_lists(phone: TestClient, engine: Engine) -> None:
    sold(engine)
    page = phone.get(f"/r/{NAME}")
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script" not in page.text
    assert not re.search(r"(src|href|url)\s*[=(]\s*[\"']?\s*(https?:)?//", page.text)


def test_wrong_too_old_and_never_there_are_the_same_answer(engine: Engine) -> None:
    sold(engine)
    clock = [NOW + 90 * receipts.DAY]
    with TestClient(make_app(engine, now=lambda: clock[0])) as phone:
        assert phone.get(f"/r/{NAME}").status_code == 200
        clock[0] += 1
        answers = [phone.get(f"/r/{name}") for name in (NAME, NAME[:-1], "x", "a" * 500, closed().id)]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
        with engine.begin() as db:
            set_setting(db, "receipt_days", "91")
        assert phone.get(f"/r/{NAME}").status_code == 200


def test_what_a_fiscal_device_said_is_on_it_as_on_paper(engine: Engine) -> None:
    said = FiscalSignature(serial="abc123", client="lane-1", transaction=7, counter=9, signature="c2ln")
    body = {
        "kind": "fiscal",
        "number": 3,
        "at": NOW,
        "body": Signed(closed().id, Millis(NOW), said),
        "hash": "",
    }
    with TestClient(make_app(engine, now=lambda: NOW)) as lane:
        sold(engine)
        assert "<svg viewBox" in lane.get(f"/r/{NAME}").text
        assert "TSE" not in lane.get(f"/r/{NAME}").text
        lane.headers["Authorization"] = f"Bearer {add_lane(engine, LANE)}"
        assert [lane.put("/v1/records/k3", content=as_json(body)).status_code for _ in range(2)] == [201, 200]
        page = lane.get(f"/r/{NAME}").text
        assert "Signed by the TSE" in page
        assert '<figure class="qr"><svg' in page


def test_names_of_things_are_text_and_nothing_else(phone: TestClient, engine: Engine) -> None:
    line = closed().lines[0]
    evil = replace(line, item=replace(line.item, name="<script>x</script>\x1b[2J\u202e&", names={}))
    sold(engine, lines=(evil, *closed().lines[1:]))
    page = phone.get(f"/r/{NAME}").text
    assert "&lt;script&gt;x&lt;/script&gt;[2J&amp;" in page
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_the_bars_on_the_page_can_be_read(phone: TestClient, engine: Engine) -> None:
    sold(engine)
    page = phone.get(f"/r/{NAME}").text
    dark = {int(at) for at in re.findall(r"M(\d+) 0v1h1v-1z", page)}
    picture = Image.new("L", (max(dark) + 11, 40), 255)
    for x in dark:
        for y in range(40):
            picture.putpixel((x, y), 0)
    found = zxingcpp.read_barcodes(picture.resize((picture.width * 3, 120), Image.Resampling.NEAREST))
    assert [one.text for one in found] == ["0001-1-000042"]
    assert code128("0").startswith("11010010000")


# ---- by e-mail


class Post:
    """Keeps what it is given, or says no."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.trouble: list[NotSentError] = []

    def send(self, message: EmailMessage) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.sent.append(message)


def mailer(engine: Engine, post: Any, clock: list[int]) -> Mailer:
    return Mailer(engine, post, lambda: clock[0], "receipts@shop.example")


def kept(engine: Engine) -> list[str | None]:
    with engine.connect() as db:
        return list(db.execute(select(mails.c.address)).scalars())


ASKED = ReceiptMail("m1", "2026-11-21-1-42", ADDRESS)
LANE = Lane("0001", "1")


def test_it_is_sent_once_when_its_sale_has_come_and_the_address_is_gone(engine: Engine) -> None:
    post, clock = Post(), [NOW]
    mail = mailer(engine, post, clock)
    assert mail.take(LANE, ASKED)
    assert (mail.work(), mail.waiting()) == (0, 1)
    sold(engine)
    clock[0] += LONGEST_WAIT
    assert (mail.work(), mail.work(), mail.waiting()) == (1, 0, 0)
    assert not mail.take(LANE, ASKED)
    assert mail.work() == 0
    (sent,) = post.sent
    assert (sent["To"], sent["From"]) == (ADDRESS, "receipts@shop.example")
    assert sent["Subject"] == "Marché Lumière · Receipt 0001-1-000042"
    assert "TOTAL" in sent.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert kept(engine) == [None]


def test_no_file_of_the_database_holds_an_address_that_was_sent_to(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'store.db'}")
    sold(engine)
    mail = mailer(engine, Post(), [NOW])
    mail.take(LANE, ASKED)
    assert any(ADDRESS.encode() in path.read_bytes() for path in tmp_path.iterdir())
    assert mail.work() == 1
    assert not any(ADDRESS.encode() in path.read_bytes() for path in tmp_path.iterdir())
    engine.dispose()


def test_trouble_is_tried_again_and_a_refusal_is_not(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    post, clock = Post(), [NOW]
    mail = mailer(engine, post, clock)
    sold(engine)
    mail.take(LANE, ASKED)
    post.trouble = [NotSentError("mail server says 451")]
    assert (mail.work(), mail.work(), mail.waiting()) == (0, 0, 1)
    clock[0] += LONGEST_WAIT
    assert mail.work() == 1
    mail.take(LANE, replace(ASKED, id="m2"))
    post.trouble = [NotSentError("refused: [550]", never=True)]
    assert (mail.work(), mail.waiting()) == (0, 0)
    mail.take(LANE, replace(ASKED, id="m3", sale="never came"))
    mail.work()
    clock[0] += GIVEN_UP + 1
    assert (mail.work(), mail.waiting()) == (0, 0)
    assert kept(engine) == [None] * 3
    assert "analytical" not in caplog.text


def test_another_lanes_receipt_is_not_sent(engine: Engine) -> None:
    post = Post()
    mail = mailer(engine, post, [NOW])
    sold(engine)
    mail.take(Lane("0001", "2"), ASKED)
    assert (mail.work(), post.sent) == (0, [])


def test_the_lane_hands_an_address_over(engine: Engine, tmp_path: Path) -> None:
    app = make_app(engine, posts=Spool(tmp_path / "spool"), sender="receipts@shop.example", now=lambda: NOW)
    sold(engine)
    with TestClient(app) as lane:
        lane.headers["Authorization"] = f"Bearer {add_lane(engine, LANE)}"
        answers = [lane.post("/v1/receipts/mail", content=as_json(ASKED)) for _ in range(2)]
        assert [(answer.status_code, answer.json()["again"]) for answer in answers] == [
            (201, False),
            (200, True),
        ]
        wrong = lane.post("/v1/receipts/mail", json={"id": "m2", "sale": "s", "address": "nobody at home"})
        assert wrong.status_code == 400
        assert "nobody" not in wrong.text
    app.state.mailer.work()
    app.state.mailer.work()
    (path,) = (tmp_path / "spool").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert message["To"] == ADDRESS


def test_where_no_mail_is_sent_no_address_is_taken(lane: TestClient) -> None:
    assert lane.post("/v1/receipts/mail", content=as_json(ASKED)).status_code == 404


def test_a_mail_server_is_spoken_to_and_believed(engine: Engine) -> None:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve(refuse: bool) -> None:
            with listener.accept()[0] as there, there.makefile("rwb", buffering=0) as wire:
                wire.write(b"220 here\r\n")
                while line := wire.readline():
                    heard.append(line)
                    word = line[:4].upper()
                    if word == b"RCPT" and refuse:
                        wire.write(b"550 <" + ADDRESS.encode() + b"> nobody\r\n")
                    elif word == b"DATA":
                        wire.write(b"354 go on\r\n")
                        while (text := wire.readline()) != b".\r\n":
                            heard.append(text)
                        wire.write(b"250 taken\r\n")
                    elif word == b"QUIT":
                        wire.write(b"221 bye\r\n")
                        return
                    else:
                        wire.write(b"250 fine\r\n")

        post = Smtp("127.0.0.1", listener.getsockname()[1])
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "a@b.example", ADDRESS, "x"
        for refuse in (False, True):
            server = threading.Thread(target=serve, args=(refuse,))
            server.start()
            if refuse:
                with pytest.raises(NotSentError) as refused:
                    post.send(message)
                assert refused.value.never
                assert "analytical" not in str(refused.value)
            else:
                post.send(message)
            server.join()
    assert any(ADDRESS.encode() in one for one in heard if one.startswith(b"rcpt"))


def test_a_mail_server_that_is_away_is_tried_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NotSentError) as away:
        Smtp("127.0.0.1", port).send(EmailMessage())
    assert not away.value.never


def test_a_sale_from_before_there_were_names_has_no_page(phone: TestClient, engine: Engine) -> None:
    sold(engine, receipt="", ended=Millis(NOW))
    assert phone.get("/r/").status_code == 404
