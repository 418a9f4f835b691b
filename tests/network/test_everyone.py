"""The models of a scenario, asked by index: what a search finds, found once."""

from collections.abc import Iterable
from pathlib import Path

from ovs_capture.network.correlate import correlate_all
from ovs_capture.network.everyone import Everyone
from ovs_capture.network.model import Network
from ovs_capture.store import load_target


def test_what_is_found_is_what_a_search_finds(captures: Path) -> None:
    everyone = Everyone(correlate_all(load_target(captures / "ovs-vlan").hosts))

    def names(network: Network) -> list[str]:
        return [device.name for device in network.devices]

    assert len(everyone) > 1
    wanted = {name for network in everyone for name in names(network)}
    for name in (*wanted, "nobody"):
        found = everyone.having(names, name)
        assert found == tuple(network for network in everyone if name in names(network))
    assert any(len(everyone.having(names, name)) > 1 for name in wanted)


def test_each_model_is_read_once(captures: Path) -> None:
    everyone = Everyone(correlate_all(load_target(captures / "ovs-vlan").hosts))
    read = []

    def keys(network: Network) -> Iterable[str]:
        read.append(network)
        return (network.key, network.key)

    for network in everyone:
        assert everyone.having(keys, network.key) == (network,)
        assert everyone.holds(network)
    assert len(read) == len(everyone)
    assert not Everyone(()).holds(everyone[0])
