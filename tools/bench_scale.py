"""How a site grows: seconds of the processor and peak memory against the size of its captures.

Five kinds of sites are generated, each in several sizes, and built by Sphinx in a process of its
own, from nothing and with one job: so many captures in scenarios of five hosts; so many flows on
bridges of 25,000; both in one site, a thousand times as many flows as captures; so many hosts in
one scenario, each with tunnels to the eight next ones; so many guests on one host. Hosts are shaped
like compute nodes of Neutron: flows like those of br-int of the flat instance, with other ports,
MACs, addresses and tags for each guest.

``--write`` writes the table into the manual (``source/*/reference/_figures_scale.md``).
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ovs_capture.source import decode
from tools.instances import FLOWS, instances

ROOT = Path(__file__).resolve().parent.parent
EXT = ROOT / "ext"
FLOWS_OF_BRIDGE = 25_000
HOSTS_OF_SCENARIO = 5
NEIGHBOURS = 8
CONF = 'project = "Scale"\nextensions = ["myst_parser", "ovs_capture"]\n'
_UP = "<BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP"
_TEMPLATE = [line for line in decode(FLOWS.read_bytes()).splitlines() if "actions=" in line]


class Guest(NamedTuple):
    """A guest as ``instances`` names it in its flows."""

    number: int

    @property
    def tap(self) -> str:
        return f"tap{self.number:08x}-6c"

    @property
    def mac(self) -> str:
        return f"16:3e:{self.number >> 16:02x}:{self.number >> 8 & 255:02x}:{self.number & 255:02x}"

    @property
    def address(self) -> str:
        return f"172.{16 + (self.number >> 16)}.{self.number >> 8 & 255}.{self.number & 255}"

    @property
    def tag(self) -> int:
        return self.number % 4094 + 1


class Host(NamedTuple):
    """A compute node: its number in the scenario of ``hosts`` hosts, and its guests."""

    number: int
    hosts: int
    guests: range

    @property
    def name(self) -> str:
        return f"compute{self.number:04}"

    def address(self, other: int = 0) -> str:
        """On the network of the tunnels; ``other``: of a host so many further."""
        number = (self.number + other) % self.hosts
        return f"10.0.{number >> 8}.{number & 255}"

    def tunnels(self) -> list[str]:
        steps = range(1, NEIGHBOURS // 2 + 1)
        ends = {self.address(step * side) for step in steps for side in (1, -1)}
        return sorted(ends - {self.address()})


def links(host: Host, *, addresses: bool) -> Iterator[str]:
    """``ip -d link show`` or ``ip addr show``."""
    yield "$ ip addr show" if addresses else "$ ip -d link show"
    nic = f"52:54:00:{host.number >> 8:02x}:{host.number & 255:02x}:01"
    devices = [
        ("eth0", nic),
        *((guest.tap, f"fe:{guest.mac}") for guest in map(Guest, host.guests)),
    ]
    for index, (name, mac) in enumerate(devices, 2):
        mode = "" if addresses else " mode DEFAULT"
        yield f"{index}: {name}: {_UP}{mode} group default qlen 1000"
        more = "" if addresses else " promiscuity 1  allmulti 0 minmtu 68 maxmtu 65521 "
        yield f"    link/ether {mac} brd ff:ff:ff:ff:ff:ff{more}"
        if not addresses and name != "eth0":
            yield "    tun type tap pi off vnet_hdr on persist off addrgenmode eui64 numtxqueues 1 "
        if addresses and name == "eth0":
            yield f"    inet {host.address()}/16 scope global eth0"
            yield "       valid_lft forever preferred_lft forever"


def switches(host: Host) -> Iterator[str]:
    """``ovs-vsctl show``."""
    yield "$ ovs-vsctl show"
    yield f"8b48246a-eced-46cd-a701-{host.number:012x}"
    yield "    Bridge br-tun"
    yield "        fail_mode: secure"
    yield from _port("br-tun", "type: internal")
    yield from _port("patch-int", "type: patch", "options: {peer=patch-tun}")
    for remote in host.tunnels():
        name = "vxlan-" + "".join(f"{int(part):02x}" for part in remote.split("."))
        options = f'in_key=flow, local_ip="{host.address()}", out_key=flow, remote_ip="{remote}"'
        yield from _port(name, "type: vxlan", f"options: {{{options}}}")
    yield "    Bridge br-int"
    yield "        fail_mode: secure"
    yield from _port("br-int", "type: internal")
    yield from _port("patch-tun", "type: patch", "options: {peer=patch-int}")
    for guest in map(Guest, host.guests):
        yield from _port(guest.tap, tag=guest.tag)
    yield '    ovs_version: "3.1.0"'


def _port(name: str, *lines: str, tag: int = 0) -> Iterator[str]:
    yield f"        Port {name}"
    if tag:
        yield f"            tag: {tag}"
    yield f"            Interface {name}"
    for line in lines:
        yield f"                {line}"


def flows(host: Host, most: int) -> Iterator[str]:
    """``ovs-ofctl dump-flows br-int``: at most so many flows; what guests share stands once."""
    yield "$ ovs-ofctl dump-flows br-int"
    seen: set[str] = set()
    for lines, _ in zip(instances(_TEMPLATE, host.guests.start), host.guests, strict=False):
        for line in lines:
            told = line.partition("n_bytes=")[2]
            if told not in seen and len(seen) < most:
                seen.add(told)
                yield line


def insides(host: Host) -> Iterator[str]:
    """``ip addr show`` in each guest, a transcript."""
    for guest in map(Guest, host.guests):
        yield f"$ ssh root@instance{guest.number} ip addr show"
        yield f"2: eth0: {_UP} group default qlen 1000"
        yield f"    link/ether fa:{guest.mac} brd ff:ff:ff:ff:ff:ff"
        yield f"    inet {guest.address}/12 scope global eth0"
        yield "       valid_lft forever preferred_lft forever"


CAPTURES: dict[str, Callable[[Host], Iterator[str]]] = {
    "ip-d-link-show": lambda host: links(host, addresses=False),
    "ip-addr-show": lambda host: links(host, addresses=True),
    "ovs-vsctl-show": switches,
    "ovs-ofctl-dump-flows-br-int": lambda host: flows(host, FLOWS_OF_BRIDGE),
    "instances-ip-addr-show": insides,
}


class Site:
    """A site that is being written: ``captures/`` and pages in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pages: list[str] = []
        folder.mkdir(parents=True)
        (folder / "conf.py").write_text(CONF, "utf-8")

    def capture(self, scenario: str, host: Host, name: str) -> str:
        """Write a capture; what a directive names it."""
        path = f"{scenario}/{host.name}/{name}.txt"
        file = self.folder / "captures" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in CAPTURES[name](host))
        return path

    def page(self, name: str, *directives: tuple[str, str]) -> None:
        blocks = "".join(f"\n```{{{kind}}} {target}\n```\n" for kind, target in directives)
        (self.folder / f"{name}.md").write_text(f"# {name}\n{blocks}", "utf-8")
        self.pages.append(name)

    def close(self) -> None:
        text = "\n".join(("# Scale\n", "```{toctree}", *self.pages, "```", ""))
        (self.folder / "index.md").write_text(text, "utf-8")


def site_of_captures(site: Site, size: int) -> None:
    """Each host has a page with its five captures and its picture."""
    for number in range(size // len(CAPTURES)):
        scenario, place = divmod(number, HOSTS_OF_SCENARIO)
        host = Host(place, HOSTS_OF_SCENARIO, range(number * 4, number * 4 + 4))
        paths = [site.capture(f"lab{scenario:04}", host, name) for name in CAPTURES]
        site.page(
            f"lab{scenario:04}-{host.name}",
            ("ovs-topology", f"lab{scenario:04}/{host.name}"),
            *(("ovs-capture", path) for path in paths),
        )


def site_of_flows(site: Site, size: int) -> None:
    """Each bridge has a page with its flows."""
    hosts = size // FLOWS_OF_BRIDGE
    for number in range(hosts):
        # A guest has eleven flows of its own or more.
        most = FLOWS_OF_BRIDGE // 8
        host = Host(number, hosts, range(number * most, number * most + most))
        for name in ("ovs-vsctl-show", "ovs-ofctl-dump-flows-br-int"):
            site.capture("lab", host, name)
        site.page(host.name, ("ovs-flows", f"lab/{host.name}:br-int"))


def site_of_both(site: Site, size: int) -> None:
    """So many captures, and a thousand times as many flows beside them."""
    site_of_captures(site, size)
    site_of_flows(site, size * 1_000)


def site_of_hosts(site: Site, size: int) -> None:
    """One picture of all hosts, and a page for each."""
    for number in range(size):
        host = Host(number, size, range(number * 4, number * 4 + 4))
        paths = [site.capture("lab", host, name) for name in CAPTURES]
        site.page(host.name, ("ovs-topology", f"lab/{host.name}"), ("ovs-capture", paths[2]))
    site.page("all", ("ovs-topology", "lab"))


def site_of_guests(site: Site, size: int) -> None:
    """The picture, the flows and every capture of one host."""
    host = Host(0, 9, range(size))
    paths = [site.capture("lab", host, name) for name in CAPTURES]
    site.page("picture", ("ovs-topology", f"lab/{host.name}"))
    site.page("flows", ("ovs-flows", f"lab/{host.name}:br-int"))
    site.page("captures", *(("ovs-capture", path) for path in paths))


class Kind(NamedTuple):
    """What a site may have many of; ``sizes`` when none are asked for."""

    make: Callable[[Site, int], None]
    sizes: tuple[int, ...]
    small: tuple[int, ...]


KINDS = {
    "captures": Kind(site_of_captures, (125, 250, 500, 1_000), (50, 100)),
    "flows": Kind(site_of_flows, (125_000, 250_000, 500_000, 1_000_000), (50_000, 100_000)),
    "both": Kind(site_of_both, (250, 500, 1_000), (50, 100)),
    "hosts": Kind(site_of_hosts, (25, 50, 100, 200), (10, 20)),
    "guests": Kind(site_of_guests, (125, 250, 500, 1_000), (50, 100)),
}


class Row(NamedTuple):
    """One build: seconds of the processor, peak memory and written pages in bytes, warnings."""

    kind: str
    size: int
    seconds: float
    memory: int
    html: int
    warnings: int


def build(kind: str, size: int, folder: Path) -> Row:
    """Write a site, and build it."""
    site = Site(folder / f"{kind}-{size}")
    KINDS[kind].make(site, size)
    site.close()
    out = site.folder / "_build"
    command = [sys.executable, "-m", "sphinx", "-q", "-E", "-j", "1", str(site.folder), str(out)]
    log = site.folder / "warnings"
    path = os.pathsep.join(filter(None, (str(EXT), os.environ.get("PYTHONPATH"))))
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, stdout=said, stderr=said, env={**os.environ, "PYTHONPATH": path}
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(log.read_text("utf-8", "replace"))
    html = sum(file.stat().st_size for file in out.glob("*.html"))
    # ru_maxrss is in kilobytes on Linux (getrusage(2)).
    return Row(
        kind,
        size,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss * 1024,
        html,
        log.read_text("utf-8", "replace").count("WARNING"),
    )


_HEADS = {
    "en": ("Site", "Size", "Processor time", "Peak memory", "HTML"),
    "ja": ("サイト", "規模", "CPU 時間", "最大メモリ", "HTML"),
}
_NAMES = {
    "en": {
        **{kind: kind.capitalize() for kind in KINDS},
        "both": "Captures, and 1,000 times as many flows",
    },
    "ja": {
        "captures": "キャプチャ数",
        "flows": "フロー数",
        "both": "キャプチャ数 (ほかにその 1,000 倍のフロー)",
        "hosts": "ホスト数",
        "guests": "ゲスト数",
    },
}
_LEAD = {
    "en": "One job, on a machine with {cores} cores:",
    "ja": "{cores} コアのマシンで、1 ジョブで測定:",
}


def write(language: str, rows: Sequence[Row]) -> None:
    """The table that ``figures.md`` of the manual includes."""
    cells = [_HEADS[language], ("---", *("---:",) * 4)]
    for row in rows:
        figures = f"{row.seconds:.1f} s", f"{row.memory / 1e6:.0f} MB", f"{row.html / 1e6:.1f} MB"
        cells.append((_NAMES[language][row.kind], f"{row.size:,}", *figures))
    table = "".join(f"| {' | '.join(row)} |\n" for row in cells)
    file = ROOT / "source" / language / "reference" / "_figures_scale.md"
    file.write_text(f"{_LEAD[language].format(cores=os.cpu_count())}\n\n{table}", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    for kind in KINDS:
        parser.add_argument(f"--{kind}", type=int, nargs="*", help="sizes; those of the manual")
    parser.add_argument("--small", action="store_true", help="every kind in two small sizes")
    parser.add_argument("--keep", type=Path, help="leave the sites and their builds here")
    parser.add_argument("--write", action="store_true", help="the table into the manual")
    options = parser.parse_args()
    asked = {kind: getattr(options, kind) for kind in KINDS}
    if all(sizes is None for sizes in asked.values()):
        asked = {kind: [] for kind in KINDS}
    print(f"{'site of':10} {'size':>9} {'seconds':>9} {'peak MB':>9} {'HTML MB':>9}")
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        for kind, sizes in asked.items():
            if sizes is None:
                continue
            usual = KINDS[kind].small if options.small else KINDS[kind].sizes
            for size in sizes or usual:
                row = build(kind, size, options.keep or Path(temporary))
                rows.append(row)
                figures = f"{row.seconds:9.1f} {row.memory / 1e6:9.0f} {row.html / 1e6:9.1f}"
                said = f"   {row.warnings} warnings" if row.warnings else ""
                print(f"{kind:10} {size:9,} {figures}{said}", flush=True)
    if options.write:
        for language in _HEADS:
            write(language, rows)


if __name__ == "__main__":
    main()
