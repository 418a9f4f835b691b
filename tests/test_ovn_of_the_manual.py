"""What issue 5 asks of OVN, held to the captures of the manual: all is read, told and joined."""

from pathlib import Path

import pytest

from ovs_capture.explain.flows import reading
from ovs_capture.explain.logical.purpose import purpose as logical_purpose
from ovs_capture.explain.logical.reading import reading as logical_reading
from ovs_capture.explain.purpose import purpose
from ovs_capture.logical.flow import LogicalFlow
from ovs_capture.logical.printing import print_actions, print_match
from ovs_capture.network.correlate import correlate, correlate_target
from ovs_capture.store import Host, load_target
from ovs_capture.subjects.dumps import (
    Dump,
    dumps_of_host,
)
from ovs_capture.subjects.listings import (
    Listing,
    listing_of,
)
from ovs_capture.translation import Translator

from .conftest import ROOT

SCENARIOS = ("selfservice", "ovn")
DUMPS = (
    ("selfservice", "compute-with-dhcp-agent", 46),
    ("selfservice", "compute-without-dhcp-agent", 1),
    ("ovn", "hv1", 1478),
    ("ovn", "hv2", 1390),
)


def path_of(scenario: str) -> Path:
    return ROOT / "captures" / scenario


def host_of(scenario: str, name: str) -> Host:
    return next(host for host in load_target(path_of(scenario)).hosts if host.name == name)


def dump_of(scenario: str, name: str) -> Dump:
    target = load_target(path_of(scenario))
    host = next(host for host in target.hosts if host.name == name)
    return dumps_of_host(host.captures, correlate(host, target.siblings(host)), None)["br-int"]


def listings(scenario: str) -> list[Listing]:
    found = []
    for host in load_target(path_of(scenario)).hosts:
        for capture in host.captures:
            if (listing := listing_of((capture,), host.captures, None)) is not None:
                found.append(listing)
    return found


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_capture_is_read_with_nothing_unknown(scenario: str) -> None:
    target = load_target(path_of(scenario))
    captures = [capture for host in target.hosts for capture in host.captures]
    assert captures and all(capture.format.name != "raw" for capture in captures)
    assert all(capture.parsed.records for capture in captures)
    assert [d for capture in captures for d in capture.parsed.diagnostics] == []
    assert correlate_target(target)[1].kept == ()


@pytest.mark.parametrize(("scenario", "count"), [("selfservice", 34), ("ovn", 862)])
def test_every_logical_flow_is_told_with_its_purpose_in_both_languages(
    scenario: str, count: int
) -> None:
    translators = (Translator("en"), Translator("ja"))
    told = 0
    for listing in listings(scenario):
        for flow in listing.flows:
            why = logical_purpose(flow, listing.names)
            assert why is not None, flow.match.text
            for translator in translators:
                assert translator.text(logical_reading(flow, listing.names))
                assert translator.text(why.message)
            told += 1
    assert told == count


@pytest.mark.parametrize(("scenario", "host", "count"), DUMPS)
def test_flows_of_br_int_have_a_stage_and_98_percent_a_purpose(
    scenario: str, host: str, count: int
) -> None:
    dump = dump_of(scenario, host)
    assert len(dump.flows) == count
    assert dump.pipeline is not None
    for flow in dump.flows:
        assert Translator("ja").text(reading(flow, dump.names))
    purposes = [purpose(flow, dump.pipeline, dump.names) for flow in dump.flows]
    assert sum(why is not None for why in purposes) >= 0.98 * count


def test_the_seed_names_its_dialect() -> None:
    pipeline = dump_of("selfservice", "compute-with-dhcp-agent").pipeline
    assert pipeline is not None and pipeline.told_version is not None
    say = Translator("en").text
    assert say(pipeline.told_version) == "OVN 2.5.90-20160615"
    assert "reg6" in " ".join(say(found.meaning) for found in pipeline.evidence)


@pytest.mark.parametrize("host", ["hv1", "hv2"])
def test_every_flow_of_the_lab_is_of_a_table_and_joined(host: str) -> None:
    dump = dump_of("ovn", host)
    assert dump.pipeline is not None
    joins = dump.pipeline.joins["br-int"]
    found = [joins.of_flow(flow) for flow in dump.flows]
    assert all(join.table for join in found)
    assert [join.how for join in found if join.how == "unknown"] == []


def test_logical_flows_of_the_lab_print_back_equal() -> None:
    flows = [flow for listing in listings("ovn") for flow in listing.flows]
    assert isinstance(flows[0], LogicalFlow)
    assert all(print_match(flow.match) == flow.match.text for flow in flows)
    assert all(print_actions(flow.actions) == flow.actions.text for flow in flows)
