"""A site of captures whose every name is code of something that a page becomes.

Each attack has a scenario of two hosts and a page with every directive. An attack that works makes
an element of class ``evil``, sets ``window.evil``, asks ``evil.invalid``, writes a file
``evil``, or brings the text of ``SECRET``, a file beside the root, into what is built.
"""

import json
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from ovs_capture.source import encode
from ovs_capture.translation import LANGUAGES
from tests.render.conftest import CONF

SECRET = "text-of-a-file-outside-the-root"
_RUN = "window.evil=1;fetch('http://evil.invalid/')"
_MARKUP = (
    f'"\'><img class=evil src=http://evil.invalid/i onerror="{_RUN}"><script class=evil>{_RUN}'
    "</script></title></style></pre></textarea>"
)
_PRINTED = """\
myst_enable_extensions = ["colon_fence"]
latex_engine = "lualatex"
latex_use_xindy = False
latex_elements = {
    "fontpkg": "",
    "fncychap": "",
    "preamble": "\\\\usepackage{luatexja}\\n\\\\usepackage[haranoaji]{luatexja-preset}\\n",
}
"""
# What each attack calls its devices, guests, namespaces, networks and hosts.
ATTACKS: Mapping[str, str] = {
    "html": _MARKUP,
    "svg": f"]]></text></svg><svg class=evil onload={_RUN}><foreignObject>{_MARKUP}<!--",
    "entity": "&lt;img class=evil src=x onerror=window.evil=1&gt;&#60;b class=evil&#62;&lol9;",
    "link": "javascript:window.evil=1//",
    "css": "}*{background:url(http://evil.invalid/c)}@import'http://evil.invalid/d';</style>",
    "markdown": "`<b class=evil>`{=html} [x](javascript:window.evil=1) ![x](http://evil.invalid/m) "
    "{raw}`x` ```{raw} html <b class=evil>``` {{ evil }} :ref:`x` |x|_ `x <http://evil.invalid>`_",
    "latex": r"\end{sphinxVerbatim}\end{document}\input{secret}\verbatiminput{secret}"
    r"\directlua{io.open('evil','w'):write('x')}\immediate\write18{touch evil}^^5cinput{secret}"
    r"$\undefined$%#&_{}~^\\ \PYG{x}\sphinxhref{javascript:evil}{x} \PYGZbs{} \@ }}}{{{",
    "dot": r'x"]; evil [URL="javascript:window.evil=1" label=<<B>evil</B>> image="secret"]; x["\N\G'
    "\\",
    "rtf": r"{\rtf1\ansi{\object\objocx evil}{\field{\*\fldinst HYPERLINK http://evil.invalid}}}",
    "holes": "%(name)s %s %n %d%% {name} {0.__class__} {{x}} ${HOME} $(touch evil) `touch evil` ;x",
    "terminal": "\x1b]0;evil\x07\x1b[2J\x1b[31mred\x1b]8;;http://evil.invalid\x1b\\x\x9b2J\x08\x7f\r",
    "bytes": "nul\x00 \udcff\udcfe\udc80 \ufffe\uffff \ufeff\u2028\u2029\x85\x0b\x0c",
    "bidi": "\u202egpj.exe\u202c \u2066\u2067x\u2069 \u200e\u200f\u061c \u05d0\u05d1 \u0639\u0631",
    "long": "evil" * 3000,
    "paths": "../../secret",
}
# Names of files that are taken for something else, or that no reader of paths expects; as bytes,
# for not all of them are text.
FILE_NAMES = (
    b"<img class=evil src=x onerror=window.evil=1>.txt",
    b"\"'><b class=evil>.txt",
    b"a\n<b class=evil>.txt",
    b"\r.txt",
    b"\x1b[31m\x1b]0;evil\x07.txt",
    b"\xff\xfe\x80.txt",
    b"x" * 251 + b".txt",
    b"-rf.txt",
    b"CON.txt",
    b"..txt.txt",
    b".txt",
    b"%(name)s %s %n {0} $(touch evil) `touch evil`.txt",
    b"\\end{document}\\input{secret}#$&_^~.txt",
    b"javascript:window.evil=1.txt",
    b"\xe2\x80\xaetxt.exe.txt",
    b"a  b\tc.txt",
    b"*?[a]|;.txt",
)
_MAC = "fa:16:3e:55:2a:5d"
_UUID = "a9f5fa16-91d6-4dd6-893c-d497567f1c9b"
_NET = "53f92676-e6e0-42fb-bde9-48dd2c2506b4"
_DATAPATH = "698493db-95ef-4c31-b419-56b3d4096f2b"


def captures(name: str) -> dict[str, str]:
    """Captures of one host, each as its printer would write what is called ``name``."""
    quoted = json.dumps(name, ensure_ascii=False)
    word = "".join(name.split()) or "x"
    return {
        "ovs-vsctl-show.txt": f"""$ ovs-vsctl show
{_DATAPATH}
    Manager {quoted}
    Bridge br-int
        fail_mode: {word}
        datapath_type: {word}
        Port {quoted}
            tag: 1
            Interface {quoted}
                type: {word}
                options: {{peer={quoted}, {quoted}={quoted}}}
                error: {quoted}
        Port eth1
            Interface eth1
        Port patch
            Interface patch
                type: patch
                options: {{peer={quoted}}}
        Port vxlan
            Interface vxlan
                type: vxlan
                options: {{key={quoted}, local_ip={quoted}, remote_ip={quoted}}}
    Bridge {quoted}
        Port {quoted}
            Interface {quoted}
                type: patch
                options: {{peer=patch}}
    ovs_version: {quoted}
""",
        "ip-d-link.txt": f"""$ ip -d link show
2: eth1: <BROADCAST,{word}> mtu 1500 qdisc {word} master ovs-system state UP mode DEFAULT
    link/ether 00:15:5d:bf:ba:50 brd ff:ff:ff:ff:ff:ff promiscuity 0
    alias {name}
3: {word}@{word}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc mq master {word} state UP
    link/ether fe:16:3e:55:2a:5d brd ff:ff:ff:ff:ff:ff link-netns {word}
    vxlan id 239 local 10.0.0.31 dev {word} srcport 0 0 dstport 4789 addrgenmode {word}
4: brq-x: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc mq state UP mode DEFAULT
    link/ether fe:16:3e:55:2a:5e brd ff:ff:ff:ff:ff:ff
    bridge forward_delay 0
""",
        "ip-netns.txt": f"$ ip netns\nqdhcp-{word} (id: 0)\n{word} (id: 1)\n",
        "netns-addr.txt": f"""$ ip netns exec {quoted} ip addr
2: {word}@if3: <BROADCAST,UP> mtu 1500 qdisc noqueue state UP group {word} qlen 1000
    link/ether fa:16:3e:00:00:01 brd ff:ff:ff:ff:ff:ff link-netnsid 0
    inet 172.16.0.2/24 brd 172.16.0.255 scope global {word}
    inet {word}/24 scope {word}
""",
        "ip-route.txt": f"$ ip route\ndefault via 172.16.0.1 dev {word} proto {word}\n",
        "iptables.txt": "# iptables-save\n*filter\n:INPUT ACCEPT [0:0]\n"
        f"-A INPUT -i {word} -m comment --comment {quoted} -j {word}\nCOMMIT\n",
        "flows.txt": f"""$ ovs-ofctl dump-flows br-int
NXST_FLOW reply (xid=0x4):
 cookie=0x1, duration=1s, table=0, n_packets=9, n_bytes=60, priority=3,in_port={quoted} actions=\
resubmit(,60)
 cookie=0x1, duration=1s, table=0, n_packets=0, n_bytes=0, priority=0 actions=drop
 cookie=0x1, duration=1s, table=60, n_packets=1, n_bytes=60, priority=100,dl_dst={_MAC} actions=\
mod_vlan_vid:1,output:{quoted},output:"eth1"
 cookie=0x1, duration=1s, table=60, n_packets=1, n_bytes=60, priority=99,{word}={word} actions=\
{word}({word}),output:{quoted},goto_table:{quoted},enqueue:{quoted}:1,resubmit({quoted},{quoted})
 cookie=0x1, duration=1s, table={quoted}, n_packets=1, n_bytes=60, priority=1 actions=\
controller(id={quoted},userdata={word}),learn(table={quoted},{word}),ct(table={quoted},zone={word})
""",
        "ofctl-show.txt": f"""$ ovs-ofctl show br-int
OFPT_FEATURES_REPLY (xid=0x2): dpid:0000d2ea1bb81f44
n_tables:254, n_buffers:0
 1({name}): addr:fe:16:3e:55:2a:5d
     config:     {word}
     state:      0
     speed: 0 Mbps now, 0 Mbps max
 2(eth1): addr:00:15:5d:bf:ba:50
     config:     0
     state:      0
     speed: 0 Mbps now, 0 Mbps max
""",
        "fdb.txt": f"$ ovs-appctl fdb/show br-int\n port  VLAN  MAC                Age\n"
        f"    1     1  {_MAC}    1\n{word}     1  {_MAC}    1\n",
        "dumpxml.txt": f"""$ virsh dumpxml 1
<domain type="kvm">
  <name>{quoteattr(name)[1:-1]}</name>
  <uuid>{_UUID}</uuid>
  <metadata><nova:instance xmlns:nova="x">
    <nova:name>{quoteattr(name)[1:-1]}</nova:name></nova:instance></metadata>
  <devices><interface type={quoteattr(name)}>
    <mac address="{_MAC}"/>
    <source bridge={quoteattr(name)}/>
    <target dev={quoteattr(name)}/>
    <model type={quoteattr(name)}/>
  </interface></devices>
</domain>
""",
        "virsh-list.txt": f"$ virsh list\n Id   Name   State\n------\n 1    {word}   running\n",
        "server-list.txt": f"""$ openstack server list
+--------------------------------------+------------+--------+-----------------------+
| ID                                   | Name       | Status | Networks              |
+--------------------------------------+------------+--------+-----------------------+
| {_UUID} | {name} | ACTIVE | {name}=172.16.0.112 |
+--------------------------------------+------------+--------+-----------------------+
""",
        "leases.txt": f"$ cat /var/lib/neutron/dhcp/{_NET}/leases\n"
        f"1715862686 {_MAC} 172.16.0.112 {word} 01:{_MAC}\n",
        "addn-hosts.txt": f"$ cat /var/lib/neutron/dhcp/{_NET}/addn_hosts\n"
        f"172.16.0.112\t{word}.{word} {word}\n",
        "ps.txt": "$ ps -ef\nUID          PID    PPID  C STIME TTY          TIME CMD\n"
        f"{word}  1  0  0 10:00 ?  00:00:00 /usr/sbin/dnsmasq --interface={name} {name}\n",
        "nbctl-show.txt": f"""$ ovn-nbctl show
switch {_NET} ({name}) (aka {name})
    port {quoted} (aka {name})
        type: {word}
        addresses: ["{_MAC} 172.16.0.112", {quoted}]
    port to-router
        type: router
        router-port: {quoted}
router {_UUID} ({name}) (aka {name})
    port {quoted}
        mac: "fa:16:3e:00:00:09"
        networks: ["172.16.0.1/24", {quoted}]
    nat {_NET}
        external ip: {quoted}
        logical ip: {quoted}
        type: {quoted}
""",
        "nb-switch.txt": f"""$ ovn-nbctl list Logical_Switch
_uuid               : {_NET}
acls                : []
external_ids        : {{"neutron:network_name"={quoted}, {quoted}={quoted}}}
name                : {quoted}
other_config        : {{}}
ports               : [{_UUID}]
""",
        "nb-port.txt": f"""$ ovn-nbctl list Logical_Switch_Port
_uuid               : {_UUID}
addresses           : ["{_MAC} 172.16.0.112", {quoted}]
external_ids        : {{"neutron:port_name"={quoted}}}
name                : {quoted}
options             : {{requested-chassis={quoted}}}
tag                 : 1
type                : {quoted}
""",
        "nb-acl.txt": f"$ ovn-nbctl acl-list {quoted}\n"
        f"from-lport  1002 (inport == {quoted} && ip4) allow-related [{word}]\n",
        "sb-datapath.txt": f"""$ ovn-sbctl list Datapath_Binding
_uuid               : {_DATAPATH}
external_ids        : {{logical-switch="{_NET}", name={quoted}, name2={quoted}}}
tunnel_key          : 1
""",
        "sb-port.txt": f"""$ ovn-sbctl list Port_Binding
_uuid               : {_UUID}
chassis             : []
datapath            : {_DATAPATH}
external_ids        : {{"neutron:port_name"={quoted}}}
logical_port        : {quoted}
mac                 : ["{_MAC} 172.16.0.112"]
options             : {{}}
tunnel_key          : 1
type                : ""
""",
        "lflows.txt": f"""$ ovn-sbctl lflow-list
Datapath: {quoted} ({_DATAPATH})  Pipeline: ingress
  table=0 (ls_in_check_port_sec), priority=100  , match=(inport == {quoted} && ip4), action=(next;)
  table=1 (ls_in_l2_lkup      ), priority=50   , match=(eth.dst == {_MAC}), action=(outport = \
{quoted}; output;)
  table=2 ({word}), priority=40   , match=({name}), action=({name};)
  table=3 (ls_in_acl_eval     ), priority=30   , match=(ip4.src == ${word}), action=(log(name=\
{quoted}, verdict=drop, severity=info); drop;)
Datapath: {quoted} ({_DATAPATH})  Pipeline: egress
  table=0 (ls_out_pre_acl     ), priority=0    , match=(outport == {quoted}), action=(output;)
""",
        "ip-link.json.txt": "$ ip -j link\n"
        + json.dumps(
            [{"ifindex": 9, "ifname": name, "flags": [name], "mtu": 1, name: {name: name}}]
        )
        + "\n",
        "unknown.txt": f"$ {word} --{word}\n{name}\n",
        "prompt.txt": f"[root@{word} ~]# ovs-vsctl show\n{name}\n",
        "guest.txt": f"$ ssh {quoted}@{word} ip addr\n2: {word}: <UP> mtu 1500\n"
        f"    link/ether {_MAC} brd ff:ff:ff:ff:ff:ff\n    inet 172.16.0.112/24 scope global\n",
    }


def hints(name: str) -> str:
    """host.toml of a host that is called ``name``."""
    quoted = _toml(name)
    return (
        f"title = {quoted}\n[interface.{quoted}]\nrail = '172.16.0.0/24'\naddress = {quoted}\n"
        f"[alias]\n{quoted} = {quoted}\n'{_UUID}' = {quoted}\n"
    )


def scenario(name: str) -> str:
    """scenario.toml whose every text is ``name``."""
    quoted = _toml(name)
    return (
        f"title = {quoted}\nnotes = {quoted}\n"
        f"[[accept]]\ncode = 'address-two-macs'\nwhat = {quoted}\nwhy = {quoted}\n"
    )


def _toml(name: str) -> str:
    """A basic string of TOML, which holds no lone surrogate."""
    return json.dumps(encode(name).decode("utf-8", "replace"), ensure_ascii=False).replace(
        "\x7f", "\\u007f"
    )


def page(attack: str, *, language: str) -> str:
    """A page with every directive, on the captures of an attack."""
    before, after = f"{attack}/before", f"{attack}/after"
    files = captures(ATTACKS[attack])
    options = f":lang: {language}\n"

    def directive(kind: str, argument: str, more: str = "") -> str:
        return f":::{{{kind}}} {argument}\n{options}{more}:::\n"

    blocks = [
        f"# {attack}\n",
        *(
            directive("ovs-capture", f"{before}/{file}", f":view: {view}\n")
            for number, file in enumerate(files)
            for view in ("annotated", ("table", "raw")[number % 2])
        ),
        *(
            directive("ovs-capture", f"{after}/{file}", f":since: {before}/{file}\n")
            for file in files
        ),
        directive("ovs-topology", before, ":caption: picture\n"),
        directive("ovs-topology", attack),
        directive("ovs-topology", before, ":layer: logical\n"),
        directive("ovs-topology", after, f":since: {before}\n"),
        directive("ovs-flows", f"{before}:br-int"),
        directive("ovs-flows", f"{before}/lflows.txt"),
        directive("ovs-pipeline", f"{before}:br-int"),
        directive("ovs-pipeline", f"{before}/lflows.txt"),
        directive(
            "ovs-trace",
            f"{before}:br-int",
            f":packet: in_port=1,icmp,dl_dst={_MAC},nw_src=1.2.3.4\n:expect: output evil\n",
        ),
        directive("ovs-trace", f"{before}:{_DATAPATH}", ":packet: ip4 && eth.src == 1:2:3:4:5:6\n"),
        directive("ovs-diff", f"{before} {after}"),
        directive("ovs-diff", f"{before}/flows.txt {after}/flows.txt"),
        *(
            f"{{ovs:{role}}}`{target}`\n"
            for role, target in (
                ("host", before),
                ("bridge", "br-int"),
                ("port", "eth1"),
                ("mac", _MAC),
                ("ip", "172.16.0.112"),
                ("table", "60"),
            )
        ),
    ]
    return "\n".join(blocks)


def pasted(name: str) -> str:
    """An existing page with captures in plain blocks, in which no line ends a block."""
    fence = "`" * 12
    blocks = (f"{fence}console\n{text}{fence}\n" for text in captures(name).values())
    return "# pasted\n\n" + "\n".join(blocks)


def site(attacks: tuple[str, ...] = tuple(ATTACKS)) -> dict[str, str | bytes]:
    """The files of a Sphinx project."""
    pasteable = [attack for attack in attacks if attack not in ("bytes", "terminal")]
    found = [f"pasted-{attack}" for attack in pasteable]
    toctree = "# Index\n\n```{toctree}\n" + "\n".join([*attacks, *found]) + "\n```\n"
    files: dict[str, str | bytes] = {
        "conf.py": f"{CONF}{_PRINTED}ovs_capture_auto = {found!r}\n",
        "index.md": toctree,
        "secret": SECRET,
    }
    for attack in attacks:
        name = ATTACKS[attack]
        for host, called in (("before", name), ("after", name + "2")):
            folder = f"captures/{attack}/{host}"
            for file, text in captures(called).items():
                files[f"{folder}/{file}"] = encode(text)
            files[f"{folder}/host.toml"] = hints(called)
        files[f"captures/{attack}/scenario.toml"] = scenario(name)
        language = LANGUAGES[len(attack) % len(LANGUAGES)]
        files[f"{attack}.md"] = page(attack, language=language)
    for attack in pasteable:
        files[f"pasted-{attack}.md"] = pasted(ATTACKS[attack])
    return files
