"""One TOML file becomes one frozen typed value; a key that nobody knows stops the start, with its path.

    config = read(Path("/etc/kiosk/kiosk.toml"))

Every table below is a struct; the tables of devices are chosen by their `model`.
"""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from drivers import keypads, voices
from drivers.camera.config import Config as Camera
from drivers.fiscal.config import Config as Tse
from drivers.keyboards import Config as Keyboards
from drivers.lights import gpio
from drivers.printers import escpos
from drivers.scales.config import AnyScale, BagScale
from drivers.scanners import evdev, hid_pos, serial
from drivers.terminals import caisse, concert, nexo, zvt
from kiosk.barcode import ShopCodes
from kiosk.checkout.money import TenderKind
from kiosk.checkout.restrictions import Restriction
from kiosk.checkout.session import Policy
from kiosk.checkout.weighing import plate
from kiosk.fiscal.profiles import Profile, profile_of
from kiosk.link.config import LinkConfig
from kiosk.mistakes import explain
from kiosk.receipt import ShopDetails
from kiosk.text import languages
from kiosk.units import Grams, Minor, UnitPrice
from kiosk.version import VERSION
from screens.theme import KEYS_OF_PANEL, REACH_MM, theme

Act = Literal["void", "cancel_sale", "close_lane", "training", "audit", "price", "refund"]
Reason = Annotated[str, Meta(min_length=1, max_length=30)]


class ConfigError(Exception):
    """The configuration cannot be used; says file, key, place and what was expected."""


class Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Lane(Strict, frozen=True, kw_only=True):
    """Which lane of which store this is."""

    store: Annotated[str, Meta(min_length=1, max_length=20)]
    number: Annotated[str, Meta(min_length=1, max_length=20)]


class Shop(Strict, frozen=True, kw_only=True):
    """What stands on screen and receipt, and how this country counts. `registrations`: SIRET, VAT number …"""

    name: Annotated[str, Meta(min_length=1, max_length=40)]
    address: tuple[str, ...] = ()
    registrations: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "EUR"
    exponent: Annotated[int, Meta(ge=0, le=4)] = 2
    country: str = ""
    languages: Annotated[tuple[str, ...], Meta(min_length=1)] = ("en", "fr", "de")
    timezone: str = "UTC"


class Rules(Strict, frozen=True, kw_only=True):
    """What the shop leaves to shoppers, and how long it waits. Times are milliseconds, money is in minor units.

    `tenders` are the ways to pay here, `handover` whether a basket can be paid in cash at a staffed till, `email`
    whether the store server sends receipts, `member_phone` whether members may type their phone number, `offers`
    whether one thing more is suggested before paying, `meal_voucher_cap` what may be paid by meal voucher at most.
    `terminal_totals`: the terminal closes its day with ours and tells its sum. An empty `receipt_default` is the
    country's; `receipt_must` are the cases in which paper comes unasked: goods weighed here, a card payment that
    failed or was taken back (its slip). `best_before` is what becomes of a pack whose best-before day is past.
    `restricted` are classes of goods, as the catalogue names them, with hours without sale, a cap, or a security tag;
    `qty_limit` is how many of one line a shopper may take alone, `skip_limit`, `skip_value_limit` and `skip_heavy` what
    she may leave out of the bag (number, value, and from how many grams on always). From `override_limit` and
    `refund_limit` on (0: never) a second colleague says yes. `audit`: a few baskets are scanned again, `audit_least` to
    `audit_most` of a million, `audit_items` lines of each. `assist` is when a staffed till ends by itself: with its
    sale, or only after `assist_after` in which nothing happens. `reasons` are the shop's own lists by action: void,
    cancel_sale, close_lane, training, audit, price, refund.
    `staff_codes`: a colleague may type her rotating code instead of her PIN, which then has six digits.
    `produce_plate` is copied from the produce scale's plate, `tare_max` what a container of the shopper's own may
    weigh (grams), `unit_price` the weight that prices of loose goods are for.
    """

    conflict: Literal["best_for_customer", "priority"] = "best_for_customer"
    tax_mode: Literal["inclusive", "exclusive"] = "inclusive"
    own_bag_max: Annotated[int, Meta(ge=0, le=5000)] = 400
    void_limit: Annotated[int, Meta(ge=0)] = 5
    void_value_limit: Annotated[int, Meta(ge=0)] = 5000
    best_before: Literal["sell", "ask", "refuse"] = "ask"
    receipt_default: Literal["", "ask", "print", "none"] = ""
    receipt_must: tuple[Literal["weighed", "card_failed", "card_reversed"], ...] = ()
    receipt_url: str = ""
    produce_plate: str = ""
    tare_max: Annotated[int, Meta(ge=0, le=5000)] = 500
    unit_price: UnitPrice = "kg"
    pin_digits: Annotated[int, Meta(ge=4, le=12)] = 6
    staff_codes: bool = False
    weigh_wait: Annotated[int, Meta(ge=0, le=30_000)] = 2_000
    suspend_after: Annotated[int, Meta(ge=1_000)] = 300_000
    suspended_for: Annotated[int, Meta(ge=0)] = 7_200_000
    idle_prompt: Annotated[int, Meta(ge=1_000)] = 45_000
    idle_countdown: Annotated[int, Meta(ge=1_000)] = 30_000
    receipt_wait: Annotated[int, Meta(ge=1_000)] = 30_000
    thank_you: Annotated[int, Meta(ge=1_000)] = 8_000
    undo: Annotated[int, Meta(ge=1_000)] = 5_000
    staff_seconds: Annotated[int, Meta(ge=5_000)] = 60_000
    ask_again: Annotated[int, Meta(ge=100)] = 5_000
    ask_limit: Annotated[int, Meta(ge=1)] = 12
    tenders: Annotated[tuple[TenderKind, ...], Meta(min_length=1)] = (TenderKind.CARD,)
    handover: bool = False
    email: bool = False
    meal_voucher_cap: Annotated[int, Meta(ge=0)] = 2500
    member_phone: bool = False
    offers: bool = False
    terminal_totals: bool = False
    free_tries: Annotated[int, Meta(ge=1, le=10)] = 5
    lockout_first: Annotated[int, Meta(ge=1_000)] = 15_000
    restricted: tuple[Restriction, ...] = ()
    qty_limit: Annotated[int, Meta(ge=1, le=99)] = 99
    skip_limit: Annotated[int, Meta(ge=0)] = 5
    skip_value_limit: Annotated[int, Meta(ge=0)] = 5000
    skip_heavy: Annotated[int, Meta(ge=0)] = 3000
    override_limit: Annotated[int, Meta(ge=0)] = 0
    refund_limit: Annotated[int, Meta(ge=0)] = 0
    audit: bool = False
    audit_least: Annotated[int, Meta(ge=0, le=1_000_000)] = 7_500
    audit_most: Annotated[int, Meta(ge=0, le=1_000_000)] = 60_000
    audit_items: Annotated[int, Meta(ge=1, le=5)] = 3
    assist: Literal["sale", "ended"] = "ended"
    assist_after: Annotated[int, Meta(ge=30_000)] = 300_000
    reasons: dict[Act, Annotated[tuple[Reason, ...], Meta(min_length=1, max_length=6)]] = {}
    anchor_minutes: Annotated[int, Meta(ge=1, le=60)] = 5


class ScreenConfig(Strict, frozen=True, kw_only=True):
    """The panel in pixels and millimetres, and its lower edge in millimetres above the `floor`; `driver` is SDL's
    (kmsdrm on the device, empty: SDL's own choice); `pictures` is a folder of PNG files, each named as the symbol of
    its products in the catalogue."""

    px: tuple[int, int] = (1920, 1080)
    mm: tuple[int, int] = (344, 194)
    rotation: Literal[0, 90, 180, 270] = 0
    floor: Annotated[int, Meta(ge=0, le=2_000)] = 860
    fullscreen: bool = True
    driver: str = ""
    theme: Literal["light", "dark", "contrast"] = "light"
    brand: str = ""
    pictures: str = ""
    reduced_motion: bool = False
    sound: bool = True


class Files(Strict, frozen=True, kw_only=True):
    """Where the lane keeps its books; `pepper` is a file that only root and the kiosk may read.

    `device_key` signs the ledger; it is made at first need, beside the journal where no other place is named.
    `status` is the socket on which the kiosk says how it is.
    """

    journal: str = "/var/lib/kiosk/journal/journal.db"
    catalogue: str = "/var/lib/kiosk/catalogue/catalogue.db"
    keep_days: Annotated[int, Meta(ge=1)] = 30
    pepper: str = ""
    device_key: str = ""
    status: str = "/run/kiosk/status.sock"


class Scales(Strict, frozen=True, kw_only=True):
    produce: AnyScale | None = None
    bag: BagScale | None = None


class Company(Strict, frozen=True, kw_only=True):
    """Who sells, as the tax office has it in its export; the `name` is the shop's where it is left out, `country` has
    the three letters of ISO 3166."""

    name: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "DEU"
    tax_number: str = ""
    vat_id: str = ""


class Fiscal(Strict, frozen=True, kw_only=True):
    """The country's fiscal device, how long a receipt waits for it (ms), and how its signature is printed."""

    device: Tse
    wait: Annotated[int, Meta(ge=100, le=60_000)] = 10_000
    signature_as: Literal["qr", "text"] = "qr"
    company: Company = Company()


class Config(Strict, frozen=True, kw_only=True):
    """A whole lane. A device that has no table is absent, and the lane does without it."""

    lane: Lane
    shop: Shop
    rules: Rules = Rules()
    codes: ShopCodes = ShopCodes()
    screen: ScreenConfig = ScreenConfig()
    files: Files = Files()
    scanners: tuple[serial.Config | evdev.Config | hid_pos.Config | Camera, ...] = ()
    scales: Scales = Scales()
    terminal: zvt.Config | caisse.Config | concert.Config | nexo.Config | None = None
    printer: escpos.Config | None = None
    light: gpio.Config | None = None
    keyboards: Keyboards | None = None
    keypad: keypads.Config | None = None
    voice: voices.Config | None = None
    fiscal: Fiscal | None = None
    link: LinkConfig | None = None

    def verify(self, name: str) -> None:
        """What types cannot say: names that must exist on this machine. Raises ConfigError."""
        try:
            ZoneInfo(self.shop.timezone)
        except (ZoneInfoNotFoundError, ValueError) as wrong:
            raise ConfigError(f"{name}, shop.timezone: no such time zone: {self.shop.timezone!r}") from wrong
        unknown = [language for language in self.shop.languages if language not in languages()]
        if unknown:
            known = ", ".join(languages())
            raise ConfigError(f"{name}, shop.languages: {unknown[0]!r} is none of {known}")
        if self.rules.receipt_default == "print" and not self.profile.may_print_unasked:
            raise ConfigError(
                f"{name}, rules.receipt_default: nothing is printed unasked in {self.profile.country}"
            )
        if self.rules.receipt_default == "none" and "none" not in self.profile.choices:
            raise ConfigError(f"{name}, rules.receipt_default: a receipt is due in {self.profile.country}")
        if self.scales.produce is not None and plate(self.rules.produce_plate) is None:
            raise ConfigError(
                f"{name}, rules.produce_plate: copy what is written on the produce scale, as in"
                f" 'Max 15 kg  Min 100 g  e = 5 g  Class III', not {self.rules.produce_plate!r}"
            )
        if self.rules.staff_codes and (self.rules.pin_digits != 6 or not self.files.pepper):
            raise ConfigError(
                f"{name}, rules.staff_codes: codes have 6 digits as PINs must, and need files.pepper"
            )
        if self.rules.audit_least > self.rules.audit_most:
            raise ConfigError(
                f"{name}, rules.audit_least: it is more than audit_most, {self.rules.audit_most}"
            )
        try:
            for look in ("light", "dark"):
                theme(look, brand=self.screen.brand)
        except ValueError as wrong:
            raise ConfigError(f"{name}, screen.brand: {wrong}") from wrong
        if self.screen.pictures and not Path(self.screen.pictures).is_dir():
            raise ConfigError(f"{name}, screen.pictures: there is no folder {self.screen.pictures}")
        if self.files.pepper and not Path(self.files.pepper).is_file():
            raise ConfigError(f"{name}, files.pepper: there is no file {self.files.pepper}")
        if self.files.device_key and not Path(self.files.device_key).parent.is_dir():
            raise ConfigError(f"{name}, files.device_key: there is no folder for {self.files.device_key}")

    @property
    def profile(self) -> Profile:
        """The country's rules."""
        return profile_of(self.shop.country)

    def wants(self) -> list[str]:
        """What the country's law asks for and this file does not have: sentences for a technician."""
        profile = self.profile
        lines = [
            f"shop.registrations: no {name}, which receipts must bear in {profile.country}"
            for name in profile.missing(self.shop.registrations)
        ]
        if profile.signs and self.fiscal is None:
            lines.append(f"fiscal: no device, and every receipt must be signed in {profile.country}")
        low, high = self.screen.floor, self.screen.floor + round(self.screen.mm[1] * KEYS_OF_PANEL)
        if low < REACH_MM[0] or high > REACH_MM[1]:
            lines.append(
                f"screen.floor: its keys lie {low} to {high} mm above the floor, and a seated shopper's hand gets"
                f" from {REACH_MM[0]} to {REACH_MM[1]}"
            )
        return lines

    def details(self) -> ShopDetails:
        """What every receipt says of the shop."""
        return ShopDetails(
            name=self.shop.name,
            address=self.shop.address,
            registrations=self.shop.registrations,
            footer=self.shop.footer,
            receipt_url=self.rules.receipt_url,
            exponent=self.shop.exponent,
            timezone=self.shop.timezone,
            signature_as=self.fiscal.signature_as if self.fiscal else "qr",
            unit_price=self.rules.unit_price,
        )

    def utc_offset_minutes(self) -> int:
        """Of the shop's time zone, now."""
        offset = datetime.now(ZoneInfo(self.shop.timezone)).utcoffset()
        return int(offset.total_seconds()) // 60 if offset else 0

    def policy(self, journal: str) -> Policy:
        """The rules as the core takes them with every start."""
        rules = msgspec.structs.asdict(self.rules)
        del rules["anchor_minutes"]  # the journal's alone
        rules["own_bag_max"] = Grams(self.rules.own_bag_max)
        rules["tare_max"] = Grams(self.rules.tare_max)
        for name in ("void_value_limit", "skip_value_limit", "override_limit", "refund_limit"):
            rules[name] = Minor(rules[name])
        rules["skip_heavy"] = Grams(self.rules.skip_heavy)
        rules["receipt_default"] = self.rules.receipt_default or self.profile.receipt_default
        rules["meal_voucher_cap"] = Minor(self.rules.meal_voucher_cap)
        if self.terminal is not None:
            rules["request_life"] = round(self.terminal.life * 1000)
            rules["terminal_omits"] = self.terminal.omits
            rules["terminal_totals"] = self.rules.terminal_totals
        return Policy(
            store=self.lane.store,
            lane=self.lane.number,
            shop=self.shop.name,
            journal=journal,
            version=VERSION,
            currency=self.shop.currency,
            exponent=self.shop.exponent,
            country=self.shop.country,
            languages=self.shop.languages,
            utc_offset_minutes=self.utc_offset_minutes(),
            bag_scale=self.scales.bag is not None,
            produce_scale=self.scales.produce is not None,
            bag_division=Grams(self.scales.bag.division if self.scales.bag else 5),
            receipt_choices=self.profile.choices,
            receipt_notice=not self.profile.may_print_unasked,
            receipt_unanswered=self.profile.unanswered,
            fiscal=self.fiscal is not None,
            fiscal_wait=self.fiscal.wait if self.fiscal else 10_000,
            **rules,
        )


def read(path: Path) -> Config:
    """The file as a typed value. Raises ConfigError."""
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as wrong:
        raise ConfigError(f"{path}: cannot be read ({wrong})") from wrong
    return parse(text, str(path))


def parse(text: str, name: str) -> Config:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise ConfigError(f"{name}: not TOML: {wrong}") from wrong
    try:
        config = msgspec.convert(tables, Config, dec_hook=_hook)
    except msgspec.ValidationError as wrong:
        raise ConfigError(explain(str(wrong), text, name, Config)) from wrong
    for key in ("currency", "exponent"):
        if key in tables.get("codes", {}):
            said = f"Object contains unknown field `{key}`, it is shop.{key} - at `$.codes`"
            raise ConfigError(explain(said, text, name, Config))
    codes = replace(config.codes, currency=config.shop.currency, exponent=config.shop.exponent)
    return replace(config, codes=codes)


def _hook(kind: type, value: object) -> object:
    """Paths are written as strings."""
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise TypeError(f"expected {kind.__name__}")
