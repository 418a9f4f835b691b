"""What is secret by nature in any text, whatever its format: passwords, tokens, private keys.

Lives here: where secrets stand, never what they are. Knows no format: it goes by the shapes that
tools print (table, ``key = value``, ``key: value``, XML attribute, option, header, URL, PEM block).
Rather too much than too little, but a word that only *names* a secret (``password_expires_at``,
``secret_ref``, ``key_name``) hides nothing, and neither do values that say that there is none.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from ..source import Source, Span

# A key that ends so holds a secret: adminPass, rabbit_password, metadata_proxy_shared_secret, psk.
_KEY = r"""[\w.-]{0,64}?(?:
      passw(?:or)?ds? | passphrase | (?<![^\W_])pass | (?<=[a-z])Pass | (?<![^\W_])pwd
    | secrets? | (?<![^\W_])psk
    | token | X-\w+-Token
    | (?:private|preshared|api|secret|access|auth|encryption)[ _-]?key | PrivateKey | PresharedKey
)"""
_SENSITIVE = re.compile(rf"{_KEY}", re.VERBOSE | re.IGNORECASE)
# IGNORECASE would take the pass of "bypass" for the Pass of "adminPass".
_HARMLESS_KEY = re.compile(r".*(?:by|com|sur|tres|over|multi|single)pass", re.IGNORECASE)
_NOTHING = re.compile(
    r"|none|null|nil|true|false|yes|no|on|off|enabled|disabled|hidden|\*+|\[\]|\{\}|<[^<>]*>|-+|\.\.\.",
    re.IGNORECASE,
)

_ASSIGNED = re.compile(
    rf"""(?<![\w.-])(?P<quote>["']?)(?P<key>{_KEY})(?P=quote)\s*(?:=>|[=:])[ \t]*
         (?: "(?P<double>[^"\n]*)" | '(?P<single>[^'\n]*)' | (?P<bare>[^\s,;)}}\]|"'<>]+) )""",
    re.VERBOSE | re.IGNORECASE,
)
_OPTION = re.compile(
    rf"""(?<![\w-])--?(?P<key>{_KEY})[ \t]+
         (?: "(?P<double>[^"\n]*)" | '(?P<single>[^'\n]*)' | (?P<bare>[^\s"'|-][^\s"'|]*) )""",
    re.VERBOSE | re.IGNORECASE,
)
# A set in brackets is a column of OVN's RBAC_Permission, which names the columns that identify.
_HEADER = re.compile(
    r"(?:Proxy-)?Authorization\s*[:=]\s*(?!\[[^\n]*\][ \t]*$)"
    r"[\"']?(?:(?:Basic|Bearer|Digest|Token|AWS\S*)\s+)?(?P<bare>[^\s\"'|][^\n\"'|]*)",
    re.IGNORECASE | re.MULTILINE,
)
_COOKIE = re.compile(r"(?<!\w)(?:Set-)?Cookie:\s*(?P<bare>[^\n\"'|]+)", re.IGNORECASE)
_URL = re.compile(r"(?<=://)[^\s/:@|]*:(?P<bare>[^\s/@|]+)@")
# Keystone's tokens (Fernet): version byte 0x80, in URL-safe Base64.
_FERNET = re.compile(r"(?<![\w-])(?P<bare>gAAAAA[\w=-]{20,})")
# A line without any of these holds no secret of the shapes above; most captures have none at all.
_SIGNS = (
    "pass",
    "pwd",
    "secret",
    "psk",
    "token",
    "key",
    "authorization",
    "cookie:",
    "://",
    "gaaaaa",
)
_SIGN = re.compile("|".join(_SIGNS), re.IGNORECASE)
_PEM = re.compile(
    r"-----BEGIN (?P<what>[A-Z0-9 ]*PRIVATE KEY)-----(?P<bare>.*?)(?:-----END (?P=what)-----|\Z)",
    re.DOTALL,
)
_PEM_LINE = re.compile(r"[^\s|][^\n|]*[^\s|]|[^\s|]")
_RULE = re.compile(r"\s*\+(?:-+\+)+\s*")


def secret_spans(source: Source) -> tuple[Span, ...]:
    """The secrets inside a window, in order and disjoint; no span holds a newline."""
    found = sorted({*_by_shape(source), *_in_tables(source)})
    merged: list[Span] = []
    for span in found:
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def _by_shape(source: Source) -> Iterator[Span]:
    for start, end in _lines_with_signs(source):
        for pattern in (_ASSIGNED, _OPTION, _HEADER, _COOKIE, _URL, _FERNET):
            for match in pattern.finditer(source.text, start, end):
                yield from _value(match)
    for match in _PEM.finditer(source.text, source.start, source.end):
        # Cut short, the block ends where the text does, or at what cannot be Base64.
        for line in _PEM_LINE.finditer(source.text, *match.span("bare")):
            yield Span(*line.span())


def _lines_with_signs(source: Source) -> Iterator[tuple[int, int]]:
    lowered = source.window.lower()
    if not any(sign in lowered for sign in _SIGNS):
        return
    done = source.start
    while sign := _SIGN.search(source.text, done, source.end):
        start = source.text.rfind("\n", done, sign.start()) + 1 or done
        end = source.text.find("\n", sign.end(), source.end)
        done = source.end if end < 0 else end
        yield start, done


def _value(match: re.Match[str]) -> Iterator[Span]:
    """The value that one shape holds, if it tells anything."""
    groups = match.groupdict()
    group = next(name for name in ("bare", "single", "double") if groups.get(name) is not None)
    if _tells(match[group]) and not _HARMLESS_KEY.fullmatch(groups.get("key") or ""):
        start = match.start(group)
        yield Span(start, start + len(match[group].rstrip()))


def _in_tables(source: Source) -> Iterator[Span]:
    """``| adminPass | X3x... |``, and columns whose heading says that they hold secrets."""
    rules = 0  # of the table so far: after the first come its headings, after the third nothing
    columns: set[int] = set()
    continued = False
    lines = source.lines() if "|" in source.window else ()
    for offset, line in lines:
        bars = [index for index, char in enumerate(line) if char == "|"]
        cells = [(left + 1, right) for left, right in pairwise(bars)]
        texts = [line[start:end].strip() for start, end in cells]
        if len(cells) < 2:
            rules = (rules + 1) % 3 if _RULE.fullmatch(line) else 0
            continued = False
        elif rules == 1:
            columns = {index for index, text in enumerate(texts) if _names_a_secret(text)}
        else:
            hidden = {index for index in columns if index < len(texts)} if rules else set[int]()
            # A form of two columns: the field's name tells, for its further lines as well.
            continued = _names_a_secret(texts[0]) or (continued and not texts[0])
            if continued and len(texts) == 2:
                hidden.add(1)
            for index in hidden:
                if _tells(texts[index]):
                    start = offset + line.index(texts[index], cells[index][0])
                    yield Span(start, start + len(texts[index]))


def _names_a_secret(text: str) -> bool:
    return bool(_SENSITIVE.fullmatch(text)) and not _HARMLESS_KEY.fullmatch(text)


def _tells(value: str) -> bool:
    return not _NOTHING.fullmatch(value.strip())
