"""The grammar of matches: trees, problems and their places, and what no text may do."""

import time
from itertools import pairwise

import pytest

from ovs_capture.diagnostic import Code
from ovs_capture.logical.flow import (
    And,
    Boolean,
    Comparison,
    Constant,
    Expression,
    Not,
    Or,
    Predicate,
    Range,
    Resident,
    Symbol,
    Unread,
)
from ovs_capture.logical.match import match_tokens, parse_match
from ovs_capture.logical.printing import print_match
from ovs_capture.logical.symbols import all_symbols

from .mutations import mutated_matches


def number(text: str) -> Constant:
    return Constant("integer", int(text, 0), None, text)


TREES: dict[str, Expression] = {
    "1": Boolean(True),
    "(0)": Boolean(False, 1),
    "ip4": Predicate(Symbol("ip4")),
    "eth.src[40]": Predicate(Symbol("eth.src", ("40",))),
    "!((ct.est))": Not(Predicate(Symbol("ct.est"), 2)),
    "tcp.dst == 80": Comparison(Symbol("tcp.dst"), "==", (number("80"),)),
    "80 <= tcp.dst": Comparison(Symbol("tcp.dst"), ">=", (number("80"),), turned=True),
    "reg0[0..15] != 0x5": Comparison(Symbol("reg0", ("0", "15")), "!=", (number("0x5"),)),
    "1024 <= tcp.dst < 49151": Range(
        number("1024"), "<=", Symbol("tcp.dst"), "<", number("49151")
    ),
    "tcp.dst == {80 443,}": Comparison(
        Symbol("tcp.dst"), "==", (number("80"), number("443")), "{80 443,}"
    ),
    "ip4.src == 10.0.0.0/24": Comparison(
        Symbol("ip4.src"), "==", (Constant("ipv4", 0x0A000000, 0xFFFFFF00, "10.0.0.0/24"),)
    ),
    "inport == @pg": Comparison(
        Symbol("inport"), "==", (Constant("port_group", "pg", None, "@pg"),)
    ),
    r'inport == "a\"b"': Comparison(
        Symbol("inport"), "==", (Constant("string", 'a"b', None, r'"a\"b"'),)
    ),
    'is_chassis_resident("cr-lrp")': Resident(Constant("string", "cr-lrp", None, '"cr-lrp"')),
    "arp && (ip4 || ip6) && 1": And((
        Predicate(Symbol("arp")),
        Or((Predicate(Symbol("ip4")), Predicate(Symbol("ip6"))), 1),
        Boolean(True),
    )),
    "ip4 /* why */ && 1 // end": And((Predicate(Symbol("ip4")), Boolean(True))),
    "reg0[ 5 .. 6 ] == 3": Comparison(Symbol("reg0", ("5", "6")), "==", (number("3"),)),
}  # fmt: skip


@pytest.mark.parametrize("text", TREES)
def test_trees(text: str) -> None:
    match, problems = parse_match(text)
    assert (match.expression, problems) == (TREES[text], ())
    assert print_match(match) == text


FAULTS = {
    "": (Code.BAD_EXPRESSION, "", "the expression ends too early"),
    "ip4 &&": (Code.BAD_EXPRESSION, "", "the expression ends too early"),
    "ip4 && tcp.dst =! 3": (Code.BAD_EXPRESSION, "=", "'=' is not expected here"),
    "ip4 && tcp || udp": (
        Code.BAD_EXPRESSION, "||", "'&&' and '||' need parentheses when used together",
    ),
    "ip4 && !tcp.dst == 3": (Code.BAD_EXPRESSION, "!", "the operand of '!' needs parentheses"),
    "(ip4": (Code.BAD_EXPRESSION, "(", "a parenthesis is not closed"),
    "ip4) && 1": (Code.BAD_EXPRESSION, ")", "')' is not expected here"),
    "ip4 && (tcp udp)": (Code.BAD_EXPRESSION, "udp", "'udp' is not expected here"),
    "2": (Code.BAD_EXPRESSION, "2", "a constant alone must be 0 or 1"),
    "ip4.srcc == 1.2.3.4": (Code.UNKNOWN_FIELD, "ip4.srcc", "ip4.srcc"),
    "ip && ip4.src == 256.0.0.1": (
        Code.BAD_EXPRESSION, "256.0.0.1", "256.0.0.1: it is neither a number nor an address",
    ),
    'ip4.src == 10.0.0.1 && tcp.dst == {"a"}': (Code.BAD_VALUE, '{"a"}', '{"a"}'),
    "10.0.0.1 == ip4.src && tcp.dst == 65536": (Code.BAD_VALUE, "65536", "65536"),
    "inport == 3": (Code.BAD_VALUE, "3", "3"),
    "ip4.src": (
        Code.BAD_EXPRESSION, "ip4.src",
        "ip4.src is not one bit: it must be compared with a constant",
    ),
    "!ip4": (
        Code.BAD_EXPRESSION, "ip4", "ip4 is nominal: it can only be tested for being true",
    ),
    "eth.type != 0x800": (
        Code.BAD_EXPRESSION, "eth.type",
        "eth.type is nominal: it can only be tested for being equal",
    ),
    "ip.is_frag < 1": (
        Code.BAD_EXPRESSION, "ip.is_frag", "ip.is_frag is Boolean: only == and != fit",
    ),
    "reg0[40]": (Code.BAD_EXPRESSION, "reg0[40]", "reg0 has no bit 40"),
    "1 < tcp.dst > 3": (
        Code.BAD_EXPRESSION, "1 < tcp.dst > ",
        "a range is written 'x < symbol < y' or 'x > symbol > y'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", FAULTS)
def test_problems_and_their_places(text: str) -> None:
    code, piece, said = FAULTS[text]
    match, (problem,) = parse_match(text)
    assert (problem.code, text[problem.start : problem.end]) == (code, piece)
    assert said in problem.args.values()
    assert print_match(match) == text


def test_what_breaks_the_grammar_keeps_its_text() -> None:
    assert parse_match("ip4 && tcp || udp")[0].expression == Unread("ip4 && tcp || udp")


def test_parentheses_as_deep_as_ovn_allows() -> None:
    match, problems = parse_match("(" * 100 + "ip4" + ")" * 100)
    assert match.expression == Predicate(Symbol("ip4"), 100)
    assert problems == ()


@pytest.mark.parametrize("text", ["(" * 10_000 + "ip4" + ")" * 10_000, "(" * 10_000, "!(" * 5000])
def test_deeper_parentheses_are_a_problem_and_no_more(text: str) -> None:
    match, (problem,) = parse_match(text)
    assert match.expression == Unread(text)
    assert (problem.code, problem.args) == (
        Code.BAD_EXPRESSION, {"reason": "parentheses are nested too deep"},
    )  # fmt: skip
    assert print_match(match) == text


@pytest.mark.parametrize(
    "piece", ["ip4 && ", "(ip4) || ", "a", "{", '"', "10.0.0.1 ", "/* ", "1/", ":", "reg0[", "\\"]
)
def test_time_grows_as_the_text_does(piece: str) -> None:
    def seconds(count: int) -> float:
        """The best of three: a pause of the collector is no part of the growth."""
        found = []
        for more in range(3):  # a text that was read before would be remembered
            begin = time.process_time()
            parse_match(piece * (count + more))
            found.append(time.process_time() - begin)
        return min(found)

    seconds(10)
    # Twenty times the text: a square would be four hundred times as long.
    assert seconds(4000) < 80 * max(seconds(200), 0.002)


def test_every_expansion_is_an_expression() -> None:
    for definition in all_symbols().values():
        if definition.kind == "predicate":
            assert parse_match(definition.expands)[1] == (), definition.name
        for name in filter(None, [definition.prerequisite]):
            assert parse_match(name)[1] == (), definition.name


def test_tokens() -> None:
    text = 'inport == "p 1" && eth.src == 00:00:00:00:00:0A && reg0[1] && ip4.src == {10.0.0.0/8}'
    assert [(t.role, t.value, text[t.start : t.end]) for t in match_tokens(text)] == [
        ("name", "inport", "inport"),
        ("port", "p 1", "p 1"),
        ("name", "eth.src", "eth.src"),
        ("mac", "00:00:00:00:00:0a", "00:00:00:00:00:0A"),
        ("register", "reg0", "reg0"),
        ("name", "ip4.src", "ip4.src"),
        ("address", "10.0.0.0/8", "10.0.0.0/8"),
    ]


@pytest.mark.parametrize("seed", range(5))
def test_mutated_matches_are_printed_back(seed: int) -> None:
    """``make fuzz`` reads 100 000; here a share."""
    for text in mutated_matches(1000, seed):
        match, problems = parse_match(text)
        assert print_match(match) == text
        assert all(0 <= problem.start <= problem.end <= len(text) for problem in problems)
        tokens = match_tokens(text)
        assert all(one.end <= other.start for one, other in pairwise(tokens))
