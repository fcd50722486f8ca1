"""Ways to pay: which are open for how much, and how a try begins.

Limited tenders come first and the card last, for the exact rest: whatever is chosen is asked for no more than is
still due. Money at the card terminal is asked for by `Authorise`; value that the store server holds by `Reserve`.
"""

from msgspec.structs import replace

from kiosk.checkout import basket
from kiosk.checkout.effects import Authorise, Effect, Fade, HoldScanner, Remind, Reserve
from kiosk.checkout.model import Sale
from kiosk.checkout.money import AT_SERVER, MAY_BE_LESS, OF_MEMBER, Attempt, Stage, TenderKind
from kiosk.checkout.session import Paying, Policy, Session
from kiosk.checkout.turn import Step, enter, kept, rules
from kiosk.units import AttemptId, Millis, Minor

WALLET_WAIT = 120_000
"""Milliseconds that a wallet's code is shown."""


def due(sale: Sale) -> Minor:
    """What is still to pay, in minor units."""
    return Minor(basket.total(sale) - sum(tender.amount for tender in sale.tenders))


def room(sale: Sale, kind: TenderKind, policy: Policy) -> Minor:
    """How much of what is due may be paid with this, in minor units; 0 where it may not be used at all."""
    left = due(sale)
    if kind not in policy.tenders or left <= 0:
        return Minor(0)
    if kind in OF_MEMBER:
        return Minor(min(left, of_member(sale, kind, left)))
    if kind is not TenderKind.MEAL_VOUCHER:
        return left
    used = sum(tender.amount for tender in sale.tenders if tender.kind is kind)
    return Minor(max(0, min(left, eligible(sale) - used, policy.meal_voucher_cap - used)))


def of_member(sale: Sale, kind: TenderKind, left: int) -> int:
    """What the member may still spend of her own: her credit, or all that is due where one of her vouchers fits in."""
    member = sale.member
    if member is None or not member.spends:
        return 0
    used = [tender.amount for tender in sale.tenders if tender.kind is kind]
    if kind is TenderKind.CREDIT:
        return max(0, member.credit - sum(used))
    vouchers = list(member.vouchers)
    for amount in used:
        if amount in vouchers:
            vouchers.remove(amount)
    return left if any(voucher <= left for voucher in vouchers) else 0


def eligible(sale: Sale) -> int:
    """The net of what meal vouchers may pay for, discounts taken off."""
    food = {line.no for line in sale.lines if line.item.meal_voucher}
    return sum(line.net for line in sale.priced.lines if line.no in food) if sale.priced else 0


def begin(session: Session, sale: Sale, kind: TenderKind, now: Millis) -> Step:
    """A new try; its intent is on disk before the first byte leaves. While money goes back nothing else is asked."""
    policy = rules(session)
    amount = room(sale, kind, policy)
    if amount <= 0:
        return enter(session, Paying(sale, declined="nothing_for_it")), ()
    if kind not in AT_SERVER and session.kept.giving_back:
        return enter(session, Paying(sale, declined="giving_back")), ()
    number = sale.attempts + 1
    stage = Stage.SENT if kind in AT_SERVER else Stage.INTENT
    new = Attempt(AttemptId(f"{sale.id}-{number}{in_letters(now)}"), amount, now, kind, stage)
    session = enter(session, Paying(replace(sale, attempts=number), new))
    calm: tuple[Effect, ...] = (Fade("idle", 0), Remind("abandon", 0), HoldScanner(True))
    if kind in AT_SERVER:
        token = sale.member.token if sale.member and kind in OF_MEMBER else ""
        return session, (*calm, Reserve(new.id, amount, policy.currency, kind, token))
    return session, (*calm, Authorise(new.id, amount, policy.currency, kind, kind in MAY_BE_LESS))


def in_letters(now: Millis) -> str:
    """The second in five letters, the same again after 137 days.

    They keep an attempt's name its own where a journal was restored from a backup and counts anew: a terminal that
    knows the old one would answer for it. Letters, since digits beside others might look like a card number.
    """
    second, letters = now // 1000, ""
    for _ in range(5):
        second, letter = divmod(second, 26)
        letters += chr(ord("a") + letter)
    return letters


def shown(session: Session, phase: Paying, code: str) -> Step:
    """The wallet's code is there: its time runs."""
    if phase.attempt is None or phase.attempt.kind is not TenderKind.WALLET:
        return session, ()
    attempt = replace(phase.attempt, shown=code)
    return kept(session, phase=replace(phase, attempt=attempt)), (Remind("wallet", WALLET_WAIT),)
