"""`kiosk text`: the languages of the kiosk, what each still lacks, and what a look at its .po file finds."""

import argparse
import json

from kiosk.text import catalog, languages, told
from kiosk.text.extract import Said, said
from kiosk.text.proof import Finding, Kind, findings

HELP = """missing: the sentences that a language does not have yet, ready for its .po file (1 if there are any)
check:   these, wrong plural forms and placeholders, lines and last signs; too long ones are named (1 unless right)
list:    the languages as a table for the README: who has read them"""


def main(args: list[str]) -> int:
    """Answer for the languages that are named, or for all."""
    parser = argparse.ArgumentParser(
        prog="kiosk text", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["missing", "check", "list"])
    parser.add_argument("language", nargs="*", help="language codes (all, if none is given)")
    options = parser.parse_args(args)
    chosen = options.language or [each for each in languages() if each != "en" or options.command == "list"]
    sentences = said()
    if options.command == "list":
        print("\n".join(table(chosen, sentences)))
        return 0
    ask = missing if options.command == "missing" else check
    return 1 if sum([ask(each, sentences) for each in chosen]) else 0


def missing(language: str, sentences: dict[str, Said]) -> int:
    """Print what a language lacks, as .po entries; how much that is."""
    gaps = [sentences[each.english] for each in about(language, sentences) if each.kind is Kind.MISSING]
    print(f"# {language}: {len(gaps)} of {len(sentences)} sentences are not translated")
    for each in gaps:
        print(entry(each))
    return len(gaps)


def check(language: str, sentences: dict[str, Said]) -> int:
    """Print what is to be looked at; how much of it is wrong."""
    found = about(language, sentences)
    wrong = sum(each.kind is not Kind.LONG for each in found)
    print(f"# {language}: {wrong} to put right, {len(found) - wrong} long")
    for each in found:
        print(f"{each.kind.value}: {json.dumps(each.english, ensure_ascii=False)}: {each.why}")
    return wrong


def about(language: str, sentences: dict[str, Said]) -> list[Finding]:
    """The findings of a language; of one without a file, that everything is missing."""
    if language not in languages():
        return [Finding(Kind.MISSING, each.one, each.place) for each in sentences.values()]
    return list(findings(language, catalog(language), sentences))


def table(chosen: list[str], sentences: dict[str, Said]) -> list[str]:
    """The languages as a Markdown table."""
    rows = ["| | language | translated | read by |", "|---|---|---|---|"]
    for language in chosen:
        forms = catalog(language).forms
        done = sum(language == "en" or all(forms.get(one, ("",))) for one in sentences)
        reader = told(language, "X-Read-By") or "nobody yet: made by machine"
        rows.append(f"| {language} | {told(language, 'X-Name')} | {done} of {len(sentences)} | {reader} |")
    return rows


def entry(each: Said) -> str:
    """One empty .po entry."""
    text = f"\n#: {each.place}\nmsgid {_quoted(each.one)}\n"
    if each.other:
        return text + f'msgid_plural {_quoted(each.other)}\nmsgstr[0] ""\nmsgstr[1] ""'
    return text + 'msgstr ""'


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
