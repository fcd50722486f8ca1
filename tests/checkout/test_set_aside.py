"""A basket is set aside and taken up again: what it keeps, what it does not, and what is refused."""

from msgspec.structs import replace

from kiosk.barcode import BasketName
from kiosk.checkout.effects import Authorise, Print, Remind, Report, TakeBasket
from kiosk.checkout.events import (
    Approved,
    BackPressed,
    DayClosed,
    MemberFound,
    OffersTaken,
    PayPressed,
    PinAccepted,
    ReadyToSend,
    Reminded,
    Restarted,
    Scanned,
    Started,
    TerminalAnswered,
    TrainingChosen,
)
from kiosk.checkout.model import Why
from kiosk.checkout.money import Mark, Outcome, PaymentResult, TenderKind
from kiosk.checkout.passed import LinkSeen
from kiosk.checkout.records import Cancelled, ClosedSale, HandedOver, Released, Resumed, Technical
from kiosk.checkout.session import Handover, Idle, Shopping
from kiosk.checkout.suspending import BasketAnswered, BasketUnheard, BasketWanted, PutAside
from kiosk.checkout.turn import WEIGHT
from kiosk.pricing import Offers
from kiosk.units import Millis, Minor
from tests.lane import DAY, EGGS, MILK, OFFERS, POLICY, TIN, WINE, YOGHURT, Lane

MARK = Mark("T1")
YES = PaymentResult(Outcome.APPROVED, Minor(125), "EUR", "T1", "7")


def aside(lane: Lane) -> HandedOver:
    """The basket that was set aside last."""
    return [record for record in records(lane) if isinstance(record, HandedOver)][-1]


def records(lane: Lane) -> list[object]:
    return [deed.record for deed in lane.done(Report)]  # type: ignore[attr-defined]


def put(*items: object, server: bool = False) -> Lane:
    """A lane with one basket set aside by a colleague."""
    lane = Lane().play(LinkSeen(server, 0)).buy(*items)  # type: ignore[arg-type]
    return lane.play(PinAccepted("17", "Sam"), PutAside())


def shown(lane: Lane) -> Lane:
    """Its slip is held to the glass."""
    return lane.play(Scanned(BasketName(aside(lane).name)))


def test_a_colleague_sets_it_aside_and_it_comes_back_as_it_was() -> None:
    lane = Lane().buy(MILK, YOGHURT, YOGHURT, YOGHURT, EGGS).play(MemberFound("t-1"))
    before = lane.sale
    lane.play(PinAccepted("17", "Sam"), PutAside())
    assert isinstance(lane.session.kept.phase, Handover) and lane.session.kept.staff is None
    record = aside(lane)
    assert (record.why, record.by, record.priced.total) == ("staff", "17", before.priced.total)
    assert record.member is not None and record.member.token == "t-1"
    assert [deed.document for deed in lane.done(Print)] == [record]  # type: ignore[attr-defined]
    shown(lane)
    assert lane.sale.lines == record.lines and lane.sale.priced.total == before.priced.total
    assert lane.sale.id != before.id and lane.session.passing.notice == "basket_back"
    assert next(one for one in records(lane) if isinstance(one, Resumed)).id == record.id
    assert lane.session.kept.aside == ()


def test_its_number_is_as_good_as_its_code() -> None:
    lane = put(MILK)
    lane.play(BasketWanted(aside(lane).code))
    assert lane.phase == "Shopping" and lane.sale.lines[0].item == replace(MILK, weighings=None)


def test_what_lies_on_the_scale_is_one_load_and_no_riddle() -> None:
    lane = put(MILK, TIN)
    assert lane.session.kept.level == 1500
    shown(lane)
    assert not lane.sale.bag.pending and not lane.sale.open, "it still lies there"
    lane = put(MILK, TIN).put(-1500)
    shown(lane)
    assert len(lane.sale.bag.pending) == 2 and not lane.sale.open, (
        "nothing has to be there before it is weighed"
    )
    lane.put(1500)
    assert not lane.sale.bag.pending and not lane.sale.open, "the whole bag at once"
    lane.play(PayPressed())
    assert lane.done(Authorise)


def test_too_heavy_a_bag_is_noticed_as_ever() -> None:
    lane = put(MILK, TIN).put(-1500)
    shown(lane).put(2200).silence()  # type: ignore[attr-defined]
    assert len(lane.sale.open) == 1 and lane.sale.open[0].why in WEIGHT


def test_a_colleagues_yes_stays_said_but_who_stands_here_shows_her_id() -> None:
    lane = Lane().scan(WINE).put(1250).scan(MILK, "matrix", best_before="2026-11-20").put(1030)
    for why in (Why.AGE_RESTRICTED, Why.ITEM_BEST_BEFORE):
        lane.play(PinAccepted("17", "Sam"), Approved(why))
    assert not lane.sale.open
    lane.play(PinAccepted("17", "Sam"), PutAside())
    shown(lane)
    assert [question.why for question in lane.sale.open] == [Why.AGE_RESTRICTED]


def test_on_another_day_the_offers_are_those_of_that_day_and_she_is_told() -> None:
    lane = put(YOGHURT, YOGHURT, YOGHURT)
    answer = lane.answer
    dear = Offers(version="2", taxes=OFFERS.taxes)
    lane.answer = lambda question: (  # type: ignore[method-assign, assignment]
        OffersTaken(dear, DAY) if type(question).__name__ == "TakeOffers" else answer(question)
    )
    shown(lane)
    assert lane.session.passing.notice == "basket_repriced" and lane.sale.priced.total == 3 * 199


def test_a_recalled_pack_does_not_come_back() -> None:
    lane = put(MILK, TIN)
    lane.recalled = {(MILK.gtin, "", "")}  # type: ignore[arg-type]
    shown(lane)
    assert [line.item.name for line in lane.sale.lines] == [TIN.name]


def test_not_while_money_is_on_its_way_nor_with_nothing_in_it_nor_as_a_game() -> None:
    lane = Lane().buy(MILK).play(PayPressed(), PinAccepted("17", "Sam"))
    before = lane.session.kept
    assert lane.play(PutAside()).session.kept == before
    lane = Lane().play(Started(), PutAside())
    assert isinstance(lane.session.kept.phase, Shopping)
    lane = Lane().play(PinAccepted("17", "Sam"), TrainingChosen(True)).buy(MILK).play(PutAside())
    assert isinstance(lane.session.kept.phase, Shopping) and not records(lane)[1:]


def test_what_was_paid_in_part_goes_back_before_it_is_set_aside() -> None:
    from tests.checkout.test_after_a_restart import half_paid

    lane = half_paid().play(PinAccepted("17", "Sam"), PutAside())
    assert [each.amount for each in lane.session.kept.giving_back] == [450]
    assert aside(lane).priced.total == 575 and not hasattr(aside(lane), "tenders")


def test_without_the_server_it_is_this_lanes_and_needs_nobody() -> None:
    lane = put(MILK)
    assert not any(isinstance(one, Released) for one in records(lane))
    lane.play(Restarted(POLICY), Reminded("thanks"))
    shown(lane)
    assert lane.phase == "Shopping" and not lane.done(TakeBasket)


def test_once_let_go_it_is_only_the_servers_to_give() -> None:
    lane = put(MILK, server=True)
    assert Remind("release", 1) in lane.deeds
    lane.play(Reminded("release"), LinkSeen(False, 1))
    assert isinstance(records(lane)[-1], Released)
    shown(lane)
    (ask,) = lane.done(TakeBasket)
    assert isinstance(lane.session.kept.phase, Idle) and lane.session.passing.notice == "basket_asked"
    lane.play(BasketUnheard(ask.request))  # type: ignore[attr-defined]
    assert lane.session.passing.notice == "basket_unheard" and lane.phase == "Idle"
    shown(lane)
    assert lane.done(TakeBasket)[1] == ask, "asked again under the same request"
    answer = BasketAnswered(ask.request, "yours", aside(lane))  # type: ignore[attr-defined]
    lane.play(answer)
    assert lane.phase == "Shopping" and lane.session.kept.aside == () and lane.session.kept.fetches == ()
    kept = lane.session.kept
    assert lane.play(answer).session.kept == kept, "an answer that comes twice is one"


def test_as_soon_as_the_server_is_there_it_is_let_go() -> None:
    lane = put(MILK)
    assert Remind("release", 1) in lane.turn(LinkSeen(True, 0))
    lane.play(Reminded("release"))
    assert Remind("release", 1) not in lane.turn(LinkSeen(True, 0))


def test_handed_out_to_somebody_who_has_gone_it_is_let_go_again() -> None:
    lane = put(MILK, server=True).play(Reminded("release"))
    shown(lane)
    (ask,) = lane.done(TakeBasket)
    lane.scan(TIN)
    sale = lane.sale
    lane.play(BasketAnswered(ask.request, "yours", aside(lane)))  # type: ignore[attr-defined]
    assert lane.sale == sale, "a stranger's things are not mixed in"
    assert [each.released for each in lane.session.kept.aside] == [False]
    lane.play(Reminded("release"))
    assert [type(one) for one in records(lane)[-2:]] == [Released, Released]


def test_an_answer_long_after_the_power_was_back_opens_nothing_by_itself() -> None:
    lane = put(MILK, server=True).play(Reminded("release"), Reminded("thanks"))
    shown(lane)
    (ask,) = lane.done(TakeBasket)
    lane.now = Millis(lane.now + 60_000)
    lane.play(Restarted(POLICY))
    assert Remind("fetch", 1) in lane.turn(LinkSeen(False, 0)) + lane.turn(LinkSeen(True, 0))
    assert lane.turn(Reminded("fetch"))[0] == ask
    lane.play(BasketAnswered(ask.request, "yours", aside(lane)))  # type: ignore[attr-defined]
    assert lane.phase == "Idle" and not lane.session.kept.aside[0].released
    shown(lane)
    assert lane.phase == "Shopping", "but it is here for whoever has the slip"


def test_a_basket_is_not_mixed_with_another() -> None:
    lane = put(MILK).buy(TIN)
    shown(lane)
    assert lane.session.passing.notice == "basket_first" and len(lane.sale.lines) == 1
    lane = put(MILK).play(Started())
    shown(lane)
    assert lane.phase == "Shopping" and lane.sale.lines[0].item.id == MILK.id, "an empty one gives way"


def test_the_day_ends_and_none_is_lost() -> None:
    lane = put(MILK)
    lane.buy(TIN).play(PinAccepted("17", "Sam"), PutAside(), LinkSeen(True, 0), Reminded("release"))
    lane.play(LinkSeen(False, 0)).buy(EGGS).play(PinAccepted("17", "Sam"), PutAside(), Reminded("thanks"))
    lane.play(PinAccepted("17", "Sam"), DayClosed())
    kinds = [type(one).__name__ for one in records(lane)]
    assert kinds[-4:] == ["Cancelled", "Technical", "Technical", "DayEnded"], (
        "what is here is over, the rest is named"
    )
    asks = lane.done(TakeBasket)
    assert len(asks) == 2
    first, second = (each.basket for each in lane.session.kept.aside)
    lane.play(BasketAnswered(asks[0].request, "yours", first))  # type: ignore[attr-defined]
    lane.play(BasketAnswered(asks[1].request, "taken", None, "5"))  # type: ignore[attr-defined]
    assert lane.session.kept.aside == () and lane.session.kept.fetches == ()
    assert [one.total for one in records(lane) if isinstance(one, Cancelled)] == [329, 125]
    assert second.priced.total == 95 and lane.phase == "Idle"


def test_what_was_set_aside_just_before_midnight_is_still_there_after_it() -> None:
    lane = put(MILK).play(Reminded("thanks"))
    answer = lane.answer
    lane.answer = lambda question: (  # type: ignore[method-assign, assignment]
        OffersTaken(OFFERS, "2026-11-22") if type(question).__name__ == "TakeOffers" else answer(question)
    )
    lane.scan(TIN)
    assert len(lane.session.kept.aside) == 1
    named = [one for one in records(lane) if isinstance(one, Technical) and one.name == "still_set_aside"]
    assert len(named) == 1
    lane.play(PinAccepted("17", "Sam"), PutAside(), Reminded("thanks"))
    lane.now = Millis(lane.now + POLICY.suspended_for)
    lane.answer = lambda question: (  # type: ignore[method-assign, assignment]
        OffersTaken(OFFERS, "2026-11-23") if type(question).__name__ == "TakeOffers" else answer(question)
    )
    lane.scan(EGGS)
    assert lane.session.kept.aside == () and len([r for r in records(lane) if isinstance(r, Cancelled)]) == 2


def test_a_lane_that_closes_keeps_it() -> None:
    from kiosk.checkout.events import LaneOpened, LaneWanted

    lane = Lane().buy(MILK).play(LaneWanted(False, "cleaning"), PinAccepted("17", "Sam"), PutAside())
    lane.play(Reminded("thanks"))
    assert lane.phase == "OutOfService" and len(lane.session.kept.aside) == 1
    shown(lane)
    assert lane.phase == "OutOfService"
    lane.play(PinAccepted("17", "Sam"), LaneOpened())
    shown(lane)
    assert lane.phase == "Shopping"


def test_paid_once_it_is_sold_as_any_other() -> None:
    lane = put(MILK)
    shown(lane).play(PayPressed())
    (ask,) = lane.done(Authorise)
    lane.play(ReadyToSend(ask.attempt, MARK), TerminalAnswered(ask.attempt, YES))  # type: ignore[attr-defined]
    (sold,) = (one for one in records(lane) if isinstance(one, ClosedSale))
    assert sold.priced.total == 125 and sold.tenders[0].kind is TenderKind.CARD
    lane.play(BackPressed(), Reminded("thanks"))
    shown(lane)
    assert lane.phase == "Idle" and lane.done(TakeBasket), (
        "nothing is here any more: the server would have to know"
    )
