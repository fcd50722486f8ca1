"""Receipts as the core sees them: one unmarked at most, and none lost while nobody knows that it came out."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from kiosk.checkout import printing
from kiosk.checkout.effects import EmailReceipt, Note, Print, Report
from kiosk.checkout.events import (
    AddWeighed,
    EmailTaken,
    FinishPressed,
    JobDropped,
    PinAccepted,
    Printed,
    PrintedAgain,
    PrintFailed,
    ReceiptChosen,
    Reminded,
    Restarted,
    Started,
)
from kiosk.checkout.jobs import OPEN, JobState, TerminalSlip
from kiosk.checkout.money import Outcome, PaymentResult
from kiosk.checkout.passed import DocumentFound
from kiosk.checkout.records import ClosedSale, Duplicate, FiscalSignature, HandedOver, Refund, Technical
from kiosk.checkout.session import Finishing, Session
from kiosk.checkout.step import step
from kiosk.units import AttemptId, Grams, Minor
from tests.checkout.test_a_sale import pay
from tests.lane import EGGS, MILK, POLICY, TOMATOES, Lane

SAM = PinAccepted("17", "Sam")
SIGNED = FiscalSignature(serial="ab", transaction=1, counter=2, signature="c2ln")


def sold(**policy: object) -> Lane:
    """A lane that has just been paid at, under these rules."""
    return pay(Lane().play(Restarted(replace(POLICY, **policy))).buy(MILK))


def job(lane: Lane) -> printing.PrintJob:
    return lane.session.kept.jobs[-1]


def prints(lane: Lane) -> list[Print]:
    return lane.done(Print)  # type: ignore[return-value]


def recorded(lane: Lane, kind: type) -> list[object]:
    return [deed.record for deed in lane.done(Report) if isinstance(deed.record, kind)]


def test_a_receipt_that_is_asked_for_is_printed_once_and_known_to_be():
    lane = sold().play(ReceiptChosen("print"))
    (deed,) = prints(lane)
    assert (deed.job, deed.copy, deed.document.id) == ("j0-1#0", 0, "j0-1")
    lane.play(ReceiptChosen("print"), ReceiptChosen("print"))
    assert len(prints(lane)) == 1, "no second one while the first is under way"
    lane.play(Printed("j0-1#0"), ReceiptChosen("print"))
    assert len(prints(lane)) == 1, "a second paper is a colleague's to give"
    assert job(lane).state is JobState.PRINTED and printing.open_jobs(lane.session) == ()


@pytest.mark.parametrize("why", ["paper_out", "cover_open", "offline", "absent"])
def test_what_the_printer_took_nothing_of_is_printed_unmarked_later(why):
    lane = sold().play(ReceiptChosen("print"), PrintFailed("j0-1#0", why))
    assert job(lane).state is JobState.PENDING
    lane.play(ReceiptChosen("print"))
    assert [deed.copy for deed in prints(lane)] == [0, 0]
    assert recorded(lane, Duplicate) == []


def test_what_may_be_on_paper_is_printed_with_its_number_and_on_record():
    lane = sold().play(ReceiptChosen("print"), PrintFailed("j0-1#0", "lost"))
    assert job(lane).state is JobState.UNKNOWN
    lane.play(SAM, PrintedAgain())
    assert [(deed.job, deed.copy) for deed in prints(lane)] == [("j0-1#0", 0), ("j0-1#1", 1)]
    assert recorded(lane, Duplicate) == [Duplicate("j0-1", 1, lane.now, "asked", "17")]
    lane.play(PrintFailed("j0-1#1", "paper_out"), ReceiptChosen("print"), Printed("j0-1#1"))
    assert [deed.copy for deed in prints(lane)] == [0, 1, 1], "nothing of number 1 was on paper"
    assert len(recorded(lane, Duplicate)) == 1
    lane.play(SAM, PrintedAgain())
    assert prints(lane)[-1].copy == 2 and len(recorded(lane, Duplicate)) == 2


def test_a_stale_answer_changes_nothing():
    lane = sold().play(ReceiptChosen("print"), PrintFailed("j0-1#0", "lost"), SAM, PrintedAgain())
    lane.play(PrintFailed("j0-1#0", "lost"), Printed("j0-1#0"), Printed("someone else's#0"))
    assert job(lane).state is JobState.SENT and job(lane).copy == 1


def test_the_next_shopper_starts_and_the_receipt_before_is_not_lost():
    lane = sold().play(ReceiptChosen("print"), PrintFailed("j0-1#0", "lost")).scan(EGGS)
    assert lane.phase == "Shopping" and [each.of for each in printing.open_jobs(lane.session)] == ["j0-1"]
    lane.play(SAM, PrintedAgain("j0-1"))
    assert prints(lane)[-1].document == recorded(lane, ClosedSale)[0], "found again in the ledger"
    lane.play(Printed("j0-1#1"))
    assert printing.open_jobs(lane.session) == () and lane.phase == "Shopping"


def test_paper_that_comes_back_while_the_next_shopper_is_here_ends_the_job():
    lane = sold().play(ReceiptChosen("print")).scan(EGGS)
    assert [each.state for each in printing.open_jobs(lane.session)] == [JobState.SENT]
    lane.play(SAM, PrintedAgain("j0-1"))
    assert len(prints(lane)) == 1, "the printer holds it: it is not sent again"
    lane.play(Printed("j0-1#0"))
    assert printing.open_jobs(lane.session) == ()


def test_after_a_restart_whoever_waits_gets_a_duplicate_at_once():
    lane = sold().play(ReceiptChosen("print"), Restarted(POLICY))
    assert [deed.copy for deed in prints(lane)] == [0, 1]
    assert recorded(lane, Duplicate) == [Duplicate("j0-1", 1, lane.now, "doubt")]
    lane.play(Restarted(POLICY))
    assert prints(lane)[-1].copy == 2


def test_after_a_restart_nothing_is_printed_for_somebody_who_has_left():
    lane = sold().play(ReceiptChosen("print"), FinishPressed(), Restarted(POLICY))
    assert lane.phase == "Idle" and len(prints(lane)) == 1
    assert [each.state for each in printing.open_jobs(lane.session)] == [JobState.UNKNOWN]


def test_the_money_stands_whatever_the_printer_says():
    lane = sold()
    before = lane.session.kept
    lane.play(ReceiptChosen("print"), PrintFailed("j0-1#0", "lost"))
    after = lane.session.kept
    assert replace(after, jobs=(), phase=before.phase) == replace(before, jobs=())
    assert after.phase.closed == before.phase.closed


@pytest.mark.parametrize(("why", "state"), [("paper_out", JobState.OFFERED), ("lost", JobState.DROPPED)])
def test_a_receipt_that_she_takes_otherwise_is_owed_to_nobody(why, state):
    lane = sold().play(ReceiptChosen("print"), PrintFailed("j0-1#0", why), ReceiptChosen("phone"))
    assert job(lane).state is state and printing.open_jobs(lane.session) == ()
    lane.play(SAM, PrintedAgain())
    assert prints(lane)[-1].copy == (0 if why == "paper_out" else 1)


def test_somebody_who_just_walks_away_is_still_owed_it():
    lane = sold().play(ReceiptChosen("print"), PrintFailed("j0-1#0", "paper_out"), Reminded("thanks"))
    assert lane.phase == "Idle" and len(printing.open_jobs(lane.session)) == 1


def test_only_a_colleague_prints_again_or_takes_off_the_list():
    lane = sold().play(ReceiptChosen("print"), PrintFailed("j0-1#0", "lost"))
    lane.play(PrintedAgain(), JobDropped("j0-1"))
    assert len(prints(lane)) == 1 and len(printing.open_jobs(lane.session)) == 1
    lane.play(SAM, JobDropped("j0-1"), JobDropped("j0-1"))
    assert lane.session.kept.staff is None and printing.open_jobs(lane.session) == ()
    (dropped,) = recorded(lane, Technical)
    assert dropped.fields == {"of": "j0-1", "copy": 0, "state": "unknown", "by": "17"}


def test_without_a_name_it_is_the_last_receipt():
    lane = sold().play(ReceiptChosen("none"), FinishPressed(), SAM, PrintedAgain())
    assert prints(lane)[-1].job == "j0-1#0" and recorded(lane, Duplicate) == []


def test_a_document_that_is_in_no_ledger_stays_open():
    lane = sold().play(ReceiptChosen("none"), FinishPressed())
    lane.deeds = []
    lane.play(SAM, PrintedAgain("j0-1"))
    assert prints(lane) == [] and (job(lane).state, job(lane).why) == (JobState.PENDING, "gone")


def test_an_answer_that_is_not_waited_for_prints_nothing():
    lane = sold()
    lane.play(DocumentFound("j0-1#0", recorded(lane, ClosedSale)[0]))
    assert prints(lane) == []


# ---- what the shop and the law want


@pytest.mark.parametrize(
    ("policy", "page", "rule"),
    [
        ({}, "", ""),
        ({"receipt_default": "print"}, "print", "default"),
        ({"receipt_default": "none"}, "none", ""),
        ({"receipt_must": ("weighed",)}, "", ""),
    ],
)
def test_the_default_is_the_shops(policy, page, rule):
    lane = sold(**policy)
    phase = lane.session.kept.phase
    assert isinstance(phase, Finishing) and phase.receipt == page
    assert len(prints(lane)) == bool(rule) and job(lane).rule == rule


def test_weighed_goods_have_their_receipt_printed_where_the_law_says_so():
    lane = Lane().play(Restarted(replace(POLICY, receipt_must=("weighed",))), Started())
    lane.play(AddWeighed(TOMATOES, Grams(645), Grams(10))).put(655)
    pay(lane)
    assert len(prints(lane)) == 1
    assert Note("printed_unasked", {"of": "j0-1", "rule": "weighed"}) in lane.done(Note)
    lane.play(PrintFailed("j0-1#0", "paper_out"), ReceiptChosen("phone"))
    assert len(printing.open_jobs(lane.session)) == 1, "a phone does not do what the law wants on paper"


def test_training_is_printed_for_nobody_who_did_not_ask():
    sale = replace(recorded(sold(), ClosedSale)[0], training=True)
    session, effects = printing.offer(Session(), sale, sale.ended)
    assert effects == () and session.kept.jobs[-1].state is JobState.OFFERED
    strict = replace(POLICY, receipt_default="print", receipt_must=("weighed",))
    assert printing.unasked(sale, strict) == ""


def test_what_a_colleague_gives_out_is_always_printed():
    sale = recorded(sold(), ClosedSale)[0]
    refund = Refund("r1", 2, sale, sale.ended, "t", "en", (), Minor(125), (), "17", "broken")
    session, effects = printing.offer(Session(), refund, sale.ended)
    assert Print("r1#0", refund) in effects
    handed = HandedOver(sale.id, "1", "4", "EUR", "en", sale.ended, sale.lines, sale.priced)
    session, effects = printing.offer(session, handed, sale.ended)
    assert Print("j0-1#0", handed) in effects


@pytest.mark.parametrize("rule", ["card_failed", "card_reversed"])
def test_a_terminals_slip_is_printed_by_rule_only(rule):
    card = PaymentResult(Outcome.NOT_CHARGED, Minor(125), slip=("DECLINED",))
    lane = sold()
    session, effects = printing.print_slip(lane.session, AttemptId("a-1"), card, rule, lane.now)
    assert (session, effects) == (lane.session, ())
    lane = sold(receipt_must=(rule,))
    session, effects = printing.print_slip(lane.session, AttemptId("a-1"), card, rule, lane.now)
    slip = TerminalSlip("a-1", "0187", "4", "EUR", "en", lane.now, Minor(125), ("DECLINED",), rule)
    assert effects == (Print("a-1#0", slip),)
    none = replace(card, slip=())
    assert printing.print_slip(lane.session, AttemptId("a-1"), none, rule, lane.now)[1] == ()


# ---- the fiscal device


def test_a_receipt_waits_for_its_signature():
    lane = sold(fiscal=True).play(ReceiptChosen("print"))
    assert prints(lane) == [] and job(lane).state is JobState.HELD
    session, effects = printing.signed(lane.session, "j0-1", SIGNED, lane.now)
    (deed,) = effects
    assert isinstance(deed, Print) and deed.signature == SIGNED and deed.copy == 0
    assert session.kept.jobs[-1].state is JobState.SENT


def test_a_signature_that_comes_first_prints_nothing_unasked_and_stands_on_every_copy():
    lane = sold(fiscal=True)
    lane.session, effects = printing.signed(lane.session, "j0-1", SIGNED, lane.now)
    assert effects == ()
    lane.play(ReceiptChosen("print"), Printed("j0-1#0"), SAM, PrintedAgain())
    assert [(deed.copy, deed.signature) for deed in prints(lane)] == [(0, SIGNED), (1, SIGNED)]
    assert printing.signed(lane.session, "nobody's", SIGNED, lane.now) == (lane.session, ())


# ---- e-mail


def test_an_address_is_handed_over_and_is_no_event():
    lane = sold(email=True).play(ReceiptChosen("email"), ReceiptChosen("email"))
    assert lane.done(EmailReceipt) == [EmailReceipt("j0-1")]
    lane.play(EmailTaken("j0-1", True))
    phase = lane.session.kept.phase
    assert isinstance(phase, Finishing) and (phase.receipt, phase.email) == ("email", "taken")
    assert prints(lane) == []


def test_an_address_that_nobody_takes_leads_back_to_the_choice():
    lane = sold(email=True).play(ReceiptChosen("email"), EmailTaken("j0-1", False))
    phase = lane.session.kept.phase
    assert isinstance(phase, Finishing) and (phase.receipt, phase.email) == ("", "not_taken")
    lane.play(ReceiptChosen("email"), ReceiptChosen("phone"), EmailTaken("j0-1", False))
    assert lane.session.kept.phase.receipt == "phone", "she has chosen something else meanwhile"


def test_an_address_is_forgotten_with_the_process():
    lane = sold(email=True).play(ReceiptChosen("email"), Restarted(replace(POLICY, email=True)))
    assert lane.session.kept.phase.receipt == "" and len(lane.done(EmailReceipt)) == 1


def test_no_email_where_the_shop_has_none():
    lane = sold().play(ReceiptChosen("email"))
    assert lane.done(EmailReceipt) == [] and lane.session.kept.phase.receipt == ""


# ---- the list


def test_the_list_forgets_what_is_done_and_gives_up_only_far_too_many():
    sale = recorded(sold(), ClosedSale)[0]
    session = Session()
    for number in range(10):
        session, _ = printing.offer(session, replace(sale, id=f"s-{number}"), sale.ended)
    assert [each.of for each in session.kept.jobs] == ["s-7", "s-8", "s-9"]
    session, given_up = Session(), []
    must = replace(session.kept.policy, receipt_default="print")
    session = replace(session, kept=replace(session.kept, policy=must))
    for number in range(printing.MOST + 5):
        session, effects = printing.offer(session, replace(sale, id=f"s-{number}"), sale.ended)
        given_up += [e.record for e in effects if isinstance(e, Report)]
        session, _ = printing.failed(session, f"s-{number}#0", "paper_out")
    assert len(session.kept.jobs) == printing.MOST
    assert [record.fields["of"] for record in given_up] == [f"s-{number}" for number in range(5)]


class AnyPrinter(RuleBasedStateMachine):
    """A printer with a pile of paper of its own, and a kiosk that is killed at will."""

    def __init__(self) -> None:
        super().__init__()
        self.lane = Lane()
        self.paper: list[tuple[str, int]] = []
        self.at_printer: list[Print] = []
        self.wanted: set[str] = set()
        self.excused: set[str] = set()

    def turn(self, *events: object) -> None:
        for event in events:
            deeds = self.lane.turn(event)
            self.at_printer += [deed for deed in deeds if isinstance(deed, Print)]

    @rule()
    def a_sale(self) -> None:
        if self.lane.phase in {"Idle", "Finishing"}:
            before = len(self.lane.deeds)
            pay(self.lane.buy(MILK))
            self.at_printer += [d for d in self.lane.deeds[before:] if isinstance(d, Print)]

    @rule(kind=st.sampled_from(["print", "print", "phone", "none"]))
    def the_shopper_chooses(self, kind: str) -> None:
        phase = self.lane.session.kept.phase
        if isinstance(phase, Finishing):
            if kind == "print":
                self.wanted.add(phase.closed.id)
            else:
                self.excused.add(phase.closed.id)
            self.turn(ReceiptChosen(kind))

    @rule(event=st.sampled_from([FinishPressed(), Reminded("thanks"), Reminded("receipt")]))
    def she_goes(self, event: object) -> None:
        self.turn(event)

    @rule(how=st.sampled_from(["prints", "prints", "half", "refuses", "loses the answer"]))
    def the_printer_works(self, how: str) -> None:
        if not self.at_printer:
            return
        deed = self.at_printer.pop(0)
        if how in {"prints", "loses the answer"}:
            self.paper.append((deed.document.id, deed.copy))
        if how == "refuses":
            self.turn(PrintFailed(deed.job, "paper_out"))
        else:
            self.turn(Printed(deed.job) if how == "prints" else PrintFailed(deed.job, "lost"))

    @rule(came_out=st.booleans())
    def the_kiosk_is_killed(self, came_out: bool) -> None:
        """What the printer had may come out or not; nobody hears of it."""
        if came_out:
            self.paper += [(deed.document.id, deed.copy) for deed in self.at_printer]
        self.at_printer = []
        session = Session()
        for at, fact in self.lane.facts:
            session, _ = step(session, fact, at)
        assert session.kept == self.lane.session.kept, "the same facts lead to the same session"
        self.lane.session = Session(session.kept)
        self.turn(Restarted(POLICY))

    @rule(which=st.integers(0, 5), drop=st.booleans())
    def a_colleague(self, which: int, drop: bool) -> None:
        jobs = printing.open_jobs(self.lane.session)
        if jobs:
            of = jobs[which % len(jobs)].of
            if drop:
                self.excused.add(of)
            self.turn(SAM, JobDropped(of) if drop else PrintedAgain(of))

    @invariant()
    def one_unmarked_at_most_and_none_without_an_open_job(self) -> None:
        assert len(self.paper) == len(set(self.paper)), "the same paper twice"
        listed = {each.of for each in self.lane.session.kept.jobs if each.state in OPEN}
        out = {of for of, _ in self.paper}
        for of in self.wanted - self.excused:
            assert of in out | listed, f"{of} is neither on paper nor on the list"
        said = {(each.of, each.copy) for each in recorded(self.lane, Duplicate)}
        assert {(of, copy) for of, copy in self.paper if copy} <= said


TestAnyPrinter = AnyPrinter.TestCase
TestAnyPrinter.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
