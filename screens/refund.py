"""A colleague gives something back: the receipt, what of it, why; and what came of it. Staff pages."""

from kiosk.checkout import refunds
from kiosk.checkout.events import (
    ReceiptNamed,
    RefundAllChosen,
    RefundConfirmed,
    RefundEnded,
    RefundLineChosen,
)
from kiosk.checkout.records import ClosedSale
from kiosk.checkout.session import Refunding
from kiosk.receipt import number_of
from kiosk.text import msg
from kiosk.units import LineNo
from screens.lane import Lane
from screens.notices import why_not
from screens.panels import pad
from screens.reasons import listed
from screens.slip import called
from screens.ways import giving_back, paid_with
from screens.widgets import Hero, Key, Page, Slip, SlipLine, Strip, Total

NOTICES = {
    "refund.asking": msg("We are asking the shop for this receipt."),
    "refund.unknown": msg("No receipt with this number is known here."),
    "refund.not_possible": msg("This was given back already, or cannot go back to what paid it."),
}
SHOWN = 5


def refund(lane: Lane, phase: Refunding) -> Page:
    if phase.done is not None:
        return done(lane, phase)
    return asking(lane) if phase.sale is None else choosing(lane, phase, phase.sale)


def notice(lane: Lane) -> tuple[Strip, ...]:
    text = NOTICES.get(lane.session.passing.notice)
    if not text and lane.away("terminal"):
        title, later = (
            lane.words("The card terminal is away"),
            lane.words("It goes back as soon as it answers."),
        )
        return (*why_not(lane), Strip("limit-terminal", "card", title, later))
    return (Strip("notice", "info", lane.words(text)),) if text else why_not(lane)


def end(lane: Lane, text: str) -> Key:
    return Key(id="end", text=text, icon="back", sends=RefundEnded())


def asking(lane: Lane) -> Page:
    """The receipt: its barcode, or its last digits typed."""
    words, typed = lane.words, lane.session.passing.typed
    policy = lane.policy
    number = f"{policy.store}-{policy.lane}-{int(typed):06d}" if typed.isascii() and typed.isdigit() else ""
    title = Hero((words("Which receipt?"),), words("Scan its barcode, or type the number of one from this lane."),
                 size="ask", amount=typed)  # fmt: skip
    tick = Key(id="ok", text="", icon="check", kind="go", sends=ReceiptNamed(number) if number else None,
               off=not number, why="" if number else words("Nothing is typed yet."))  # fmt: skip
    papers = (Slip(strips=notice(lane)),) if notice(lane) else ()
    head = lane.staff_head(words("Refund"), "refund")
    return lane.page(
        "refund", title, *papers, head=head, tools=(end(lane, words("Back")),), letters=pad(lane, tick)
    )


def choosing(lane: Lane, phase: Refunding, sale: ClosedSale) -> Page:
    """What of it: a touch takes one more piece of a line, and at the most all; another touch then none."""
    words = lane.words
    chosen = dict(phase.chosen)
    most = refunds.left(sale, phase.made)
    lines = tuple(line(lane, sale, phase, no, chosen.get(no, 0), left) for no, left in most.items())
    given = refunds.lines(sale, phase.made, phase.chosen)
    sum_ = sum(each.amount for each in given)
    title = Hero(
        (words("What goes back?"),), words("Touch it on the slip, once for each piece."), size="title"
    )
    why = "" if sum_ else words("Nothing is chosen yet.")
    rest = any(left > chosen.get(no, 0) for no, left in most.items())
    whole = Key(
        id="whole",
        text=words("All of it"),
        icon="basket",
        sends=RefundAllChosen() if rest else None,
        off=not rest,
        why="" if rest else words("All of it is chosen."),
    )
    reasons = tuple(
        Key(id=f"reason-{code}", text=text, icon=icon, kind="person" if sum_ else "sill",
            sends=RefundConfirmed(code) if sum_ else None, off=not sum_, why=why)
        for code, text, icon in listed(lane, "refund")
    )  # fmt: skip
    total = Total(words("Goes back"), words.money(sum_), words("Receipt {number}", number=number_of(sale)))
    paper = Slip(lines[-SHOWN:], None, notice(lane))
    head = lane.staff_head(words("Refund"), "refund")
    tools = (whole, *reasons, end(lane, words("Back")))
    return lane.page("refund_lines", title, paper, head=head, tools=tools, total=total, foot=())


def line(lane: Lane, sale: ClosedSale, phase: Refunding, no: LineNo, chosen: int, left: int) -> SlipLine:
    words = lane.words
    sold = next(each for each in sale.lines if each.no == no)
    whole = refunds.amount(sale, phase.made, no, left)
    under = words("{n} of {all} go back", n=chosen, all=left) if left else words("Given back already")
    touch = RefundLineChosen(no, 0 if chosen >= left else chosen + 1) if left else None
    marker = words.money(refunds.amount(sale, phase.made, no, chosen)) if chosen else ""
    return SlipLine(
        str(no), called(sold.item, words), under, words.money(whole), marker=marker, symbol=sold.item.symbol,
        department=sold.item.department, touch=touch, struck=not left,
    )  # fmt: skip


def done(lane: Lane, phase: Refunding) -> Page:
    """To which tenders it goes back, and whether a terminal is still at it."""
    words, record = lane.words, phase.done
    assert record is not None
    strips = tuple(
        Strip(f"to-{number}", "check", paid_with(lane, tender), "", "done")
        for number, tender in enumerate(record.tenders, 1)
    )
    going = giving_back(lane)
    title = words("One moment, please") if going else words("Given back")
    hero = Hero(
        (title,), "", size="title", icon="undo" if going else "check", amount=words.money(record.amount)
    )
    go = Key(id="end", text=words("Done"), icon="check", kind="answer", sends=RefundEnded())
    head = lane.staff_head(words("Refund"), "refund")
    total = Total(
        words("Goes back"),
        words.money(record.amount),
        words("Receipt {number}", number=number_of(record.original)),
    )
    return lane.page(
        "refund_done", hero, Slip(strips=(*strips, *going)), head=head, total=total, go=go, foot=()
    )
