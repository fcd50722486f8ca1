"""`kiosk text missing`: the sentences of the code that a language does not have yet, ready for its .po file."""

import argparse
import json

from kiosk.text import catalog, languages
from kiosk.text.extract import Said, said


def main(args: list[str]) -> int:
    """Print what is missing, as .po entries; 1 if anything is."""
    parser = argparse.ArgumentParser(prog="kiosk text", description="Languages: what is not translated yet.")
    parser.add_argument("command", choices=["missing"])
    parser.add_argument("language", nargs="*", help="language codes (all, if none is given)")
    chosen = parser.parse_args(args).language or [each for each in languages() if each != "en"]
    sentences = said()
    gaps = 0
    for language in chosen:
        forms = catalog(language).forms if language in languages() else {}
        missing = [each for each in sentences.values() if not any(forms.get(each.one, ()))]
        gaps += len(missing)
        print(f"# {language}: {len(missing)} of {len(sentences)} sentences are not translated")
        for each in missing:
            print(entry(each))
    return 1 if gaps else 0


def entry(each: Said) -> str:
    """One empty .po entry."""
    text = f"\n#: {each.place}\nmsgid {_quoted(each.one)}\n"
    if each.other:
        return text + f'msgid_plural {_quoted(each.other)}\nmsgstr[0] ""\nmsgstr[1] ""'
    return text + 'msgstr ""'


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
