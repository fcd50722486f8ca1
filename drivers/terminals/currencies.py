"""Currencies as terminals number them, for every protocol that does."""

CURRENCIES = {
    "AUD": 36, "BAM": 977, "BGN": 975, "CAD": 124, "CHF": 756, "CZK": 203, "DKK": 208, "EUR": 978, "GBP": 826,
    "HUF": 348, "ISK": 352, "JPY": 392, "NOK": 578, "PLN": 985, "RON": 946, "RSD": 941, "SEK": 752,
    "TRY": 949, "UAH": 980, "USD": 840,
}  # fmt: skip
"""ISO 4217 letters and numbers."""
LETTERS = {number: letters for letters, number in CURRENCIES.items()}
