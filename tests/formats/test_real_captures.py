"""Captures of real hosts: the repository's, and the shared folder's where there is one."""

from pathlib import Path

import pytest

from ovs_capture.diagnostic import Code
from ovs_capture.formats.reading import Capture, read
from ovs_capture.source import Source, Span
from ovs_capture.store import read_file

from .test_properties import OWN, check

ROOT = Path(__file__).resolve().parents[2]
FLAT = ROOT / "captures" / "flat-instance"
FILES = sorted(FLAT.glob("*/*.txt"))
NAMES = [str(path.relative_to(FLAT)) for path in FILES]
EXPECTED = {
    "client/openstack-server-create.txt": "openstack_table",
    "client/openstack-server-list.txt": "openstack_table",
    "client/ssh-cirros-ip-addr.txt": "ip_addr",
    "compute/ip-d-link-show.txt": "ip_link",
    "compute/ovs-dpctl-show.txt": "dpctl_show",
    "compute/ovs-ofctl-dump-flows-br-int.txt": "ovs_ofctl_dump_flows",
    "compute/ovs-ofctl-dump-flows-br-mgmt.txt": "ovs_ofctl_dump_flows",
    "compute/ovs-ofctl-dump-flows-br-provider.txt": "ovs_ofctl_dump_flows",
    "compute/ovs-vsctl-show.txt": "ovs_vsctl_show",
    "compute/virsh-dumpxml.txt": "virsh_dumpxml",
    "compute/virsh-list.txt": "virsh_list",
    "controller/dnsmasq-addn-hosts.txt": "dnsmasq_addn_hosts",
    "controller/dnsmasq-host.txt": "dnsmasq_host",
    "controller/dnsmasq-leases.txt": "dnsmasq_leases",
}


def captures_of(path: Path) -> tuple[Capture, ...]:
    captures, problems = read_file(path, path.name)
    assert problems == ()
    return captures


def test_the_list_is_complete() -> None:
    assert set(NAMES) == set(EXPECTED)


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_told_by_the_command_and_read_without_a_problem(path: Path) -> None:
    (capture,) = captures_of(path)
    assert capture.format.name == EXPECTED[str(path.relative_to(FLAT))]
    assert capture.recognised == "command"
    assert [str(problem) for problem in capture.parsed.diagnostics] == []
    assert capture.parsed.records
    if capture.format in OWN:
        check(capture)


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_told_by_the_content_alone(path: Path) -> None:
    """None of these is ambiguous; what the command adds (which object a table lists) is lost."""
    (capture,) = captures_of(path)
    (alone,) = read(Source("no-hint.txt", capture.source.window))
    assert (alone.format, alone.recognised) == (capture.format, "content")
    assert len(alone.parsed.records) == len(capture.parsed.records)


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_line_of_a_format_is_in_a_record(path: Path) -> None:
    """Tables have lines that are no record: heads and rules."""
    (capture,) = captures_of(path)
    inside = [record.span for record in capture.parsed.records]
    for offset, line in capture.source.lines():
        span = Span(offset, offset + len(line))
        head = line.startswith(("+", "| ID")) or "名前" in line or "---" in line
        assert head or any(span in record for record in inside), line


def test_a_prefix_of_every_capture() -> None:
    for path in FILES:
        (capture,) = captures_of(path)
        if capture.format in OWN:
            text = capture.source.text
            step = max(1, len(text) // 200)
            for end in range(0, len(text), step):
                for cut in read(Source("t.txt", text[:end])):
                    if cut.format in OWN:
                        check(cut)


# What neither the laboratory nor a case has: read by the printer's grammar alone.
NOT_CAPTURED = {
    "brctl_show",
    "brctl_showmacs",
    "hostnamectl",
    "iptables_save",
    "nmcli",
    "sys_iflink",
    "virsh_domiflist",
}


def shared_captures(shared: Path) -> list[Path]:
    roots = [
        shared / "lab" / "captures",
        shared / "lab" / "variants",
        shared / "reference" / "cases",
    ]
    return sorted(path for root in roots for path in root.rglob("*.txt"))


def test_captures_of_the_laboratory_and_the_cases(shared: Path) -> None:
    """Nothing of our formats is unknown, but the log lines that a tool wrote between."""
    counts: dict[str, int] = {}
    unknown = []
    for path in shared_captures(shared):
        for capture in captures_of(path):
            if capture.format not in OWN or capture.format.name == "raw":
                continue
            assert capture.recognised == "command", path
            counts[capture.format.name] = counts.get(capture.format.name, 0) + 1
            check(capture)
            for problem in capture.parsed.diagnostics:
                log = "|WARN|" in capture.source.slice(problem.span)
                log = log or "|INFO|" in capture.source.slice(problem.span)
                if not (problem.code is Code.UNKNOWN_LINE and log):
                    unknown.append(str(problem))
    assert unknown == []
    assert counts.keys() == {format.name for format in OWN} - {"raw"} - NOT_CAPTURED


def test_the_printers_samples(shared: Path) -> None:
    """Output without a prompt: told by content, and read whole."""
    samples = {
        "brctl_show.txt": "brctl_show",
        "brctl_showmacs.txt": "brctl_showmacs",
        "bridge_-d_link.txt": "bridge_link",
        "bridge_fdb.txt": "bridge_fdb",
        "bridge_link.txt": "bridge_link",
        "ip_-6_route.txt": "ip_route",
        "ip_neigh.txt": "ip_neigh",
        "ip_route.txt": "ip_route",
        "ip_route_table_all.txt": "ip_route",
        "ip_rule.txt": "ip_rule",
        "ip_-d_link.txt": "ip_link",
        "ip_-s_link.txt": "ip_link",
        "ip_-br_link.txt": "ip_link",
        "ip_addr.txt": "ip_addr",
        "ovs-appctl_dpctl_dump-flows.txt": "dpctl_dump_flows",
        "ovs-appctl_dpif_show.txt": "dpif_show",
        "ovs-dpctl_show.txt": "dpctl_show",
        "ovs-ofctl_dump-group-stats.txt": "ovs_ofctl_dump_group_stats",
        "ovs-ofctl_dump-groups.txt": "ovs_ofctl_dump_groups",
        "ovs-ofctl_dump-meters.txt": "ovs_ofctl_dump_meters",
        "ovs-ofctl_dump-ports-desc.txt": "ovs_ofctl_dump_ports_desc",
        "ovs-ofctl_dump-ports.txt": "ovs_ofctl_dump_ports",
        "ovs-ofctl_dump-tables.txt": "ovs_ofctl_dump_tables",
        "ovs-ofctl_meter-stats.txt": "ovs_ofctl_dump_meters",
        "ovs-ofctl_show.txt": "ovs_ofctl_show",
        "ovs-vsctl_list_bridge.txt": "ovsdb_list",
        "ovs-vsctl_list_interface.txt": "ovsdb_list",
        "ovs-vsctl_list_port.txt": "ovsdb_list",
        "ovs-vsctl_show.txt": "ovs_vsctl_show",
        "ovn-nbctl_acl-list.txt": "ovn_nbctl_rules",
        "ovn-nbctl_lb-list.txt": "ovn_nbctl_columns",
        "ovn-nbctl_list.txt": "ovsdb_list",
        "ovn-nbctl_lr-nat-list.txt": "ovn_nbctl_columns",
        "ovn-nbctl_lr-route-list.txt": "ovn_nbctl_routes",
        "ovn-nbctl_lsp-list.txt": "ovn_nbctl_names",
        "ovn-nbctl_show.txt": "ovn_nbctl_show",
        "ovn-sbctl_show.txt": "ovn_sbctl_show",
        "ovn-sbctl_lflow-list.txt": "ovn_sbctl_lflow_list",
        "ovn-sbctl_lflow-list_ovs.txt": "ovn_sbctl_lflow_list",
        "ovn-sbctl_lflow-list_uuid.txt": "ovn_sbctl_lflow_list",
        "ovn-sbctl_list_datapath_binding.txt": "ovsdb_list",
        "ovn-sbctl_list_port_binding.txt": "ovsdb_list",
    }
    for path in sorted((shared / "knowledge" / "samples").glob("*.txt")):
        for capture in captures_of(path):
            if capture.format in OWN and capture.format.name != "raw":
                assert capture.format.name == samples.pop(path.name), path
                assert capture.parsed.diagnostics == ()
    assert samples == {}
