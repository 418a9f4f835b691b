"""The notes beside the entries of a capture, and none where none is true."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_capture import store
from ovs_capture.explain.captures import notes
from ovs_capture.explain.identity import entity_of_ref
from ovs_capture.explain.message import Message, Param, Ref, Series
from ovs_capture.explain.notes.dnsmasq import utc
from ovs_capture.explain.notes.openstack import networks_of
from ovs_capture.formats.reading import Capture, read
from ovs_capture.network.correlate import correlate
from ovs_capture.network.model import Network
from ovs_capture.source import Source
from ovs_capture.translation import Translator

SAY = {language: Translator(language) for language in ("en", "ja")}
GOLDEN = Path(__file__).parent / "notes-of-flat-instance.golden"


def model(*captures: Capture, key: str = "flat/compute") -> Network:
    """The model of a host that has these captures only."""
    return correlate(store.Host(key, Path(), captures, store.Hints()))


def one(text: str) -> Capture:
    (capture,) = read(Source("x.txt", text))
    return capture


def told(text: str, *beside: str, language: str = "en") -> list[str]:
    """The notes of a capture on a host that has the captures ``beside`` as well."""
    capture = one(text)
    network = model(capture, *(one(other) for other in beside))
    return [SAY[language].text(note.message) for note in notes(capture, network)]


def told_alone(text: str) -> list[str]:
    """The notes of a capture of which no model was made."""
    return [SAY["en"].text(note.message) for note in notes(one(text), None, host="flat/compute")]


# Small cases, first those that say nothing.


@pytest.mark.parametrize(
    "text",
    [
        "",
        "$ ip link\n",
        "$ uname -a\nLinux compute 6.1.0\n",
        "$ ovs-ofctl dump-flows br-int\n cookie=0x0, table=0, priority=0 actions=NORMAL\n",
        '$ ovs-vsctl show\n    ovs_version: "3.3.1"\n',
        "$ virsh list\n Id   Name                State\n---\n 1    instance-00000004   running\n",
        "$ ip addr\n2: eth0: <BROADCAST,UP> mtu 1500 qdisc mq state UP\n"
        "    link/ether 00:15:5d:bf:ba:50 brd ff:ff:ff:ff:ff:ff\n"
        "    inet 172.16.0.31/24 scope global eth0\n",
    ],
    ids=["empty", "no-output", "raw", "flows", "version", "domain-unknown", "kind-unknown"],
)
def test_nothing_to_say(text: str) -> None:
    assert told_alone(text) == []


LINKS = """\
$ ip -d link show
2: eth0: <BROADCAST,UP> mtu 1500 qdisc mq state UP mode DEFAULT
    link/ether 00:15:5d:bf:ba:50 brd ff:ff:ff:ff:ff:ff promiscuity 0 parentbus vmbus parentdev x
3: eth1: <BROADCAST,UP> mtu 1500 qdisc mq master ovs-system state UP mode DEFAULT
    link/ether 00:15:5d:bf:ba:57 brd ff:ff:ff:ff:ff:ff promiscuity 0
    openvswitch_slave parentbus vmbus parentdev y
"""
SWITCH = """\
$ ovs-vsctl show
698493db-95ef-4c31-b419-56b3d4096f2b
    Bridge br-ex
        Port eth1
            Interface eth1
"""


def test_on_no_bridge_needs_the_whole_list_of_ports() -> None:
    assert told(LINKS, SWITCH) == ["Physical NIC, on no bridge.", "Physical NIC. Port of br-ex."]
    assert told(LINKS, SWITCH + "(...)\n")[0] == "Physical NIC."
    assert told(LINKS, SWITCH.replace("show", "show | head -5"))[0] == "Physical NIC."
    assert told(LINKS) == ["Physical NIC.", "Physical NIC."]
    assert told_alone(LINKS) == ["Physical NIC.", "Physical NIC."]


def devices(*entries: str) -> str:
    return "$ ip -d link show\n" + "".join(entries)


def device(index: int, name: str, detail: str = "", words: str = "") -> str:
    """An entry of ``ip -d link``: its head, its address, its detail line."""
    head = f"{index}: {name}: <BROADCAST,UP> mtu 1500 qdisc noqueue {words}state UP mode DEFAULT\n"
    mac = f"    link/ether 02:00:00:00:00:{index:02x} brd ff:ff:ff:ff:ff:ff promiscuity 0\n"
    return head + mac + (f"    {detail} addrgenmode eui64\n" if detail else "")


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param(
            [device(2, "eth2.100@eth2", "vlan protocol 802.1Q id 100 <REORDER_HDR>")],
            "VLAN 100 of eth2.",
            id="vlan",
        ),
        pytest.param(
            [device(2, "vxlan-267", "vxlan id 267 local 10.0.0.31 dev eth1 srcport 0 0")],
            "End point of VXLAN 267, carried by eth1 from 10.0.0.31.",
            id="vxlan",
        ),
        pytest.param(
            [device(2, "vxlan_sys_4789", "vxlan external id 0 srcport 0 0 dstport 4789")],
            "Kernel device that all VXLAN ports of Open vSwitch share, UDP port 4789.",
            id="vxlan-of-ovs",
        ),
        pytest.param(
            [device(2, "a@b", "veth"), device(3, "b@a", "veth")],
            "One end of a veth pair; the other is b.",
            id="veth",
        ),
        pytest.param([device(2, "a@if8", "veth")], "One end of a veth pair.", id="veth-far"),
        pytest.param(
            [
                device(2, "bond0", "bond mode active-backup"),
                device(3, "eth1", "bond_slave state ACTIVE", "master bond0 "),
                device(4, "eth2", "bond_slave state BACKUP", "master bond0 "),
            ],
            "Bond with eth1 and eth2.",
            id="bond",
        ),
        pytest.param(
            [
                device(2, "br0", "bridge forward_delay 1500"),
                device(3, "tap0", "tun type tap pi off", "master br0 "),
            ],
            "Linux bridge with tap0.",
            id="bridge",
        ),
        pytest.param(
            [
                device(3, "tap0", "tun type tap pi off", "master br0 "),
                device(2, "br0", "bridge forward_delay 1500"),
            ],
            "Tap device. On br0.",
            id="tap-on-linux-bridge",
        ),
        pytest.param(
            [device(2, "tun0", "tun type tun pi off")],
            "Tun device: it carries IP packets, not Ethernet frames.",
            id="tun",
        ),
        pytest.param(
            [device(2, "ovs-system", "openvswitch")],
            "Device of the OVS kernel datapath, not a bridge.",
            id="ovs-system",
        ),
        pytest.param(
            [device(2, "br-int", "openvswitch")], "Internal port of Open vSwitch.", id="internal"
        ),
    ],
)
def test_devices_without_open_vswitch_capture(entries: list[str], expected: str) -> None:
    assert told(devices(*entries))[0] == expected


SWITCH_UUID = "698493db-95ef-4c31-b419-56b3d4096f2b"


CONTAINER = """\
$ ip -d link show
6: eth0@if7: <BROADCAST,UP> mtu 1500 qdisc noqueue state UP mode DEFAULT
    link/ether 02:00:00:00:00:06 brd ff:ff:ff:ff:ff:ff link-netnsid 0 promiscuity 0
    veth addrgenmode eui64
"""


def test_the_nic_of_a_container_is_not_physical() -> None:
    assert told(CONTAINER) == ["NIC of the host."]


IN_NAMESPACE = """\
$ ip netns exec qrouter-1 ip -d link show
3: eth1: <BROADCAST,UP> mtu 1500 qdisc noqueue state UP mode DEFAULT
    link/ether 02:00:00:00:00:03 brd ff:ff:ff:ff:ff:ff promiscuity 0
    dummy addrgenmode eui64
"""


def test_a_device_in_a_namespace_is_not_the_hosts_port_of_its_name() -> None:
    assert told(IN_NAMESPACE, SWITCH, LINKS) == []


def test_a_device_in_an_unknown_guest_is_not_the_hosts() -> None:
    guest = IN_NAMESPACE.replace("ip netns exec qrouter-1", "ssh cirros@10.0.0.9")
    assert told(guest, SWITCH, LINKS) == []


FLOWS = """\
$ ovs-ofctl dump-flows br-int
 cookie=0x0, table=0, priority=3,in_port="int-br-ex",%s actions=mod_vlan_vid:%s,resubmit(,58)
"""
PATCHES = """\
$ ovs-vsctl show
698493db-95ef-4c31-b419-56b3d4096f2b
    Bridge br-int
        Port int-br-ex
            Interface int-br-ex
                type: patch
                options: {peer=phy-br-ex}
        Port tap1
            tag: 1
            Interface tap1
    Bridge br-ex
        Port phy-br-ex
            Interface phy-br-ex
                type: patch
                options: {peer=int-br-ex}
"""


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], "Patch to phy-br-ex on br-ex."),
        (
            [("vlan_tci=0x0000/0x1fff", 1)],
            "Patch to phy-br-ex on br-ex. Untagged frames get VLAN 1 here.",
        ),
        (
            [("dl_vlan=100", 2)],
            "Patch to phy-br-ex on br-ex. Frames with VLAN 100 get VLAN 2 here.",
        ),
        (
            [("vlan_tci=0x0000/0x1fff", 1), ("dl_vlan=100", 2)],
            "Patch to phy-br-ex on br-ex. Outside, VLAN 1 is untagged and VLAN 2 is VLAN 100.",
        ),
        (
            [(f"dl_vlan={100 + tag}", tag) for tag in range(1, 6)],
            "Patch to phy-br-ex on br-ex. Translates 5 tags.",
        ),
    ],
    ids=["none", "untagged", "tagged", "two", "many"],
)
def test_what_a_port_does_to_tags(pairs: list[tuple[str, int]], expected: str) -> None:
    head, flow = FLOWS.split("\n", 1)
    flows = head + "\n" + "".join(flow % pair for pair in pairs)
    assert told(PATCHES, flows)[2] == expected


def ports(*lines: str, bridge: str = "br0") -> str:
    body = "".join(f"        {line}\n" for line in lines)
    return f"$ ovs-vsctl show\n{SWITCH_UUID}\n    Bridge {bridge}\n{body}"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Port tap1", "    tag: 7", "    Interface tap1"], ["Access port of VLAN 7."]),
        (
            ["Port tap1", "    tag: 4095", "    Interface tap1"],
            ["VLAN 4095 is Neutron's dead VLAN: nothing passes."],
        ),
        (
            ["Port tap1", "    trunks: [1, 2]", "    Interface tap1"],
            ["Trunk of VLAN 1 and VLAN 2."],
        ),
        (
            ["Port bond0", "    Interface eth1", "    Interface eth2"],
            ["Bond of eth1 and eth2."],
        ),
        (["Port br0", "    Interface br0"], ["The bridge's own internal port."]),
        (["Port x", "    Interface x"], []),
        (
            ["Port p", "    Interface p", "        type: patch", "        options: {peer=q}"],
            ["Patch to q."],
        ),
        (
            ["Port p", "    Interface p", "        type: patch"],
            ["Patch port without peer."],
        ),
        (
            [
                "Port v",
                "    Interface v",
                "        type: vxlan",
                '        options: {in_key=flow, local_ip="10.0.0.31", remote_ip="10.0.0.11"}',
            ],
            ["VXLAN tunnel from 10.0.0.31 to 10.0.0.11."],
        ),
        (
            [
                "Port g",
                "    Interface g",
                "        type: geneve",
                "        options: {key=flow, remote_ip=flow}",
            ],
            ["Geneve tunnel port."],
        ),
        (
            [
                "Port tap1",
                "    tag: 7",
                "    Interface tap1",
                '        error: "could not open network device tap1 (No such device)"',
            ],
            ["Open vSwitch reports an error: it is out of use."],
        ),
    ],
)
def test_ports_without_model(lines: list[str], expected: list[str]) -> None:
    """What stands in ``ovs-vsctl show`` itself; the port is the last record."""
    capture = one(ports(*lines))
    last = len(capture.parsed.records) - 1
    found = [n for n in notes(capture, None) if n.index == last]
    assert [SAY["en"].text(note.message) for note in found] == expected


@pytest.mark.parametrize(
    ("bridge", "lines", "expected"),
    [
        ("br-int", [], "Integration bridge."),
        (
            "br-tun",
            [
                "Port v",
                "    Interface v",
                "        type: vxlan",
                '        options: {remote_ip="10.0.0.11"}',
            ],
            "Tunnel bridge, to 10.0.0.11.",
        ),
        ("br0", ["Port eth0", "    Interface eth0"], None),
    ],
)
def test_bridges_without_model(bridge: str, lines: list[str], expected: str | None) -> None:
    found = [n for n in notes(one(ports(*lines, bridge=bridge)), None) if n.index == 1]
    assert [SAY["en"].text(note.message) for note in found] == ([expected] if expected else [])


def test_a_patch_whose_peer_does_not_point_back_leads_to_no_bridge() -> None:
    text = ports(
        "Port p", "    Interface p", "        type: patch", "        options: {peer=q}",
        "Port q", "    Interface q", "        type: patch", "        options: {peer=r}",
    )  # fmt: skip
    assert "Patch to q." in told_alone(text)
    assert not any("lead to" in note for note in told_alone(text))


LEASE = "$ cat /var/lib/neutron/dhcp/n/leases\n%s fa:16:3e:55:2a:5d 172.16.0.112 host-1 *\n"


@pytest.mark.parametrize(
    ("expires", "expected"),
    [
        ("0", ["172.16.0.112 is leased to fa:16:3e:55:2a:5d for ever."]),
        (
            "1715862686",
            ["172.16.0.112 is leased to fa:16:3e:55:2a:5d until 2024-05-16 12:31:26 UTC."],
        ),
        ("9" * 30, []),
    ],
)
def test_leases(expires: str, expected: list[str]) -> None:
    assert told(LEASE % expires) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(1, "1970-01-01 00:00:01"), (1709210096, "2024-02-29 12:34:56"), (10**18, None)],
)
def test_an_epoch_in_utc(seconds: int, expected: str | None) -> None:
    assert utc(seconds) == expected


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_the_time_does_not_depend_on_the_machine(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert utc(1715862686) == "2024-05-16 12:31:26"
    finally:
        monkeypatch.undo()
        time.tzset()
        assert os.environ.get("TZ") != zone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("provider=172.16.0.112", {"provider": ("172.16.0.112",)}),
        ("a=10.0.0.1, fd00::1; b=10.1.0.1", {"a": ("10.0.0.1", "fd00::1"), "b": ("10.1.0.1",)}),
        ("{'provider': ['172.16.0.112', 'fd00::1']}", {"provider": ("172.16.0.112", "fd00::1")}),
        ("{'provider': ['172.16.0.112'", {}),
        ("{__import__('os')}", {}),
    ],
)
def test_networks_of_a_server(text: str, expected: dict[str, tuple[str, ...]]) -> None:
    assert networks_of(text) == expected


DUMPXML = """\
$ virsh dumpxml 1
<interface type='ethernet'>
  <mac address='fa:16:3e:00:00:0%s'/>
  <target dev='%s'/>
</interface>
"""


def test_a_tap_that_two_guests_claim_is_nobodys() -> None:
    link = devices(device(10, "tap1", "tun type tap pi off"))
    one_guest = told(link, DUMPXML % (1, "tap1"))
    assert len(one_guest) == 1 and "host side" in one_guest[0]
    two = DUMPXML % (1, "tap1"), (DUMPXML % (2, "tap1")).replace("dumpxml 1", "dumpxml 2")
    assert told(link, *two) == ["Tap device."]


def test_a_name_is_shown_as_captured_and_nothing_else() -> None:
    name = "<b>%(x)s"
    text = ports(f'Port "{name}"', "    tag: 7", f'    Interface "{name}"', "        type: patch",
                 f'        options: {{peer="{name}"}}')  # fmt: skip
    found = told_alone(text)
    assert any(name in note for note in found)


# The captures of the first seed, every entry in both languages.


def scenario_networks(captures: Path) -> tuple[store.Scenario, dict[str, Network]]:
    scenario = store.read_scenario(
        captures / "flat-instance", "flat-instance", "captures/flat-instance"
    )
    hosts = scenario.hosts
    return scenario, {h.key: correlate(h, [o for o in hosts if o is not h]) for h in hosts}


def told_of_scenario(captures: Path) -> str:
    """Every entry of every capture but flows: its first line, its note in en and in ja."""
    scenario, networks = scenario_networks(captures)
    lines = []
    for host in scenario.hosts:
        others = [network for key, network in networks.items() if key != host.key]
        for capture in host.captures:
            found = {n.index: n for n in notes(capture, networks[host.key], others=others)}
            if capture.format.name == "ovs_ofctl_dump_flows":
                assert found == {}
                continue
            lines.append(f"== {capture.source.name}")
            for index, record in enumerate(capture.parsed.records):
                first = capture.source.slice(record.span).split("\n")[0].strip()
                lines.append(f"{first[:60]}")
                for say in SAY.values():
                    note = found.get(index)
                    lines.append(f"    {say.text(note.message) if note else '-'}")
    return "\n".join(lines) + "\n"


def test_notes_of_the_first_seed(captures: Path) -> None:
    found = told_of_scenario(captures)
    if not GOLDEN.exists() or os.environ.get("OVS_CAPTURE_REGEN"):
        GOLDEN.write_text(found, "utf-8")
        pytest.fail(f"{GOLDEN.name} was written: read it")
    assert found == GOLDEN.read_text("utf-8")


def refs(param: Param) -> list[Ref]:
    match param:
        case Ref():
            return [param]
        case Message():
            return [ref for value in param.params.values() for ref in refs(value)]
        case Series():
            return [ref for item in param.items for ref in refs(item)]
    return []


def test_every_name_in_a_note_is_an_entity(captures: Path) -> None:
    """So the page can link it; only code (a DNS name, a status) stands for nothing."""
    scenario, networks = scenario_networks(captures)
    seen = 0
    for host in scenario.hosts:
        others = [network for key, network in networks.items() if key != host.key]
        for capture in host.captures:
            for note in notes(capture, networks[host.key], others=others):
                for ref in refs(note.message):
                    entity = entity_of_ref(ref, networks[host.key], others=others)
                    assert (entity is None) == (ref.kind == "code"), ref
                    seen += 1
    assert seen > 50


def test_every_capture_is_told_without_any_model(captures: Path) -> None:
    scenario, _ = scenario_networks(captures)
    for host in scenario.hosts:
        for capture in host.captures:
            for note in notes(capture, None, host=host.key):
                assert note.span == capture.parsed.records[note.index].span
                assert all(say.text(note.message) for say in SAY.values())


FIRST_SEED = sorted((Path(__file__).parents[2] / "captures" / "flat-instance").rglob("*.txt"))


@given(st.sampled_from(FIRST_SEED), st.data())
def test_any_piece_of_a_capture_is_told(path: Path, data: st.DataObject) -> None:
    """A capture that was cut anywhere never raises, and no note is outside of it."""
    text = store.read_text(path)
    end = data.draw(st.integers(0, len(text)))
    for capture in read(Source(path.name, text[:end])):
        for note in notes(capture, model(capture)):
            assert note.span in capture.source.span
            assert SAY["ja"].text(note.message)
