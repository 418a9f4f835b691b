"""Which blocks of a page are captures: rather none than a wrong one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_capture.render.existing.blocks import (
    Block,
    Found,
    find,
)
from ovs_capture.source import Source

ROUTES = "default via 192.0.2.1 dev eth0\n192.0.2.0/24 dev eth0 proto kernel scope link\n"
SHOW = (
    "698493db-95ef-4c31-b419-56b3d4096f2b\n    Bridge br-int\n        Port eth0\n"
    '            Interface eth0\n    ovs_version: "3.3.1"\n'
)
SERVERS = "+----+-------+\n| ID | Name  |\n+----+-------+\n| 1  | guest |\n+----+-------+\n"


def block(text: str, language: str = "text", *, follows: bool = True) -> Block:
    text = text if text.endswith("\n") else text + "\n"
    return Block(Source("page.md", text), language, follows)


def found(*blocks: Block) -> tuple[Found, ...]:
    return find(blocks)


def formats(*blocks: Block) -> list[list[str]]:
    """The formats of the captures of each block."""
    return [[capture.format.name for capture in what.captures] for what in find(blocks)]


@pytest.mark.parametrize(
    "command",
    [
        "ip route",
        "$ ip route",
        "# ip r",
        "[root@compute ~]# ip route show",
        "sudo ip \\\n    route \\\n    show",
        "# 経路を確認する\nip route",
        "source ~/admin-openrc\nip route",
        "\n$ export LANG=C\n$ ip route",
    ],
)
def test_a_command_and_its_output(command: str) -> None:
    assert formats(block(command, "sh"), block(ROUTES)) == [[], ["ip_route"]]


@pytest.mark.parametrize("language", ["text", "none", "", "default", "console", "sh"])
def test_output_may_be_called_anything_plain(language: str) -> None:
    assert formats(block("ip route", "sh"), block(ROUTES, language))[1] == ["ip_route"]


@pytest.mark.parametrize("language", ["text", "none", ""])
def test_a_command_that_we_know_in_a_plain_block(language: str) -> None:
    assert formats(block("ip route", language), block(ROUTES))[1] == ["ip_route"]


def test_a_transcript() -> None:
    (what,) = found(block(f"$ ip route\n{ROUTES}$ uname\nLinux\n$ ovs-vsctl show\n{SHOW}"))
    known = [part.capture.format.name if part.capture else None for part in what.parts]
    assert known == ["ip_route", None, "ovs_vsctl_show"]


def test_parts_are_the_whole_block() -> None:
    text = f"\n$ ip route\n{ROUTES}\n$ uname\nLinux\n$ true\n"
    one = block(text, "console")
    (what,) = find([one])
    assert "".join(one.source.slice(part.span) for part in what.parts) == text


def test_a_command_and_its_output_without_prompt_in_one_block() -> None:
    assert formats(block(f"ovs-vsctl show\n{SHOW}", "sh")) == [["ovs_vsctl_show"]]


def test_an_elision_does_not_matter() -> None:
    (_, what) = found(block("ip route", "sh"), block(f"{ROUTES}(...)\n"))
    (capture,) = what.captures
    assert capture.parsed.elided
    assert not capture.parsed.diagnostics


def test_unmistakable_without_a_command() -> None:
    assert formats(block(SHOW, follows=False)) == [["ovs_vsctl_show"]]


@pytest.mark.parametrize(
    ("blocks", "why"),
    [
        ((block("ip route\nip link", "sh"), block(ROUTES)), "output of several commands"),
        ((block("ip netns", "sh"), block("red\n", follows=False)), "another part of the page"),
        ((block("ip route", "sh"), block("何も表示されない")), "nothing that the reader knows"),
        ((block("ip route", "python"), block(ROUTES, "python")), "code"),
        ((block("uname -a", "sh"), block("Linux controller 6.1")), "a format that we do not know"),
        ((block("ip route", "sh"), block("for i in 1 2; do\n  echo $i\ndone", "sh")), "a script"),
        ((block("[DEFAULT]\nverbose = true\n"),), "a configuration file"),
        ((block(ROUTES + "and a sentence that is no route at all\n" * 4, "text"),), "not whole"),
        ((block("127.0.0.1 localhost"),), "like hosts of dnsmasq, but anything"),
        ((block("hello"),), "a word"),
    ],
)
def test_left_alone(blocks: tuple[Block, ...], why: str) -> None:
    assert not any(what.explained for what in find(blocks)), why


def test_the_next_command_is_no_output() -> None:
    whats = find([block("ip link", "sh"), block("ip route", "sh"), block(ROUTES)])
    assert [what.explained for what in whats] == [False, False, True]
    assert whats[2].captures[0].format.name == "ip_route"


def test_one_output_a_command() -> None:
    whats = find([block("ip route", "sh"), block(ROUTES), block("何か")])
    assert [what.explained for what in whats] == [False, True, False]


def test_the_command_tells_what_a_table_lists() -> None:
    (_, what) = found(block("openstack server list", "sh"), block(SERVERS))
    (capture,) = what.captures
    assert capture.command is not None
    assert capture.recognised == "command"


LINES = st.sampled_from(
    [
        "$ ip route",
        "# ip link",
        "[root@cmp1 ~]# ovs-vsctl show",
        "[root@cmp1 ~]#",
        "ip route",
        "",
        "(...)",
        "何か",
        *ROUTES.splitlines(),
        *SHOW.splitlines(),
    ]
)
TEXTS = st.lists(LINES, min_size=1, max_size=8).map(lambda lines: "\n".join(lines) + "\n")


@given(st.lists(st.tuples(TEXTS, st.sampled_from(["sh", "text", ""])), max_size=4))
def test_nothing_of_a_block_is_lost(pairs: list[tuple[str, str]]) -> None:
    blocks = [block(text, language) for text, language in pairs]
    for one, what in zip(blocks, find(blocks), strict=True):
        if not what.parts:
            continue
        assert "".join(one.source.slice(part.span) for part in what.parts) == one.source.text
        for part in what.parts:
            assert part.output in part.span
            if part.capture is not None:
                assert part.capture.source.span == part.output
                assert part.capture.parsed.records
