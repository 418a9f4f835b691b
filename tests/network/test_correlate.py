"""The model of whole hosts: what is joined, from where, and what is told as wrong."""

from pathlib import Path

import pytest

from ovs_capture.diagnostic import Code, Diagnostic
from ovs_capture.network.contradictions import apply_accepts
from ovs_capture.network.correlate import correlate, correlate_target
from ovs_capture.network.model import Network, Scope
from ovs_capture.source import Source, Span
from ovs_capture.store import Accept, Hints, Host, Scenario, Title, load_host, load_target
from tests.network.composed import load, one

COMPOSED = Path(__file__).parent.parent / "diagram" / "compose"


def networks(case: str, tmp_path: Path) -> tuple[Network, ...]:
    text = (COMPOSED / f"{case}.txt").read_text("utf-8")
    return correlate_target(load(text, tmp_path))[0]


def test_a_host_without_captures_is_an_empty_model() -> None:
    network = correlate(Host("s/h", Path("h"), (), Hints()))
    assert (network.bridges, network.devices, network.guests) == ((), (), ())
    assert not network.rooted
    assert network.diagnostics == ()


@pytest.fixture
def first_seed(captures: Path) -> Network:
    host, siblings = load_host(captures / "flat-instance" / "compute")
    assert [sibling.name for sibling in siblings] == ["controller", "client"]
    return correlate(host, siblings)


def test_the_first_seed_is_free_of_contradictions(first_seed: Network) -> None:
    assert [str(diagnostic) for diagnostic in first_seed.diagnostics] == []


def test_a_guest_is_joined_across_directories(first_seed: Network) -> None:
    hold = first_seed.nic_of_mac("fa:16:3e:55:2a:5d").one
    assert hold is not None
    guest, nic = hold
    assert (guest.title, guest.subtitle, guest.key) == ("instance00", *["instance-00000004"] * 2)
    assert guest.uuid == "a9f5fa16-91d6-4dd6-893c-d497567f1c9b"
    assert (nic.name, nic.tap) == ("eth0", "tap635485ff-6c")
    assert [(a.ip, a.prefixlen) for a in nic.addresses] == [("172.16.0.112", 24)]
    files = {Path(e.file).name for a in nic.addresses for e in a.evidence}
    assert {"ssh-cirros-ip-addr.txt", "dnsmasq-leases.txt"} <= files


def test_a_rail_that_a_flow_proves_needs_no_hint(first_seed: Network) -> None:
    proven = {a.device: (a.prefix, [e.hinted for e in a.evidence]) for a in first_seed.attachments}
    assert proven["eth2"][0] == "172.16.0.0/24"
    assert not any(proven["eth2"][1])
    assert proven["eth3"] == ("10.0.0.0/24", [True])


def test_evidence_names_the_line(first_seed: Network) -> None:
    tap = first_seed.port("tap635485ff-6c").one
    assert tap is not None
    line = tap.evidence[0].capture.source.text.split("\n")[tap.evidence[0].line - 1]
    assert line.strip() == "Port tap635485ff-6c"


def test_look_ups_say_how_many(first_seed: Network) -> None:
    assert first_seed.port("phy-br-provider").one is not None
    assert first_seed.device("eth0", Scope(first_seed.key, "qdhcp-1")).items == ()


def codes(case: str, tmp_path: Path, host: str = "compute") -> list[Code]:
    return [d.code for d in one(networks(case, tmp_path), host).diagnostics]


def test_tags_are_not_joined_across_snapshots(tmp_path: Path) -> None:
    found = networks("tags-stay-in-their-snapshot", tmp_path)
    assert one(found, "compute").translations == ()
    assert one(found, "compute").attachments == ()


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("tap-of-two-guests", Code.PEER_AMBIGUOUS),
        ("ovn-two-localnets-of-one-cut-name", Code.PEER_AMBIGUOUS),
        ("ports-that-are-wrong", Code.PORT_WITHOUT_INTERFACE),
        ("ports-that-are-wrong", Code.PEER_ONE_SIDED),
        ("one-address-two-macs", Code.ADDRESS_TWO_MACS),
        ("nic-with-another-mac-than-its-tap", Code.NIC_TWO_MACS),
        ("nic-with-another-mac-than-its-tap", Code.HOST_TWO_MAC_SETS),
        ("nic-with-another-mac-than-its-tap", Code.ADDRESS_DISAGREES),
        ("hint-against-a-whole-listing", Code.HINT_CONTRADICTED),
        ("hint-against-a-whole-listing", Code.HINT_UNUSED),
    ],
)
def test_contradictions(case: str, code: Code, tmp_path: Path) -> None:
    assert code in codes(case, tmp_path)


def test_equal_addresses_of_two_networks_are_no_contradiction(tmp_path: Path) -> None:
    path = "/var/lib/neutron/dhcp/{}3f92676-e6e0-42fb-bde9-48dd2c2506b4/leases"
    row = f"$ cat {path}\n1 {{}} 10.0.0.5 * *\n"
    macs = ("fa:16:3e:00:00:01", "fa:16:3e:00:00:02")
    apart = "".join(
        f"==> h/{n}.txt <==\n{row.format(n, mac)}" for n, mac in zip((1, 2), macs, strict=True)
    )
    assert codes_of(apart, tmp_path / "apart") == []
    together = apart.replace("/dhcp/2", "/dhcp/1").replace("leases", "leases2", 1)
    assert codes_of(together, tmp_path / "together") == [Code.ADDRESS_TWO_MACS]


def codes_of(text: str, directory: Path) -> list[Code]:
    directory.mkdir()
    return [d.code for d in correlate_target(load(text, directory))[1].kept]


def test_one_open_vswitch_with_other_nics_is_another_machine(tmp_path: Path) -> None:
    show = "$ ovs-vsctl show\n11111111-2222-4333-8444-555555555555\n"
    link = (
        "$ ip -d link\n2: eth0: <UP> mtu 1500 qdisc mq state UP mode DEFAULT group default\n"
        "    link/ether 52:00:00:00:00:0{} brd ff:ff:ff:ff:ff:ff parentbus pci parentdev x\n"
    )
    text = "".join(
        f"==> {h}/s.txt <==\n{show}==> {h}/l.txt <==\n{link.format(n)}"
        for h, n in (("a", 1), ("b", 2))
    )
    assert set(codes_of(text, tmp_path / "x")) == {Code.HOST_TWO_MAC_SETS}
    assert codes_of(text.replace("00:02", "00:01"), tmp_path / "y") == []


def diagnostic(what: str) -> Diagnostic:
    source = Source("x.txt", "x")
    return Diagnostic(Code.ADDRESS_TWO_MACS, source, Span(0, 1), {"what": what})


def scenario(*accepts: Accept) -> Scenario:
    source = Source("scenario.toml", '[[accept]]\nwhat = "10.0.0.1"\n')
    return Scenario("s", Path("s"), (), accepts=accepts, source=source)


def accept(code: str, what: str) -> Accept:
    return Accept(code, what, Title({"": "known"}), 1)


def test_nothing_to_accept_keeps_everything() -> None:
    found = (diagnostic("10.0.0.1"),)
    assert apply_accepts(found, None).kept == found
    assert apply_accepts(found, scenario()).kept == found


def test_an_accepted_contradiction_is_told_with_its_reason() -> None:
    found = (diagnostic("10.0.0.1"), diagnostic("10.0.0.2"))
    result = apply_accepts(found, scenario(accept("address-two-macs", "10.0.0.1")))
    assert result.kept == found[1:]
    assert [(a.why, d) for a, d in result.accepted] == [(Title({"": "known"}), found[0])]


@pytest.mark.parametrize(
    ("code", "what"), [("nic-two-macs", "10.0.0.1"), ("address-two-macs", "10.0.0.9")]
)
def test_an_accept_that_applies_to_nothing_is_wrong(code: str, what: str) -> None:
    found = (diagnostic("10.0.0.1"),)
    result = apply_accepts(found, scenario(accept(code, what)))
    assert [d.code for d in result.kept] == [Code.ADDRESS_TWO_MACS, Code.ACCEPT_UNUSED]


def test_a_path_that_is_nothing(tmp_path: Path) -> None:
    target = load_target(tmp_path / "nowhere")
    assert target.hosts == ()
    assert [d.code for d in target.diagnostics] == [Code.NOT_FOUND]
    with pytest.raises(FileNotFoundError):
        load_host(tmp_path)


def test_a_scenario_is_all_its_hosts_and_a_host_brings_its_siblings(tmp_path: Path) -> None:
    text = "".join(f"==> {name}/uname.txt <==\n$ uname\nLinux\n" for name in ("a", "b", "c"))
    whole = load(text, tmp_path)
    assert [host.name for host in whole.hosts] == ["a", "b", "c"]
    host, siblings = load_host(tmp_path / "scenario" / "b")
    assert host.key == "scenario/b"
    assert [sibling.name for sibling in siblings] == ["a", "c"]


def test_a_host_directory_alone_and_named_by_a_dot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load("==> only/uname.txt <==\n$ uname\nLinux\n", tmp_path)
    monkeypatch.chdir(tmp_path / "scenario" / "only")
    host, siblings = load_host(Path("."))
    assert (host.key, siblings) == ("scenario/only", ())
    assert [c.source.name for c in host.captures] == ["./uname.txt"]
    monkeypatch.chdir(tmp_path / "scenario")
    assert [c.source.name for c in load_host(Path("only"))[0].captures] == ["only/uname.txt"]


@pytest.mark.parametrize("case", sorted(path.stem for path in COMPOSED.glob("*.txt")))
def test_no_prefix_of_a_capture_raises(case: str, tmp_path: Path) -> None:
    text = (COMPOSED / f"{case}.txt").read_text("utf-8")
    for number, cut in enumerate(range(0, len(text), max(1, len(text) // 12))):
        directory = tmp_path / str(number)
        directory.mkdir()
        correlate_target(load(text[: max(cut, text.index("\n") + 1)], directory))
