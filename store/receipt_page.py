"""A receipt as a web page: one file without scripts or outside parts, for a phone first, and for a printer."""

from html import escape
from pathlib import Path

from kiosk.barcode.bars import code128
from kiosk.receipt import (
    Barcode,
    Block,
    Cut,
    Deposit,
    Discount,
    Fact,
    Heading,
    LineItem,
    Moment,
    Plain,
    QrCode,
    Receipt,
    Rule,
    TaxTable,
    TenderRow,
    Text,
    TotalRow,
)
from kiosk.text import Words
from kiosk.text.cells import clean
from kiosk.text.receipt_lines import VAT_HEADS, lines, minutes_east, words_for

_TEMPLATE = Path(__file__).with_name("receipt.html").read_text(encoding="utf-8")


def page(receipt: Receipt, title: str, number: str) -> str:
    """The document as HTML in its own language."""
    words = words_for(receipt)
    head, body, foot = _parts(receipt.blocks)
    parts = {
        "{{lang}}": _text(receipt.language),
        "{{dir}}": "rtl" if words.rtl else "ltr",
        "{{title}}": _text(title),
        "{{head}}": _drawn(head, receipt, words),
        "{{body}}": _drawn(body, receipt, words),
        "{{foot}}": _drawn(foot, receipt, words),
    }
    html = _TEMPLATE
    for name, part in parts.items():
        html = html.replace(name, part)
    return html


def _parts(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Block, ...], tuple[Block, ...]]:
    """Who sold when, what for how much, and everything from the number's bars on."""
    rules = [n for n, block in enumerate(blocks) if isinstance(block, Rule)]
    first = next((n for n, block in enumerate(blocks) if isinstance(block, LineItem)), len(blocks))
    start = max((n for n in rules if n < first), default=0)
    end = rules[-1] if rules and rules[-1] > start else len(blocks)
    return blocks[:start], blocks[start + 1 : end], blocks[end + 1 :]


def _drawn(blocks: tuple[Block, ...], receipt: Receipt, words: Words) -> str:
    return "".join(_block(block, receipt, words) for block in blocks)


def _block(block: Block, receipt: Receipt, words: Words) -> str:
    match block:
        case Heading(text):
            return f"<h1>{_text(text)}</h1>"
        case Plain(text):
            return f'<p class="plain">{_text(text)}</p>'
        case Text(key, args, strong):
            return f'<p class="{"mark" if strong else "plain"}">{_text(words(key, **args))}</p>'
        case Fact(key, value):
            return _row("fact", _text(words(key)), _text(value))
        case Moment(started, ended, timezone):
            clocks = [words.clock(at, minutes_east(at, timezone)) for at in (started, ended)]
            day = words.date(ended, minutes_east(ended, timezone))
            when = words.line(day, "–".join(dict.fromkeys(clocks)), by=", ")
            return f'<p class="when">{_text(when)}</p>'
        case LineItem():
            return _item(block, words)
        case Discount(label, amount):
            return _row("off", _text(label or words("Discount")), words.money(-amount))
        case Deposit(qty, each, amount):
            times = words.line(str(qty), words.money(each), by=" × ") if each is not None and qty != 1 else ""
            return _row("part", _text(words.line(words("Deposit"), times, by=" ")), words.money(amount))
        case Rule():
            return "<hr>"
        case TotalRow(key, amount, big):
            return _row("total" if big else "sum", _text(words(key)), words.money(amount))
        case TenderRow(key, amount, detail):
            return _row("tender", _text(words.line(words(key), detail, by=" ")), words.money(amount))
        case TaxTable():
            return _taxes(block, words)
        case QrCode(text):
            return _qr(text)
        case Barcode(text):
            return _bars(text)
        case Cut():
            return ""
        case _:
            return f"<pre>{_rest(block, receipt, words)}</pre>"


def _rest(block: Block, receipt: Receipt, words: Words) -> str:
    """A block that has no look of its own here stands as it does on paper."""
    alone = Receipt(receipt.language, receipt.currency, receipt.exponent, (block,))
    return "\n".join(_text(line) for line in lines(alone, words, 40))


def _text(text: str) -> str:
    return escape(clean(text))


def _row(kind: str, left: str, right: str) -> str:
    return f'<div class="row {kind}"><span>{left}</span><b>{right}</b></div>'


def _item(item: LineItem, words: Words) -> str:
    parts = []
    if item.grams is not None:
        net = words("{weight} net", weight=words.weight(item.grams))
        each = "" if item.per_kg is None else words.per_weight(item.per_kg, item.unit)
        parts.append(words.line(net, each, by=" × "))
        if item.tare:
            parts.append(words("tare {weight}", weight=words.weight(item.tare)))
    elif item.qty != 1:
        price = "" if item.each is None else words.money(item.each)
        parts.append(words.line(str(item.qty), price, by=" × ") if price else f"{item.qty} ×")
    detail = f"<small>{_text(words.line(*parts))}</small>" if parts else ""
    code = f" <i>{_text(item.tax)}</i>" if item.tax else ""
    return _row("item", _text(item.name) + detail, words.money(item.amount) + code)


def _taxes(table: TaxTable, words: Words) -> str:
    head = "".join(f"<th>{_text(words(name))}</th>" for name in VAT_HEADS)
    rows = "".join(
        f"<tr><td>{_text(row.code)}</td><td>{words.percent(row.rate)}</td><td>{words.money(row.net)}</td>"
        f"<td>{words.money(row.vat)}</td><td>{words.money(row.gross)}</td></tr>"
        for row in table.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _qr(text: str) -> str:
    import segno

    drawn: str = segno.make_qr(text, error="m").svg_inline(scale=4, border=2, omitsize=True)
    return f'<figure class="qr">{drawn}</figure>'


def _bars(text: str) -> str:
    """Code 128 with its quiet zones, dark on light whatever the page's colours are."""
    modules = code128(text)
    path = "".join(f"M{at} 0v1h1v-1z" for at, module in enumerate(modules, 10) if module == "1")
    box = f"0 0 {len(modules) + 20} 1"
    return (
        f'<figure class="bars"><svg viewBox="{box}" preserveAspectRatio="none" shape-rendering="crispEdges" '
        f'role="img" aria-label="{_text(text)}"><path d="{path}"/></svg>'
        f"<figcaption>{_text(text)}</figcaption></figure>"
    )
