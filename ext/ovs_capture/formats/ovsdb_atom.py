"""How OVSDB's own commands print strings, sets and maps: one way for all of their printers.

No format of its own. Printer: lib/ovsdb-data.c ovsdb_atom_to_string, ovsdb_datum_to_string: a
string that is no plain word is a JSON string; which words are plain depends on the version.
"""

import json
import re

from .base import Findings, Kind

STRING = r'"(?:[^"\\]|\\.)*+"'
PAIR = re.compile(rf"(?P<key>{STRING}|[^=,{{}}\s]+)=(?P<value>{STRING}|[^,{{}}]*)")


def unquoted(text: str) -> str:
    """An atom as the string that it stands for."""
    text = text.strip()
    if not (text.startswith('"') and text.endswith('"') and len(text) > 1):
        return text
    try:
        return str(json.loads(text, strict=False))
    except ValueError:
        return text[1:-1]


def pairs(text: str) -> dict[str, str]:
    """The pairs of ``{peer=int-br-mgmt, key="5"}`` without quotes; empty for what is no map."""
    found = PAIR.finditer(text) if text.startswith("{") else ()
    return {unquoted(pair["key"]): unquoted(pair["value"]) for pair in found}


def mark_atom(found: Findings, start: int, text: str, kind: Kind) -> None:
    """Mark an atom at ``start`` without its quotes."""
    inside = text[1:-1] if text.startswith('"') and len(text) > 1 else text
    found.mark(start + (len(text) - len(inside)) // 2, inside, kind, unquoted(text))
