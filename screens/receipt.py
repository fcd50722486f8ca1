"""Paid: how the receipt goes home, then thank you."""

from functools import lru_cache

from msgspec.structs import replace

from kiosk.checkout.events import FinishPressed, ReceiptChosen
from kiosk.checkout.jobs import JobState
from kiosk.checkout.passed import Opened
from kiosk.checkout.printing import job_of
from kiosk.checkout.records import ClosedSale
from kiosk.checkout.session import Finishing, Panel
from kiosk.receipt import receipt_address
from kiosk.text import Words
from screens.lane import Lane, slip
from screens.notices import notice
from screens.slip import called
from screens.widgets import Hero, Key, Page, Picture, QrCode, Strip

MOST_BYTES = 700  # a QR code of version 18: still read from a screen by an old phone
NOT_OUT = frozenset({JobState.PENDING, JobState.UNKNOWN})


def finishing(lane: Lane, phase: Finishing) -> Page:
    return thanks(lane, phase) if phase.receipt else choice(lane, phase)


def choice(lane: Lane, phase: Finishing) -> Page:
    """Phone, paper or, where the country lets her, none; no name and no number is asked for."""
    words, closed = lane.words, phase.closed
    paid = Hero(
        (words("Paid: {sum}", sum=words.money(closed.priced.total)),), card(words, closed), "title", "check"
    )
    text = words("Take it with your phone’s camera.\nNo app, no name.")
    if lane.large and phase.email == "not_taken":
        text = ""
    code = QrCode(qr_rows(receipt_text(lane, closed)), words("Your receipt"), text)
    done = Key(
        id="none",
        text=words("Done"),
        note=words("without paper"),
        icon="check",
        kind="go",
        sends=ReceiptChosen("none"),
    )
    free = "none" in lane.policy.receipt_choices
    return lane.page(
        "receipt",
        paid,
        code,
        *slip((*not_mailed(lane, phase), *notice(lane))),
        tools=(paper(lane), *mail(lane), phone(lane)) if free else (paper(lane), *mail(lane)),
        total=lane.total(),
        go=done if free else replace(phone(lane), kind="go"),
    )


def not_mailed(lane: Lane, phase: Finishing) -> tuple[Strip, ...]:
    """The server did not take the address."""
    words = lane.words
    text = "" if lane.large else words("Your phone or paper can take the receipt.")
    sorry = Strip("not_mailed", "mail", words("No e-mail from here, for now"), text)
    return (sorry,) if phase.email == "not_taken" else ()


def paper_notice(lane: Lane) -> str:
    """What some countries want said where one pays; empty elsewhere."""
    words = lane.words
    return words("A receipt is printed only if you ask for it.") if lane.policy.receipt_notice else ""


def paper(lane: Lane) -> Key:
    words, works = lane.words, lane.works("printer")
    return Key(
        id="print",
        text=words("Print it on paper"),
        icon="printer",
        sends=ReceiptChosen("print") if works else None,
        off=not works,
        why="" if works else words("No paper here, for now. Your phone can take it."),
    )


def mail(lane: Lane) -> tuple[Key, ...]:
    """By e-mail, where the shop does that; not now without the store server."""
    words, there = lane.words, lane.session.passing.server
    key = Key(
        id="email",
        text=words("Send it by e-mail"),
        icon="mail",
        sends=Opened(Panel("email")) if there else None,
        off=not there,
        why="" if there else words("No e-mail from here, for now. Your phone can take it."),
    )
    offered = lane.policy.email and "email" in lane.policy.receipt_choices
    return (key,) if offered else ()


def phone(lane: Lane) -> Key:
    return Key(id="phone", text=lane.words("I have it on my phone"), icon="qr", sends=ReceiptChosen("phone"))


def card(words: Words, closed: ClosedSale) -> str:
    last4 = next((t.result.last4 for t in closed.tenders if t.result and t.result.last4), "")
    return words("Card ending in {last4}", last4=last4) if last4 else ""


def receipt_text(lane: Lane, closed: ClosedSale) -> str:
    """What the QR code holds: the receipt's address, or where the shop has none, the receipt itself."""
    if address := receipt_address(lane.policy, closed):
        return address
    words = lane.words
    when = words.when(closed.ended, lane.policy.utc_offset_minutes)
    number = words("Receipt {number}", number=closed.number)
    head = f"{lane.policy.shop} {closed.store}/{closed.lane}\n{when}\n{number}\n"
    total = f"{words('Paid')} {words.money(closed.priced.total)}"
    net = {priced.no: priced.net + priced.deposit for priced in closed.priced.lines}
    lines = [f"{called(line.item, words)} {words.money(net.get(line.no, 0))}" for line in closed.lines]
    return head + fitting(words, lines, MOST_BYTES - len((head + total).encode())) + total


def fitting(words: Words, lines: list[str], room: int) -> str:
    """As many lines as fit in so many bytes, and how many more there are."""
    for shown in range(len(lines), -1, -1):
        left = len(lines) - shown
        text = "".join(f"{line}\n" for line in lines[:shown])
        text += words.n("and {n} more line", "and {n} more lines", left) + "\n" if left else ""
        if len(text.encode()) <= room:
            return text
    return ""


@lru_cache(maxsize=2)
def qr_rows(text: str) -> tuple[str, ...]:
    """The modules of a QR code without its quiet zone; loads segno at the first receipt."""
    import segno

    code = segno.make_qr(text, error="l")
    return tuple("".join("1" if dark else "0" for dark in row) for row in code.matrix)


def paper_state(lane: Lane, phase: Finishing) -> JobState | None:
    """How the paper is getting on, None where it is not paper that she waits for."""
    job = job_of(lane.session, phase.closed.id)
    return job.state if job is not None and phase.receipt == "print" else None


def thanks(lane: Lane, phase: Finishing) -> Page:
    """Thank you: what was saved, where the receipt is, and what not to leave behind."""
    words, closed = lane.words, phase.closed
    priced = closed.priced
    take = (
        words("Please take your card and your bag.")
        if lane.policy.bag_scale
        else words("Please take your card.")
    )
    saved = words("You saved {sum}", sum=words.money(priced.discount)) if priced.discount else ""
    failed = paper_state(lane, phase) in NOT_OUT
    shows_code = failed or unasked(lane, phase)
    hero = Hero((words("Thank you."),), take, size="done", icon="check", strong=True)
    if not shows_code:
        hero = Hero((words("Thank you."),), take, size="farewell", strong=True)
        why = "\n".join(reasons(lane, closed))
        hero = replace(
            hero, marker=saved, after=why, quiet="" if lane.large or lane.low else points(lane, closed)
        )
    again: tuple[Key, ...] = () if phase.receipt == "print" else (paper(lane),)
    if failed:
        again = (paper(lane), phone(lane))
    elif unasked(lane, phase):
        again = (paper(lane), *mail(lane))
    rows = qr_rows(receipt_text(lane, closed)) if shows_code else ()
    code = (QrCode(rows, words("Your receipt"), ""),) if rows else ()
    bag = () if shows_code else (Picture("bag"),)
    rest = slip((receipt_trouble(lane, phase),)) if failed else bag
    return lane.page(
        "thanks",
        hero,
        *code,
        *rest,
        tools=again,
        total=lane.total(),
        go=finish(lane),
        progress=whereabouts(lane, phase),
    )


def finish(lane: Lane) -> Key:
    words = lane.words
    return Key(
        id="finish",
        text=words("Finish"),
        note=words("or just walk away"),
        icon="forward",
        kind="go",
        sends=FinishPressed(),
    )


def unasked(lane: Lane, phase: Finishing) -> bool:
    """Whether the shop asks nobody how the receipt goes home, so that its code has to be seen here."""
    return phase.receipt == "none" and lane.policy.receipt_default == "none"


def reasons(lane: Lane, closed: ClosedSale) -> list[str]:
    """The two promotions that saved most."""
    saved: dict[str, int] = {}
    for priced in closed.priced.lines:
        for each in priced.discounts:
            label = lane.label(each.promotion, each.label)
            saved[label] = saved.get(label, 0) + each.amount
    best = sorted(saved.items(), key=lambda pair: -pair[1])[:2]
    return [lane.words("{offer}: {sum}", offer=label, sum=lane.words.money(sum_)) for label, sum_ in best]


def points(lane: Lane, closed: ClosedSale) -> str:
    """What this sale has earned, and what that makes as far as is known here."""
    member, words = closed.member, lane.words
    earned = closed.priced.points if member else 0
    if member is None or not earned:
        return ""
    says = words.n("{n} point is now on your card.", "{n} points are now on your card.", earned)
    return f"{says} {words('{n} in all.', n=member.points + earned)}" if member.points else says


def whereabouts(lane: Lane, phase: Finishing) -> Hero | None:
    """Where the receipt is, and how long this page stays."""
    words, stays = lane.words, lane.time(lane.policy.thank_you)
    state = paper_state(lane, phase)
    if state in NOT_OUT:
        return None
    if phase.receipt == "phone":
        return Hero((words("Your receipt is on your phone"),), icon="receipt", bar_ms=stays)
    if phase.receipt == "email":
        sent = phase.email == "taken"
        text = words("Your receipt is on its way by e-mail") if sent else words("Your receipt is being sent")
        return Hero((text,), icon="mail", bar_ms=stays if sent else 0)
    if phase.receipt == "print":
        below = state is JobState.PRINTED
        text = words("Your receipt is below") if below else words("Your receipt is being printed")
        return Hero((text,), icon="printer", bar_ms=stays)
    if unasked(lane, phase):
        stays = lane.time(lane.policy.receipt_wait)
    return Hero((words("No receipt printed"),), icon="no_receipt", bar_ms=stays)


def receipt_trouble(lane: Lane, phase: Finishing) -> Strip:
    words = lane.words
    text = words("Take it with your phone. A colleague can print it, too.")
    none = paper_state(lane, phase) is JobState.PENDING
    title = words("No paper has come out") if none else words("The paper did not come out whole")
    return Strip("not_printed", "printer", title, text)
