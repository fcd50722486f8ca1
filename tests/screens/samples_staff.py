"""Sample pages for colleagues and technicians."""

from kiosk.checkout.events import Started
from screens.widgets import Dots, Field, Head, Hero, Key, Page, Slip, Strip, Table, Total
from tests.screens.samples import FOOT, LINES, key, page


def two(ok: str, no: str) -> tuple[Key, Key]:
    return key(ok, "check", kind="person"), key(no, "close", kind="paper")


WINE_TEXT = "Côtes du Rhône 75 cl. Always ask for ID."
ASKED = (
    Strip("age", "age", "Wine: 18 or over?", WINE_TEXT, "person", "3 age.restricted",
          two("ID seen, 18 or over", "Refuse")),
    Strip("bag", "scale", "Bag: 236 g unexplained", "Most likely an own bag. Waiting 0:41.", "person",
          "2 weight.unexpected", two("It is fine", "Rescan")),
    Strip("help", "help", "Shopper asked for help", "Waiting 0:12.", "person",
          keys=(key("Done", "check", kind="person"),)),
)  # fmt: skip
STAFF_TOOLS = (
    key("Remove line", "remove"), key("Change price", "tag"), key("Refund", "refund"), key("Suspend", "suspend"),
    key("Resume", "forward"), key("Rescan check", "audit"), key("Print again", "printer"), key("Training", "training"),
    key("Staffed till", "people"), key("Close lane", "lock"),
)  # fmt: skip
STAFF_FOOT = (key("Whole basket", "basket"), key("Other lanes", "people"), key("Service", "settings"))


def attendant(portrait: bool) -> Page:
    return page(
        "attendant",
        (Slip(LINES[5 if portrait else 6 : 7], strips=ASKED),),
        head=Head("Staff", "Checkout 4", "Sam · closes in 0:52", "clock", "staff", "person"),
        tools=STAFF_TOOLS[:9] if portrait else STAFF_TOOLS,
        total=Total("Basket", "€24.68", "10 products, member"),
        go=key("End staff mode", "lock", "go", kind="answer"),
        foot=() if portrait else STAFF_FOOT,
    )


def pin(portrait: bool) -> Page:
    def digit(sign: str) -> Key:
        return Key(id=f"digit:{sign}", text=sign, digit=sign)

    last = (
        Key(id="erase", text="", icon="erase", digit="\b"),
        digit("0"),
        Key(id="enter", text="", icon="check", kind="go", sends=Started(), why="Six digits, please"),
    )
    strip = Strip("kept", "basket", "The basket is kept", "10 products, €24.68. Shoppers: press Back.")
    return page(
        "pin",
        (
            Hero(("Staff code",), "Six digits, or hold your badge to the scanner.", "ask"),
            Dots("pin", 6),
            Slip(strips=(strip,)),
        ),
        head=Head("Staff", "Checkout 4", tone="staff", icon="person"),
        letters=(*(tuple(digit(sign) for sign in row) for row in ("123", "456", "789")), last),
        tools=(key("Back to shopping", "back"),),
        foot=() if portrait else FOOT,
    )


def service(portrait: bool) -> Page:
    rows = (
        ("Scanner", "usb 1.2 · hid-pos", "1,204 reads", "ready"),
        ("Weighing scale", "serial-1 · 9600 7E1", "0.000 kg, zero", "ready"),
        ("Bag scale", "serial-2 · 9600 8N1", "6,140 g ± 2 g", "ready"),
        ("Card terminal", "10.0.4.21 · ZVT", "answers in 24 ms", "ready"),
        ("Printer", "usb 1.4 · ESC/POS", "about 9 m left", "!paper low"),
        ("Lane light", "gpio 17 22 27", "off", "ready"),
        ("Store server", "mTLS to 2027-03", "last 14:31:58", "3 waiting"),
        ("Journal", "48,211, chain whole", "2.1 of 24 GB", "ready"),
        ("Clock", "NTP, off by 4 ms", "14:32:10", "ready"),
    )
    pairs = (
        ("Kiosk", "1.4.0, slot B, good"),
        ("Settings", "2026-11-18 / 3"),
        ("Catalogue", "41,806 items, 06:00"),
        ("Weighing module", "2.1 · 7F3A 91C2"),
        ("Up since", "2026-11-19 05:58"),
    )
    names = (
        ("printer", "Test print"),
        ("scan", "Test scan"),
        ("zero", "Zero scales"),
        ("light", "Test lights"),
        ("card", "Terminal"),
        ("volume", "Sound"),
        ("receipt", "Save report"),
        ("link", "SSH 30 min"),
        ("power", "Restart"),
    )
    return page(
        "service",
        (Table(("Device", "Connection", "Last", "State"), rows, pairs),),
        head=Head("Service", "Checkout 4 · store 0187", "no sale is open", tone="service", icon="settings"),
        tools=tuple(key(text, icon) for icon, text in names[: 9 if portrait else 8]),
        go=key("Leave service", "back", "go", kind="answer"),
        foot=()
        if portrait
        else (key("Devices", "sliders", chosen=True), key("Log", "receipt"), key("Update", "down")),
    )


def email(portrait: bool) -> Page:
    def sign(text: str) -> Key:
        return Key(id=f"type:{text}", text=text, digit=text)

    last = (
        key("123", ""),
        Key(id="erase", text="", icon="erase", digit="\b"),
        Key(id="send", text="", icon="check", kind="go", sends=Started()),
    )
    return page(
        "email",
        (
            Hero(("Your e-mail address",), "For this receipt only. It is not kept here.", "check"),
            Field("email", 64, "Type it with the keys."),
        ),
        letters=(*(tuple(map(sign, row)) for row in ("abcdefg", "hijklmn", "opqrstu", "vwxyz@.")), last),
        foot=(key("Back", "back"), FOOT[0], FOOT[2]),
    )
