"""Receipts by e-mail: an address is kept until its message has left, is used for nothing else, and is in no log."""

import logging
import os
import smtplib
import ssl
import threading
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from sqlalchemy import Engine, func, select, update

from kiosk.wire import ReceiptMail
from store import receipts
from store.alarms import alarm
from store.database import writing
from store.intake import inserted
from store.lanes import Lane
from store.tables import mails

EVERY = 2.0  # seconds
TRY = 300_000  # milliseconds that one try may take, before another server would make one
FIRST_WAIT, LONGEST_WAIT = 30_000, 3_600_000  # milliseconds between tries
GIVEN_UP = 2 * 86_400_000  # milliseconds after which an address is dropped, sent to or not
_log = logging.getLogger("store.mail")


class NotSentError(Exception):
    """It did not leave; `never`: nor will it, whenever it is tried."""

    def __init__(self, why: str, never: bool = False) -> None:
        super().__init__(why)
        self.never = never


class Posts(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Bring one message on its way. NotSentError, which must not quote an address."""


class Smtp(Struct, frozen=True):
    """A mail server; with `user` the password is in a file, and TLS is required. `sender` stands in From."""

    host: str
    port: int
    user: str = ""
    password: str = ""

    def send(self, message: EmailMessage) -> None:
        try:
            with smtplib.SMTP(self.host, self.port, timeout=20) as server:
                if self.user:
                    server.starttls(context=ssl.create_default_context())
                    server.login(self.user, self.password)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise NotSentError(f"refused: {codes}", never=all(code >= 500 for code in codes)) from None
        except smtplib.SMTPResponseException as error:
            raise NotSentError(f"mail server says {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotSentError(type(error).__name__) from None


class Spool(Struct, frozen=True):
    """A folder where a mail program of this machine fetches whole messages (`*.eml`, for their owner only)."""

    folder: Path

    def send(self, message: EmailMessage) -> None:
        name = message["Message-ID"].strip("<>").partition("@")[0]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            half = self.folder / f".{name}"
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(bytes(message))
                file.flush()
                os.fsync(file.fileno())
            half.rename(self.folder / f"{name}.eml")
        except OSError as error:
            raise NotSentError(type(error).__name__) from None


class Mailer:
    """`take` an address, `work` off what is due; a thread does so until `close`."""

    def __init__(
        self, engine: Engine, posts: Posts | None, now: Callable[[], int], sender: str = "receipts@localhost"
    ) -> None:
        self._engine, self._posts, self._now, self._sender = engine, posts, now, sender
        self._stop, self._news = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self.run, name="mail", daemon=True)

    @property
    def offered(self) -> bool:
        return self._posts is not None

    def start(self) -> None:
        if self._posts is not None:
            self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._news.set()
        if self._thread.ident is not None:
            self._thread.join()

    def run(self) -> None:
        while not self._stop.is_set():
            try:
                self.work()
            except Exception as error:  # its text may quote an address
                _log.error("receipts could not be sent: %s", type(error).__name__)
            self._news.wait(EVERY)
            self._news.clear()

    def take(self, lane: Lane, mail: ReceiptMail) -> bool:
        """Keep it until it was sent; False: that very one has been taken before."""
        now = self._now()
        row = {"id": mail.id, "sale": mail.sale, "store": lane.store, "lane": lane.lane}
        with writing(self._engine) as db:
            new = inserted(db, mails, {**row, "address": mail.address, "asked": now, "next": now})
        self._news.set()
        return new

    def waiting(self) -> int:
        with self._engine.connect() as db:
            query = select(func.count()).select_from(mails).where(mails.c.address.is_not(None))
            return int(db.execute(query).scalar_one())

    def work(self) -> int:
        """Send whatever is due and whose sale has come; how many left."""
        now = self._now()
        with self._engine.connect() as db:
            due = db.execute(
                select(mails).where(mails.c.address.is_not(None), mails.c.next <= now).order_by(mails.c.asked)
            ).all()
        return sum(
            self._try(row.id, row.address, row.sale, row.asked, Lane(row.store, row.lane)) for row in due
        )

    def _try(self, id_: str, address: str, sale: str, asked: int, lane: Lane) -> bool:
        assert self._posts is not None
        now = self._now()
        if not self._mine(id_, now):
            return False
        try:
            with self._engine.connect() as db:
                found = receipts.of_sale(db, sale, lane)
            if found is None:
                raise NotSentError("its sale has not come yet")
            self._posts.send(message(found, address, self._sender))
        except NotSentError as error:
            never = error.never or now - asked > GIVEN_UP
            _log.info("receipt of %s not sent: %s", sale, error)
            if never:
                with writing(self._engine) as db:
                    alarm(db, lane, "mail_not_sent", sale, str(error), now)
                self._forget(id_)
            else:
                wait = min(max(FIRST_WAIT, now - asked), LONGEST_WAIT)
                with writing(self._engine) as db:
                    db.execute(update(mails).where(mails.c.id == id_).values(next=now + wait))
            return False
        self._forget(id_)
        return True

    def _mine(self, id_: str, now: int) -> bool:
        """Take it for this try; False: another server of the same database has it, or has sent it."""
        with writing(self._engine) as db:
            due = update(mails).where(mails.c.id == id_, mails.c.address.is_not(None), mails.c.next <= now)
            return db.execute(due.values(next=now + TRY)).rowcount > 0

    def _forget(self, id_: str) -> None:
        """The address is no more: SQLite overwrites what it frees, and its log is emptied."""
        with writing(self._engine) as db:
            db.execute(update(mails).where(mails.c.id == id_).values(address=None, next=None))
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
                db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def message(found: receipts.Found, address: str, sender: str) -> EmailMessage:
    """The receipt as text, and as the page that its QR code leads to."""
    mail = EmailMessage()
    mail["Subject"] = receipts.title(found)
    mail["From"], mail["To"] = sender, address
    mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain=sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(receipts.as_text(found))
    mail.add_alternative(receipts.as_page(found), subtype="html")
    return mail
