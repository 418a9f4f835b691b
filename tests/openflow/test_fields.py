"""The table of fields, and finding a field by any of its names."""

import pytest

from ovs_capture.openflow import fields


def test_every_format_and_source_is_said() -> None:
    formats = set(fields.ValueFormat.__args__)  # type: ignore[attr-defined]
    for field in fields.all_fields().values():
        assert field.format in formats, field.name
        assert field.source, field.name
        assert (field.bits is None) == field.name.startswith("tun_metadata"), field.name
        if field.format == "flags":
            assert fields.bits_of(field.name), field.name


@pytest.mark.parametrize(
    ("name", "canonical", "bits"),
    [
        ("dl_src", "eth_src", 48),
        ("eth_src", "eth_src", 48),
        ("NXM_OF_ETH_SRC", "eth_src", 48),
        ("OXM_OF_ETH_SRC", "eth_src", 48),
        ("nw_frag", "ip_frag", 2),
        ("NXM_NX_REG15", "reg15", 32),
        ("reg31", "reg31", 32),
        ("OXM_OF_PKT_REG4", "xreg4", 64),
        ("NXM_NX_XXREG0", "xxreg0", 128),
        ("NXM_NX_TUN_METADATA0", "tun_metadata0", None),
        ("tunnel_id", "tun_id", 64),
        ("NXOXM_NSH_C4", "nsh_c4", 32),
        ("tp_dst", "tp_dst", 16),
        ("gtpu_flags", "tun_gtpu_flags", 8),
    ],
)
def test_find_field_by_any_name(name, canonical, bits) -> None:
    field = fields.find_field(name)
    assert field is not None
    assert (field.name, field.bits) == (canonical, bits)


@pytest.mark.parametrize("name", ["", "reg32", "xxreg8", "nsh_c0", "priority", "nonsense"])
def test_what_is_no_field_is_not_found(name) -> None:
    assert fields.find_field(name) is None


@pytest.mark.parametrize(
    ("shorthand", "name", "eth_type", "nw_proto", "family"),
    [
        ("ip", "ip", "0x0800", None, "ip"),
        ("ip6", "ipv6", "0x86dd", None, "ip"),
        ("tcp6", "tcp6", "0x86dd", "6", "tcp"),
        ("udp", "udp", "0x0800", "17", "udp"),
        ("icmp6", "icmp6", "0x86dd", "58", "icmp6"),
        ("icmp", "icmp", "0x0800", "1", "icmp"),
        ("rarp", "rarp", "0x8035", None, "arp"),
    ],
)
def test_shorthand_implies(shorthand, name, eth_type, nw_proto, family) -> None:
    protocol = fields.find_protocol(shorthand)
    assert protocol is not None
    assert (protocol.name, protocol.family) == (name, family)
    assert protocol.implies.get("eth_type") == eth_type
    assert protocol.implies.get("nw_proto") == nw_proto


def test_shared_names_lead_to_fields() -> None:
    families = {protocol.family for protocol in fields.all_protocols().values()}
    for name, by_family in fields.shared_names().items():
        assert fields.find_field(name) is not None, name
        assert by_family.keys() <= families, name
        for field in by_family.values():
            assert field in fields.all_fields(), field


def test_names_of_values() -> None:
    assert fields.value_names("icmpv6_type")[135] == "neighbor solicitation"
    assert fields.value_names("eth_type")[0x0806] == "ARP"
    assert fields.value_names("reg0") == {}
    assert fields.reserved_ports()["LOCAL"] == 65534


def test_fields_agree_with_the_field_s_own_parser() -> None:
    """Every field that ovs.flow decodes is one that we know."""
    ofp_fields = pytest.importorskip(
        "ovs.flow.ofp_fields", reason="no ovs[flow] in this Python", exc_type=ImportError
    )
    missing = [name for name in ofp_fields.field_decoders if fields.find_field(name) is None]
    assert missing == []
