"""``ovs-trace`` in a page."""

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import lxml.html
import pytest

from tests.conftest import ROOT
from tests.render.conftest import Built, Project

Page = Callable[..., Built]
ROOT_OF_CAPTURES = str(ROOT / "captures")
BR_INT = "flat-instance/compute:br-int"
OUT = (
    "in_port=tap635485ff-6c,icmp,dl_src=fa:16:3e:55:2a:5d,dl_dst=00:00:5e:00:53:01,"
    "nw_src=172.16.0.112,nw_dst=172.16.0.1,nw_ttl=64,icmp_type=8"
)
SPOOFED = OUT.replace("172.16.0.112", "172.16.0.113")


def text_of(target: str, packet: str, *options: str) -> str:
    lines = ["# Page", "", f"```{{ovs-trace}} {target}"]
    lines += [f":packet: {packet}"] if packet else []
    return "\n".join([*lines, *options, "```", ""])


def build(page: Page, packet: str = OUT, *options: str, target: str = BR_INT) -> Built:
    return page(text_of(target, packet, *options), ovs_capture_root=ROOT_OF_CAPTURES)


def figure(made: Built) -> Any:
    return lxml.html.fromstring(made.text("index.html")).xpath("//figure")[0]


def said(figure: Any, css: str) -> list[str]:
    found = figure.xpath(f'.//*[contains(concat(" ", @class, " "), " {css} ")]')
    return [" ".join(one.text_content().split()) for one in found]


def test_a_trace(page: Page) -> None:
    made = build(page, OUT, ":expect: output eth2, ...", ":caption: A ping", ":name: ping",
                 ":class: wide", ":alt: The ping", ":width: 80%")  # fmt: skip
    assert made.warnings == []
    found = figure(made)
    assert "wide" in found.get("class")
    assert said(found, "ovs-caption")[0] == "A ping"
    assert said(found, "ovs-verdict") == ["Leaves for 172.16.0.0/24 on eth2, untaggedas expected"]
    assert len(said(found, "ovs-step")) == 11
    assert found.xpath('string(.//*[local-name()="svg"]/*[local-name()="title"])') == "The ping"
    assert "--ovs-width: 80%" in made.text("index.html")
    assert said(found, "ovs-disc-of") == [str(number) for number in range(1, 12)]


def test_the_packet_is_marked_and_linked_like_a_capture(page: Page) -> None:
    packet = figure(build(page)).xpath('.//code[contains(@class, "ovs-packet")]')[0]
    assert packet.text_content() == OUT
    kinds = {one.text: one.get("class").split()[1] for one in packet.xpath(".//*[@data-ovs]")}
    assert kinds["tap635485ff-6c"] == "k-device"
    assert kinds["fa:16:3e:55:2a:5d"] == "k-mac"
    assert kinds["172.16.0.112"] == "k-address"


def test_every_step_has_an_anchor_and_its_raw_text(page: Page) -> None:
    found = figure(build(page))
    steps = found.xpath('.//li[contains(@class, "ovs-step")][@id]')
    assert [step.get("id").rsplit("-", 1)[1] for step in steps] == [str(n) for n in range(1, 11)]
    raw = steps[3].xpath(".//pre")[0].text_content()
    assert raw.strip().endswith("actions=ct(table=72,zone=NXM_NX_REG6[0..15])")


def test_what_is_assumed_is_said_with_the_option_of_the_page(page: Page) -> None:
    assumed = said(figure(build(page)), "ovs-assumed")[0]
    assert ":ct-next:" in assumed
    assert "--ct-next" not in assumed


def test_in_japanese(page: Page) -> None:
    made = build(page, SPOOFED, ":lang: ja", ":expect: drop in table 93 of br-int")
    assert made.warnings == []
    found = figure(made)
    assert found.get("lang") == "ja"
    assert said(found, "ovs-verdict") == ["br-int のテーブル 93 で破棄される期待どおり"]


def test_states_of_tracking_are_taken_in_order(page: Page) -> None:
    found = figure(build(page, OUT, ":ct-next: trk,est"))
    assert "est|trk" in found.text_content()
    assert "ovs-guessed" not in lxml.html.tostring(found).decode()


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        ("output eth2, ...", True),
        ("output br-int vlan 1, br-provider, eth2", True),
        ("output eth2", False),
        ("drop", False),
        ("drop in table 93 of br-int", False),
        ("controller", False),
    ],
)
def test_a_claim_that_does_not_hold_is_a_warning(page: Page, claim: str, holds: bool) -> None:
    made = build(page, OUT, f":expect: {claim}")
    assert len(made.warnings) == (0 if holds else 1)
    (badge,) = said(figure(made), "ovs-claim")
    if holds:
        assert badge == "as expected"
        return
    assert badge == f"expected: {claim}"
    (warning,) = made.warnings
    assert warning.startswith("index.md:3: WARNING: ")
    assert warning.endswith("[ovs_capture.expect]")
    assert "output br-int vlan 1, br-provider, eth2" in warning


@pytest.mark.parametrize(
    ("packet", "options", "target", "told"),
    [
        ("", (), BR_INT, "there is no packet to trace"),
        ("in_port=tap635485ff-6c,nonsense=1", (), BR_INT, "column 24: there is no field nonsense"),
        ("in_port=tap0", (), BR_INT, "column 9: there is no port tap0"),
        ("in_port=tap635485ff-6c,tp_dst=22", (), BR_INT, "column 24: a packet like this has no"),
        ("in_port=tap635485ff-6c,dl_src=fa:16", (), BR_INT, "column 31: fa:16 is no value of"),
        ("in_port(1),eth(src=1)", (), BR_INT, "is the datapath's form"),
        (OUT, (), "flat-instance/compute:br-none", "no bridge or datapath 'br-none'"),
        (OUT, (), "flat-instance/compute", "is no HOST:BRIDGE"),
        (OUT, (), "flat-instance/nowhere:br-int", "is no HOST:BRIDGE"),
        (OUT, (), "ovs-vlan/cmp1:br-mgmt", "no flows of 'br-mgmt'"),
    ],
)
def test_what_cannot_be_traced_is_a_warning_and_a_note(
    page: Page, packet: str, options: tuple[str, ...], target: str, told: str
) -> None:
    made = build(page, packet, *options, target=target)
    (warning,) = made.warnings
    # The packet stands in line 4 from column 10 on; without a fault in it, it is the directive's.
    column = re.match(r"column (\d+)", told) or re.search(
        r"cannot be traced: column (\d+)", warning
    )
    place = f"4:{9 + int(column[1])}" if column else "3"
    assert warning.startswith(f"index.md:{place}: WARNING: ")
    assert told in warning
    assert "cannot be shown" in made.text("index.html")


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (":ct-next: trk,wrong", "'trk,wrong' is no state of connection tracking"),
        (":expect: somewhere", "'somewhere' is none of: output PORT"),
        (":expect: output ,", "names no port"),
        (":lang: fr", "'fr' is not en or ja"),
        (":width: wide", "'wide' is not a width"),
    ],
)
def test_a_wrong_option_is_a_warning_and_the_trace_is_shown(
    page: Page, option: str, told: str
) -> None:
    made = build(page, OUT, option)
    (warning,) = made.warnings
    assert told in warning
    assert len(said(figure(made), "ovs-step")) == 11


def test_a_broken_claim_fails_a_build_that_takes_warnings_as_errors(project: Project) -> None:
    project.write({"index.md": text_of(BR_INT, SPOOFED, ":expect: output eth2")})
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html",
         "-D", f"ovs_capture_root={ROOT_OF_CAPTURES}", str(project.root), str(project.root / "o")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "drop in table 93 of br-int" in done.stderr


@pytest.mark.parametrize("builder", ["latex", "text", "epub"])
def test_other_builders_tell_the_same(project: Project, builder: str) -> None:
    project.write({"index.md": text_of(BR_INT, OUT, ":expect: output eth2, ...")})
    made = project.build(builder, ovs_capture_root=ROOT_OF_CAPTURES)
    assert [one for one in made.warnings if "ovs_capture" in one] == []
    name = {"latex": "test.tex", "text": "index.txt", "epub": "index.xhtml"}[builder]
    text = " ".join(made.text(name).replace("\\sphinxhyphen{}", "-").split())
    assert "as expected" in text
    assert "Table 71" in text or "table 71" in text
    assert "Packets from instance00" in text or "instance00" in text
    if builder == "latex":
        assert text.count("\\sphinxincludegraphics") == 2  # the picture, and the graph of br-int


def test_two_traces_of_a_bridge_have_anchors_of_their_own(page: Page) -> None:
    text = text_of(BR_INT, OUT) + "\n" + text_of(BR_INT, SPOOFED).replace("# Page", "## Other")
    made = page(text, ovs_capture_root=ROOT_OF_CAPTURES)
    assert made.warnings == []
    ids = lxml.html.fromstring(made.text("index.html")).xpath("//@id")
    assert len(ids) == len(set(ids))


OVN = "ovn/ctl:ovn-selfservice"
FLOW = (
    'inport == "vm0" && eth.src == fa:16:3e:c8:e3:3d && eth.dst == fa:16:3e:dc:63:d4 && '
    "ip4.src == 192.168.111.10 && ip4.dst == 192.168.111.12 && ip.ttl == 64 && icmp4.type == 8"
)


def test_a_trace_of_logical_flows(page: Page) -> None:
    made = build(page, FLOW, ":ct: new new", ":expect: output vm4", ":alt: The ping", target=OVN)
    assert made.warnings == []
    found = figure(made)
    (verdict,) = said(found, "ovs-verdict")
    assert verdict == "Reaches vm4 (dc63d428-d9df-55f7-a568-ffff27176487)as expected"
    assert found.xpath('string(.//*[local-name()="svg"]/*[local-name()="title"])') == "The ping"
    assert said(found, "ovs-disc") == ["1–36", "37"]
    tools = found.xpath('.//*[contains(@class, "ovs-tools")]')[0]
    assert tools.get("data-ovs-label") == "ovn-trace"
    assert tools.get("data-ovs-copy") == (
        f"ovn-trace --detailed --ct=new,trk --ct=new,trk ovn-selfservice '{FLOW}'"
    )
    assert len(said(found, "ovs-entered")) == 2
    assert "ls_in_l2_lkup" in " ".join(said(found, "ovs-step-head"))


def test_a_claim_about_logical_flows_that_does_not_hold(page: Page) -> None:
    made = build(page, FLOW, ":expect: drop", target=OVN)
    (warning,) = made.warnings
    assert "expects 'drop', but the packet's way ends otherwise: output dc63d428" in warning


@pytest.mark.parametrize(
    ("packet", "options", "told"),
    [
        ('inport == "vm1" && icmp4', (), "there is no port vm1 in ovn-selfservice"),
        ("eth.src == 00:00:00:00:00:01", (), "does not say the inport"),
        (FLOW, (":lb-dst: nowhere",), "'nowhere' is no IP[:PORT]"),
        (FLOW, (":ct-next: nonsense",), "'nonsense' is no state"),
    ],
)
def test_what_of_a_microflow_is_a_warning(
    page: Page, packet: str, options: tuple[str, ...], told: str
) -> None:
    made = build(page, packet, *options, target=OVN)
    (warning,) = made.warnings
    assert told in warning
