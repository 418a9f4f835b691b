"""A real Open vSwitch for one test session: dummy datapath, own directory, own sockets."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BRIDGE = "br0"
PORTS = ("p1", "p2", "p3", "p4")
GROUPS = [f"group_id={number},type=all,bucket=actions=output:2" for number in range(1, 8)]
METERS = [f"meter={number},pktps,bands=type=drop,rate=500" for number in range(1, 4)]
OPTIONS = (
    "{class=0x102,type=0x80,len=4}->tun_metadata0,{class=0x102,type=0x81,len=8}->tun_metadata1"
)
VERSION = "OpenFlow15"


class Switch:
    """One bridge with four ports, groups, meters and Geneve options."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.environment = os.environ | {
            **dict.fromkeys(("OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR"), str(directory)),
            "PATH": os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin",
        }

    def run(self, *words: str) -> str:
        done = subprocess.run(
            words,
            cwd=self.directory,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout

    def ofctl(self, *words: str) -> str:
        return self.run("ovs-ofctl", "-O", VERSION, *words)

    def load(self, flows: list[str]) -> None:
        """Replace all flows of the bridge."""
        file = self.directory / "flows"
        file.write_text("\n".join(flows) + "\n")
        self.ofctl("del-flows", BRIDGE)
        self.ofctl("--bundle", "add-flows", BRIDGE, str(file))

    def dump(self) -> str:
        return self.ofctl("--no-stats", "--no-names", "dump-flows", BRIDGE)


@contextmanager
def switch(directory: Path, dummies: str = "=override") -> Iterator[Switch]:
    """Start the daemons, and end them by their process ids.

    ``dummies``: "" for ports of the type "dummy" alone; else every port is one, tunnels too.
    """
    one = Switch(directory)
    database = f"unix:{directory}/db.sock"
    schema = next(Path("/usr").glob("share/openvswitch/vswitch.ovsschema"))
    one.run("ovsdb-tool", "create", "conf.db", str(schema))
    daemons = []
    try:
        for words in (
            ("ovsdb-server", "conf.db", f"--remote=p{database}"),
            ("ovs-vswitchd", database, f"--enable-dummy{dummies}", "--disable-system"),
        ):
            quiet = ("-vconsole:off", "-vsyslog:off", "--unixctl", f"{directory}/{words[0]}.ctl")
            log = (directory / f"{words[0]}.out").open("w")
            daemons.append(
                subprocess.Popen(
                    (*words, *quiet), cwd=directory, env=one.environment, stdout=log, stderr=log
                )
            )
            if words[0] == "ovsdb-server":
                wait = ("--retry", "--timeout=20", f"--db={database}", "--no-wait")
                one.run("ovs-vsctl", *wait, "init")
        ports = [word for port in PORTS for word in ("--", "add-port", BRIDGE, port)]
        for number, port in enumerate(PORTS, 1):
            ports += ["--", "set", "interface", port, "type=dummy", f"ofport_request={number}"]
        versions = ",".join(f"OpenFlow1{minor}" for minor in range(6))
        one.run(
            "ovs-vsctl", "--timeout=30", f"--db={database}", "add-br", BRIDGE, "--", "set",
            "bridge", BRIDGE, "datapath_type=dummy", "fail-mode=secure", f"protocols={versions}",
            *ports,
        )  # fmt: skip
        for group in GROUPS:
            one.ofctl("add-group", BRIDGE, group)
        for meter in METERS:
            one.ofctl("add-meter", BRIDGE, meter)
        one.ofctl("add-tlv-map", BRIDGE, OPTIONS)
        yield one
    finally:
        for daemon in reversed(daemons):
            daemon.terminate()
        for daemon in daemons:
            daemon.wait(timeout=20)
