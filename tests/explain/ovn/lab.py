"""A chassis of a real OVN 23.03.1 (ovn-northd and ovn-controller in namespaces), as captured.

``hv1``: its br-int and the southbound database beside it. ``installed.txt.gz``: what ovn-sbctl says
that ovn-controller made of each logical flow (``--ovs lflow-list``), the judge of the joins.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ovs_capture.explain.names import Names
from ovs_capture.explain.ovn.joins import Joins
from ovs_capture.explain.ovn.recognition import Recognised, recognise
from ovs_capture.explain.pipeline import Pipeline
from ovs_capture.explain.pipeline import recognise as pipeline_of
from ovs_capture.network.correlate import correlate
from ovs_capture.network.model import Network
from ovs_capture.openflow.flow import Flow
from ovs_capture.store import read_host

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Chassis:
    network: Network
    flows: tuple[Flow, ...]
    recognised: Recognised
    pipeline: Pipeline
    names: Names
    joins: Joins


@cache
def hv1() -> Chassis:
    network = correlate(read_host(HERE / "hv1", "lab/hv1", "hv1"))
    flows = tuple(r for c in network.captures for r in c.parsed.records if isinstance(r, Flow))
    database = network.southbound
    assert database is not None
    recognised = recognise(flows, database)
    pipeline = pipeline_of({"br-int": flows}, network)
    assert recognised is not None and pipeline is not None
    return Chassis(
        network,
        flows,
        recognised,
        pipeline,
        pipeline.naming(Names.of(network, "br-int", flows)),
        Joins.of(flows, recognised.layouts, recognised.kinds, database),
    )
