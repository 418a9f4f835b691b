"""The traces of our pages end as the page says; of the first seed also in a real switch."""

import re
from functools import partial

import pytest

from ovs_capture.network.model import Network
from ovs_capture.network.snapshot import flow_dumps
from ovs_capture.openflow.flow import Flow
from ovs_capture.render.trace.view import command_of
from ovs_capture.trace.expect import expectation, ports_of_name
from tests.conftest import ROOT
from tests.openflow.switch import Switch, switch
from tests.trace.pages import Traced, host_of, traced, traces_of

SOURCE = ROOT / "source"
PAGES = ("packet-traces", "packet-traces-vxlan", "packet-traces-ovn")
SEED = traces_of(SOURCE / "en" / "packet-traces.md")
_STEP = re.compile(r"^ *(\d+)\. (?:.*?, )?(?:priority (\d+)|No match)", re.M)
_ACTIONS = re.compile(r"^Datapath actions: (.*)$", re.M)


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_trace_the_same(page: str) -> None:
    english = traces_of(SOURCE / "en" / f"{page}.md")
    assert english == traces_of(SOURCE / "ja" / f"{page}.md")
    assert len(english) >= 4


@pytest.mark.parametrize("page", PAGES)
def test_every_claim_holds(page: str) -> None:
    for one in traces_of(SOURCE / "en" / f"{page}.md"):
        if one.bridge.startswith("ovn-"):
            continue  # a datapath of OVN: tests/trace/logical/test_pages.py
        found, network = traced(one.scenario, one.host, one.bridge, one.packet, *one.ct_next)
        claim = expectation(one.expect, partial(ports_of_name, network))
        assert claim.holds(found.verdict), one.packet


def _flow(flow: Flow) -> str:
    match = f",{flow.match.text}" if flow.match.text else ""
    return f"table={flow.table},priority={flow.priority}{match},actions={flow.actions.text}"


def _build(real: Switch, network: Network) -> None:
    """The bridges, ports and flows of a host in a real switch; its devices are dummies."""
    database = f"--db=unix:{real.directory}/db.sock"
    for bridge in network.bridges:
        words = ["add-br", bridge.name, "--", "set", "bridge", bridge.name,
                 "datapath_type=dummy", "fail-mode=secure"]  # fmt: skip
        for port in bridge.ports:
            if port.name == bridge.name:
                continue
            (interface,) = port.interfaces
            words += ["--", "add-port", bridge.name, port.name]
            if port.tag is not None:
                words += [f"tag={port.tag}"]
            words += ["--", "set", "interface", port.name]
            if interface.peer is None:
                words += ["type=dummy"]
            else:
                words += ["type=patch", f"options:peer={interface.peer[1]}"]
        real.run("ovs-vsctl", "--timeout=30", database, *words)


@pytest.fixture(scope="module")
def compute(tmp_path_factory: pytest.TempPathFactory):
    host, network = host_of("flat-instance", "compute")
    with switch(tmp_path_factory.mktemp("switch")) as real:
        _build(real, network)
        dumps = flow_dumps(host.captures, [bridge.name for bridge in network.bridges])
        for name, dump in dumps.items():
            file = real.directory / f"{name}.flows"
            file.write_text("".join(f"{_flow(flow)}\n" for flow, _ in dump.flows))
            real.run("ovs-ofctl", "--names", "--bundle", "add-flows", name, str(file))
        yield real


def _asked(real: Switch, bridge: str, packet: str, states: tuple[str, ...]) -> str:
    extra = [word for state in states for word in ("--ct-next", state)]
    control = str(real.directory / "ovs-vswitchd.ctl")
    return real.run("ovs-appctl", "-t", control, "ofproto/trace", bridge, packet, *extra, "--names")


@pytest.mark.needs("ovs")
@pytest.mark.parametrize("one", SEED, ids=lambda one: f"{one.bridge} {one.expect}")
def test_the_real_switch_says_so_too(one: Traced, compute: Switch) -> None:
    told = _asked(compute, one.bridge, one.packet, one.ct_next)
    found, network = traced(one.scenario, one.host, one.bridge, one.packet, *one.ct_next)
    # The order in which NORMAL floods is that of a hash table in the switch.
    ours = sorted((str(s.table), str(s.priority)) for s in found.steps)
    assert sorted(_STEP.findall(told)) == ours
    sent = {word for line in _ACTIONS.findall(told) for word in re.split(r"[,()]", line)}
    kind, _, names = one.expect.partition(" ")
    if kind == "drop":
        assert sent == {"drop"}
    else:
        for name in names.removesuffix(", ...").split(", "):
            (port,) = ports_of_name(network, name)
            assert port in sent


@pytest.mark.needs("ovs")
def test_the_copied_command_is_one_that_the_real_switch_takes(compute: Switch) -> None:
    for one in SEED:
        found, _ = traced(one.scenario, one.host, one.bridge, one.packet, *one.ct_next)
        told = compute.run(
            "sh",
            "-c",
            command_of(found, one.packet).replace(
                "ovs-appctl", f"ovs-appctl -t {compute.directory}/ovs-vswitchd.ctl", 1
            ),
        )
        assert "Datapath actions" in told
