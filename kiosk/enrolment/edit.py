"""One value of a TOML file is put in or changed; comments and everything else stay as they were. Pure."""

import json
import re
import tomllib

Value = str | tuple[str, ...]
HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(#.*)?")
ANY_HEADER = re.compile(r"\s*\[")


def edited(text: str, table: str, key: str, value: Value) -> str:
    """The text with `key = value` in the `table`, which is made at the end where there is none. Of a value that goes
    over several lines, all are replaced."""
    lines = text.splitlines()
    begin = next((at for at, line in enumerate(lines) if _names(line, table)), None)
    written = f"{key} = {json.dumps(value, ensure_ascii=False)}"
    if begin is None:
        return "\n".join([*lines, "", f"[{table}]", written, ""])
    inside = range(begin + 1, _end(lines, begin + 1))
    at = next((each for each in inside if re.match(rf"\s*{re.escape(key)}\s*=", lines[each])), None)
    if at is None:
        return "\n".join([*lines[: begin + 1], written, *lines[begin + 1 :], ""])
    last = next(end for end in range(at + 1, len(lines) + 1) if _whole("\n".join(lines[at:end])))
    return "\n".join([*lines[:at], written, *lines[last:], ""])


def _names(line: str, table: str) -> bool:
    found = HEADER.fullmatch(line)
    return found is not None and found[1].strip() == table


def _end(lines: list[str], begin: int) -> int:
    return next((at for at in range(begin, len(lines)) if ANY_HEADER.match(lines[at])), len(lines))


def _whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
