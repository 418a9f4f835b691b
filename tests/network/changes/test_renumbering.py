"""Local VLANs that an agent numbered anew are one sentence, not fifty flows."""

import re

from tests.network.changes.test_compare import NODE, differences, texts_of, told


def renumbered(text: str, one: int, other: int) -> str:
    """A local VLAN with another number, wherever br-int and br-tun say it."""
    text = re.sub(rf"\btag: {one}\b", f"tag: {other}", text)
    text = re.sub(rf"\bdl_vlan={one}\b", f"dl_vlan={other}", text)
    text = re.sub(rf"\bmod_vlan_vid:{one}\b", f"mod_vlan_vid:{other}", text)
    text = re.sub(rf"\bload:{one:#x}->NXM_NX_REG6", f"load:{other:#x}->NXM_NX_REG6", text)
    text = re.sub(rf"\bvlan_tci=0x000{one}/0x0fff", f"vlan_tci=0x000{other}/0x0fff", text)
    return re.sub(rf"\breg6={one:#x}\b", f"reg6={other:#x}", text)


def test_a_renumbered_network_is_said_once() -> None:
    names = ("ovs-vsctl-show.txt", "ovs-ofctl-dump-flows-br-int.txt",
             "ovs-ofctl-dump-flows-br-tun.txt", "ovs-ofctl-dump-flows-br-provider.txt")  # fmt: skip
    before = {name: texts_of(NODE)[name] for name in names}
    after = {name: renumbered(text, 3, 7) for name, text in before.items()}
    found = differences(before, after)
    assert [(one.carried, one.before, one.after) for one in found.renumbered] == [
        ("vxlan 239", 3, 7)
    ]
    # Conntrack zones are local VLANs too, by Neutron's word alone, which proves nothing.
    assert [one for one in told(found) if one[1] == "port"] == []
    assert [one for one in told(found) if "ct_zone" not in one[2][-1]] == []


def test_one_port_with_another_tag_is_retagged() -> None:
    before = {"show.txt": texts_of(NODE)["ovs-vsctl-show.txt"]}
    after = {
        name: re.sub(r"(Port tap2a1d95b3-58\n\s+tag: )1", r"\g<1>9", text)
        for name, text in before.items()
    }
    found = differences(before, after)
    assert found.renumbered == ()
    assert told(found) == [("changed", "port", ("br-int", "tap2a1d95b3-58"))]
