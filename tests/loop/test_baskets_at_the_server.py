"""A basket is asked for at the server: believed only if it was asked for here, and silence is told as silence."""

import re

from kiosk import wire
from kiosk.barcode import BasketName, ShopCodes, read
from kiosk.checkout.effects import TakeBasket
from kiosk.checkout.suspending import BasketAnswered, BasketUnheard
from kiosk.loop.hands import drawn
from tests.loop.test_at_server import Desk

ASK = TakeBasket("j-f1", "481516")


def test_an_answer_counts_once_and_only_if_it_was_asked_for() -> None:
    desk, given = Desk(), wire.BasketGiven("j-f1", "taken", None, "5")
    assert desk.server.heed(given) is None
    desk.act(ASK)
    assert desk.orders == [wire.TakeBasket("j-f1", "481516")]
    assert desk.server.heed(given) == BasketAnswered("j-f1", "taken", None, "5")
    assert desk.server.heed(given) is None


def test_without_a_link_or_when_it_parts_nobody_knows() -> None:
    desk = Desk()
    desk.act(ASK)
    desk.server.parted()
    assert desk.events == [BasketUnheard("j-f1")]
    desk.link = False
    desk.act(ASK)
    assert desk.events == [BasketUnheard("j-f1")] * 2
    assert desk.server.heed(wire.BasketUnheard("j-f1")) is None


def test_a_name_is_drawn_anew_each_time_and_is_what_a_scanner_reads() -> None:
    names = [drawn("staff", "17") for _ in range(50)]
    assert len({each.name for each in names}) == 50
    for each in names:
        assert read(each.name, "]Q1", ShopCodes()) == BasketName(each.name)
        assert re.fullmatch(r"\d{6}", each.code) and (each.why, each.by) == ("staff", "17")
