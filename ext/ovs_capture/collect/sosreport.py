"""A sosreport as captures: its files hold what commands printed, their names say which commands.

Lives here: which files of a report are ours, and the way back from a name to its command. sos
(``sos/report/plugins/__init__.py``, ``_mangle_command``) writes the name of a command so:

    /bin/, /sbin/, /usr/bin/, /usr/sbin/ before it    gone
    each run of other characters than \\w . - /        one ``_``
    /                                                 ``.``
    blanks, ``.``, ``_`` and ``-`` at both ends       gone; the rest cut to what a file name takes

``ovs-ofctl -O OpenFlow13 dump-flows br-int`` is ``ovs-ofctl_-O_OpenFlow13_dump-flows_br-int``. The
way back is not exact, so the report's own list of commands (``sos_reports/manifest.json``, since
sos 4.0) goes before it; without, a ``_`` is a blank, unless a name that the report lists has it.
"""

import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..formats.command import read_command
from ..formats.reading import read_output
from ..progress import Along, alone
from ..source import Source, decode, encode
from ..writing import write_file

# Plugins whose commands tell of networks and guests; others print what is nobody's business.
PLUGINS = re.compile(
    r"openvswitch|networking|firewall_tables|iptables|virsh|libvirt|ovn\w*|openstack\w*"
)
# Files that sos copies from the host: dnsmasq's, as Neutron keeps them.
COPIED = "var/lib/neutron/dhcp/*/*"
DNSMASQ = frozenset({"leases", "host", "addn_hosts", "opts", "interface"})


@dataclass(frozen=True, slots=True)
class Imported:
    """A report that was read. ``host``: the directory made for it; ``unknown``: files of its
    network plugins that no format reads, relative to the report."""

    report: Path
    host: str
    captures: tuple[str, ...]
    unknown: tuple[str, ...]


def import_reports(
    tree: Path, output: Path, along: Along[tuple[Path, bool]] = alone
) -> tuple[Imported, ...]:
    """Every report in ``tree`` (one, or a directory of several) as a host directory of ``output``.

    ``along``: sees the files of a report pass, and whether sos copied them from the host.
    Raises OSError where something cannot be read or written, FileExistsError where ``output`` has
    files already.
    """
    if output.exists() and any(output.iterdir()):
        raise FileExistsError(f"{output} is there and not empty")
    taken: set[str] = set()
    return tuple(_import(report, output, taken, along) for report in reports(tree))


def reports(tree: Path) -> list[Path]:
    """The directories that are sosreports."""
    found = (path.parent for path in tree.rglob("sos_commands") if path.is_dir())
    roots = sorted(found, key=lambda path: (len(path.parts), path))
    return [path for path in roots if not any(path != o and path.is_relative_to(o) for o in roots)]


def mangled(command: str) -> str:
    """The file name that sos gives to a command's output, before it is cut."""
    name = re.sub(r"^/(usr/|)(bin|sbin)/", "", command)
    name = re.sub(r"[^\w\-./]+", "_", name)
    return name.replace("/", ".").strip(" ._-")


def command_of(name: str, known: Iterable[str] = ()) -> str:
    """The command that a file's name stands for. ``known``: names of the host with odd letters."""
    rest, words = name, []
    spelled = {mangled(one): one for one in known if mangled(one) != one or "_" in one}
    longest = sorted(spelled, key=lambda one: (-len(one), one))
    while rest:
        for spelling in longest:
            if rest == spelling or rest.startswith(f"{spelling}_"):
                words.append(spelled[spelling])
                rest = rest[len(spelling) + 1 :]
                break
        else:
            word, _, rest = rest.partition("_")
            words.append(word)
    words = [word for word in words if word]
    if words[:1] == ["ovs-appctl"] or "ovs-appctl" in words:
        words = [_APPCTL.sub(lambda match: match[0].replace(".", "/"), word) for word in words]
    return shlex.join(words)


# What stands before the last slash of ovs-appctl's commands: ovs-vswitchd(8), "RUNTIME MANAGEMENT".
_APPCTL = re.compile(
    r"^(?:ovs\.route|tnl\.(?:arp|neigh|ports)|autoattach|bfd|bond|bridge|cfm|coverage|dpctl|dpdk|"
    r"dpif(?:-netdev|-netlink)?|fdb|lacp|mcast-snooping|mdb|memory|netdev(?:-\w+)?|odp|"
    r"ofproto(?:-dpif)?|qos|rstp|stp|tnl|upcall|vlog)\."
)


def _import(
    report: Path, output: Path, taken: set[str], along: Along[tuple[Path, bool]]
) -> Imported:
    host = _free(_portable(_host_name(report)), taken)
    folder = output / host
    exact = _manifest(report)
    known = _names(report, exact)
    captures: list[str] = []
    unknown: list[str] = []
    names: set[str] = set()
    files = list(_files(report))
    for path, copied in along(files, len(files)):
        relative = path.relative_to(report).as_posix()
        data = path.read_bytes()
        if not data.strip():
            continue
        if copied:
            command = shlex.join(("cat", f"/{relative}"))
        else:
            command = exact.get(relative) or command_of(path.name, known)
        read = read_output(Source(relative, decode(data)), read_command(command))
        if read.recognised == "none":
            unknown.append(relative)
            continue
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = _free(_portable(mangled(command))[:100], names) + ".txt"
        target = folder / name
        write_file(target, encode(f"$ {command}\n") + data, mode=0o600)
        captures.append(name)
    return Imported(report, host, tuple(captures), tuple(unknown))


def _files(report: Path) -> Iterator[tuple[Path, bool]]:
    """Files of the report that may be ours, and whether sos copied them from the host.

    A link is another name of a file that is there, or leads out of the report.
    """
    for plugin in sorted((report / "sos_commands").iterdir()):
        if plugin.is_dir() and not plugin.is_symlink() and PLUGINS.fullmatch(plugin.name):
            for path in sorted(plugin.rglob("*")):
                if _is_own(path, report):
                    yield path, False
    for path in sorted(report.glob(COPIED)):
        if path.name in DNSMASQ and _is_own(path, report):
            yield path, True


def _is_own(path: Path, report: Path) -> bool:
    """A file of the report, reached by no link; a pipe or a device is none."""
    return path.is_file() and path.resolve() == report.resolve() / path.relative_to(report)


def _host_name(report: Path) -> str:
    for name in ("sos_commands/host/hostname", "etc/hostname", "hostname"):
        path = report / name
        if path.is_file() and path.resolve().is_relative_to(report.resolve()):
            words = decode(path.read_bytes()).split()
            if words:
                return words[0].partition(".")[0]
    return report.name


def _manifest(report: Path) -> Mapping[str, str]:
    """Exact commands by file, of a report that lists them; else none."""
    path = report / "sos_reports" / "manifest.json"
    if not _is_own(path, report):
        return {}
    try:
        loaded: Any = json.loads(decode(path.read_bytes()))
        plugins = loaded["components"]["report"]["plugins"]
        entries = [entry for plugin in plugins.values() for entry in plugin.get("commands", ())]
        return {
            f"sos_commands/{entry['filepath'].rpartition('sos_commands/')[2]}": entry["exec"]
            for entry in entries
            if isinstance(entry.get("filepath"), str)
            and isinstance(entry.get("exec"), str)
            and entry["exec"].isprintable()
        }
    # RecursionError is how json says that brackets are nested too deep.
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _names(report: Path, exact: Mapping[str, str]) -> tuple[str, ...]:
    """Bridges, namespaces and domains that the report lists: their names are one word."""
    found: set[str] = set()
    for path, copied in _files(report):
        command = exact.get(path.relative_to(report).as_posix(), "") or path.name.replace("_", " ")
        if copied or not _LISTS.search(command):
            continue
        lines = decode(path.read_bytes()).splitlines()
        found |= {words[0] for line in lines if (words := line.split())}
    # Of every host, though no command lists it.
    return tuple(sorted((*found, "Open_vSwitch")))


_LISTS = re.compile(
    r"\b(?:list-br|list-ports \S+|netns(?: list)?|list --all --name|dpctl[./]dump-dps)$"
)


def _portable(name: str) -> str:
    return re.sub(r"[^a-z0-9.-]+", "_", name.lower()).strip("._-") or "unnamed"


def _free(name: str, taken: set[str]) -> str:
    """A name that no other has; it is taken from now on."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free)
    return free
