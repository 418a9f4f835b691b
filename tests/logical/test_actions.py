"""The grammar of actions: every form that a release prints, problems, and what is kept as it is."""

import pytest

from ovs_capture.diagnostic import Code
from ovs_capture.logical.actions import action_tokens, all_actions, find_action, parse_actions
from ovs_capture.logical.flow import (
    Action,
    Argument,
    Constant,
    ConstantSet,
    Endpoint,
    PortRange,
    Symbol,
    Value,
    Word,
)
from ovs_capture.logical.printing import print_actions

from .mutations import flows


def number(text: str) -> Constant:
    return Constant("integer", int(text, 0), None, text)


def ipv4(text: str, value: int) -> Constant:
    return Constant("ipv4", value, None, text)


def string(text: str) -> Constant:
    return Constant("string", text, None, f'"{text}"')


def one(value: Value, name: str = "", separator: str = "") -> Argument:
    return Argument(name, (value,), (), separator)


A, B = ipv4("10.0.0.1", 0x0A000001), ipv4("10.0.0.2", 0x0A000002)
OUTPORT, INPORT = Symbol("outport"), Symbol("inport")
NEXT = Action("next", "word")

FORMS: dict[str, tuple[Action, ...]] = {
    "": (),
    "drop;": (Action("drop", "word"),),
    "next;": (NEXT,),
    "next(3);": (Action("next", "call", None, (one(number("3")),)),),
    "next(pipeline=egress,table=3);": (
        Action("next", "call", None,
               (one(Word("egress"), "pipeline", ","), one(number("3"), "table"))),
    ),
    'outport = "p"; output;': (
        Action("load", "assign", OUTPORT, (one(string("p")),)), Action("output", "word"),
    ),
    "eth.dst = eth.src;": (
        Action("move", "assign", Symbol("eth.dst"), (one(Symbol("eth.src")),)),
    ),
    "outport <-> inport;": (Action("exchange", "exchange", OUTPORT, (one(INPORT),)),),
    "ip.ttl--;": (Action("ip.ttl--", "decrement", Symbol("ip.ttl")),),
    "icmp6.frag_mtu = 1500;": (
        Action("icmp4.frag_mtu", "assign", Symbol("icmp6.frag_mtu"), (one(number("1500")),)),
    ),
    "reg0[15] = check_in_port_sec();": (
        Action("check_in_port_sec", "call", Symbol("reg0", ("15",))),
    ),
    "ct_lb(10.0.0.1, 10.0.0.2);": (
        Action("ct_lb", "call", None, (one(A, separator=","), one(B))),
    ),
    'ct_lb_mark(backends=10.0.0.1:80,10.0.0.2:80; hash_fields="ip_src"; skip_snat);': (
        Action("ct_lb_mark", "call", None, (
            Argument("backends", (
                Endpoint(A, number("80"), "10.0.0.1:80"), Endpoint(B, number("80"), "10.0.0.2:80"),
            ), (), ";"),
            one(string("ip_src"), "hash_fields", ";"),
            one(Word("skip_snat")),
        )),
    ),
    "ct_snat(10.0.0.1,1-3000);": (
        Action("ct_snat", "call", None, (
            one(A, separator=","), one(PortRange(number("1"), number("3000"))),
        )),
    ),
    "ct_commit(ct_mark=1,ct_label=2);": (
        Action("ct_commit", "call", None,
               (one(number("1"), "ct_mark", ","), one(number("2"), "ct_label"))),
    ),
    "ct_commit { ct_mark.blocked = 1; };": (
        Action("ct_commit", "block", None, (), (
            Action("load", "assign", Symbol("ct_mark.blocked"), (one(number("1")),)),
        )),
    ),
    "ct_commit { }; next;": (Action("ct_commit", "block"), NEXT),
    "clone { arp { next; }; next; };": (
        Action("clone", "block", None, (), (Action("arp", "block", None, (), (NEXT,)), NEXT)),
    ),
    'fwd_group(liveness="true", childports="a","b");': (
        Action("fwd_group", "call", None, (
            one(string("true"), "liveness", ","),
            Argument("childports", (string("a"), string("b"))),
        )),
    ),
    "reg8[16..31] = select(1=20, 2=30);": (
        Action("select", "call", Symbol("reg8", ("16", "31")),
               (one(number("20"), "1", ","), one(number("30"), "2"))),
    ),
    'reg8[16..31] = select(values=(1=20, 2=30); hash_fields="ip_src");': (
        Action("select", "call", Symbol("reg8", ("16", "31")), (
            Argument("values", (), (one(number("20"), "1", ","), one(number("30"), "2")), ";"),
            one(string("ip_src"), "hash_fields"),
        )),
    ),
    "reg0[3] = put_dhcp_opts(offerip = 10.0.0.1, dns_server = {10.0.0.1, 10.0.0.2});": (
        Action("put_dhcp_opts", "call", Symbol("reg0", ("3",)), (
            one(A, "offerip", ","),
            one(ConstantSet((A, B), "{10.0.0.1, 10.0.0.2}"), "dns_server"),
        )),
    ),
    "commit_ecmp_nh(ipv6 = true, proto = tcp);": (
        Action("commit_ecmp_nh", "call", None,
               (one(Word("true"), "ipv6", ","), one(Word("tcp"), "proto"))),
    ),
    'arp.op = 2; /* ARP reply */ inport = ""; // done; next;': (
        Action("load", "assign", Symbol("arp.op"), (one(number("2")),)),
        Action("load", "assign", INPORT, (one(string("")),)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", FORMS)
def test_forms(text: str) -> None:
    actions, problems = parse_actions(text)
    assert (actions.items, problems) == (FORMS[text], ())
    assert print_actions(actions) == text


def test_every_row_in_every_form() -> None:
    """Whatever the release: a known action in a form that its row has is no problem."""
    shapes = {"word": "%s;", "call": "%s();", "block": "%s { next; };", "assign": "%s = 1;"}
    for name, row in all_actions().items():
        if name not in ("load", "move", "exchange", "ip.ttl--"):
            for form in row["forms"]:
                text = ("reg0[0] = " if row.get("has_result") else "") + shapes[form] % name
                actions, problems = parse_actions(text)
                assert (actions.items[0].name, problems) == (name, ()), text
    assert find_action("icmp6.frag_mtu") == "icmp4.frag_mtu"


FAULTS = {
    "nexxt; output;": (Code.UNKNOWN_ACTION, "nexxt", ["nexxt", "output"]),
    "reg0[0] = no_such(1, inport);": (Code.UNKNOWN_ACTION, "no_such", ["no_such"]),
    "foo = 3; next;": (Code.UNKNOWN_FIELD, "foo", ["load", "next"]),
    "reg0[0] = ; next;": (Code.BAD_EXPRESSION, ";", ["", "next"]),
    "next; output": (Code.BAD_EXPRESSION, "", ["next", ""]),
    "clone { next; }; }; next;": (Code.BAD_EXPRESSION, "}", [""]),
    "clone { next;": (Code.BAD_EXPRESSION, "{", [""]),
    "tcp.dst = 65536; next;": (Code.BAD_VALUE, "65536", ["load", "next"]),
    "next { output; };": (Code.BAD_EXPRESSION, "next", ["next"]),
    "check_in_port_sec(); next;": (
        Code.BAD_EXPRESSION, "check_in_port_sec", ["check_in_port_sec", "next"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", FAULTS)
def test_problems_and_what_is_kept(text: str) -> None:
    code, piece, names = FAULTS[text]
    actions, (problem,) = parse_actions(text)
    assert (problem.code, text[problem.start : problem.end]) == (code, piece)
    assert [action.name for action in actions.items] == names
    assert print_actions(actions) == text


@pytest.mark.parametrize("text", ["clone { " * 5000, "clone { " * 5000 + "next; " + "}; " * 5000])
def test_deep_braces_are_a_problem_and_no_more(text: str) -> None:
    actions, (problem,) = parse_actions(text)
    assert (actions.items[0].form, problem.args) == (
        "unread", {"reason": "braces are nested too deep"},
    )  # fmt: skip
    assert print_actions(actions) == text


def test_values_by_the_name_of_their_argument() -> None:
    (action,) = parse_actions('ct_lb_mark(backends=10.0.0.1:80,10.0.0.2:80; hash_fields="a");')[
        0
    ].items
    assert action.value("hash_fields") == string("a")
    assert action.value("backends", 1) == Endpoint(B, number("80"), "10.0.0.2:80")
    assert action.value() is None


def test_tokens() -> None:
    text = 'reg0[0] = 1; outport = "p"; ct_dnat(10.0.0.1); ct_lb(backends=[fd00::1]:80); drop;'
    assert [(t.role, t.value, text[t.start : t.end]) for t in action_tokens(text)] == [
        ("register", "reg0", "reg0"),
        ("name", "outport", "outport"),
        ("port", "p", "p"),
        ("name", "ct_dnat", "ct_dnat"),
        ("address", "10.0.0.1", "10.0.0.1"),
        ("name", "ct_lb", "ct_lb"),
        ("address", "fd00::1", "fd00::1"),
        ("drop", "drop", "drop"),
    ]


def test_real_actions_are_printed_back() -> None:
    texts = {flow.actions.text for flow in flows()}
    assert len(texts) > 80
    for text in texts:
        actions, problems = parse_actions(text)
        assert (print_actions(actions), problems) == (text, ())
