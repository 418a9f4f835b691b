"""A sosreport becomes captures: names become commands, bytes stay, what is unknown is listed."""

import json
import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ovs_capture import store
from ovs_capture.collect.sosreport import command_of, import_reports, mangled
from ovs_capture.command.line import main
from ovs_capture.diagram.compose import compose
from ovs_capture.network.correlate import correlate_target

PLUGIN_OF = {"ovs-vsctl": "openvswitch", "ovs-ofctl": "openvswitch", "ovs-appctl": "openvswitch"}


def report(root: Path, name: str, outputs: Mapping[str, bytes], *, manifest: bool = False) -> Path:
    """A tree as sos leaves it, of commands and what they printed."""
    folder = root / f"sosreport-{name}-2026-11-20-abcdefg"
    plugins: dict[str, Any] = {}
    for command, output in outputs.items():
        program, *words = command.split()
        if program == "cat":
            path = folder / words[0].lstrip("/")
        else:
            plugin = PLUGIN_OF.get(program, "networking")
            path = folder / "sos_commands" / plugin / mangled(command)
            entry = {"exec": command, "filepath": path.relative_to(folder).as_posix()}
            plugins.setdefault(plugin, {"commands": []})["commands"].append(entry)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(output)
    host = folder / "sos_commands" / "host" / "hostname"
    host.parent.mkdir(parents=True)
    host.write_text(f"{name}.example\n")
    if manifest:
        (folder / "sos_reports").mkdir()
        listed = {"components": {"report": {"plugins": plugins}}}
        (folder / "sos_reports" / "manifest.json").write_text(json.dumps(listed))
    return folder


@pytest.mark.parametrize(
    "command",
    [
        "ovs-ofctl -O OpenFlow13 dump-flows br-int",
        "ovs-vsctl -t 5 show",
        "ovs-appctl fdb/show br-int",
        "ovs-appctl dpctl/dump-flows -m",
        "ip -d address",
        "ip netns exec qdhcp-647ecab2-3557-55c6-8b40-58a1dd7f9946 ip -d route show",
        "ovn-nbctl --no-leader-only show",
        "iptables-save",
        "ovs-ofctl show br_ex",
        "ovs-ofctl show 'br odd'",
    ],
)
def test_there_and_back(command: str) -> None:
    assert command_of(mangled(command), ["br_ex", "br odd", "br-int"]) == command


# What sos 4.0 itself wrote on a host of Open vSwitch: the file of each command, from its manifest.
REAL = [
    line.split("\t")
    for line in (Path(__file__).parent / "sos-4.0-names.txt").read_text("utf-8").splitlines()
]
# Only the manifest tells these back; no format reads what they print.
TOLD_BY_THE_MANIFEST = re.compile(r"journalctl |ls -laZ |.* other_config")


@pytest.mark.parametrize(("file", "command"), REAL, ids=[file for file, _ in REAL])
def test_names_that_sos_wrote(file: str, command: str) -> None:
    name = file.partition("/")[2]
    assert mangled(command) == name
    known = ("br-int", "netdev@ovs-netdev", "Open_vSwitch")
    told = command_of(name, known)
    assert (told == command) is not bool(TOLD_BY_THE_MANIFEST.match(command))


def test_a_datapath_that_the_report_lists(tmp_path: Path) -> None:
    show = "ovs-appctl dpctl/show -s netdev@ovs-netdev"
    tree = report(
        tmp_path,
        "node",
        {
            "ovs-appctl dpctl/dump-dps": b"netdev@ovs-netdev\n",
            show: b"netdev@ovs-netdev:\n  port 0: ovs-netdev (tap)\n",
            "ovs-vsctl -t 5 list Open_vSwitch": b"_uuid : 1\n",
        },
    )
    import_reports(tree, tmp_path / "out")
    texts = [path.read_text() for path in (tmp_path / "out" / "node").iterdir()]
    assert f"$ {show}\n" in "".join(texts)
    assert "$ ovs-vsctl -t 5 list Open_vSwitch\n" in "".join(texts)


def test_the_name_of_a_command_with_its_path() -> None:
    """sos: sos/report/plugins/__init__.py, _mangle_command."""
    assert mangled("/usr/bin/ovs-vsctl -t 5 list-br") == "ovs-vsctl_-t_5_list-br"
    assert mangled("ip -s -d link (all)") == "ip_-s_-d_link_all"
    assert mangled("/sbin/bridge vlan show") == "bridge_vlan_show"


@pytest.mark.parametrize("manifest", [False, True])
def test_the_picture_is_that_of_the_captures(
    tmp_path: Path, captures: Path, manifest: bool
) -> None:
    scenario = store.load_target(captures / "ovs-vlan")
    for host in scenario.hosts:
        outputs: dict[str, bytes] = {}
        for path in store.capture_files(host.path):
            first, _, output = path.read_bytes().partition(b"\n")
            if b"ssh" not in first:  # no report comes from inside a guest
                outputs[first.decode().removeprefix("$ ")] = output
        report(tmp_path / "tree", host.name, outputs, manifest=manifest)
        # The captures without those of guests, to compare with.
        for command, output in outputs.items():
            path = tmp_path / "ours" / host.name / f"{mangled(command)}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(f"$ {command}\n".encode() + output)
    imported = import_reports(tmp_path / "tree", tmp_path / "out")
    assert [one.host for one in imported] == ["cmp1", "cmp2", "net1"]
    assert [one.unknown for one in imported] == [(), (), ()]
    made, ours = (store.load_target(tmp_path / name) for name in ("out", "ours"))
    for one, other in zip(made.hosts, ours.hosts, strict=True):
        assert {c.command.text: c.source.window for c in one.captures if c.command} == {
            c.command.text: c.source.window for c in other.captures if c.command
        }
    assert scene(made) == scene(ours)


def scene(target: store.Target) -> Any:
    """The picture, without the files that prove it."""
    told = compose(correlate_target(target)[0]).to_json()
    assert told["ports"]
    return [[{**element, "source": 0} for element in part] for part in told.values()]


def test_every_byte_stays_and_the_rest_is_listed(tmp_path: Path) -> None:
    tree = report(
        tmp_path,
        "node",
        {
            "ip netns": b"qdhcp-1 (id: 0)\n\xff\n",
            "ip -s macsec show": b"odd words\n",
            "ovs-vsctl -t 5 list-br": b"",
        },
    )
    (tree / "sos_commands" / "process").mkdir()
    (tree / "sos_commands" / "process" / "ps_aux").write_text("root 1 --password=hunter2\n")
    (tree / "sos_commands" / "networking" / "link").symlink_to("/etc/passwd")
    (one,) = import_reports(tree, tmp_path / "out")
    assert one.unknown == ("sos_commands/networking/ip_-s_macsec_show",)
    (file,) = (tmp_path / "out" / "node").iterdir()
    assert file.read_bytes() == b"$ ip netns\nqdhcp-1 (id: 0)\n\xff\n"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "9" * 5000,
        '"\\ud800"',
        "",
        "[]",
        '{"components": 3}',
        '{"components": {"report": {}}}',
    ],
)
def test_a_manifest_that_says_nothing(tmp_path: Path, text: str) -> None:
    tree = report(tmp_path, "node", {"ip netns": b"qdhcp-1\n"}, manifest=True)
    (tree / "sos_reports" / "manifest.json").write_text(text)
    (one,) = import_reports(tree, tmp_path / "out")
    assert one.captures == ("ip_netns.txt",)


@pytest.mark.parametrize("command", ["ip \ud800netns", "ip netns\r", "ip\x1b[2J netns", "a\nb"])
def test_a_manifest_with_commands_that_nobody_typed(tmp_path: Path, command: str) -> None:
    """The name of the file then says which command it was."""
    tree = report(tmp_path, "node", {"ip netns": b"qdhcp-1\n"}, manifest=True)
    manifest = tree / "sos_reports" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"ip netns"', json.dumps(command)))
    (one,) = import_reports(tree, tmp_path / "out")
    assert (tmp_path / "out" / "node" / one.captures[0]).read_bytes() == b"$ ip netns\nqdhcp-1\n"


def test_nothing_outside_the_report_is_read(tmp_path: Path) -> None:
    """Links at any place of a path, pipes that nobody writes to, and devices without end."""
    outside = tmp_path / "outside"
    (outside / "network").mkdir(parents=True)
    (outside / "network" / "leases").write_bytes(b"1 fa:16:3e:00:00:01 10.0.0.9 secret *\n")
    (outside / "ip_addr").write_bytes(b"1: secret: <UP> mtu 1\n")
    (outside / "hostname").write_bytes(b"secret\n")
    tree = report(tmp_path / "tree", "node", {"ip netns": b"qdhcp-1\n"})
    networking = tree / "sos_commands" / "networking"
    (tree / "var" / "lib" / "neutron").mkdir(parents=True)
    (tree / "var" / "lib" / "neutron" / "dhcp").symlink_to(outside)
    (tree / "sos_commands" / "ovn_host").symlink_to(outside)
    (tree / "sos_commands" / "openvswitch").mkdir()
    (tree / "sos_commands" / "openvswitch" / "inner").symlink_to(outside)
    (networking / "ip_addr").symlink_to(outside / "ip_addr")
    (networking / "ip_link").symlink_to("/dev/zero")
    (networking / "itself").symlink_to("itself")
    (networking / "up").symlink_to("..")
    os.mkfifo(networking / "ip_route")
    (tree / "sos_reports").mkdir()
    os.mkfifo(tree / "sos_reports" / "manifest.json")
    hostname = tree / "sos_commands" / "host" / "hostname"
    hostname.unlink()
    hostname.symlink_to(outside / "hostname")
    (one,) = import_reports(tmp_path / "tree", tmp_path / "out")
    assert one.captures == ("ip_netns.txt",)
    assert "secret" not in one.host
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in written] == [b"$ ip netns\nqdhcp-1\n"]


def test_names_that_are_no_names(tmp_path: Path) -> None:
    """What is written lies in the directory of the host, under a name that any system takes."""
    tree = report(tmp_path, "node", {"ip netns": b"qdhcp-1\n"})
    folder = os.fsencode(tree / "sos_commands" / "networking")
    odd = [
        b"ip_netns_exec_..", b"..ip_netns", b"ip_netns\n$ ovs-vsctl show", b"ip_netns_\xff\xfe",
        b"-rf", b"ip_netns_" + b"x" * 240, b"CON", b"ip_netns_<img src=x onerror=alert(1)>",
        b"ip_netns_%s%n", b"ip_netns_'\"", b"ip_netns_\xe2\x80\xae", b"ip_netns;rm",
    ]  # fmt: skip
    for name in odd:
        with open(folder + b"/" + name, "wb") as file:
            file.write(b"qdhcp-1 (id: 0)\n")
    (tree / "sos_commands" / "host" / "hostname").write_text("../../evil\x1b[2J\n")
    (one,) = import_reports(tree, tmp_path / "out")
    assert len(one.captures) + len(one.unknown) == 1 + len(odd)
    assert len(one.captures) >= 6
    home = tmp_path / "out" / one.host
    assert home.parent == tmp_path / "out"
    for path in (tmp_path / "out").rglob("*"):
        assert re.fullmatch(r"[a-z0-9._-]{1,110}", path.name), path
        if path.is_file():
            assert path.parent == home
            assert path.read_bytes().endswith((b"\nqdhcp-1 (id: 0)\n", b"\nqdhcp-1\n"))
    (host,) = store.load_target(home).hosts
    assert {capture.source.window for capture in host.captures} <= {
        "qdhcp-1 (id: 0)\n",
        "qdhcp-1\n",
    }


def test_thousands_of_files(tmp_path: Path) -> None:
    tree = report(tmp_path, "node", {"ip netns": b"qdhcp-1\n"})
    folder = tree / "sos_commands" / "networking"
    for number in range(1000):
        (folder / f"ip_netns_exec_n{number}_ip_rule").write_bytes(b"0:\tfrom all lookup local\n")
    before = time.process_time()
    (one,) = import_reports(tree, tmp_path / "out")
    assert len(one.captures) == 1001
    assert time.process_time() - before < 20


def test_two_reports_of_one_host(tmp_path: Path) -> None:
    for folder in ("monday", "tuesday"):
        report(tmp_path / "tree" / folder, "node", {"ip netns": b"qdhcp-1\n"})
    assert [one.host for one in import_reports(tmp_path / "tree", tmp_path / "out")] == [
        "node",
        "node-2",
    ]


def test_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    tree = report(tmp_path, "node", {"ip netns": b"qdhcp-1\n", "ip -s x": b"odd\n"})
    out = str(tmp_path / "out")
    assert main(["import-sos", str(tree), "-o", out]) == 0
    assert capfd.readouterr().out == (
        f"not recognised: {tree}/sos_commands/networking/ip_-s_x\n1 captures in {out}/node\n"
    )
    assert main(["import-sos", str(tree), "-o", out]) == 1
    assert "is there and not empty" in capfd.readouterr().err
    assert main(["import-sos", out, "-o", f"{out}2"]) == 1
    assert "no sosreport in" in capfd.readouterr().err
