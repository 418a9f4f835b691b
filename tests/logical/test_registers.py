"""What OVN keeps where, by version."""

from ovs_capture.logical.registers import bits, bits_of, field_of, place_of


def test_logical_ports_moved_after_2016() -> None:
    assert field_of("inport", ["2.5.0"]) == "reg6"
    assert field_of("inport", ["2.5.90-20160615"]) == "reg6"
    assert field_of("outport", ["2.6.0", "main"]) == "reg15"
    assert field_of("inport", ["2.5.0", "2.6.0"]) is None
    assert field_of("encap", ["23.09.0"]) is None


def test_wide_registers_begin_with_the_highest_bits() -> None:
    assert place_of("xxreg0", 111, 111) == ("reg0", 15, 15)
    assert place_of("xxreg1", 0, 31) == ("reg7", 0, 31)
    assert place_of("xreg4", 32, 47) == ("reg8", 0, 15)
    assert place_of("xxreg0", 64, 111) == ("xxreg0", 64, 111)


def test_a_bit_has_a_name_only_where_all_versions_agree() -> None:
    assert bits_of("reg10", 1, 1, None, ("20.06.3",)) == "MLF_RCV_FROM_VXLAN"
    assert bits_of("reg10", 1, 1, None, ("20.06.3", "20.09.0")) is None
    assert bits_of("reg9", 2, 2, "ls", ("23.03.1",)) is None
    assert bits_of("reg10", 1, 1, None, ()) is None


def test_every_row_has_versions() -> None:
    assert len(bits()) > 100
    assert all(one.versions and one.name for one in bits())
