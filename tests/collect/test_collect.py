"""The script that runs where nothing is installed: what it runs, writes, and never says."""

import os
import shutil
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from ovs_capture import collect, store
from ovs_capture.command.line import main
from ovs_capture.formats.command import read_command
from ovs_capture.formats.registry import FORMATS
from tests.conftest import require

SHELLS = [name for name in ("dash", "busybox", "bash") if shutil.which(name)]
# What the script itself needs of a host; a fake host has these and the tools that a test makes.
ORDINARY = (
    "cut",
    "date",
    "grep",
    "hostname",
    "id",
    "ls",
    "mkdir",
    "rm",
    "sed",
    "sh",
    "sort",
    "tr",
    "true",
    "uname",
)

VSCTL = """\
log "$0 $*"
case "$*" in
*show) cat <<'SHOW'
698493db-95ef-4c31-b419-56b3d4096f2b
    Bridge br-int
        Port "vxlan-1"
            Interface "vxlan-1"
                type: vxlan
                options: {psk="hunter2", remote_ip="192.0.2.1"}
SHOW
;;
*list-br) printf 'br-int\\nbr odd\\n' ;;
*Interface) printf 'name : eth0\\noptions : {psk=hunter2}\\n' ;;
*) exit 1 ;;
esac
"""


class Machine:
    """A host with no tools but those of the test. ``run``: the script in a shell of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.change = ("", "")
        self.bin = root / "bin"
        self.bin.mkdir()
        for name in ORDINARY:
            found = shutil.which(name)
            assert found, name
            (self.bin / name).symlink_to(found)
        self.has("cat", 'exec /bin/cat "$@"')

    def has(self, name: str, text: str) -> None:
        path = self.bin / name
        log = f'log() {{ printf "%s\\n" "$*" >>{self.root}/calls; }}'
        path.write_text(f"#!/bin/sh\n{log}\n{text}\n")
        path.chmod(0o755)

    def run(self, shell: str = "sh", *arguments: str) -> subprocess.CompletedProcess[str]:
        program = shutil.which(shell)
        assert program
        words = [program, "sh"] if shell == "busybox" else [program]
        # The script adds the system's directories to PATH; of a fake host they are its own.
        text = collect.script().replace(":/usr/local/sbin:/usr/sbin:/sbin", "")
        (self.root / "collect.sh").write_text(
            text.replace(*self.change) if self.change[0] else text
        )
        return subprocess.run(
            [*words, str(self.root / "collect.sh"), *(arguments or (str(self.out),))],
            env={"PATH": str(self.bin)},
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @property
    def out(self) -> Path:
        return self.root / "out"

    @property
    def captures(self) -> dict[str, str]:
        return {path.name: path.read_text("utf-8") for path in sorted(self.out.glob("*.txt"))}

    @property
    def log(self) -> str:
        return (self.out / "collect.log").read_text("utf-8")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_host_with_nothing(machine: Machine) -> None:
    done = machine.run()
    assert done.returncode == 1
    assert machine.captures == {}
    assert done.stderr.startswith("collect: 0 captures in ")


@pytest.mark.parametrize("shell", SHELLS)
def test_one_file_a_command_in_any_shell(machine: Machine, shell: str) -> None:
    machine.has("ovs-vsctl", VSCTL)
    assert machine.run(shell).returncode == 0
    assert list(machine.captures) == ["ovs-vsctl_list_interface.txt", "ovs-vsctl_show.txt"]
    text = machine.captures["ovs-vsctl_show.txt"]
    assert text.startswith("$ ovs-vsctl show\n698493db-")
    assert text.endswith('remote_ip="192.0.2.1"}\n')


def test_secrets_are_not_written(machine: Machine) -> None:
    machine.has("ovs-vsctl", VSCTL)
    machine.run()
    assert "hunter2" not in "".join(machine.captures.values()) + machine.log
    assert 'options: {psk="***", remote_ip="192.0.2.1"}' in machine.captures["ovs-vsctl_show.txt"]
    assert "{psk=***}" in machine.captures["ovs-vsctl_list_interface.txt"]


def test_only_the_owner_may_read_it(machine: Machine) -> None:
    machine.has("ovs-vsctl", VSCTL)
    machine.run()
    for path in (machine.out, *machine.out.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_what_a_tool_complains_of_is_in_the_log_alone(machine: Machine) -> None:
    machine.has("ovs-vsctl", "echo 'no key \"x\"' >&2; exit 1")
    machine.run()
    assert machine.captures == {}
    assert 'ovs-vsctl show: exit status 1\n    no key "x"\n' in machine.log


def test_every_tool_of_open_vswitch_has_a_limit(machine: Machine) -> None:
    machine.has("ovs-vsctl", VSCTL)
    machine.has("ovs-ofctl", 'log "$0 $*"; exit 1')
    machine.run()
    calls = (machine.root / "calls").read_text().splitlines()
    assert calls
    assert [call for call in calls if " --timeout=30 " not in call] == []


def test_a_tool_that_hangs_is_left(machine: Machine) -> None:
    for name in ("timeout", "sleep"):
        (machine.bin / name).symlink_to(shutil.which(name) or name)
    machine.has("iptables-save", "exec sleep 60")
    text = collect.script().replace("OVS_CAPTURE_SECONDS:-30", "OVS_CAPTURE_SECONDS:-1")
    assert text != collect.script()
    (machine.root / "c.sh").write_text(text.replace(":/usr/local/sbin:/usr/sbin:/sbin", ""))
    subprocess.run(
        ["/bin/sh", str(machine.root / "c.sh"), str(machine.out)],
        env={"PATH": str(machine.bin)},
        timeout=20,
        check=False,
        capture_output=True,
    )
    assert "iptables-save: exit status 124\n" in machine.log


def test_a_name_that_no_shell_likes(machine: Machine) -> None:
    machine.has("ovs-vsctl", VSCTL)
    machine.has("ovs-appctl", 'case "$*" in *fdb/show*) echo port;; *) exit 1;; esac')
    machine.has("ovs-ofctl", "exit 1")
    machine.run()
    assert machine.captures["ovs-appctl_fdb_show_br_odd.txt"] == (
        "$ ovs-appctl fdb/show 'br odd'\nport\n"
    )


def test_names_that_would_be_one_file(machine: Machine) -> None:
    machine.has("ovs-vsctl", VSCTL.replace("br-int\\nbr odd", "br-Int\\nbr-int"))
    machine.has("ovs-appctl", 'case "$*" in *fdb/show*) echo "$@";; *) exit 1;; esac')
    machine.has("ovs-ofctl", "exit 1")
    machine.run()
    assert "ovs-appctl_fdb_show_br-int.txt" in machine.captures
    assert "ovs-appctl_fdb_show_br-int-2.txt" in machine.captures


def test_only_what_asks_is_run(machine: Machine) -> None:
    """Each word that a tool gets is one that changes nothing."""
    everything = ("ip", "bridge", "virsh", "ovn-nbctl", "ovn-sbctl", "iptables-save")
    for name in (*everything, "ovs-ofctl", "ovs-appctl"):
        machine.has(name, 'log "${0##*/} $*"; echo one')
    machine.has("ovs-vsctl", VSCTL.replace("$0", "${0##*/}"))
    machine.run()
    calls = (machine.root / "calls").read_text().splitlines()
    assert {call.split()[0] for call in calls} == {
        *everything, "ovs-vsctl", "ovs-ofctl", "ovs-appctl",
    }  # fmt: skip
    changing = {"add", "del", "set", "add-flow", "del-flows", "mod-port", "flush", "clear", "up"}
    assert [call for call in calls if changing & set(call.split())] == []
    assert not any("security-info" in call for call in calls)
    assert all(" -r " in call for call in calls if call.startswith("virsh"))


# What is read and not collected, and why.
LEFT_OUT = {
    "iptables_list": "iptables-save prints the same rules with what -L leaves out",
    "openstack_table": "the clients need credentials, which no script may ask for",
    "ovn_nbctl_names": "list Logical_Switch, Logical_Router and their ports have the names",
    "sys_iflink": "ip link shows the other end of each device",
    "virsh_domiflist": "dumpxml shows the interfaces",
    "raw": "the last resort",
}


def test_every_format_is_collected_or_left_out_for_a_reason(machine: Machine) -> None:
    """On a host with iproute2 or with brctl, whatever else it has."""
    for name in ("ip", "virsh", "ovn-nbctl", "ovn-sbctl", "iptables-save", "ss", "nmcli",
                 "hostnamectl", "bridge", "brctl", "ovs-ofctl", "ovs-appctl",
                 "ovn-appctl"):  # fmt: skip
        machine.has(name, "printf 'heading\\none two\\n'")
    machine.has("ovs-vsctl", VSCTL.replace("*) exit 1", "*) echo one"))
    neutron = machine.root / "neutron"
    for name in ("dhcp/net/leases", "dhcp/net/host", "dhcp/net/addn_hosts", "dhcp/net/opts",
                 "dhcp/net/interface", "ovn-metadata-proxy/net.conf"):  # fmt: skip
        (neutron / name).parent.mkdir(parents=True, exist_ok=True)
        (neutron / name).write_text("one\n")
    machine.has("ps", f"echo 'nobody 7 1 ? 0:00 dnsmasq --dhcp-hostsfile={neutron}/dhcp/net/host'")
    machine.change = ("/var/lib/neutron", str(neutron))
    commands = []
    for out in ("one", "two"):
        machine.run("sh", str(machine.root / out))
        for file in (machine.root / out).glob("*.txt"):
            command = read_command(file.read_text().partition("\n")[0].removeprefix("$ "))
            commands.append(command)
        (machine.bin / "bridge").unlink(missing_ok=True)
    texts = [command.text for command in commands]
    for said in ("dpif/show", "dpif/show-dp-features br-int", "ovs/route/show", "tnl/neigh/show"):
        assert f"ovs-appctl {said}" in texts
    assert "brctl showmacs one" in texts
    collected = {f.name for f in FORMATS for one in commands if f.command(one)}
    assert collected | set(LEFT_OUT) == {f.name for f in FORMATS}
    assert collected & set(LEFT_OUT) == set()


def test_it_overwrites_nothing(machine: Machine) -> None:
    machine.has("ovs-vsctl", VSCTL)
    machine.out.mkdir()
    (machine.out / "mine.txt").write_text("mine")
    done = machine.run()
    assert done.returncode == 2
    assert done.stderr == f"collect: {machine.out} is there and not empty\n"
    assert machine.captures == {"mine.txt": "mine"}


def test_a_directory_that_looks_like_an_option(machine: Machine) -> None:
    machine.has("ovs-vsctl", VSCTL)
    assert machine.run("sh", "-odd").returncode == 0
    assert (machine.root / "-odd" / "ovs-vsctl_show.txt").exists()


def test_dnsmasq_tells_where_its_files_are(machine: Machine) -> None:
    folder = machine.root / "dhcp" / "net"
    folder.mkdir(parents=True)
    (folder / "leases").write_text("1 fa:16:3e:00:00:01 192.0.2.9 host *\n")
    machine.has("ps", f"echo 'nobody 7 1 0 Jan01 ? 0:00 dnsmasq --dhcp-hostsfile={folder}/host -x'")
    machine.run()
    leases = [text for text in machine.captures.values() if "192.0.2.9" in text]
    assert leases == [f"$ cat {folder}/leases\n1 fa:16:3e:00:00:01 192.0.2.9 host *\n"]


def test_the_command_prints_what_it_runs(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["collect", "--print-script"]) == 0
    assert capfd.readouterr().out == collect.script()


def test_the_command_runs_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    assert main(["collect", "-o", str(tmp_path / "full")]) == 2
    assert "is there and not empty" in capfd.readouterr().err


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="no shellcheck")
def test_shellcheck() -> None:
    done = subprocess.run(
        ["shellcheck", str(collect.SCRIPT)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.fixture
def switch(tmp_path: Path) -> Mapping[str, str]:
    """A real Open vSwitch of its own, without a datapath of the kernel; the environment to ask it.

    Ends the two daemons by their process ids.
    """
    vswitchd, server = require("ovs"), shutil.which("ovsdb-server", path="/usr/sbin:/usr/bin")
    assert server
    place = {**os.environ, "OVS_RUNDIR": str(tmp_path), "OVS_DBDIR": str(tmp_path)}
    schema = "/usr/share/openvswitch/vswitch.ovsschema"
    database, socket = tmp_path / "conf.db", f"{tmp_path}/db.sock"
    tool = shutil.which("ovsdb-tool")
    assert tool
    subprocess.run([tool, "create", str(database), schema], check=True)
    return {**place, "database": str(database), "socket": socket, "vswitchd": vswitchd,
            "server": server}  # fmt: skip


@pytest.mark.needs("ovs")
def test_a_real_switch(switch: Mapping[str, str], tmp_path: Path) -> None:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": dict(switch)}
    daemons: list[subprocess.Popen[bytes]] = []
    try:
        daemons.append(
            subprocess.Popen(  # type: ignore[call-overload]
                [
                    switch["server"],
                    switch["database"],
                    f"--remote=punix:{switch['socket']}",
                    f"--pidfile={tmp_path}/ovsdb-server.pid",
                    f"--unixctl={tmp_path}/server.ctl",
                ],
                **quiet,
            )
        )
        vsctl = ["ovs-vsctl", "--timeout=20", f"--db=unix:{switch['socket']}"]
        subprocess.run(["ovs-vsctl", "--retry", *vsctl[1:], "--no-wait", "init"], check=True)
        daemons.append(
            subprocess.Popen(  # type: ignore[call-overload]
                [
                    switch["vswitchd"],
                    f"unix:{switch['socket']}",
                    "--enable-dummy=override",
                    "--disable-system",
                    f"--pidfile={tmp_path}/ovs-vswitchd.pid",
                ],
                **quiet,
            )
        )
        set_up = "add-br br-int -- set bridge br-int datapath_type=dummy fail_mode=secure"
        ports = "-- add-port br-int tap1 -- set port tap1 tag=7"
        subprocess.run([*vsctl, *set_up.split(), *ports.split()], check=True)
        subprocess.run(
            ["ovs-ofctl", "add-flow", "br-int", "in_port=1,priority=7 actions=resubmit(,60)"],
            env=dict(switch),
            check=True,
        )
        out = tmp_path / "node"
        subprocess.run(["sh", str(collect.SCRIPT), str(out)], env=dict(switch), check=True)
    finally:
        for daemon in reversed(daemons):
            daemon.terminate()
            daemon.wait(20)
    host = store.load_target(out).hosts[0]
    assert not host.diagnostics
    by_command = {c.command.text: c for c in host.captures if c.command}
    for said in ("dpif/show-dp-features br-int", "dpif/show", "ovs/route/show", "tnl/neigh/show"):
        assert by_command[f"ovs-appctl {said}"].source.window
    flows = by_command["ovs-ofctl -O OpenFlow15 --names dump-flows br-int"]
    assert "in_port=tap1 actions=resubmit(,60)" in flows.source.window
    assert {c.format for c in host.captures if not c.recognised} == set()
    problems = [str(d) for c in host.captures for d in c.parsed.diagnostics]
    assert problems == []
