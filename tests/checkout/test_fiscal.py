"""The fiscal device from the checkout's side: everything is signed once, only paper waits, outages are written down."""

from random import Random

import msgspec
import pytest
from msgspec.structs import replace

from kiosk.checkout.effects import Authorise, Deed, FiscalFinish, FiscalStart, Print, Remind, Report
from kiosk.checkout.events import (
    FinishPressed,
    FiscalDone,
    PayPressed,
    PinAccepted,
    Printed,
    ReadyToSend,
    ReceiptChosen,
    RefundAllChosen,
    RefundBegun,
    RefundConfirmed,
    Reminded,
    Restarted,
    ResultReceived,
    SaleCancelled,
    SaleFound,
    Started,
    TenderChosen,
    TerminalAnswered,
)
from kiosk.checkout.fiscal import awaited
from kiosk.checkout.money import Mark, Outcome, PaymentResult
from kiosk.checkout.records import (
    Cancelled,
    ClosedSale,
    FiscalSignature,
    HandedOver,
    Refund,
    Signed,
    Technical,
)
from kiosk.checkout.session import Awaited, Finishing, Kept, Session
from kiosk.text import Words
from kiosk.units import Millis, Minor, SaleId
from screens.view import view
from tests.fiscal.shop import closed, handed_over, refund_of
from tests.lane import MILK, POLICY, Lane

FISCAL = replace(POLICY, fiscal=True, fiscal_wait=10_000)
OUT = FiscalSignature(outage=Millis(1_790_000_000_000))


def signed(number: int = 1) -> FiscalSignature:
    return FiscalSignature(serial="ab", transaction=number, counter=2 * number)


def lane() -> Lane:
    return Lane().play(Restarted(FISCAL))


def paid(lane: Lane) -> ClosedSale:
    """One litre of milk, paid by card."""
    lane.buy(MILK).play(PayPressed())
    ask = lane.done(Authorise)[-1]
    assert isinstance(ask, Authorise)
    result = PaymentResult(
        Outcome.APPROVED, ask.amount, ask.currency, "52500041", "0007", "000123", last4="4417"
    )
    lane.play(ReadyToSend(ask.attempt, Mark("52500041")))
    lane.play(ResultReceived(ask.attempt, result), TerminalAnswered(ask.attempt, result))
    phase = lane.session.kept.phase
    assert isinstance(phase, Finishing)
    return phase.closed


def prints(deeds: list[Deed]) -> list[Print]:
    return [deed for deed in deeds if isinstance(deed, Print)]


def records(deeds: list[Deed], kind: type) -> list[object]:
    return [deed.record for deed in deeds if isinstance(deed, Report) and isinstance(deed.record, kind)]


def test_a_basket_is_begun_and_its_sale_signed_after_the_commit() -> None:
    till = lane()
    assert FiscalStart(SaleId("j0-1")) in till.turn(Started())
    sale = paid(till)
    (finish,) = till.done(FiscalFinish)
    assert finish == FiscalFinish(sale)
    deeds = till.turn(FiscalDone(sale.id, signed()))
    assert records(deeds, Signed) == [Signed(sale.id, till.now, signed())]
    assert till.session.kept.fiscal == ()


def test_without_a_fiscal_device_nothing_is_different() -> None:
    till = Lane()
    paid(till)
    till.play(ReceiptChosen("print"))
    assert till.done(FiscalStart) == till.done(FiscalFinish) == []
    assert prints(till.deeds)[0].signature is None


def test_the_receipt_waits_for_its_signature() -> None:
    till = lane()
    sale = paid(till)
    assert prints(till.turn(ReceiptChosen("print"))) == []
    (job,) = prints(till.turn(FiscalDone(sale.id, signed())))
    assert (job.document, job.copy, job.signature) == (sale, 0, signed())
    till.play(Printed(job.job))
    assert till.turn(FiscalDone(sale.id, signed())) == []


def test_a_receipt_chosen_after_the_answer_is_printed_at_once() -> None:
    till = lane()
    sale = paid(till)
    till.play(FiscalDone(sale.id, signed()))
    (job,) = prints(till.turn(ReceiptChosen("print")))
    assert job.signature == signed()


def test_the_receipt_does_not_wait_for_ever_and_the_books_still_do() -> None:
    till = lane()
    sale = paid(till)
    assert Remind(f"fiscal {sale.id}", 10_000) in till.deeds
    till.play(ReceiptChosen("print"))
    deeds = till.turn(Reminded(f"fiscal {sale.id}"))
    (job,) = prints(deeds)
    assert job.signature is not None and not job.signature.serial and job.signature.outage
    assert [each.name for each in records(deeds, Technical)] == ["fiscal_out"]  # type: ignore[attr-defined]
    deeds = till.turn(FiscalDone(sale.id, signed()))
    assert prints(deeds) == [] and records(deeds, Signed)
    assert [each.name for each in records(deeds, Technical)] == ["fiscal_back"]  # type: ignore[attr-defined]


def test_an_outage_is_on_paper_and_its_beginning_and_end_on_the_chain_once() -> None:
    till = lane()
    for number in range(3):
        sale = paid(till)
        till.play(ReceiptChosen("print"))
        (job,) = prints(till.turn(FiscalDone(sale.id, OUT)))
        assert job.signature == OUT
        till.play(FinishPressed())
        assert number == 0 or till.session.kept.fiscal_out == OUT.outage
    sale = paid(till)
    till.play(FiscalDone(sale.id, signed(4)))
    named = [(each.name, each.fields["since"]) for each in records(till.deeds, Technical)]  # type: ignore[attr-defined]
    assert named == [("fiscal_out", OUT.outage), ("fiscal_back", OUT.outage)]
    assert till.session.kept.fiscal_out == 0


def restarted(till: Lane) -> Lane:
    """The process began anew with what was kept, as it comes back from the disk."""
    kept = msgspec.json.decode(msgspec.json.encode(till.session.kept), type=Kept)
    assert kept == till.session.kept
    return Lane(Session(kept)).play(Restarted(FISCAL))


def test_after_a_restart_what_is_awaited_is_asked_again_and_the_receipt_is_no_duplicate() -> None:
    till = lane()
    sale = paid(till)
    till.play(ReceiptChosen("print"))
    again = restarted(till)
    assert [deed for deed in again.deeds if isinstance(deed, FiscalFinish)] == [FiscalFinish(sale)]
    assert prints(again.deeds) == []
    (job,) = prints(again.turn(FiscalDone(sale.id, signed())))
    assert job.copy == 0 and job.signature == signed()


def test_after_a_restart_in_a_basket_the_device_is_told_of_it_again() -> None:
    till = lane().buy(MILK)
    assert FiscalStart(till.sale.id) in restarted(till).deeds


def test_the_next_shopper_does_not_wait_for_the_last_ones_signature() -> None:
    till = lane()
    first = paid(till)
    till.play(FinishPressed())
    second = paid(till)
    assert [each.record for each in till.session.kept.fiscal] == [first, second]
    till.play(ReceiptChosen("print"))
    assert prints(till.turn(FiscalDone(first.id, signed(1)))) == []
    (job,) = prints(till.turn(FiscalDone(second.id, signed(2))))
    assert job.document == second and job.signature == signed(2)


def test_a_duplicate_has_the_signature_of_its_receipt() -> None:
    till = lane()
    sale = paid(till)
    till.play(ReceiptChosen("print"), FiscalDone(sale.id, signed()))
    again = restarted(till)
    (job,) = prints(again.deeds)
    assert job.copy == 1 and job.signature == signed()


def test_a_basket_given_up_is_signed_as_well() -> None:
    till = lane().buy(MILK)
    sale = till.sale.id
    deeds = till.play(PinAccepted("17", "Sam")).turn(SaleCancelled())
    (record,) = records(deeds, Cancelled)
    assert FiscalFinish(record) in deeds  # type: ignore[arg-type]
    assert records(till.turn(FiscalDone(sale, signed())), Signed)


def test_a_basket_handed_over_is_signed_and_its_slip_does_not_wait() -> None:
    till = Lane().play(Restarted(replace(FISCAL, handover=True))).buy(MILK).play(PayPressed())
    deeds = till.turn(TenderChosen("handover"))
    if not records(deeds, HandedOver):  # the terminal had been asked already, and has let go
        (ask,) = till.done(Authorise)
        deeds = till.turn(TerminalAnswered(ask.attempt, PaymentResult(Outcome.NOT_CHARGED)))  # type: ignore[attr-defined]
    (record,) = records(deeds, HandedOver)
    assert FiscalFinish(record) in deeds and prints(deeds)  # type: ignore[arg-type]
    assert records(till.turn(FiscalDone(record.id, signed())), Signed)  # type: ignore[attr-defined]


def test_a_refund_is_signed_under_its_own_name() -> None:
    till = lane()
    sale = paid(till)
    till.play(FiscalDone(sale.id, signed()), FinishPressed(), PinAccepted("17", "Sam"), RefundBegun())
    till.play(SaleFound(sale), RefundAllChosen(), RefundConfirmed("damaged"))
    (finish,) = [deed for deed in till.done(FiscalFinish) if isinstance(deed.record, Refund)]  # type: ignore[attr-defined]
    assert finish.record.id != sale.id  # type: ignore[attr-defined]
    deeds = till.turn(FiscalDone(finish.record.id, signed(2)))  # type: ignore[attr-defined]
    assert records(deeds, Signed)
    (slip,) = prints(deeds)
    assert slip.signature == signed(2)


def test_an_answer_nobody_asked_for_changes_nothing() -> None:
    till = lane()
    before = till.session
    assert till.turn(FiscalDone("somebody", signed())) == [] and till.session is before
    assert till.turn(Reminded("fiscal somebody")) == [] and till.session is before


@pytest.mark.parametrize("record", [
    closed(), refund_of(closed()), handed_over(closed()), Cancelled(SaleId("s"), Millis(1), (), Minor(0)),
], ids=lambda record: type(record).__name__)  # fmt: skip
def test_every_kind_of_record_is_kept_and_comes_back(record: ClosedSale) -> None:
    waiting = awaited(record, Millis(7))
    assert waiting.record == record
    assert msgspec.json.decode(msgspec.json.encode(waiting), type=Awaited) == waiting


@pytest.mark.parametrize("seed", range(30))
def test_whatever_the_device_and_the_power_do_each_sale_is_answered_once_and_printed_once(seed: int) -> None:
    """Answers late, twice, never, outages, restarts: one Signed a sale at most, and a first print each at most."""
    random = Random(seed)
    till = lane()
    deeds: list[Deed] = []
    sales: list[str] = []
    for _ in range(12):
        sale = paid(till)
        sales.append(sale.id)
        if random.random() < 0.7:
            till.play(ReceiptChosen("print"))
        for _ in range(random.randint(0, 5)):
            waiting = [each.record.id for each in till.session.kept.fiscal] or [sale.id]
            id = random.choice(waiting)
            match random.randint(0, 3):
                case 0:
                    till.play(FiscalDone(id, random.choice([signed(), OUT])))
                case 1:
                    till.play(Reminded(f"fiscal {id}"))
                case 2:
                    deeds += till.deeds
                    till = restarted(till)
                case 3:
                    till.play(FiscalDone(id, signed()), FiscalDone(id, OUT))
        till.play(FinishPressed())
    for each in till.session.kept.fiscal:
        till.play(FiscalDone(each.record.id, signed()))
    deeds += till.deeds
    answered = [each.of for each in records(deeds, Signed)]  # type: ignore[attr-defined]
    assert sorted(answered) == sorted(sales)
    firsts = [deed.job for deed in prints(deeds) if not deed.copy]
    assert len(firsts) == len(set(firsts))
    assert all(deed.signature is not None for deed in prints(deeds))
    names = [each.name for each in records(deeds, Technical)]  # type: ignore[attr-defined]
    assert names == ["fiscal_out", "fiscal_back"] * (len(names) // 2) + ["fiscal_out"] * (len(names) % 2)
    assert till.session.kept.fiscal == ()


def german() -> Lane:
    policy = replace(FISCAL, receipt_choices=("print", "phone", "email"), receipt_unanswered="print")
    return Lane().play(Restarted(policy))


def test_where_a_receipt_is_due_nobody_goes_without_one() -> None:
    till = german()
    sale = paid(till)
    till.play(FiscalDone(sale.id, signed()))
    before = till.session
    till.play(ReceiptChosen("none"))
    assert till.session is before
    (job,) = prints(till.turn(Reminded("receipt")))
    assert job.document == sale and job.signature == signed()
    assert "ReceiptChosen(kind='none')" in finishing_page(lane())
    assert "ReceiptChosen(kind='none')" not in finishing_page(german())


def finishing_page(till: Lane) -> str:
    """The page on which a receipt is chosen, as text."""
    paid(till)
    return str(view(till.session, lambda language: Words(language, "EUR", 2), till.now))
