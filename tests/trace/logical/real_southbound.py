"""A southbound database made by hand from what captures say, and the real ``ovn-trace`` on it.

Every flow is known by its number, which it has for its stage's name: ovn-trace prints it.
"""

import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from ovs_capture.logical.flow import LogicalFlow
from ovs_capture.trace.logical.state import State

SCHEMA = Path("/usr/share/ovn/ovn-sb.ovsschema")
PROGRAM = shutil.which("ovsdb-server") or "/usr/sbin/ovsdb-server"
_FLOW = re.compile(r"\s*(?P<table>\d+)\. (?:(?P<flow>\d+): .*priority|(?:\d+: )?no match)")
_OUTPUT = re.compile(r'\s*/\* output to "(?P<port>.*)", type "(?P<type>.*)" \*/')


# What put_dhcp_opts and put_dhcpv6_opts may name (RFC 2132, 3442, 8415), as ovn-northd tells it.
_DHCP = {
    "offerip": (0, "ipv4"), "netmask": (1, "ipv4"), "router": (3, "ipv4"),
    "dns_server": (6, "ipv4"), "mtu": (26, "uint16"), "lease_time": (51, "uint32"),
    "server_id": (54, "ipv4"),
    "classless_static_route": (121, "static_routes"), "domain_name": (15, "str"),
}  # fmt: skip
_DHCP6 = {"server_id": (2, "mac"), "ia_addr": (5, "ipv6"), "dns_server": (23, "ipv6"),
          "domain_search": (24, "str")}  # fmt: skip


class Told(NamedTuple):
    """``flows``: number of each flow in the order taken, None where none matches."""

    flows: list[int | None]
    outputs: list[str]
    text: str


class RealSouthbound:
    def __init__(self, address: Path, flows: Sequence[LogicalFlow]) -> None:
        self.address = address
        self.flows = flows
        self.numbers = {id(flow): number for number, flow in enumerate(flows)}

    def trace(self, datapath: str, microflow: str, options: Sequence[str] = ()) -> Told:
        told = subprocess.run(
            ["ovn-trace", f"--db=unix:{self.address}", "--detailed", *options, datapath,
             microflow],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        flows, outputs = [], []
        for line in told.stdout.splitlines():
            if found := _FLOW.match(line):
                flows.append(int(found["flow"]) if found["flow"] else None)
            elif (found := _OUTPUT.match(line)) and found["type"] not in ("patch", "l3gateway"):
                outputs.append(found["port"])
        return Told(flows, outputs, told.stdout + told.stderr)


@contextmanager
def real_southbound(state: State) -> Iterator[RealSouthbound]:
    """The database of a state, served until the block ends."""
    # The socket's name must be short: sun_path has 108 bytes.
    with TemporaryDirectory(prefix="ovn") as name:
        directory = Path(name)
        address = directory / "sb.sock"
        subprocess.run(["ovsdb-tool", "create", directory / "sb.db", SCHEMA], check=True)
        server = subprocess.Popen(
            [PROGRAM, f"--remote=punix:{address}", "-voff", "--no-chdir",
             f"--unixctl={directory / 'ctl'}", str(directory / "sb.db")],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            operations, flows = _operations(state)
            _transact(address, operations)
            yield RealSouthbound(address, flows)
        finally:
            server.terminate()
            server.wait(10)


def _operations(state: State) -> tuple[list[object], list[LogicalFlow]]:
    found: list[object] = ["OVN_Southbound"]
    flows: list[LogicalFlow] = []
    names = {one.uuid: f"d{number}" for number, one in enumerate(state.datapaths)}
    ports = {name: f"p{number}" for number, name in enumerate(state.ports)}
    keys = {one.uuid: number for number, one in enumerate(state.datapaths, 1)}
    for one in state.datapaths:
        found.append(_insert("Datapath_Binding", names[one.uuid], {
            "tunnel_key": keys[one.uuid], "external_ids": _map({"name": one.uuid}),
        }))  # fmt: skip
    for port in state.ports.values():
        options = {"peer": port.peer, "distributed-port": port.distributed}
        found.append(_insert("Port_Binding", ports[port.name], {
            "logical_port": port.name, "datapath": _ref(names[port.datapath]),
            "type": port.type, "tunnel_key": port.key,
            "options": _map({key: value for key, value in options.items() if value}),
            "port_security": ["set", list(port.security)],
        }))  # fmt: skip
    for one in state.datapaths:
        for number, group in enumerate(one.groups.values()):
            members = [_ref(ports[name]) for name in group.ports if name in ports]
            found.append(_insert("Multicast_Group", None, {
                "name": group.name, "datapath": _ref(names[one.uuid]),
                "tunnel_key": 32768 + number, "ports": ["set", members],
            }))  # fmt: skip
        for name, members_of in state.port_groups.items():
            own = sorted(members_of & one.ports.keys())
            row = {"name": f"{keys[one.uuid]}_{name}", "ports": ["set", own]}
            found.append(_insert("Port_Group", None, row))
        for (pipeline, table), those in one.tables.items():
            for flow in those.flows:
                found.append(_insert("Logical_Flow", None, {
                    "logical_datapath": _ref(names[one.uuid]), "pipeline": pipeline,
                    "table_id": table, "priority": flow.priority, "match": flow.match.text,
                    "actions": flow.actions.text,
                    "external_ids": _map({"stage-name": str(len(flows))}),
                }))  # fmt: skip
                flows.append(flow)
    for name, (code, type_) in _DHCP.items():
        found.append(_insert("DHCP_Options", None, {"name": name, "code": code, "type": type_}))
    for name, (code, type_) in _DHCP6.items():
        found.append(_insert("DHCPv6_Options", None, {"name": name, "code": code, "type": type_}))
    for name, addresses in state.address_sets.items():
        row = {"name": name, "addresses": ["set", list(addresses)]}
        found.append(_insert("Address_Set", None, row))
    for number, backend in enumerate(sorted(state.backends, key=str)):
        address = _address(backend.address)
        bracketed = f"[{address}]" if ":" in address else address
        vip = "[fd00:ffff::1]:80" if ":" in address else "203.0.113.1:80"
        found.append(_insert("Load_Balancer", None, {
            "name": f"lb{number}", "protocol": backend.protocol,
            "vips": _map({vip: f"{bracketed}:{backend.port}"}),
            "datapaths": ["set", [_ref(name) for name in names.values()]],
        }))  # fmt: skip
    for binding in state.bindings:
        port = state.ports[binding.port]
        found.append(_insert("MAC_Binding", None, {
            "logical_port": binding.port, "ip": _address(binding.address),
            "mac": _mac(binding.mac), "datapath": _ref(names[port.datapath]),
        }))  # fmt: skip
    for (datapath, mac), name in state.fdb.items():
        found.append(_insert("FDB", None, {
            "mac": _mac(mac), "dp_key": keys[datapath], "port_key": state.ports[name].key,
        }))  # fmt: skip
    return found, flows


def _address(number: int) -> str:
    return str(ip_address(number))


def _mac(number: int) -> str:
    return ":".join(f"{octet:02x}" for octet in number.to_bytes(6, "big"))


def _map(pairs: dict[str, Any]) -> object:
    return ["map", [[key, value] for key, value in pairs.items()]]


def _ref(name: str) -> object:
    return ["named-uuid", name]


def _insert(table: str, name: str | None, row: dict[str, Any]) -> object:
    named = {} if name is None else {"uuid-name": name}
    return {"op": "insert", "table": table, "row": row, **named}


def _transact(address: Path, operations: list[object]) -> None:
    """One transaction, as RFC 7047 has it."""
    request = json.dumps({"method": "transact", "params": operations, "id": 0}).encode()
    with socket.socket(socket.AF_UNIX) as server:
        _connect(server, address)
        server.sendall(request)
        answer = b""
        while not answer or answer.count(b"{") != answer.count(b"}"):
            answer += server.recv(1 << 20)
    failed = [result for result in json.loads(answer)["result"] if result and "error" in result]
    assert failed == []


def _connect(server: socket.socket, address: Path) -> None:
    for _ in range(200):
        try:
            server.connect(str(address))
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(address)
