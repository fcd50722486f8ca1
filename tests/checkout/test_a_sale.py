"""A whole visit, decided by the core alone."""

from kiosk.barcode import Measured, Member, Product
from kiosk.checkout.effects import Acknowledge, Authorise, Beep, HoldScanner, Print, Report
from kiosk.checkout.events import (
    AddWeighed,
    FinishPressed,
    ItemFound,
    LanguageChosen,
    MemberFound,
    OffersTaken,
    PayPressed,
    Picked,
    Printed,
    ReadyToSend,
    ReceiptChosen,
    Reminded,
    ResultReceived,
    Scanned,
    Started,
    TerminalAnswered,
)
from kiosk.checkout.hints import meant
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.checkout.passed import Closed, Opened
from kiosk.checkout.session import Panel
from kiosk.units import Grams, Gtin, Minor
from tests.lane import DAY, EGGS, LOST, MILK, OFFERS, TOMATOES, WINE, YOGHURT, Lane


def paid(lane: Lane) -> PaymentResult:
    ask = lane.done(Authorise)[-1]
    assert isinstance(ask, Authorise)
    return PaymentResult(
        Outcome.APPROVED, ask.amount, ask.currency, "52500041", "0007", "000123", last4="4417"
    )


def pay(lane: Lane) -> Lane:
    lane.play(PayPressed())
    ask = lane.done(Authorise)[-1]
    assert isinstance(ask, Authorise)
    result = paid(lane)
    lane.play(ReadyToSend(ask.attempt, Mark("52500041")))
    return lane.play(ResultReceived(ask.attempt, result), TerminalAnswered(ask.attempt, result))


def test_from_the_first_scan_to_the_thanks() -> None:
    lane = Lane().play(LanguageChosen("fr"), Started())
    lane.play(MemberFound("t0ken"))
    lane.buy(MILK, YOGHURT, YOGHURT, YOGHURT, EGGS)
    lane.play(Picked(TOMATOES.id))
    panel = lane.session.passing.panel
    assert panel is not None and panel.name == "weigh" and panel.item == TOMATOES
    lane.play(AddWeighed(TOMATOES, Grams(645), Grams(10))).put(655)
    assert [line.qty for line in lane.sale.lines] == [1, 3, 1, 1]
    assert lane.sale.bag.pending == () and lane.sale.open == ()
    pay(lane)
    assert lane.phase == "Finishing"
    (report,) = lane.done(Report)
    assert isinstance(report, Report)
    closed = report.record
    assert closed.priced.total == Minor(125 + 2 * 199 + 289 + 225)
    assert closed.tenders[0].amount == closed.priced.total
    assert closed.number == 1 and closed.language == "fr" and closed.member is not None
    lane.play(ReceiptChosen("print"))
    (job,) = lane.done(Print)
    assert isinstance(job, Print) and not job.copy
    lane.play(Printed(job.job), FinishPressed())
    assert lane.phase == "Idle" and lane.session.kept.language == "en"


def test_the_result_is_acknowledged_only_after_it_was_written() -> None:
    lane = Lane().buy(MILK).play(PayPressed())
    ask = lane.done(Authorise)[-1]
    assert isinstance(ask, Authorise)
    lane.play(ReadyToSend(ask.attempt, Mark("52500041")))
    deeds = lane.turn(ResultReceived(ask.attempt, paid(lane)))
    assert deeds == [Acknowledge(ask.attempt)]
    assert lane.phase == "Paying"


def test_the_third_yoghurt_saves_at_once() -> None:
    lane = Lane().buy(YOGHURT)
    assert lane.sale.hint is not None and lane.sale.hint.missing == 2
    lane.buy(YOGHURT)
    assert lane.sale.hint is not None and (lane.sale.hint.missing, lane.sale.hint.saving) == (1, 199)
    deeds = lane.scan(YOGHURT).deeds
    assert Beep("saving") in deeds
    assert lane.sale.priced is not None and lane.sale.priced.discount == 199


def test_a_line_nobody_wanted_goes_to_the_next_shopper_without_a_trace() -> None:
    lane = Lane().play(Started(), Reminded("abandon"))
    assert lane.phase == "Idle" and lane.session.kept.numbers == 0


def test_a_scan_on_the_price_check_page_asks_and_sells_nothing() -> None:
    lane = Lane().play(Opened(Panel("price_check")))
    assert MILK.gtin is not None
    scan = Scanned(Product(MILK.gtin))
    asked = meant(lane.session, scan)
    lane.play(asked)
    assert lane.phase == "Idle" and lane.session.passing.priced_item == MILK
    assert meant(lane.play(Closed()).session, scan) is scan, "anywhere else a scan is a scan"


def test_what_is_picked_where_no_basket_is_open_is_asked_about() -> None:
    lane = Lane().play(Opened(Panel("finder")))
    lane.play(meant(lane.session, Picked(MILK.id)))
    assert lane.phase == "Idle" and lane.session.passing.priced_item == MILK
    assert lane.session.passing.panel == Panel("price_check")
    card = Scanned(Member())
    assert meant(lane.session, card) is card, "a member's card is no product, and begins a basket"


def test_the_scanner_rests_while_money_is_asked_for() -> None:
    lane = pay(Lane().buy(MILK))
    assert lane.done(HoldScanner) == [HoldScanner(True), HoldScanner(False)]


def test_a_price_in_a_symbol_counts_only_where_the_shop_has_none_for_a_piece() -> None:
    """Anybody can print a label with the number of a good wine and a price that pleases him."""
    for item, price in ((WINE, 790), (TOMATOES, 99), (LOST, 99)):
        label = Measured(item.gtin or Gtin(0), price=Minor(99))
        lane = Lane().play(OffersTaken(OFFERS, DAY), ItemFound(label, item))
        assert [line.price or line.item.price for line in lane.sale.lines] == [price]
        assert lane.sale.priced is not None and lane.sale.priced.total == price
