"""Reading takes time in proportion to the length, whatever is repeated.

Judged by the ratio of two times of the processor for four times the length: 4 where time is linear,
16 where it is square; a loaded machine does not bring the one near the other.
"""

import pytest

from ovs_capture.formats.registry import BY_NAME, FORMATS
from ovs_capture.openflow.text import plain_items, split_items
from tools.growth import PIECES, Input, detecting, inputs, reading, seconds_of, whole

FEW = 5_000
MOST = 9.0


def grows(work, input: Input, length: int = FEW) -> float:
    """How many times as long four times the length takes; what takes no time does not grow."""
    text = input.text(4 * length)
    much = min(seconds_of(work, text) for _ in range(2))
    if much < 0.02:
        return 0.0
    return much / max(seconds_of(work, input.text(length), 3), 1e-4)


DPCTL = "recirc_id(0),in_port(2),eth(src=fa:16:3e:c3:39:56"
DPCTL_END = "), packets:0, bytes:0, used:never, actions:drop"
FOUND = [
    pytest.param("ip_addr", Input("", " ", "x"), id="blanks before an array of JSON"),
    pytest.param("dpctl_dump_flows", Input(DPCTL, "{", DPCTL_END), id="braces in a key"),
    pytest.param("dpctl_dump_flows", Input(DPCTL, '{"a":', DPCTL_END), id="quotes in a key"),
    pytest.param("dpctl_dump_flows", Input(DPCTL, '\\"', DPCTL_END), id="escaped quotes"),
    pytest.param("ovs_vsctl_show", Input("    ovs_version: a", " ", "x"), id="blanks in a value"),
    pytest.param("ovsdb_list", Input("name : a", " ", "x"), id="blanks in a column"),
    pytest.param("virsh_dumpxml", Input("", " ", "x"), id="blanks and no XML"),
    pytest.param("virsh_dumpxml", Input("<domain>\n", "<!--\n", ""), id="comments without end"),
    pytest.param("virsh_dumpxml", Input("<domain>\n", "<a\n", ""), id="tags without end"),
    pytest.param("virsh_dumpxml", Input("<domain>\n", "<a>", ""), id="elements in elements"),
    pytest.param(
        "dnsmasq_host",
        Input("fa:16:3e:55:2a:5d", ",a", " \0"),
        id="words of a reservation and a line that is none",
    ),
    pytest.param("ip_rule", Input("1:\tfrom 192", "'", " \0\n"), id="a long source of a rule"),
    pytest.param(
        "ovs_ofctl_dump_ports",
        Input("  port  4: rx pkts=1, ", "0x", "0, bytes=0, drop=?"),
        id="a word among counters",
    ),
    pytest.param(
        "ovs_ofctl_dump_flows",
        Input(" cookie=0x0, table=0, priority=1,ip actions=push", " ", ":NXM_OF_ETH_SRC[],drop"),
        id="blanks in an action",
    ),
    pytest.param("ip_netns", Input("nsid 0", " ", "x"), id="blanks behind a number"),
    pytest.param(
        "ip_rule", Input("1:\tfrom 10.1.1.1", " ", "5 to 10.2.0.0/16"), id="blanks in a rule"
    ),
    pytest.param(
        "ovn_sbctl_lflow_list",
        Input("  table=0 (ls_in_acl), priority=1, match=(ip4), action=(next; ", '\\"', " \0"),
        id="escaped quotes that nothing closes",
    ),
    pytest.param(
        "ovn_sbctl_lflow_list",
        Input("  table=0 (ls_in_acl), priority=1, match=(ip4), action=(next; //", '\\"', ";)"),
        id="escaped quotes and a comment",
    ),
    pytest.param(
        "ovn_sbctl_lflow_list",
        Input("  table=0 (ls_in_acl), priority=1, match=(ip4), action=(next; ", "/*", "(;)"),
        id="comments of a logical flow that nothing closes",
    ),
    pytest.param(
        "ovs_ofctl_dump_flows",
        Input(" cookie=0x0, table=0, priority=1,ip actions=a(", "\na 1", ""),
        id="a flow wrapped over many lines",
    ),
    pytest.param(
        "ovs_ofctl_dump_flows",
        Input(" cookie=0x0, table=0, priority=1,ip", " ", " \0\n table=1, priority=1 actions=drop"),
        id="blanks in a flow that is not whole",
    ),
    pytest.param("dpctl_show", Input("system@a:", "\n", "x"), id="empty lines after a datapath"),
]


@pytest.mark.parametrize(("name", "input"), FOUND)
def test_what_was_square(name: str, input: Input) -> None:
    format = BY_NAME[name]
    assert grows(reading(format), input) < MOST
    assert grows(detecting, input) < MOST


@pytest.mark.parametrize("piece", ['"', '\\"', '{"', "a ", "(", '("', "a\t", '"\\'])
def test_splitting_items_is_linear(piece: str) -> None:
    """20 000 characters of a list that is none."""
    for split in (split_items, plain_items):
        assert grows(split, Input("a(", piece, ""), 20_000) < MOST


def test_a_quote_that_nothing_closes_is_a_character_like_others() -> None:
    assert [part for _, part in split_items('a,"b,c(d,e),f').items] == ["a", '"b', "c(d,e)", "f"]
    assert [part for _, part in split_items('a, "b,c",d').items] == ["a", '"b,c"', "d"]


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_repeated_pieces(format) -> None:
    """Some places of some lines; ``python -m tools.growth`` measures more."""
    chosen = list(inputs(format.name, 1, 2))
    for input in chosen[:: len(chosen) // 12 + 1]:
        assert grows(reading(format), input, 2_000) < MOST, input


@pytest.mark.parametrize(
    "input",
    [
        pytest.param(Input("$ echo a ", "\\\na ", ""), id="backslashes"),
        pytest.param(Input("$ a\n", "$ cat <<A\n", ""), id="here-documents without end"),
        pytest.param(Input("$ echo 'a", "\n''", ""), id="quotes"),
    ],
)
def test_commands_of_many_lines(input: Input) -> None:
    assert grows(whole, input, 3_000) < MOST


@pytest.mark.parametrize("piece", PIECES[::7])
def test_repeated_pieces_in_a_file_without_a_command(piece: str) -> None:
    assert grows(whole, Input("", piece, "x"), 4_000) < MOST
