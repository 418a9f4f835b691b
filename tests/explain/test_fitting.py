"""Shapes found by kinds are those that each flow fits by itself."""

from ovs_capture.explain.agents import shapes_of
from ovs_capture.explain.fitting import fitted
from ovs_capture.explain.names import Names
from ovs_capture.openflow.flow import Flow

from .dumps import dump, seed


def same(bridge: str, flows: tuple[Flow, ...], names: Names) -> int:
    """Holds every flow against every shape; how many shapes fit in all."""
    told = {id(flow): one.shapes for one in fitted(bridge, flows, names) for flow in one.flows}
    assert len(told) == len(flows)
    for flow in flows:
        alone = [s for s in shapes_of(bridge, flow.table) if s.fit(flow, names) is not None]
        assert [s.id for s in told[id(flow)]] == [s.id for s in alone]
    return sum(map(len, told.values()))


def test_of_the_first_seed() -> None:
    found = [
        same(role, flows, seed().names(bridge))
        for bridge, flows in seed().flows.items()
        for role in ("br-int", "br-phys", "br-tun")
    ]
    assert sum(found) > 80


def test_in_order_of_the_first_flows() -> None:
    flows = dump(
        *(f" table={t}, priority={p} actions=drop" for t, p in ((9, 1), (0, 2), (9, 2), (0, 1)))
    )
    assert [one.flows[0] for one in fitted("br-int", flows, Names())] == list(flows)


def test_one_slot_has_one_value() -> None:
    """Neutron sends a VLAN to the register of the same number; another flow is not its."""
    flow = next(f for f in seed().flows["br-int"] if f.table == 60 and f.priority == 90)
    vlans = [flow.match.clauses[0]._replace(value=str(n)) for n in (1, 2)]
    rest = flow.match.clauses[1:]
    two = tuple(flow._replace(match=flow.match._replace(clauses=(vlan, *rest))) for vlan in vlans)
    same("br-int", two, seed().names("br-int"))


def test_patch_ports_are_asked_of_each_flow() -> None:
    flows = dump(
        ' table=0, priority=2,in_port="int-br-provider" actions=drop',
        ' table=0, priority=2,in_port="tap635485ff-6c" actions=drop',
    )
    same("br-int", flows, Names())
