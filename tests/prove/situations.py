"""Where the model checker begins: a basket to be paid by card, and one of which a tender has to go back."""

from msgspec.structs import replace

from kiosk.barcode import Product
from kiosk.checkout.effects import Authorise
from kiosk.checkout.events import (
    Happened,
    ItemFound,
    OffersTaken,
    PayPressed,
    ReadyToSend,
    Restarted,
    Scanned,
    TenderChosen,
    TerminalAnswered,
)
from kiosk.checkout.money import TenderKind
from kiosk.checkout.session import Session
from kiosk.checkout.step import step
from kiosk.pricing import Offers
from kiosk.units import AttemptId, Minor
from tests.lane import DAY, MILK, OFFERS, POLICY
from tests.prove.model import Model
from tests.prove.modelled import MARK, NOW, World, done, yes
from tests.prove.shop import SANDWICH

PLAIN = replace(POLICY, bag_scale=False, ask_limit=2)
SPLIT = replace(PLAIN, tenders=(TenderKind.MEAL_VOUCHER, TenderKind.CARD))


def played(facts: tuple[Happened, ...]) -> Session:
    session = Session()
    for fact in facts:
        session, _ = step(session, fact, NOW)
    return session


def basket(policy: object, *things: object) -> tuple[Happened, ...]:
    facts: list[Happened] = [Restarted(policy)]  # type: ignore[arg-type]
    for number, thing in enumerate(things):
        code = Product(thing.gtin)  # type: ignore[attr-defined]
        facts.append(Scanned(code))
        if not number:
            facts.append(OffersTaken(Offers(taxes=OFFERS.taxes), DAY))
        facts.append(ItemFound(code, thing))  # type: ignore[arg-type]
    return tuple(facts)


def one_card(budget: World) -> Model:
    """A basket; Pay is pressed first, and the shopper may press twice more."""
    facts = basket(PLAIN, MILK)
    return Model(played(facts), facts, budget)


def tender_goes_back(budget: World) -> Model:
    """A meal voucher has paid its part, the rest is open: Back gives it back, and the card may be tried again."""
    facts = basket(SPLIT, SANDWICH, MILK)
    session = played((*facts, PayPressed(), TenderChosen("meal_voucher")))
    attempt = session.kept.phase.attempt  # type: ignore[union-attr]
    order = Authorise(AttemptId(attempt.id), Minor(attempt.amount), "EUR", attempt.kind, True)
    facts = (
        *facts,
        PayPressed(),
        TenderChosen("meal_voucher"),
        ReadyToSend(attempt.id, MARK),
        TerminalAnswered(attempt.id, yes(order)),
    )
    return Model(played(facts), facts, done(budget, order))


SITUATIONS = {"one card": one_card, "a tender goes back": tender_goes_back}
