"""Names beside metadata, registers and bits."""

from ovs_capture.explain.flows import reading
from ovs_capture.translation import Translator

from .lab import hv1


def said(table: int, match: str, language: str = "en") -> str:
    flow = next(f for f in hv1().flows if f.table == table and f.match.text == match)
    return Translator(language).text(reading(flow, hv1().names))


def test_a_datapath_and_a_port_stand_beside_their_numbers() -> None:
    text = said(41, "reg10=0/0x1,reg14=0x2,reg15=0x2,metadata=0x1")
    assert "metadata 1 (ovn-provider)" in text
    assert "reg14 2 (provnet-1fa55b15-8ac5-55ca-85ec-2694c677d667)" in text
    assert "MLF_ALLOW_LOOPBACK" in text


def test_bits_are_named_in_the_register_that_holds_them() -> None:
    assert "REGBIT_PORT_SEC_DROP" in said(9, "reg0=0x8000/0x8000,metadata=0x2")
    # xreg4[2] is reg9[2], which is something else in a router than in a switch.
    assert "REGBIT_LOOKUP_NEIGHBOR_RESULT" in said(9, "metadata=0x5")


def test_a_multicast_group_has_its_name() -> None:
    text = said(33, "metadata=0x3,dl_dst=01:00:00:00:00:00/01:00:00:00:00:00", "ja")
    assert "_MC_flood" in text
