"""A configuration that cannot hide a typo: every mistake is named with file, line, key and what was expected."""

import re
from pathlib import Path

import pytest

from drivers import keypads, voices
from drivers.simulated.lane import SimulatedLane
from kiosk.barcode import ShopCodes
from kiosk.checkout.restrictions import Restriction
from kiosk.commands.check import main as check
from kiosk.config import Company, ConfigError, Files, Fiscal, Lane, Rules, ScreenConfig, Shop, parse, read
from kiosk.link.config import LinkConfig

GOOD = """
[lane]
store = "0187"
number = "4"

[shop]
name = "Tilleul"
timezone = "Europe/Paris"
languages = ["fr", "en"]

[rules]
own_bag_max = 500

[[scanners]]
model = "serial"
port = "/dev/kiosk/scanner"

[scales.bag]
model = "toledo8217"
port = "/dev/kiosk/bag"
"""


def test_a_whole_lane_is_read() -> None:
    config = parse(GOOD, "shop.toml")
    policy = config.policy("j1")
    assert (policy.store, policy.lane, policy.journal, policy.own_bag_max) == ("0187", "4", "j1", 500)
    assert policy.bag_scale and not policy.produce_scale and policy.languages == ("fr", "en")
    assert config.printer is None and config.link is None


def test_what_the_simulated_lane_writes_is_a_configuration() -> None:
    with SimulatedLane() as lane:
        config = parse(GOOD.split("[[scanners]]")[0] + lane.toml(), "demo.toml")
    assert len(config.scanners) == 2 and config.terminal is not None and config.light is not None


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('number = "4"', "number = 4", r"shop\.toml, line 4, lane\.number: Expected `str`, got `int`"),
        ("own_bag_max", "own_bag_max_grams", r"line 12, rules\.own_bag_max_grams: .*unknown field"),
        ("own_bag_max = 500", "own_bag_max = -1", r"line 12, rules\.own_bag_max: Expected `int` >= 0"),
        (
            "own_bag_max = 500",
            'best_before = "maybe"',
            r"line 12, rules\.best_before: Invalid enum value 'maybe'",
        ),
        ('name = "Tilleul"\n', "", r"shop\.toml, line 6, shop: .*missing required field `name`"),
        (
            '"toledo8217"',
            '"toledo"',
            r"line 19, scales\.bag\.model: Invalid value 'toledo', it is one of adam, .*toledo8217",
        ),
        (
            "own_bag_max = 500",
            'assist = "never"',
            r"line 12, rules\.assist: .*'never', it is one of ended, sale",
        ),
        (
            "own_bag_max = 500",
            'reasons = { voids = ["damaged"] }',
            r"line 12, rules\.reasons\.voids: .*'voids', it is one of audit, cancel_sale, close_lane, price,",
        ),
        (
            "own_bag_max = 500",
            "[[rules.restricted]]\nname = 'gin'\n[[rules.restricted]]\nname = 'rum'\nclosed = ['22:00']",
            r"line 16, rules\.restricted\[1\]\.closed: Expected `array` of length 2",
        ),
        (
            "[rules]",
            '[voice]\ncommand = "say {tongue}"\n[rules]',
            r"line 11, voice: `command` may have \{voice\}, \{language\} and \{speed\}, not 'tongue'",
        ),
        ("[lane]", "[lane", r"shop\.toml: not TOML"),
    ],
)
def test_a_mistake_is_named(before: str, after: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        parse(GOOD.replace(before, after), "shop.toml")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Europe/Paris", "Europe/Strasbourg", "shop.timezone"),
        ('["fr", "en"]', '["fr", "xx"]', "'xx' is none of"),
        (
            "[rules]",
            '[screen]\npictures = "/nowhere"\n[rules]',
            "screen.pictures: there is no folder /nowhere",
        ),
        (
            "[rules]",
            '[screen]\nbrand = "red"\n[rules]',
            "screen.brand: a colour is # and six hexadecimal digits",
        ),
        ("[rules]", "[rules]\naudit_least = 70000", "rules.audit_least: it is more than audit_most, 60000"),
    ],
)
def test_check_says_it_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], before: str, after: str, said: str
) -> None:
    path = tmp_path / "shop.toml"
    path.write_text(GOOD)
    assert check([str(path)]) == 0
    path.write_text(GOOD.replace(before, after))
    assert check([str(path)]) == 2
    told = capsys.readouterr().err
    assert said in told and told.count("\n") == 1


def test_keys_that_a_seated_shopper_does_not_reach_are_missed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "shop.toml"
    path.write_text(GOOD + "\n[screen]\nmm = [194, 344]\npx = [1080, 1920]\nfloor = 1100\n")
    assert check([str(path)]) == 0
    assert "screen.floor: its keys lie 1100 to 1255 mm above the floor" in capsys.readouterr().out
    path.write_text(path.read_text().replace("1100", "1000"))
    assert check([str(path)]) == 0
    assert "screen.floor" not in capsys.readouterr().out


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: cannot be read"):
        read(tmp_path / "none.toml")


def test_the_example_that_is_installed_is_a_configuration() -> None:
    config = read(Path(__file__).parents[1] / "systemd" / "kiosk.toml")
    assert config.link is not None and config.printer is not None and config.terminal is not None


EXAMPLE = (Path(__file__).parents[1] / "systemd" / "kiosk.toml").read_text()
TABLES = {
    "lane": Lane,
    "shop": Shop,
    "rules": Rules,
    "rules.restricted": Restriction,
    "codes": ShopCodes,
    "screen": ScreenConfig,
    "files": Files,
    "keypad": keypads.Config,
    "voice": voices.Config,
    "fiscal": Fiscal,
    "fiscal.company": Company,
    "link": LinkConfig,
}


@pytest.mark.parametrize("table", TABLES)
def test_the_example_has_every_key(table: str) -> None:
    _, *others = re.split(r"(?m)^#?\[+([a-z.]+)\]+", EXAMPLE)
    written = dict(zip(others[::2], others[1::2], strict=True))
    keys = set(re.findall(r"(?m)^#?(\w+) = ", written[table]))
    tables = {name.rpartition(".")[2] for name in written if name.startswith(f"{table}.")}
    here = set(TABLES[table].__struct_fields__) - ({"currency", "exponent"} if table == "codes" else set())
    assert here <= keys | tables


@pytest.mark.parametrize("table", ["rules", "screen", "keypad", "voice"])
def test_what_the_example_has_commented_out_can_be_used(table: str) -> None:
    """Each line with its hash taken away; a key that stands there already keeps its value."""
    place = re.search(rf"(?ms)^#?\[{table}\].*?(?=^\n?#?\[+(?!{table})[a-z.]+\])", EXAMPLE)
    assert place
    here = re.sub(r"(?m)^#(?=\[|\w+ = )", "", place[0])
    config = parse(EXAMPLE.replace(place[0], here), "kiosk.toml")
    assert getattr(config, table) is not None
    assert table != "rules" or (config.rules.restricted and config.rules.reasons and config.rules.audit)


GERMAN = GOOD.replace('name = "Tilleul"', 'name = "Linde"\ncountry = "DE"\nregistrations = ["DE123456789"]')
TSE = """
[fiscal]
wait = 5000
signature_as = "text"
[fiscal.device]
model = "tse"
port = "socket://127.0.0.1:7300"
client = "0187-4"
tax_keys = { Z = 6 }
"""


def test_the_country_decides_about_receipts() -> None:
    policy = parse(GERMAN + TSE, "shop.toml").policy("j1")
    assert policy.fiscal and policy.fiscal_wait == 5000
    assert policy.receipt_choices == ("print", "phone", "email") and policy.receipt_unanswered == "print"
    assert not parse(GOOD, "shop.toml").policy("j1").fiscal
    assert parse(GOOD, "shop.toml").policy("j1").receipt_default == "ask"


def test_what_the_law_wants_is_missed_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "shop.toml"
    path.write_text(GERMAN.replace("DE123456789", ""))
    assert check([str(path)]) == 0
    said = capsys.readouterr().out
    assert "missing: shop.registrations: no VAT number, which receipts must bear in DE" in said
    assert "missing: fiscal: no device, and every receipt must be signed in DE" in said
    path.write_text(GERMAN + TSE)
    assert check([str(path)]) == 0
    said = capsys.readouterr().out
    assert "missing" not in said and "tse at socket://127.0.0.1:7300" in said


def test_nothing_is_printed_unasked_in_france() -> None:
    french = GOOD.replace('name = "Tilleul"', 'name = "Tilleul"\ncountry = "FR"')
    config = parse(french.replace("own_bag_max = 500", 'receipt_default = "print"'), "shop.toml")
    with pytest.raises(ConfigError, match=r"rules\.receipt_default: nothing is printed unasked in FR"):
        config.verify("shop.toml")


def test_a_produce_scale_needs_its_plate() -> None:
    produce = GOOD + '\n[scales.produce]\nmodel = "toledo8217"\nport = "/dev/kiosk/produce"\n'
    with pytest.raises(ConfigError, match=r"rules\.produce_plate: copy what is written on the produce scale"):
        parse(produce, "shop.toml").verify("shop.toml")
    plate = 'produce_plate = "Max 6/15 kg  Min 40 g  e = 2/5 g"\nunit_price = "100g"\n'
    config = parse(produce.replace("own_bag_max", plate + "own_bag_max"), "shop.toml")
    config.verify("shop.toml")
    policy = config.policy("j1")
    assert (policy.produce_plate[:10], policy.tare_max, policy.unit_price) == ("Max 6/15 k", 500, "100g")
    assert config.details().unit_price == "100g"


def test_prices_in_symbols_are_in_the_shops_currency() -> None:
    yen = GOOD.replace('name = "Tilleul"', 'name = "Tilleul"\ncurrency = "JPY"\nexponent = 0')
    codes = parse(yen, "shop.toml").codes
    assert (codes.currency, codes.exponent) == ("JPY", 0)
    with pytest.raises(ConfigError, match=r"codes\.currency: .*, it is shop\.currency"):
        parse(GOOD + '[codes]\ncurrency = "JPY"\n', "shop.toml")
