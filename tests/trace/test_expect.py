"""What a page claims of a trace."""

import pytest

from ovs_capture.network.model import Guest, GuestNic, Network, OvsBridge, OvsPort
from ovs_capture.trace.expect import Expectation, Malformed, expectation, ports_of_name
from ovs_capture.trace.result import Verdict

OUT = Verdict("output", ("eth2", "tap0 vlan 7", "vxlan-0a tun 239"))


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        ("output eth2, tap0 vlan 7, vxlan-0a tun 239", True),
        ("output vxlan-0a  tun 239 ,\n tap0 vlan 7, eth2", True),
        ("output eth2", False),
        ("output eth2, ...", True),
        ("output tap0, ...", False),
        ("output eth3, ...", False),
        ("drop", False),
        ("controller", False),
    ],
)
def test_output(claim: str, holds: bool) -> None:
    assert expectation(claim).holds(OUT) is holds


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        ("drop", True),
        ("drop in table 71", True),
        ("drop in table 71 of br-int", True),
        ("drop in table 71 of br-tun", False),
        ("drop in table 72", False),
        ("output eth2, ...", False),
    ],
)
def test_drop(claim: str, holds: bool) -> None:
    dropped = Verdict("drop", dropped_in=("br-int", 71))
    assert expectation(claim).holds(dropped) is holds


def test_controller() -> None:
    assert expectation(" controller ").holds(Verdict("controller"))
    assert not expectation("controller").holds(Verdict("drop"))


@pytest.mark.parametrize(
    "claim",
    ["", "output", "output ,", "output ...", "output a,,b", "drops", "drop in table x",
     "drop in table " + "9" * 5000],
)  # fmt: skip
def test_malformed(claim: str) -> None:
    with pytest.raises(Malformed):
        expectation(claim)


def _host() -> Network:
    def nic(name: str, tap: str) -> GuestNic:
        return GuestNic(name=name, mac=None, tap=tap)

    return Network(
        key="s/h",
        title="h",
        bridges=(OvsBridge(name="br-int", ports=(OvsPort(name="web0", bridge="br-int"),)),),
        guests=(
            Guest(key="i-1", title="web0", nics=(nic("eth0", "tap-other"),)),
            Guest(key="i-2", title="web1", nics=(nic("eth0", "tap1"),)),
            Guest(key="i-3", title="two", nics=(nic("eth0", "tap2"), nic("eth1", "tap3"))),
        ),
    )


def test_a_guest_stands_for_its_port() -> None:
    def resolve(name: str) -> tuple[str, ...]:
        return ports_of_name(_host(), name)

    assert expectation("output web1 vlan 3", resolve).ports == {"tap1 vlan 3"}
    assert expectation("output web0", resolve).ports == {"web0"}  # a port's own name comes first
    assert expectation("output unknown", resolve) == Expectation("output", frozenset({"unknown"}))
    with pytest.raises(Malformed, match="tap2, tap3"):
        expectation("output two", resolve)
