"""Matches, clause by clause."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovs_capture.diagnostic import Code
from ovs_capture.openflow.match import match_tokens, parse_match

# match, (field, value, mask) of each clause
CASES = [
    ("", []),
    ("arp", [("arp", None, None)]),
    (
        'in_port="int-br-provider",vlan_tci=0x0000/0x1fff',
        [("in_port", "int-br-provider", None), ("vlan_tci", "0x0000", "0x1fff")],
    ),
    (
        "arp,reg5=0x3,dl_src=fa:16:3e:55:2a:5d,arp_spa=172.16.0.112",
        [
            ("arp", None, None),
            ("reg5", "0x3", None),
            ("eth_src", "fa:16:3e:55:2a:5d", None),
            ("arp_spa", "172.16.0.112", None),
        ],
    ),
    # One printed name, another field in each protocol.
    ("udp,tp_src=67", [("udp", None, None), ("udp_src", "67", None)]),
    ("tcp6,tp_dst=22", [("tcp6", None, None), ("tcp_dst", "22", None)]),
    ("sctp,tp_dst=22", [("sctp", None, None), ("sctp_dst", "22", None)]),
    ("tp_dst=22,tcp", [("tcp_dst", "22", None), ("tcp", None, None)]),
    ("tp_dst=22", [("tp_dst", "22", None)]),
    (
        "ip,nw_proto=17,tp_dst=53",
        [("ip", None, None), ("nw_proto", "17", None), ("udp_dst", "53", None)],
    ),
    ("icmp,icmp_type=8", [("icmp", None, None), ("icmp_type", "8", None)]),
    ("icmp6,icmp_type=135", [("icmp6", None, None), ("icmpv6_type", "135", None)]),
    ("icmp6,tp_src=135", [("icmp6", None, None), ("icmpv6_type", "135", None)]),
    ("arp,nw_src=10.0.0.1", [("arp", None, None), ("arp_spa", "10.0.0.1", None)]),
    ("arp,nw_proto=1", [("arp", None, None), ("arp_op", "1", None)]),
    ("ip,nw_src=10.0.0.1", [("ip", None, None), ("ip_src", "10.0.0.1", None)]),
    # A value with a comma.
    (
        "packet_type=(1,0x800),conj_id=7",
        [("packet_type", "(1,0x800)", None), ("conj_id", "7", None)],
    ),
    ('in_port="a,b",ip', [("in_port", "a,b", None), ("ip", None, None)]),
    # A field without a value: the Geneve option is there.
    ("tun_metadata0", [("tun_metadata0", None, None)]),
    ("ct_state=+new-est,ct_zone=1", [("ct_state", "+new-est", None), ("ct_zone", "1", None)]),
    # Blanks and empty items, as in bridge/dump-flows of a flow without a match.
    (" ip , ", [("ip", None, None)]),
]


@pytest.mark.parametrize(("text", "clauses"), CASES)
def test_match(text, clauses) -> None:
    match, problems = parse_match(text)
    assert problems == ()
    assert [(c.field, c.value, c.mask) for c in match.clauses] == clauses
    for start, clause in zip(match.starts, match.clauses, strict=True):
        assert text[start : start + len(clause.text)] == clause.text


@pytest.mark.parametrize(
    ("text", "code", "place", "args"),
    [
        ("ip,ttl=3", Code.UNKNOWN_FIELD, "ttl", {"field": "ttl"}),
        ("nonsense", Code.UNKNOWN_FIELD, "nonsense", {"field": "nonsense"}),
        ("ip,nw_src=10.0.3", Code.BAD_VALUE, "10.0.3", {"field": "nw_src", "value": "10.0.3"}),
        ("reg0=" + "9" * 5000, Code.BAD_VALUE, "9" * 5000, {"field": "reg0", "value": "9" * 5000}),
        ("dl_vlan=²", Code.BAD_VALUE, "²", {"field": "dl_vlan", "value": "²"}),
        ("ct_zone=1/3", Code.BAD_VALUE, "1/3", {"field": "ct_zone", "value": "1/3"}),
        ("reg5", Code.BAD_VALUE, "reg5", {"field": "reg5", "value": ""}),
    ],
)  # fmt: skip
def test_a_problem_is_at_its_place(text, code, place, args) -> None:
    match, problems = parse_match(text)
    assert len(problems) == 1
    problem = problems[0]
    assert (problem.code, problem.args) == (code, args)
    assert text[problem.start : problem.end] == place
    # Nothing is lost: the clause is there with its text.
    assert "".join(c.text for c in match.clauses) == text.replace(",", "")


def test_an_unknown_clause_has_no_field_and_keeps_its_value() -> None:
    (clause,) = parse_match("ttl=3")[0].clauses
    assert (clause.field, clause.key, clause.value, clause.text) == ("", "ttl", "3", "ttl=3")


def test_a_wrapped_match_keeps_its_line_breaks() -> None:
    text = "arp,metadata=0x5,\n        arp_tpa=192.168.1.2,arp_op=1"
    match, problems = parse_match(text)
    assert problems == ()
    assert match.text == text
    assert [c.field for c in match.clauses] == ["arp", "metadata", "arp_tpa", "arp_op"]
    for start, clause in zip(match.starts, match.clauses, strict=True):
        assert text[start : start + len(clause.text)] == clause.text


def test_a_clause_that_a_terminal_broke_is_one_clause() -> None:
    text = "ip,nw_src=192.1\n68.1.2"
    (_, clause) = parse_match(text)[0].clauses
    assert clause.value == "192.168.1.2"
    assert clause.text == "nw_src=192.1\n68.1.2"


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        (
            'arp,in_port="tap1",dl_src=FA:16:3e:00:00:01',
            ["name arp", "name in_port", "port tap1", "name eth_src", "mac fa:16:3e:00:00:01"],
        ),
        ("reg5=0x3,ct_mark=0x1", ["register reg5", "register ct_mark"]),
        ("dl_vlan=1,in_port=9", ["name dl_vlan", "vlan 1", "name in_port"]),
        ("vlan_tci=0x1064", ["name vlan_tci", "vlan 100"]),
        ("tun_id=0xef,metadata=0x5", ["name tun_id", "vlan 239", "name metadata", "vlan 0x5"]),
        ("ip,nw_src=10.0.0.0/255.0.0.0", ["name ip", "name ip_src", "address 10.0.0.0/8"]),
        (
            "dl_dst=01:00:00:00:00:00/01:00:00:00:00:00",
            ["name eth_dst", "mac 01:00:00:00:00:00"],
        ),
        ("nw_src=nonsense,what=1", ["name ip_src"]),
    ],
)
def test_tokens(text, tokens) -> None:
    found = match_tokens(text)
    assert [f"{t.role} {t.value}" for t in found] == tokens
    _are_disjoint(found, text)


def _are_disjoint(tokens, text) -> None:
    position = 0
    for token in tokens:
        assert position <= token.start < token.end <= len(text)
        position = token.end


# Pieces of matches, in any order and cut anywhere: what a person or a terminal makes of them.
PIECES = st.sampled_from(
    [
        "ip", "tcp6", "arp", "in_port=", '"tap1"', "9", ",", ",", "reg5=", "0x3", "/", "0xff", "=",
        "(", ")", "nw_src=", "10.0.0.1", "dl_src=", "fa:16:3e:00:00:01", "ct_state=", "+est-rel",
        " ", "\n    ", '"', "\\", "\t", "packet_type=(1,0x800)", "tp_dst=22", "\x1b[32m", "\u3042",
        "\udc80", "\u00b2",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join))
@settings(deadline=None)
def test_any_text_is_read_and_nothing_is_lost(text) -> None:
    match, problems = parse_match(text)
    assert match.text == text
    position = 0
    for start, clause in zip(match.starts, match.clauses, strict=True):
        assert text[start : start + len(clause.text)] == clause.text
        # Between two clauses stand commas and blanks only.
        between = text[position:start].replace("\x1b[32m", "")
        assert between.strip(", \t\n") == ""
        position = start + len(clause.text)
    for problem in problems:
        assert 0 <= problem.start <= problem.end <= len(text)
    _are_disjoint(match_tokens(text), text)


@given(st.text(max_size=40))
@settings(deadline=None)
def test_any_characters(text) -> None:
    match, _ = parse_match(text)
    _are_disjoint(match_tokens(text), text)
    for start, clause in zip(match.starts, match.clauses, strict=True):
        assert text[start : start + len(clause.text)] == clause.text
