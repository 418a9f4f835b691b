"""Which versions a dump of br-int can be of."""

from dataclasses import replace

import pytest

from ovs_capture.explain.ovn.recognition import Recognised, recognise
from ovs_capture.formats.ovs_ofctl_dump_flows import FORMAT
from ovs_capture.network.southbound import Southbound
from ovs_capture.openflow.flow import Flow
from ovs_capture.source import Source
from ovs_capture.translation import Translator

from .lab import hv1

GENEVE_2016 = """\
 cookie=0x0, table=32, priority=100,reg7=0x1,metadata=0x5 actions=load:0x5->NXM_NX_TUN_ID[0..23],\
set_field:0x1/0xffffffff->tun_metadata0,move:NXM_NX_REG6[0..14]->NXM_NX_TUN_METADATA0[16..30],\
output:5
"""


def flows(text: str) -> tuple[Flow, ...]:
    return tuple(r for r in FORMAT.parse(Source("", text)).records if isinstance(r, Flow))


def version(found: Recognised | None, language: str = "en") -> str:
    assert found is not None
    return Translator(language).text(found.version)


def test_no_flows_and_flows_of_nobody_are_not_ovn() -> None:
    assert recognise((), Southbound()) is None
    normal = flows(" cookie=0x0, table=0, priority=0 actions=NORMAL\n")
    assert recognise(normal, Southbound()) is None
    assert recognise(normal, Southbound(), asked=True) is None


def test_a_stated_version_is_believed() -> None:
    found = hv1().recognised
    assert found.versions == ("23.03.1",)
    assert all(clue.fits for clue in found.clues)


def test_without_a_statement_the_dump_leaves_a_range() -> None:
    database = hv1().network.southbound
    assert database is not None
    for captured in (replace(database, versions=(), logical=()), Southbound()):
        found = recognise(hv1().flows, captured)
        assert version(found) == "OVN 22.12.1 to 22.12.2 or 23.03.1 to 23.03.3"


def test_a_stated_version_with_other_tables_is_not_believed() -> None:
    database = hv1().network.southbound
    assert database is not None
    wrong = tuple(one._replace(version="21.03.0") for one in database.versions)
    found = recognise(hv1().flows, replace(database, versions=wrong))
    assert found is not None
    assert "23.03.1" in found.versions and "21.03.0" not in found.versions
    assert [clue.fits for clue in found.clues].count(False) == 1


def test_datapaths_are_told_by_the_tables_that_they_have_flows_in() -> None:
    found = recognise(hv1().flows, Southbound())
    assert found is not None and found.kinds == hv1().recognised.kinds
    assert sorted(found.kinds.items()) == [(1, "ls"), (2, "ls"), (3, "ls"), (5, "lr")]


def test_one_flow_of_2016_is_of_its_registers() -> None:
    found = recognise(flows(GENEVE_2016), Southbound())
    assert found is not None and (found.inport, found.outport) == ("reg6", "reg7")
    assert version(found) == "OVN 2.5.0 to 2.5.90-20160615"
    assert version(found, "ja") == "OVN 2.5.0 ～ 2.5.90-20160615"


@pytest.mark.parametrize("count", [1, 10, 200])
def test_a_part_of_a_dump_excludes_no_version_that_it_is_of(count: int) -> None:
    found = recognise(hv1().flows[:count], Southbound())
    assert found is None or found.layouts
