"""Mutated matches: what real listings have, changed token by token. One seed makes one list."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

from ovs_capture.formats.ovn_sbctl_lflow_list import parse
from ovs_capture.logical.flow import LogicalFlow
from ovs_capture.logical.symbols import all_symbols
from ovs_capture.source import Source, decode

LISTINGS = sorted(
    (Path(__file__).parents[1] / "formats" / "ovn_sbctl_lflow_list").glob("[!f]*.txt")
)
# What no listing of the lab has.
EXPRESSIONS = (
    "0 < tcp.dst <= 80",
    "ip4.src == {10.0.0.1/24, 10.0.0.2}",
    "80 == tcp.src",
    "inport == @pg",
    "ip4.dst == $as1 || ip6.dst == $as_ip6",
    "!(tcp.dst == 80) && ip.ttl == 0x40/0xf0",
    "reg0[0..15] != 5",
    'inport == {"a", "b\\"c"}',
    "eth.src == 00:01:02:03:04:05/01:00:00:00:00:00",
    "tcp.flags[1] == 1",
    "ct_label[0..63] > 0x10",
)
_SIGNS_OF_TWO = ("&&", "||", "==", "!=", "<=", ">=", "..", "[0]", "[0..3]", "5/3", "0x1/0x1")
_CONSTANTS = ("80", "0x10", "10.0.0.1", "10.0.0.0/8", "fe80::/10", "00:00:00:00:00:01", '"a"')
_NAMES = ("$as1", "@pg", 'is_chassis_resident("a")')
_PIECES = (*'!()<>{},01/"\\', *_SIGNS_OF_TWO, *_CONSTANTS, *_NAMES)
_SIGNS = '0123456789abcfx:./"[]{}() '
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\w.:/$@]+|&&|\|\||[=!<>]=|\s+|.', re.DOTALL)


def flows() -> Iterator[LogicalFlow]:
    """The logical flows of the committed listings."""
    for path in LISTINGS:
        for record in parse(Source(path.name, decode(path.read_bytes()))).records:
            if isinstance(record, LogicalFlow):
                yield record


def mutated_matches(count: int, seed: int) -> list[str]:
    """So many distinct matches, each changed in one to three places."""
    chance = random.Random(seed)
    matches = sorted({flow.match.text for flow in flows()}) + list(EXPRESSIONS)
    symbols = list(all_symbols())
    found: dict[str, None] = {}
    while len(found) < count:
        text = chance.choice(matches)
        for _ in range(chance.randint(1, 3)):
            tokens = _TOKEN.findall(text) or [""]
            _change(tokens, chance, matches, symbols)
            text = "".join(tokens)
        found[text] = None
    return list(found)


def _change(
    tokens: list[str], chance: random.Random, matches: list[str], symbols: list[str]
) -> None:
    at = chance.randrange(len(tokens))
    match chance.randrange(7):
        case 0:
            tokens[at] = chance.choice(_PIECES)
        case 1:
            tokens.insert(at, chance.choice(_PIECES))
        case 2:
            del tokens[at]
        case 3:
            tokens[at] = chance.choice(symbols)
        case 4:
            other = chance.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        case 5:
            source = chance.choice(matches)
            start = chance.randrange(len(source) + 1)
            tokens[at] = source[start : start + chance.randint(1, 30)]
        case _:
            token = tokens[at]
            place = chance.randrange(len(token) + 1)
            cut = place + chance.randint(0, 1)
            tokens[at] = token[:place] + chance.choice(_SIGNS) + token[cut:]
