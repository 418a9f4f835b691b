"""The models of a scenario, asked by index: what a search finds, found once."""

from collections.abc import Mapping
from pathlib import Path

from ovs_capture.network.correlate import correlate_all
from ovs_capture.network.everyone import Everyone
from ovs_capture.network.model import Device, Network
from ovs_capture.store import load_target


def devices(network: Network) -> Mapping[str, Device]:
    return {device.name: device for device in network.devices}


def test_what_is_told_is_what_a_search_finds(captures: Path) -> None:
    everyone = Everyone(correlate_all(load_target(captures / "ovs-vlan").hosts))
    assert len(everyone) > 1
    names = {name for network in everyone for name in devices(network)}
    for name in (*names, "nobody"):
        assert everyone.told_by(devices, name) == tuple(
            (network, devices(network)[name]) for network in everyone if name in devices(network)
        )
    assert any(len(everyone.told_by(devices, name)) > 1 for name in names)


def test_each_model_is_read_once(captures: Path) -> None:
    everyone = Everyone(correlate_all(load_target(captures / "ovs-vlan").hosts))
    read = []

    def keys(network: Network) -> Mapping[str, int]:
        read.append(network)
        return {network.key: 1}

    for network in everyone:
        assert everyone.told_by(keys, network.key) == ((network, 1),)
        assert everyone.model(network.key) is network
        assert everyone.holds(network)
    assert len(read) == len(everyone)
    assert not Everyone(()).holds(everyone[0])
