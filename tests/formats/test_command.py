"""Commands as people type them: wrappers, pipes, abbreviations."""

import pytest

from ovs_capture.formats.command import ip_object, ip_prints_blocks, read_command, shown_file
from tools.growth import Input, growth


@pytest.mark.parametrize(
    "text", ["", " ", "|", "'", '"open', "\\", "sudo", "env", "ssh", "ip netns exec", "a >"]
)
def test_what_no_shell_takes_is_kept(text: str) -> None:
    assert read_command(text).text == text


@pytest.mark.parametrize(
    "wrapper",
    ["ssh a ", "ssh -4 a ", "sudo ", "sudo -a ", "A=B ", "env -i ", "ip netns exec a ", "ip -d ",
     "docker exec a ", "sudo -u a ", "a | ", "sh -c '"],
)  # fmt: skip
def test_many_wrappers_take_time_in_proportion(wrapper: str) -> None:
    """Nobody has more than a few, so what is behind many of them is not looked for."""

    def read(text: str) -> None:
        command = read_command(text)
        ip_object(command)
        assert command.text == text

    assert growth(read, Input("", wrapper, "ip a"), 10_000) < 3.2


def test_wrappers_nest() -> None:
    assert read_command("sudo ssh a " * 5 + "sudo ip a").words == ("ip", "a")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ovs-vsctl show", "ovs-vsctl show"),
        ("sudo ovs-vsctl show", "ovs-vsctl show"),
        ("sudo -u root -E LANG=C /usr/bin/ovs-vsctl show", "ovs-vsctl show"),
        ("LANG=C LC_ALL=C virsh list", "virsh list"),
        ("env -i -u HOME LANG=C virsh list", "virsh list"),
        ("doas ip a", "ip a"),
        ("/sbin/ip addr", "ip addr"),
        ("docker exec -it -u root nova_libvirt virsh list", "virsh list"),
        ("podman exec --user 0 ovn ovs-vsctl show", "ovs-vsctl show"),
        ("sudo sh -c 'ip -d link'", "ip -d link"),
        ("ovs-dpctl show 2>/dev/null", "ovs-dpctl show"),
        ("ovs-dpctl show > out.txt 2>&1", "ovs-dpctl show"),
        ("ip a || true", "ip a || true"),
        ("openstack server create 'two words'", "openstack server create two words"),
    ],
)
def test_wrappers_are_taken_off(text: str, words: str) -> None:
    command = read_command(text)
    assert " ".join(command.words) == words
    assert command.text == text
    assert command.namespace is command.ssh is None


def test_an_open_quote_is_cut_at_blanks() -> None:
    assert read_command("openstack server show 'insta").words[-1] == "'insta"


@pytest.mark.parametrize(
    ("text", "namespace", "ssh", "words"),
    [
        ("ip netns exec qdhcp-1 ip a", "qdhcp-1", None, "ip a"),
        ("sudo ip netns exec qdhcp-1 sudo ip -d link", "qdhcp-1", None, "ip -d link"),
        ("ip -n qrouter-1 route", "qrouter-1", None, "ip route"),
        ("ip -d -netns qrouter-1 link show", "qrouter-1", None, "ip -d link show"),
        ("ip netns", None, None, "ip netns"),
        ("ip netns exec qdhcp-1", None, None, "ip netns exec qdhcp-1"),
        ("ssh -i key cirros@172.16.0.112 /sbin/ip addr", None, "cirros@172.16.0.112", "ip addr"),
        ("ssh -p22 -o A=b -J jump u@h 'sudo ip a'", None, "u@h", "ip a"),
        ("ssh u@h sudo ip netns exec amphora-haproxy ip a", "amphora-haproxy", "u@h", "ip a"),
        # The namespace is where ssh ran; inside the guest it means nothing.
        ("ip netns exec qdhcp-1 ssh u@192.168.1.3 ip a", None, "u@192.168.1.3", "ip a"),
    ],
)
def test_where_it_ran(text: str, namespace: str | None, ssh: str | None, words: str) -> None:
    command = read_command(text)
    assert (command.namespace, command.ssh, " ".join(command.words)) == (namespace, ssh, words)


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        (
            "virsh dumpxml 1 | sed -n '/<a/,/b|c/ { p }' | head -3",
            ("sed -n '/<a/,/b|c/ { p }'", "head -3"),
        ),
        ("ip a |& grep eth", ("grep eth",)),
        ("ip a >| file", ()),
        ("echo a \\| b", ()),
        ("ssh u@h 'ip a | grep eth' | tac", ("grep eth", "tac")),
    ],
)
def test_filters(text: str, filters: tuple[str, ...]) -> None:
    assert read_command(text).filters == filters


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("ovs-appctl -t ovs-vswitchd dpctl/show -s", ("dpctl/show",)),
        ("ovs-vsctl --timeout=5 --db unix:/x show", ("show",)),
        ("ovs-ofctl -O OpenFlow13 dump-flows br-int", ("dump-flows", "br-int")),
        ("virsh -c qemu:///system list --all", ("list",)),
        ("head -n 5 leases", ("leases",)),
        ("cat -", ("-",)),
    ],
)
def test_values_of_options_are_no_arguments(text: str, arguments: tuple[str, ...]) -> None:
    assert read_command(text).arguments == arguments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ip l", ("link", "show")),
        ("ip -d l sh", ("link", "show")),
        ("ip a", ("address", "show")),
        ("ip a s dev eth0", ("address", "show")),
        ("ip addr list", ("address", "show")),
        ("ip -4 r", ("route", "show")),
        ("ip n", ("neighbour", "show")),
        ("ip neighbor", ("neighbour", "show")),
        ("ip -f inet -s link show", ("link", "show")),
        ("busybox ip addr", ("address", "show")),
        ("ip addr flush dev eth0", ("address", "flush")),
        ("ip link set eth0 up", ("link", "set")),
        ("ip netns list-id", ("netns", "list-id")),
        ("ip route get 10.0.0.1", ("route", "get")),
        ("ip", None),
        ("ip -d", None),
        ("ip xfrm state", None),
        ("bridge link", None),
    ],
)
def test_objects_of_ip(text: str, expected: tuple[str, str] | None) -> None:
    assert ip_object(read_command(text)) == expected


@pytest.mark.parametrize(
    ("text", "blocks"),
    [("ip -d -s link", True), ("ip -b f", True), ("ip -br a", False), ("ip -brief a", False),
     ("ip -j a", False), ("ip --json a", False), ("ip -o link", True)],
)  # fmt: skip
def test_forms_of_ip(text: str, blocks: bool) -> None:
    assert ip_prints_blocks(read_command(text)) is blocks


def test_the_file_that_is_shown() -> None:
    assert shown_file(read_command("sudo cat -n /var/lib/x/leases")) == "/var/lib/x/leases"
    assert shown_file(read_command("head -n 3 /a/host")) == "/a/host"
    assert shown_file(read_command("cat")) is None
    assert shown_file(read_command("vi /a/host")) is None
