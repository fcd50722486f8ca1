"""Paper, phone, e-mail or none, as the country lets her choose; lost letters, a page that nobody can guess."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from drivers.simulated.tse import Chip, TsePeer
from kiosk.checkout.jobs import JobState
from kiosk.checkout.session import Finishing, Idle
from kiosk.receipt import receipt_address
from tests.journeys.rig import CARD, STAMPS, Journey, job
from tests.journeys.shop import Shop, shop
from tests.journeys.test_every_receipt_is_signed import codes, german

FRANCE = 'country = "FR"\nregistrations = ["SIRET 552 100 554 00025", "TVA FR83404833048"]'
GERMANY = 'country = "DE"\nregistrations = ["DE123456789"]'
ADDRESS = "ada@shop.test"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Shop]:
    with shop(tmp_path) as here, here.linked():
        yield here


def lane(folder: Path, here: Shop, country: str, more: str = "") -> Journey:
    """With e-mail, and the receipts' pages at the server."""
    rules = f'email = true\nreceipt_url = "{here.server.url}/r/"'
    return Journey(folder, rules=rules, link=here.toml + more, shop=country)


def paid(journey: Journey) -> None:
    journey.devices_ready()
    journey.until(lambda s: s.passing.server, "the store server")
    journey.scan(STAMPS)
    journey.pay_by_card(CARD)


def arrived(journey: Journey) -> None:
    journey.until_true(lambda: not journey.kiosk.journal.depth(), "everything to be at the server")


def typed(journey: Journey, address: str) -> None:
    """On the page's own keys, letters first."""
    signs = False
    for sign in address:
        if signs is (sign.isalpha() or sign in "@."):
            journey.press("digits")
            signs = not signs
        journey.press(f"type-{sign}")


def letters(here: Shop) -> list[str]:
    return [path.read_text() for path in here.letters.glob("*.eml")]


def test_a_french_receipt_on_paper_only_for_whom_asks(tmp_path: Path, here: Shop) -> None:
    with lane(tmp_path, here, FRANCE) as journey:
        paid(journey)
        assert journey.lane.printer.papers == []
        journey.print()
        (paper,) = journey.lane.printer.papers
        (sale,) = journey.kiosk.journal.sales()
        proof = journey.kiosk.journal.proof_of(sale.number)
        assert proof and proof in paper.text.replace("\n", "")
        for words in ("552 100 554 00025", "FR83404833048", "0187-4-000001", "1.19", sale.version):
            assert words in paper.text


def test_none_wanted_and_none_printed(tmp_path: Path, here: Shop) -> None:
    with lane(tmp_path, here, FRANCE) as journey:
        paid(journey)
        journey.press("none")
        journey.until(lambda s: bool(s.kept.phase.receipt), "the thanks")
        journey.press("finish")
        journey.until_phase(Idle)
        assert journey.lane.printer.papers == []
        assert [each.state for each in journey.session.kept.jobs] == [JobState.OFFERED]


def test_the_phone_takes_its_page(tmp_path: Path, here: Shop) -> None:
    with lane(tmp_path, here, FRANCE) as journey:
        paid(journey)
        (sale,) = journey.kiosk.journal.sales()
        address = receipt_address(journey.kiosk.config.details(), sale)
        assert address.startswith(here.server.url) and sale.id not in address
        journey.press("phone")
        journey.until(lambda s: s.kept.phase.receipt == "phone", "the thanks")
        arrived(journey)
        page = requests.get(address, timeout=20)
        assert page.status_code == 200 and "0187-4-000001" in page.text
        assert requests.get(address[:-1] + "_", timeout=20).status_code == 404
        assert requests.get(f"{here.server.url}/r/{sale.id}", timeout=20).status_code == 404


def test_by_e_mail_and_the_address_is_in_no_book(tmp_path: Path, here: Shop) -> None:
    with lane(tmp_path, here, FRANCE) as journey:
        paid(journey)
        journey.press("email")
        journey.until_page("email")
        typed(journey, ADDRESS)
        journey.press("send")
        journey.until(lambda s: s.kept.phase.email == "taken", "the server to take the address")
        arrived(journey)
        journey.until_true(lambda: letters(here), "the letter")
        (letter,) = letters(here)
        assert ADDRESS in letter and "0187-4-000001" in letter
        assert journey.lane.printer.papers == []
        journey.stop()
        journey.start()
        for file in tmp_path.glob("journal.db*"):
            assert ADDRESS.encode() not in file.read_bytes(), file.name


def test_the_server_does_not_take_the_address_and_paper_does(tmp_path: Path, here: Shop) -> None:
    with lane(tmp_path, here, FRANCE) as journey:
        paid(journey)
        arrived(journey)
        here.server.mischief.on = "/v1/receipts"
        here.server.mischief.words = ["500"] * 20
        journey.press("email")
        journey.until_page("email")
        typed(journey, ADDRESS)
        journey.press("send")
        journey.until(lambda s: s.kept.phase.email == "not_taken", "the server's no")
        journey.until_says("No e-mail from here, for now")
        journey.print()
        assert len(journey.lane.printer.papers) == 1
        assert letters(here) == []


def test_the_power_fails_while_the_address_is_on_its_way(tmp_path: Path, here: Shop) -> None:
    """It is forgotten: she is asked anew, and no half of it is kept."""
    with lane(tmp_path, here, FRANCE) as journey:
        paid(journey)
        arrived(journey)
        here.server.mischief.on = "/v1/receipts"
        here.server.mischief.words = ["hang"]
        journey.press("email")
        journey.until_page("email")
        typed(journey, ADDRESS)
        journey.press("send")
        journey.until_true(here.server.mischief.hanging.is_set, "the address to be on its way")
        journey.stop()
        here.server.mischief.let_go()
        journey.start()
        phase = journey.session.kept.phase
        assert isinstance(phase, Finishing) and (phase.receipt, phase.email) == ("", "")
        journey.devices_ready()
        journey.until_key("print")
        journey.print()
        (paper,) = journey.lane.printer.papers
        assert "DUPLICATE" not in paper.text


def test_a_german_who_walks_away_gets_her_signed_paper(tmp_path: Path, here: Shop) -> None:
    with TsePeer(Chip(key=11)) as peer, lane(tmp_path, here, GERMANY, german(peer)) as journey:  # type: ignore[attr-defined]
        paid(journey)
        assert not re.search("without paper", " ".join(journey.words))
        journey.press("phone")
        journey.until(lambda s: s.kept.phase.receipt == "phone", "the thanks")
        journey.press("print")
        journey.until(job(JobState.PRINTED), "the receipt")
        (code,) = codes(journey)
        arrived(journey)
        journey.until_true(lambda: not journey.session.kept.fiscal, "the signature")
        arrived(journey)
        (sale,) = journey.kiosk.journal.sales()
        page = requests.get(receipt_address(journey.kiosk.config.details(), sale), timeout=20).text
        assert page.count("<svg") >= 1 and "DE123456789" in journey.lane.printer.papers[0].text
        assert code.split(";")[9]


def test_nobody_answers_and_germany_prints(tmp_path: Path, here: Shop) -> None:
    with TsePeer(Chip(key=11)) as peer, lane(tmp_path, here, GERMANY, german(peer)) as journey:  # type: ignore[attr-defined]
        journey.text = journey.text.replace("receipt_wait = 60000", "receipt_wait = 1000")
        journey.stop()
        journey.start()
        paid(journey)
        journey.until(job(JobState.PRINTED), "the receipt")
        assert codes(journey)
