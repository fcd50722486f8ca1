"""The sample basket in other languages, themes and reaches."""

from collections.abc import Callable
from functools import partial

from screens.widgets import Finder, Head, Headline, Page, Slip, SlipLine, Strip, Tile, Total
from tests.screens.samples import FOOT, LINES, MEMBER, NBSP, PAY, TO_PAY, TOOLS, finder, key, line, page

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "lane": "Checkout 4",
        "member": "Member prices are on",
        "help": "Help",
        "lang": "English",
        "access": "Easier to use",
        "find": "Find a product",
        "bag": "My own bag",
        "qty": "Quantity",
        "remove": "Remove",
        "card": "Coupon or card",
        "nobag": "Leave out of bag",
        "total": "To pay",
        "pay": "Pay",
        "count": "9 products",
        "saved": "saved {}",
        "hint": "1 more: 2 for {}",
        "rest": "and {} saved",
        "promo": "3 for 2",
        "mprice": "Member price",
        "kg": "kg",
    },
    "fr": {
        "lane": "Caisse 4",
        "member": "Vos prix membre sont actifs",
        "help": "Aide",
        "lang": "Français",
        "access": "Plus simple",
        "find": "Chercher un produit",
        "bag": "Mon propre sac",
        "qty": "Quantité",
        "remove": "Retirer",
        "card": "Bon ou carte",
        "nobag": "Sans mise en sac",
        "total": "À payer",
        "pay": "Payer",
        "count": "9 articles",
        "saved": "{} économisés",
        "hint": "Encore 1 : 2 pour {}",
        "rest": "soit {} économisés",
        "promo": "3 pour 2",
        "mprice": "Prix membre",
        "kg": "kg",
    },
    "de": {
        "lane": "Kasse 4",
        "member": "Mitgliedspreise aktiv",
        "help": "Hilfe",
        "lang": "DE",
        "access": "Groß",
        "find": "Suchen",
        "bag": "Tasche",
        "qty": "Ändern",
        "remove": "Mehr",
        "card": "Coupon, Karte",
        "nobag": "Ohne Tasche",
        "total": "Zu zahlen",
        "pay": "Bezahlen",
        "count": "9 Artikel",
        "saved": "{} gespart",
        "hint": "Noch 1:",
        "rest": "2 für {}",
        "promo": "3 für 2",
        "mprice": "Mitgliedspreis",
        "kg": "kg",
    },
    "ar": {
        "lane": "الصندوق 4",
        "member": "أسعار الأعضاء مفعّلة",
        "help": "مساعدة",
        "lang": "العربية",
        "access": "استخدام أسهل",
        "find": "البحث عن منتج",
        "bag": "كيسي الخاص",
        "qty": "الكمية",
        "remove": "إزالة",
        "card": "قسيمة أو بطاقة",
        "nobag": "خارج الكيس",
        "total": "المبلغ المطلوب",
        "pay": "الدفع",
        "count": "9 منتجات",
        "saved": "وفّرت {}",
        "hint": "قطعة أخرى: 2 بسعر {}",
        "rest": "وتوفّر {}",
        "promo": "3 بسعر 2",
        "mprice": "سعر الأعضاء",
        "kg": "كغ",
    },
    "ja": {
        "lane": "レジ 4",
        "member": "会員価格を適用中",
        "help": "係員を呼ぶ",
        "lang": "日本語",
        "access": "やさしい操作",
        "find": "商品を\u200bさがす",
        "bag": "マイバッグ",
        "qty": "数量",
        "remove": "取り消す",
        "card": "クーポン\u200b・カード",
        "nobag": "袋に\u200b入れない",
        "total": "お支払い",
        "pay": "支払う",
        "count": "9点",
        "saved": "{} お得",
        "hint": "あと1点で 2点{}",
        "rest": "{} お得です",
        "promo": "3点で2点分",
        "mprice": "会員価格",
        "kg": "kg",
    },
}
NAMES = {
    "en": (
        "Bananas",
        "Whole milk 1 L",
        "Sourdough loaf 500 g",
        "Greek yoghurt 4 × 125 g",
        "Free-range eggs, 10",
        "Cherry tomatoes 250 g",
    ),
    "fr": (
        "Bananes",
        "Lait entier 1 L",
        "Pain au levain 500 g",
        "Yaourt grec 4 × 125 g",
        "10 œufs plein air",
        "Tomates cerises 250 g",
    ),
    "de": (
        "Bananen",
        "Vollmilch 1 l",
        "Sauerteigbrot 500 g",
        "Griech. Joghurt 4 × 125 g",
        "10 Freilandeier",
        "Cherrytomaten 250 g",
    ),
    "ar": (
        "موز",
        "حليب كامل الدسم 1 ل",
        "خبز بالخميرة 500 غ",
        "زبادي يوناني 4 × 125 غ",
        "10 بيضات حرة",
        "طماطم كرزية 250 غ",
    ),
    "ja": (
        "バナナ",
        "牛乳 1L",
        "サワードウブレッド 500g",
        "ギリシャヨーグルト 4個",
        "平飼いたまご 10個",
        "ミニトマト 250g",
    ),
}


def euros(cents: int, language: str) -> str:
    minus, text = ("−" if cents < 0 else ""), f"{abs(cents) // 100}.{abs(cents) % 100:02}"
    if language in ("en", "ja"):
        return f"{minus}€{text}"
    price = f"{minus}{text.replace('.', ',')}{NBSP}€"
    return f"\u2066{price}\u2069" if language == "ar" else price


MORE = (
    {},
    {},
    {},
    {"was": 597, "saved": 199, "why": "promo"},
    {"was": 329, "saved": 40, "why": "mprice"},
    {},
)
PRICES = (212, 250, 340, 398, 289, 189)


def lines_in(language: str) -> tuple[SlipLine, ...]:
    w, m = WORDS[language], partial(euros, language=language)
    kilos = "1.185" if language in ("en", "ja") else "1,185"
    unders = (
        f"{kilos}{NBSP}{w['kg']} × {m(179)}/{w['kg']}", f"2 × {m(125)}", f"{m(680)}/{w['kg']}", f"3 × {m(199)}", "",
        f"{m(756)}/{w['kg']}",
    )  # fmt: skip
    found = []
    for at, more in enumerate(MORE):
        saving = {"was": m(more["was"]), "marker": f"{w[more['why']]} {m(-more['saved'])}"} if more else {}
        like = LINES[at]
        name, price = NAMES[language][at], m(PRICES[at])
        found.append(line(at + 1, name, unders[at], price, like.symbol, like.department, **saving))
    return tuple(found)


ICONS = {
    "find": "find",
    "qty": "quantity",
    "remove": "remove",
    "bag": "own_bag",
    "card": "coupon",
    "nobag": "no_bag",
}


def basket_in(language: str, first: int = 0, **more: object) -> Page:
    w, m, lines = WORDS[language], partial(euros, language=language), lines_in(language)
    rest = w["rest"].format(m(78 if language != "de" else 300))
    foot = {"help": "help", "lang": "language", "access": "access"}
    usual = {
        "head": Head("Tilleul", w["lane"], w["member"], "member"),
        "language": language,
        "tools": tuple(key(w[name], icon, icon) for name, icon in ICONS.items()),
        "go": key(w["pay"], "forward", "go", kind="go"),
        "total": Total(w["total"], m(1678), w["count"], w["saved"].format(m(239))),
        "foot": tuple(key(w[name], icon, icon) for name, icon in foot.items()),
    }
    hint = Headline(lines[5], (w["hint"].format(m(300)), rest), (1, 2))
    return page("basket", (Slip(lines[first:5], hint),), **{**usual, **more})


def dark_french(portrait: bool) -> Page:
    return basket_in("fr", theme="dark")


def large_german(portrait: bool) -> Page:
    w = WORDS["de"]
    texts = ((w["find"], "find"), (w["bag"], "own_bag"), (w["qty"], "quantity"), (w["remove"], "plus"))
    return basket_in(
        "de",
        theme="contrast",
        large=True,
        tools=tuple(key(text, icon) for text, icon in texts),
        foot=(key("Hilfe", "help"), key("DE", "language"), key("Groß", "access", chosen=True)),
    )


def low_basket(portrait: bool) -> Page:
    return basket_in(
        "en", 3, low_reach=True, foot=(*FOOT[:2], key("Easier", "access", "access", chosen=True))
    )


def low_finder(portrait: bool) -> Page:
    usual = finder(True)
    found = usual.blocks[0]
    assert isinstance(found, Finder)
    tiles = tuple(
        Tile(t.id, t.text, t.under.replace(" per ", "/"), t.symbol, t.department, t.sends, t.match)
        for t in found.tiles
    )
    asked = Finder("What is it?", "to", "Name, or number on the label", tiles)
    return page(
        "finder",
        (Slip(LINES[:6]), asked),
        low_reach=True,
        head=usual.head,
        letters=usual.letters,
        tools=(key("Basket", "back"), key("Easier", "access")),
        foot=(),
    )


def arabic(portrait: bool) -> Page:
    return basket_in("ar", rtl=True)


def japanese(portrait: bool) -> Page:
    return basket_in("ja")


def spoken(portrait: bool) -> Page:
    said = Strip(
        "said", "headphones", "“Quantity. Cherry tomatoes: 1.”", "Spoken now. OK changes it. 0 says it again."
    )
    return page(
        "basket",
        (Slip(LINES[2:5], Headline(LINES[5]), (said,)),),
        head=MEMBER,
        tools=TOOLS,
        go=PAY,
        total=TO_PAY,
    )


VARIANTS: dict[str, Callable[[bool], Page]] = {
    "20-basket-dark-french": dark_french,
    "21-basket-contrast-large-german": large_german,
    "22-basket-low-reach": low_basket,
    "22-finder-low-reach": low_finder,
    "23-basket-arabic": arabic,
    "24-basket-japanese": japanese,
    "25-basket-keypad-focus": spoken,
}
ONLY = {
    "22-basket-low-reach": "landscape",
    "22-finder-low-reach": "portrait",
    "25-basket-keypad-focus": "landscape",
}
