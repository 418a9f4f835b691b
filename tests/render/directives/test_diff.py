"""``ovs-diff`` and ``:since:`` in a page: what they show, and what they say when it is wrong."""

import re
from typing import Any

import lxml.html
import pytest

from tests.render.conftest import LINKS, SHOW, Built, Project

LATER = {
    "captures/later/node/ip-link.txt": LINKS.replace("mtu 1500", "mtu 9000"),
    "captures/later/node/ovs-vsctl-show.txt": SHOW.replace(
        "        Port eth0\n            Interface eth0\n",
        "        Port tap1\n            tag: 7\n            Interface tap1\n",
    ),
    "captures/later/node/host.toml": 'title = "Node"\n',
}


def built(project: Project, text: str, builder: str = "html") -> Built:
    project.write({**LATER, "index.md": f"# Page\n\n{text}\n"})
    return project.build(builder)


def html(page: Built) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(page.text("index.html"))


def diff(*options: str, targets: str = "lab later") -> str:
    return "\n".join([f"```{{ovs-diff}} {targets}", *options, "```"])


def test_a_scenario(project: Project) -> None:
    page = built(project, diff())
    assert page.warnings == []
    (figure,) = html(page).xpath('//figure[contains(@class, "ovs-diff")]')
    assert figure.xpath('string(.//p[@class="ovs-diff-summary"])') == (
        "Devices: 1 changed; Ports: 1 new, 1 gone."
    )
    signs = figure.xpath('.//span[@class="ovs-diff-sign"]/text()')
    words = figure.xpath('.//span[@class="ovs-diff-word"]/text()')
    assert list(zip(signs, words, strict=True)) == [
        ("~", "changed"), ("+", "new"), ("-", "gone"),
    ]  # fmt: skip
    raw = ["".join(pre.itertext()) for pre in figure.iter("pre")]
    assert raw[2] == "        Port tap1\n            tag: 7\n            Interface tap1"


def test_in_japanese(project: Project) -> None:
    page = built(project, diff(":lang: ja"))
    assert "デバイス: 変更 1。ポート: 追加 1、削除 1。" in page.text("index.html")


@pytest.mark.parametrize("targets", ["lab/node later/node", "lab later"])
def test_hosts_and_scenarios(project: Project, targets: str) -> None:
    assert "Ports: 1 new, 1 gone." in built(project, diff(targets=targets)).text("index.html")


def test_two_files(project: Project) -> None:
    page = built(project, diff(targets="lab/node/ip-link.txt later/node/ip-link.txt"))
    assert "Devices: 1 changed." in page.text("index.html")
    assert page.warnings == []


def test_nothing_changed_is_said(project: Project) -> None:
    assert "Nothing has changed." in built(project, diff(targets="lab lab")).text("index.html")


def test_other_builders_tell_the_same(project: Project) -> None:
    text = built(project, diff(), "text").text("index.txt")
    assert "Port tap1 of br-int is new." in text
    assert "MTU: 1500 → 9000" in text


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        ("lab", "compares two targets, 1 given"),
        ("lab later lab", "compares two targets, 3 given"),
        ("lab nowhere", "nowhere"),
        ("lab ../outside", "outside"),
    ],
)
def test_what_is_wrong_is_said(project: Project, targets: str, said: str) -> None:
    page = built(project, diff(targets=targets))
    (warning,) = page.warnings
    assert "index.md:3" in warning
    assert said in warning


def test_a_secret_is_masked(project: Project) -> None:
    rule = "+-----------+--------------+"
    rows = [
        "| Field     | Value        |",
        rule,
        "| adminPass | {0} |",
        "| id        | 1            |",
    ]
    command = "$ openstack --os-password {0} server show x"
    text = "\n".join([command, rule, *rows, "| status    | {1}       |", rule, ""])
    project.write(
        {
            "captures/lab/node/s.txt": text.format("Hush3cret111", "BUILD "),
            "captures/later/node/s.txt": text.format("Other3cret22", "ACTIVE"),
        }
    )
    page = built(project, diff())
    assert "ACTIVE" in page.text("index.html")
    assert "adminPass" in page.text("index.html")  # in the raw text
    assert not any(b"Hush3cret" in data for data in page.files.values())
    assert not any(b"Other3cret" in data for data in page.files.values())


def capture(*options: str, file: str = "ovs-vsctl-show.txt") -> str:
    return "\n".join([f"```{{ovs-capture}} later/node/{file}", *options, "```"])


def test_since_marks_what_is_new_and_folds_what_is_gone(project: Project) -> None:
    page = built(project, capture(":since: lab/node/ovs-vsctl-show.txt"))
    assert page.warnings == []
    (figure,) = html(page).xpath('//figure[contains(@class, "ovs-capture")]')
    # The text is the capture's own: what is gone is no part of it.
    output = "".join("".join(pre.itertext()) for pre in figure.iter("pre"))
    assert output == LATER["captures/later/node/ovs-vsctl-show.txt"].partition("\n")[2]
    (new,) = figure.xpath('.//div[contains(@class, "ovs-since-new")]')
    assert new.xpath('string(p[@class="ovs-note"])').startswith("New.")
    (gone,) = figure.xpath('.//div[@class="ovs-ghost"]')
    assert "Port eth0" in "".join(gone.itertext())


def etext(element: Any) -> str:
    return "".join(element.itertext())


def links(*names: str) -> str:
    entry = (
        "%d: %s: <BROADCAST,UP> mtu 1500 qdisc mq state UP mode DEFAULT\n"
        "    link/ether 00:15:5d:bf:ba:%02x brd ff:ff:ff:ff:ff:ff promiscuity 0\n"
    )
    told = [entry % (int(name[3:]), name, int(name[3:])) for name in names]
    return "$ ip -d link show\n" + "".join(told)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), "-1 2 -3 -4 5 -7 6"),
        ((":only: eth5",), "-1 (2) -3 -4 5 -7 (6)"),
    ],
)
def test_what_is_gone_stands_where_it_stood(
    project: Project, options: tuple[str, ...], expected: str
) -> None:
    project.write(
        {
            "captures/then/node/a.txt": links("eth1", "eth2", "eth3", "eth4", "eth5", "eth7"),
            "captures/now/node/a.txt": links("eth2", "eth5", "eth6"),
        }
    )
    text = ["```{ovs-capture} now/node/a.txt", ":since: then/node", *options, "```"]
    page = built(project, "\n".join(text))
    (rows,) = html(page).xpath('//div[@class="ovs-rows"]')
    said = []
    for row in rows:
        texts = row.xpath('.//div[@class="ovs-ghost"]') or row.xpath(".//pre")
        numbers = "".join(re.findall(r"eth(\d):", "".join(map(etext, texts))))
        ghosts = "ovs-ghosts" in row.get("class")
        said += (
            [f"-{n}" for n in numbers]
            if ghosts
            else [f"({numbers})" if row.tag == "details" else numbers]
        )
    assert " ".join(said) == expected


def test_since_says_in_the_note_what_changed(project: Project) -> None:
    page = built(project, capture(":since: lab/node", file="ip-link.txt"))
    (entry,) = html(page).xpath('//div[contains(@class, "ovs-since-changed")]')
    assert entry.xpath('string(p[@class="ovs-note"])').startswith("Changed: MTU: 1500 → 9000.")


def test_since_what_is_not_there_warns_and_shows_the_capture(project: Project) -> None:
    page = built(project, capture(":since: lab/node/nothing.txt"))
    (warning,) = page.warnings
    assert "nothing.txt" in warning
    assert "Port" in page.text("index.html")


def test_the_picture_marks_what_is_new(project: Project) -> None:
    page = built(project, "```{ovs-topology} later\n:since: lab\n```")
    assert page.warnings == []
    text = page.text("index.html")
    assert "+ new, ~ changed since the earlier captures" in text or "Gone since" in text
