"""The OpenFlow traces of OVN's page in a real switch that holds the flows of the host."""

import re
from pathlib import Path

import pytest

from ovs_capture.network.model import Network
from ovs_capture.network.snapshot import flow_dumps
from ovs_capture.openflow.flow import Flow
from tests.conftest import ROOT
from tests.openflow.switch import OPTIONS, Switch, switch
from tests.trace.pages import Traced, host_of, traced, traces_of

SOURCE = ROOT / "source" / "en" / "packet-traces-ovn.md"
TRACES = [one for one in traces_of(SOURCE) if one.bridge == "br-int"]
_STEP = re.compile(r"^ *(\d+)\. (?:.*?, )?(?:priority (\d+)|No match)", re.M)
_ACTIONS = re.compile(r"^Datapath actions: (.*)$", re.M)
_OFPORT = re.compile(r"^ (\d+)\(([^)]+)\)", re.M)
_METER = re.compile(r"meter:(\d+)")
# The port in the datapath that each page's packet leaves by.
LEAVES = {"output ovn-d412cd-0 tun 2": "ovn-d412cd-0", "output vm2-0": "tap56e7ee89-60"}


def _flow(flow: Flow) -> str:
    match = f",{flow.match.text}" if flow.match.text else ""
    return f"table={flow.table},priority={flow.priority}{match},actions={flow.actions.text}"


def _build(real: Switch, network: Network, numbers: dict[str, str]) -> None:
    """br-int with tunnels; its other devices are dummies. Ports have their captured numbers."""
    words = ["add-br", "br-int", "--", "set", "bridge", "br-int", "datapath_type=dummy",
             "fail-mode=secure"]  # fmt: skip
    (bridge,) = (one for one in network.bridges if one.name == "br-int")
    for port in bridge.ports:
        if port.name == bridge.name:
            continue
        (interface,) = port.interfaces
        words += ["--", "add-port", "br-int", port.name, "--", "set", "interface", port.name]
        words += [f"ofport_request={numbers[port.name]}"] if port.name in numbers else []
        if interface.type == "geneve":
            remote = interface.options["remote_ip"]
            words += ["type=geneve", "options:key=flow", f"options:remote_ip={remote}"]
        else:
            words += ["type=dummy"]
    real.run("ovs-vsctl", "--timeout=30", f"--db=unix:{real.directory}/db.sock", *words)
    real.run("ovs-ofctl", "add-tlv-map", "br-int", OPTIONS)


def _load(real: Switch, directory: Path, flows: list[Flow]) -> None:
    groups = (directory / "ovs-ofctl-dump-groups-br-int.txt").read_text("utf-8").splitlines()
    file = real.directory / "groups"
    file.write_text("".join(f"{one.strip()}\n" for one in groups if "group_id" in one))
    ofctl = ("ovs-ofctl", "-O", "OpenFlow15")
    real.run(*ofctl, "add-groups", "br-int", str(file))
    for meter in sorted({one for flow in flows for one in _METER.findall(flow.actions.text)}):
        band = f"meter={meter},pktps,bands=type=drop,rate=500"
        real.run(*ofctl, "add-meter", "br-int", band)
    file = real.directory / "flows-of-br-int"
    file.write_text("".join(f"{_flow(flow)}\n" for flow in flows))
    real.run(*ofctl, "--names", "--bundle", "add-flows", "br-int", str(file))


@pytest.mark.needs("ovs")
@pytest.mark.parametrize("one", TRACES, ids=lambda one: one.host)
def test_the_real_switch_says_so_too(one: Traced, tmp_path: Path) -> None:
    host, network = host_of(one.scenario, one.host)
    directory = ROOT / "captures" / one.scenario / one.host
    shown = (directory / "ovs-ofctl-show-br-int.txt").read_text("utf-8")
    flows = [flow for flow, _ in flow_dumps(host.captures, ["br-int"])["br-int"].flows]
    with switch(tmp_path) as real:
        _build(real, network, {name: number for number, name in _OFPORT.findall(shown)})
        _load(real, directory, flows)
        control = str(real.directory / "ovs-vswitchd.ctl")
        states = [word for state in one.ct_next for word in ("--ct-next", state)]
        told = real.run(
            "ovs-appctl", "-t", control, "ofproto/trace", "br-int", one.packet, *states, "--names"
        )
    found, _ = traced(one.scenario, one.host, one.bridge, one.packet, *one.ct_next)
    ours = [(str(s.table), "" if s.priority is None else str(s.priority)) for s in found.steps]
    assert _STEP.findall(told) == ours
    assert _ACTIONS.findall(told)[-1].endswith(LEAVES[one.expect])


def test_there_is_one_for_each_end_of_the_tunnel() -> None:
    assert [one.host for one in TRACES] == ["hv1", "hv2"]
    assert {one.expect for one in TRACES} == LEAVES.keys()
