"""The same contract over HTTPS: cloud form, local form with its encryption, and what can be wrong with either."""

import datetime
import ssl
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from drivers.line import LineLost
from drivers.simulated.terminal import Fault
from drivers.simulated.terminal_nexo import NexoTerminal
from drivers.simulated.terminal_nexo_http import NexoHttp
from drivers.simulated.world import Card
from drivers.terminals.nexo.carrier import secret
from drivers.terminals.nexo.local import Seal
from kiosk.checkout.effects import Abort
from kiosk.checkout.money import Outcome
from kiosk.checkout.passed import TerminalSays
from kiosk.checkout.session import Health
from kiosk.commands.simulate import before
from tests.drivers.terminals.nexo_till import Till, terminal_with, till_at

PASSPHRASE = "a passphrase of twenty letters"


@pytest.fixture
def terminal() -> Iterator[NexoTerminal]:
    with terminal_with(Card(last4="4111")) as peer:
        yield peer


def written(path: Path, text: str) -> str:
    path.touch(0o600)
    path.write_text(text)
    return str(path)


@pytest.fixture
def cloud(terminal: NexoTerminal, tmp_path: Path) -> Iterator[tuple[NexoHttp, dict[str, Any]]]:
    with NexoHttp(terminal, api_key="the-key") as http:
        yield http, {"http": True, "url": http.url, "api_key_file": written(tmp_path / "key", "the-key\n")}


def certificate(name: str, signer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None = None) -> Any:
    """A certificate of that CN and its key; its own authority without a signer."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer[0].subject if signer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
        .sign(signer[1] if signer else key, hashes.SHA256())
    )
    return made, key


@pytest.fixture
def local(terminal: NexoTerminal, tmp_path: Path) -> Iterator[tuple[NexoHttp, dict[str, Any]]]:
    root = certificate("the vendor's root")
    leaf, key = certificate(terminal.poi_id + ".live.terminal.adyen.com", root)
    pem = tmp_path / "leaf.pem"
    pem.write_bytes(
        leaf.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    ca = written(tmp_path / "ca.pem", root[0].public_bytes(Encoding.PEM).decode())
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    settings = {
        "http": True,
        "form": "local",
        "passphrase_file": written(tmp_path / "passphrase", PASSPHRASE),
        "key_id": "lane",
        "ca": ca,
    }
    with NexoHttp(terminal, seal=Seal(PASSPHRASE, "lane", 1), tls=tls) as http:
        yield http, settings | {"url": http.url}


def test_paid_and_given_back_in_the_cloud(terminal, cloud):
    with till_at(terminal, **cloud[1]) as till:
        paid = till.pay()
        assert paid.outcome is Outcome.APPROVED
        assert till.reverse(paid).outcome is Outcome.APPROVED
    assert terminal.book.charged == 0


def test_paid_on_the_shops_network_and_nothing_of_it_in_clear(terminal, local):
    http, settings = local
    with till_at(terminal, **settings) as till:
        assert till.pay().outcome is Outcome.APPROVED
        assert till.ask().amount == till.amount
    assert http.posts and not any(b"PaymentRequest" in post or b"20.40" in post for post in http.posts)


def test_an_abort_goes_out_while_the_payments_post_is_open(terminal, cloud):
    terminal.world.change(card=None)
    with till_at(terminal, **cloud[1]) as till:
        till.authorise()
        till.until(TerminalSays)
        till.order(Abort(till.attempt))
        assert till.answer().reason == "cancelled"


@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.REBOOT, Fault.GARBLE])
@pytest.mark.parametrize("step", [2, 3])
def test_a_post_that_is_cut_is_asked_about(terminal, cloud, step, fault):
    terminal.script = {step: fault}
    with till_at(terminal, **(cloud[1] | {"life": 12.0, "patience": 10.0})) as till:
        result = till.settle(till.pay())
        assert result.outcome is not Outcome.UNKNOWN
        assert terminal.book.charged == (till.amount if result.outcome is Outcome.APPROVED else 0)


def test_no_post_is_ever_made_twice(terminal, cloud):
    http, settings = cloud
    with till_at(terminal, **settings) as till:
        before = len(http.posts)
        http.status = 307
        assert till.pay().outcome is Outcome.UNKNOWN
        assert sum(b"PaymentRequest" in post for post in http.posts[before:]) == 1


@pytest.mark.parametrize("status", [401, 403, 500, 503, 302, 204])
def test_any_other_status_says_nothing_about_the_money(terminal, cloud, status):
    http, settings = cloud
    with till_at(terminal, **settings) as till:
        http.status = status
        assert till.pay().outcome is Outcome.UNKNOWN
        assert till.ask() is None
        http.status = 0
        assert till.ask().reason == "not_found"


def test_where_nobody_listens_nothing_was_sent(terminal, cloud):
    http, settings = cloud
    with till_at(terminal, **settings) as till:
        http.close()
        assert till.pay().outcome is Outcome.NOT_CHARGED


def test_a_wrong_key_never_gets_ready(terminal, cloud, tmp_path):
    settings = cloud[1] | {"api_key_file": written(tmp_path / "other", "no")}
    till = Till(terminal, **settings)
    till.until_health(Health.OFFLINE)
    till.close()
    assert terminal.steps == []


def test_a_tampered_answer_is_none(terminal, local):
    http, settings = local
    with till_at(terminal, **settings) as till:
        http.tamper = True
        assert till.pay().outcome is Outcome.UNKNOWN
        http.tamper = False
        assert till.ask().outcome is Outcome.APPROVED


@pytest.mark.parametrize("wrong", [{"common_name": "V400m-1.live.terminal.adyen.com"}, {"ca": "other"}])
def test_a_terminal_with_another_certificate_hears_nothing(terminal, local, tmp_path, wrong):
    http, settings = local
    if "ca" in wrong:
        pem = certificate("somebody else")[0].public_bytes(Encoding.PEM).decode()
        wrong = {"ca": written(tmp_path / "other.pem", pem)}
    till = Till(terminal, **(settings | wrong))
    till.until_health(Health.OFFLINE)
    till.close()
    assert http.posts == []


def test_another_passphrase_is_not_understood(terminal, local, tmp_path):
    settings = local[1] | {"passphrase_file": written(tmp_path / "wrong", "another")}
    till = Till(terminal, **settings)
    till.until_health(Health.OFFLINE)
    till.close()
    assert terminal.steps == []


def test_a_credential_of_systemd_has_an_access_list_that_looks_like_a_group(tmp_path, monkeypatch):
    path = Path(written(tmp_path / "key", "the-key"))
    path.chmod(0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert secret(str(path)) == "the-key"
    path.chmod(0o444)
    with pytest.raises(LineLost):
        secret(str(path))


def test_a_secret_that_others_may_read_is_not_used(tmp_path):
    path = Path(written(tmp_path / "key", "the-key"))
    assert secret(str(path)) == "the-key"
    path.chmod(0o640)
    with pytest.raises(LineLost, match="0600"):
        secret(str(path))
    with pytest.raises(LineLost):
        secret(str(tmp_path / "none"))


def test_secrets_are_in_no_event_and_no_log(terminal, local, caplog):
    caplog.set_level("DEBUG")
    with till_at(terminal, **local[1]) as till:
        till.pay()
    told = caplog.text + repr(till.events) + repr(till.config)
    assert PASSPHRASE not in told and "PaymentRequest" in caplog.text


def test_a_technicians_simulated_terminal_is_asked_over_http(terminal):
    with before(terminal, 0) as address:
        told = tomllib.loads(address)
        with till_at(terminal, http=True, url=told["url"], poi_id=told["poi_id"]) as till:
            assert till.pay().outcome is Outcome.APPROVED
