"""What the flows of br-int are for."""

from ovs_capture.explain.ovn import shapes
from ovs_capture.explain.purpose import purpose
from ovs_capture.explain.tables import table_of
from ovs_capture.logical.stages import KINDS, layouts, stages
from ovs_capture.openflow.flow import Flow
from ovs_capture.translation import Translator

from .lab import hv1


def of(table: int, match: str) -> Flow:
    found = [f for f in hv1().flows if f.table == table and f.match.text == match]
    return found[0]


def why(flow: Flow, language: str = "en") -> str:
    found = purpose(flow, hv1().pipeline, hv1().names)
    assert found is not None
    return Translator(language).text(found.message)


def test_every_flow_of_the_lab_has_a_purpose_and_a_table() -> None:
    for flow in hv1().flows:
        assert purpose(flow, hv1().pipeline, hv1().names) is not None, flow.match.text
        assert table_of(flow.table, hv1().pipeline, "br-int") is not None


def test_one_number_is_two_stages_and_the_datapath_tells_which() -> None:
    table = table_of(9, hv1().pipeline, "br-int")
    assert table is not None and table.constant == "ls_in_apply_port_sec, lr_in_lookup_neighbor"
    switch, router = of(9, "metadata=0x2"), of(9, "metadata=0x5")
    assert why(switch) == "This stage has nothing to do for other packets: on to the next one."
    assert why(router) == "Other packets teach nothing about neighbors."


def test_a_purpose_names_the_logical_port_and_its_datapath() -> None:
    flow = of(41, "reg10=0/0x1,reg14=0x2,reg15=0x2,metadata=0x1")
    name = "provnet-1fa55b15-8ac5-55ca-85ec-2694c677d667"
    assert why(flow) == f"What came from {name} of ovn-provider does not go back there."
    assert why(flow, "ja") == f"ovn-provider の {name} から来たパケットを同じポートへ戻さない。"


def test_the_place_of_a_rule_is_its_stage() -> None:
    found = purpose(of(9, "metadata=0x5"), hv1().pipeline, hv1().names)
    assert found is not None
    assert found.source.endswith("(lr_in_lookup_neighbor, neigh_none)")


def test_every_layout_has_tables_whose_shapes_can_be_made() -> None:
    for layout in layouts():
        tables = shapes.tables_of(shapes.part_of([layout], KINDS))
        named = {name for table in tables for name in table.constant.split(", ")}
        assert named == {name for names in layout.stages.values() for name in names} | set(
            layout.physical
        )


def test_every_row_is_of_a_stage_or_table_that_there_is() -> None:
    known = {
        shape.id
        for layout in layouts()
        for table in shapes.tables_of(shapes.part_of([layout], KINDS))
        for shape in table.shapes
    }
    assert {row["id"] for row in shapes.rows()} == known
    assert len(stages()) > 100


def test_layouts_that_differ_are_both_told() -> None:
    part = shapes.part_of([layouts()[0], layouts()[3]], ("ls",))
    table = next(t for t in shapes.tables_of(part) if t.number == 16)
    assert table.constant == "ls_in_port_sec / ls_in_port_sec_l2"
    text = Translator("en").text(table.role)
    assert text == "by version: Port security (sent) or Port security: MAC"
