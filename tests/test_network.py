"""Whom a lane talks to, out of its configuration."""

import pytest

from kiosk.config import parse
from kiosk.network import lines

LANE = '[lane]\nstore = "1"\nnumber = "1"\n[shop]\nname = "Shop"\n'
LINK = '[link]\nserver = "{}"\npin = "sha256/x"\ntoken_file = "/t"\ncatalogue = "/c"\nsocket = "/s"\n'
NEXO = '[terminal]\nmodel = "nexo"\nurl = "{}"\npoi_id = "P"\nsale_id = "S"\n'


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ("", []),
        (LINK.format("https://192.168.10.10:8700"), ["store 192.168.10.10 8700", "run kiosk-link.service"]),
        (LINK.format("https://[fd00::10]"), ["store fd00::10 443", "run kiosk-link.service"]),
        (
            LINK.format("https://store.shop:8700"),
            [
                "store 10.0.0.0/8 8700",
                "store 172.16.0.0/12 8700",
                "store 192.168.0.0/16 8700",
                "store fc00::/7 8700",
                "run kiosk-link.service",
            ],
        ),
        (
            '[terminal]\nmodel = "zvt"\nport = "socket://192.168.10.20:20007"\n',
            ["terminal 192.168.10.20 20007"],
        ),
        ('[terminal]\nmodel = "zvt"\nport = "/dev/kiosk/terminal"\n', []),
        ('[terminal]\nmodel = "concert"\nport = "/dev/kiosk/terminal"\n', []),
        (
            NEXO.format("https://terminal.example/sync") + 'api_key_file = "/k"\nsocket = "/run/t.sock"\n',
            [
                "# cloud terminal.example 443: its address belongs into the file network",
                "run kiosk-terminal.service",
            ],
        ),
    ],
)
def test_by_table(tables: str, said: list[str]) -> None:
    assert list(lines(parse(LANE + tables, "kiosk.toml"))) == said
