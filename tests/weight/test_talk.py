"""The words of a shop, as JSON lines."""

import msgspec
import pytest

from kiosk.weight import talk

LINES = {
    '{"type":"store","scale":{"d":5,"capacity":15000},"items":[["a",null,99],[7,330,120]]}': talk.Store(
        talk.Plate(5, 15000), (("a", None, 99), (7, 330, 120))
    ),
    '{"type":"basket_start","basket":1}': talk.BasketStart(1),
    '{"type":"basket_end","basket":"x"}': talk.BasketEnd("x"),
    '{"type":"scan","line":1,"item":"a","qty":2,"price":99}': talk.Scan(1, "a", 2, 99),
    '{"type":"qty","line":1,"qty":3}': talk.Qty(1, 3),
    '{"type":"void","line":1}': talk.Void(1),
    '{"type":"settled","w":335}': talk.Settled(335),
    '{"type":"press","key":"bag"}': talk.Press("bag"),
    '{"type":"press","key":"skip","line":2}': talk.Press("skip", 2),
    '{"type":"tick","t":12.5}': talk.Tick(t=12.5),
    '{"type":"staff","verdict":"corrected"}': talk.Staff("corrected"),
    '{"type":"pay"}': talk.Pay(),
    '{"type":"paid"}': talk.Paid(),
}


@pytest.mark.parametrize("line", LINES)
def test_every_line_is_understood_and_said_again(line):
    event = msgspec.json.decode(line, type=talk.Event)
    assert event == LINES[line]
    assert msgspec.json.decode(msgspec.json.encode(event), type=talk.Event) == event


@pytest.mark.parametrize(
    "line",
    [
        '{"type":"weight","w":3}',
        '{"w":3}',
        '{"type":"settled"}',
        '{"type":"settled","w":"heavy"}',
        '{"type":"press","key":"any"}',
        '{"type":"staff","verdict":"maybe"}',
        "[]",
    ],
)
def test_what_no_shop_says_is_refused(line):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(line, type=talk.Event)
