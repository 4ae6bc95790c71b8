"""Values as YAML 1.2 text: plain where every reader takes them as they are, else double-quoted.

Source: https://yaml.org/spec/1.2.2/ (5.1 for what may stand in a file unescaped, 7.3.1 for escapes). What the older
YAML 1.1 takes for a boolean, a null, a number or a time is quoted too, because Obsidian's plugins differ in version.
"""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"[^\W\d_](?:[\w ./+-]*[\w./+-])?")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9][\w./~?=&+%-]*[\w/]", re.ASCII)
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", re.ASCII)
DAY_KEYS = frozenset({"published", "listed"})
_RESERVED = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"})
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def yaml_scalar(value: str | bool, key: str = "") -> str:
    """One value on one line: booleans and addresses as they are, days under the keys for days, texts quoted where
    they must be.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if _ADDRESS.fullmatch(value) or (key in DAY_KEYS and _DAY.fullmatch(value)):
        return value
    if len(value) <= 200 and _PLAIN.fullmatch(value) and value.isprintable() and value.lower() not in _RESERVED:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def yaml_entry(key: str, value: str | bool | list[str], *, indent: str = "", newline: str = "\n") -> str:
    """A key and its value, line end included; a list has one line per item."""
    if isinstance(value, list):
        if not value:
            return f"{indent}{key}: []{newline}"
        items = "".join(f"{indent}  - {yaml_scalar(item)}{newline}" for item in value)
        return f"{indent}{key}:{newline}{items}"
    return f"{indent}{key}: {yaml_scalar(value, key)}{newline}"
