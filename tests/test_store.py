"""Captures on disk: what is read, in which order, and what is said of a wrong hint."""

import gzip
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ovs_capture import store
from ovs_capture.diagnostic import Code
from ovs_capture.network.hints import hinted
from ovs_capture.source import Source

Tree = dict[str, str | bytes]
LEASE = "$ cat /x/dhcp/N/leases\n1 fa:16:3e:55:2a:5d 10.0.0.2 * *\n"


@pytest.fixture
def tree(tmp_path: Path) -> Callable[[Tree], Path]:
    def make(files: Tree) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return make


def hints(text: str) -> store.Hints:
    return store.read_hints(Source("h/host.toml", text))


def told(problems: tuple[object, ...]) -> list[str]:
    return [str(problem) for problem in problems]


def test_a_missing_file_and_a_damaged_one_are_told(tree: Callable[[Tree], Path]) -> None:
    whole = gzip.compress(LEASE.encode())
    root = tree(
        {"cut.txt.gz": whole[:-9], "junk.txt.gz": b"junk", "bits.txt.gz": whole[:12] + b"\xff" * 20}
    )
    for name in ("gone.txt", "cut.txt.gz", "junk.txt.gz", "bits.txt.gz"):
        captures, (problem,) = store.read_file(root / name, f"c/{name}")
        assert captures == ()
        assert problem.code is Code.NOT_READABLE
        assert str(problem).startswith(f"c/{name}:1:1: not-readable: cannot read 'c/{name}': ")


def test_a_file_that_was_packed_to_fill_the_memory(tree: Callable[[Tree], Path]) -> None:
    """100 MB of one letter are 100 kB when packed; captures, which are long, are read."""
    root = tree({"bomb.txt.gz": gzip.compress(b"x" * 100_000_000, 1)})
    captures, (problem,) = store.read_file(root / "bomb.txt.gz", "bomb")
    assert captures == ()
    assert str(problem).endswith("it unpacks to more than 200 times its size")
    plain = LEASE.encode() * 200_000
    root = tree({"long.txt.gz": gzip.compress(plain[:10_000_000])})
    assert len(store.read_text(root / "long.txt.gz")) == 10_000_000


def test_a_packed_file_is_read_as_the_plain_one(tree: Callable[[Tree], Path]) -> None:
    root = tree({"a.txt": LEASE, "a.txt.gz": gzip.compress(LEASE.encode())})
    (plain,), _ = store.read_file(root / "a.txt", "a")
    (packed,), _ = store.read_file(root / "a.txt.gz", "a")
    assert packed.parsed == plain.parsed


def test_what_is_a_host_and_what_is_a_scenario(tree: Callable[[Tree], Path]) -> None:
    root = tree(
        {"s/h/a.txt": "", "s/notes/readme.md": "", "s/scenario.toml": "", "e/host.toml": "",
         "g/z/b.txt.gz": b"", "deep/x/y/a.txt": ""}
    )  # fmt: skip
    assert [store.is_host(root / n) for n in ("s", "s/h", "s/notes", "e", "g/z", "gone")] == [
        False, True, False, False, True, False,
    ]  # fmt: skip
    assert [store.is_scenario(root / n) for n in ("s", "s/h", "e", "g", "deep", "gone")] == [
        True, False, False, True, False, False,
    ]  # fmt: skip


def test_files_come_in_natural_order_and_others_not(tree: Callable[[Tree], Path]) -> None:
    root = tree({f"h/{n}": "x" for n in ("10-b.txt", "2-a.txt", "1.txt.gz", "x.md", "d.txt/y.txt")})
    assert [path.name for path in store.capture_files(root / "h")] == [
        "1.txt.gz",
        "2-a.txt",
        "10-b.txt",
    ]


def test_natural_order() -> None:
    names = ["eth10", "eth2", "eth", "10", "9", "e", "eth2.100", "eth2a"]
    assert sorted(names, key=store.natural) == [
        "9",
        "10",
        "e",
        "eth",
        "eth2",
        "eth2.100",
        "eth2a",
        "eth10",
    ]


def test_a_host(tree: Callable[[Tree], Path]) -> None:
    root = tree({"h/b.txt": LEASE, "h/a.txt": "$ date\nnow\n", "h/host.toml": 'title = "Node"\n'})
    host = store.read_host(root / "h", "s/h", "captures/s/h")
    assert [capture.source.name for capture in host.captures] == [
        "captures/s/h/a.txt",
        "captures/s/h/b.txt",
    ]
    assert [path.name for path in host.files] == ["a.txt", "b.txt", "host.toml"]
    assert (host.name, host.title("ja"), host.diagnostics) == ("h", "Node", ())


def test_a_host_without_hints_is_titled_by_its_directory(tree: Callable[[Tree], Path]) -> None:
    host = store.read_host(tree({"h/a.txt": ""}) / "h", "s/h", "h")
    assert (host.title("en"), host.hints.source) == ("h", None)


def test_one_bad_file_does_not_cost_the_host(tree: Callable[[Tree], Path]) -> None:
    root = tree({"h/a.txt": LEASE, "h/b.txt.gz": b"junk", "h/host.toml": b"\xff\xfe"})
    host = store.read_host(root / "h", "s/h", "h")
    assert len(host.captures) == 1
    assert [problem.code for problem in host.diagnostics] == [Code.NOT_READABLE, Code.BAD_HINT]


def test_hints() -> None:
    found = hints(
        'title = { en = "Node", ja = "ノード" }\npipeline = "ovn"\n'
        '[interface.eth0]\naddress = "172.16.0.31/24"\n'
        '[interface."eth2.100"]\nrail = "10.0.0.0/24"\n'
        '[alias]\n"amphora-3c1f" = "Amphora"\n'
    )
    assert found.diagnostics == ()
    assert found.title and [found.title.in_language(x) for x in ("ja", "en", "fr")] == [
        "ノード",
        "Node",
        "Node",
    ]
    assert found.pipeline == "ovn"
    assert found.interfaces == {
        "eth0": store.InterfaceHint("172.16.0.31/24", None, 3),
        "eth2.100": store.InterfaceHint(None, "10.0.0.0/24", 5),
    }
    assert found.alias == {"amphora-3c1f": "Amphora"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", "1:1: bad-hint: unknown key 'x'; known are title, pipeline, interface, alias"),
        (
            "[bogus]\n",
            "1:2: bad-hint: unknown key 'bogus'; known are title, pipeline, interface, alias",
        ),
        (
            '[alias]\nrial = "x"\n[interface.eth0]\n  rial = "10.0.0.0/24"\n',
            "4:3: bad-hint: unknown key 'rial'; known are address, rail",
        ),
        (
            "interface.eth0 = { rail = '10.0.0.0/24', adress = '' }\n",
            "1:42: bad-hint: unknown key 'adress'; known are address, rail",
        ),
        (
            '[interface.eth0]\naddress = "10.0.0.300/24"\n',
            "2:1: bad-hint: '10.0.0.300/24' is not a valid address",
        ),
        (
            '[interface.eth0]\nrail = "10.0.0.1/24"\n',
            "2:1: bad-hint: '10.0.0.1/24' is not a valid rail",
        ),
        ("[interface]\neth0 = 3\n", "2:1: bad-hint: interface.eth0 must be a table"),
        ("interface = 3\n", "1:1: bad-hint: interface must be a table"),
        ("[interface.eth0]\naddress = 3\n", "2:1: bad-hint: interface.eth0.address must be text"),
        ("[alias]\n'a b' = 3\n", "2:1: bad-hint: alias.a b must be text"),
        ("alias = []\n", "1:1: bad-hint: alias must be a table"),
        ('pipeline = "ovs"\n', "1:1: bad-hint: pipeline is neutron-ovs, ovn or none"),
        ("pipeline = 1\n", "1:1: bad-hint: pipeline must be text"),
        ("title = 3\n", "1:1: bad-hint: title is text, or a table of texts by language"),
        ("title = {}\n", "1:1: bad-hint: title is text, or a table of texts by language"),
        ('title = "a"\ntitel\n', "2:6: bad-hint: "),
        ('title = "a', "1:11: bad-hint: "),
        ("\ufeffx = 1\r\n", "1:2: bad-hint: unknown key 'x'"),
        ("title = 'a'\nx = " + "[" * 10_000, "2:37: bad-hint: nested too deep"),
        ("x = " + "[" * 10_000 + "]" * 10_000, "1:37: bad-hint: nested too deep"),
        ("x = " + "{a=" * 10_000 + "}" * 10_000, "1:101: bad-hint: nested too deep"),
        ("a." * 500_000 + "a = 1", "1:66: bad-hint: nested too deep"),
        ("[" + "a." * 500_000 + "a]", "1:67: bad-hint: nested too deep"),
        ("title = 'a'\nx = " + "9" * 5000, "2:5: bad-hint: Exceeds the limit (4300 digits)"),
    ],
)
def test_a_wrong_hint_is_told_at_its_place(text: str, message: str) -> None:
    (said,) = told(hints(text).diagnostics)
    assert said.startswith(f"h/host.toml:{message}")


@pytest.mark.parametrize("quote", ['"', "'", '"""', "'''"])
def test_brackets_in_texts_and_comments_nest_nothing(quote: str) -> None:
    text = "[" * 99 + "a." * 99
    assert hints(f"# {text}\ntitle = {quote}{text}{quote} # {text}\n").diagnostics == ()


@pytest.mark.parametrize(
    "piece",
    ["a=", "[", "]", "{", "'", '"', '"""', "'''", "#", "\n", " ", "[a]\n", "a.", '\\"', "9"],
)
def test_a_piece_again_and_again(piece: str) -> None:
    """What grows with the square takes minutes."""
    before = time.process_time()
    for begin in ("", "title = ", 'title = "'):
        hints(begin + piece * (200_000 // len(piece)))
    assert time.process_time() - before < 10


def test_many_hints_in_little_time() -> None:
    """A place is found in each line without looking at all the others."""
    found = hints("".join(f'[interface.e{n}]\nrail = "10.0.0.0/24"\n' for n in range(10_000)))
    before = time.process_time()
    for name, hint in found.interfaces.items():
        assert hinted(found, name, hint.line).span.start > 0 or hint.line == 1
    assert time.process_time() - before < 10


def test_a_wrong_hint_does_not_cost_the_others() -> None:
    found = hints('pipeline = "x"\n[interface.eth0]\naddress = "bad"\nrail = "10.0.0.0/24"\n')
    assert found.pipeline is None
    assert found.interfaces["eth0"] == store.InterfaceHint(None, "10.0.0.0/24", 2)


SCENARIO = """\
title = "Flat"
hosts = ["compute", "client"]
notes = "n"

[[accept]]
code = "address-two-macs"
what = "192.168.1.2"
why = "moved"

[[accept]]
code = "nic-two-macs"
what = "eth0"
"""


def test_a_scenario(tree: Callable[[Tree], Path]) -> None:
    files = {f"s/{host}/a.txt": "x" for host in ("client", "compute", "z10", "z9")}
    root = tree({**files, "s/scenario.toml": SCENARIO})
    scenario = store.read_scenario(root / "s", "s", "captures/s")
    assert [host.key for host in scenario.hosts] == ["s/compute", "s/client", "s/z9", "s/z10"]
    assert scenario.accepts == (
        store.Accept("address-two-macs", "192.168.1.2", store.Title({"": "moved"}), 5),
        store.Accept("nic-two-macs", "eth0", None, 10),
    )
    assert (scenario.notes, scenario.diagnostics) == ("n", ())
    assert scenario.title and scenario.title.in_language("ja") == "Flat"
    assert scenario.source and scenario.source.name == "captures/s/scenario.toml"
    assert scenario.host("client") is scenario.hosts[1]
    assert scenario.host("gone") is None


def test_a_reason_by_language(tree: Callable[[Tree], Path]) -> None:
    text = '[[accept]]\ncode = "nic-two-macs"\nwhat = "x"\nwhy = { en = "moved", ja = "移動" }\n'
    scenario = store.read_scenario(tree({"s/h/a.txt": "", "s/scenario.toml": text}) / "s", "s", "s")
    why = scenario.accepts[0].why
    assert why and (why.in_language("ja"), why.in_language("en")) == ("移動", "moved")


def test_a_scenario_without_its_file(tree: Callable[[Tree], Path]) -> None:
    scenario = store.read_scenario(tree({"s/b/a.txt": "", "s/a/a.txt": ""}) / "s", "s", "s")
    assert [host.name for host in scenario.hosts] == ["a", "b"]
    assert (scenario.source, scenario.diagnostics, scenario.title) == (None, (), None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('hosts = ["h", "gone"]\n', "1:16: bad-hint: there is no host 'gone' in s"),
        ('hosts = ["h", "h"]\n', "1:11: bad-hint: host 'h' stands twice in hosts"),
        ('hosts = "h"\n', "1:1: bad-hint: hosts must be a list of texts"),
        ("hosts = [1]\n", "1:1: bad-hint: hosts must be a list of texts"),
        ("host = []\n", "1:1: bad-hint: unknown key 'host'; known are title, hosts, notes, accept"),
        ("notes = 3\n", "1:1: bad-hint: notes must be text"),
        ("accept = 3\n", "1:1: bad-hint: accept is written as [[accept]]"),
        ("[accept]\n", "1:2: bad-hint: accept is written as [[accept]]"),
        ('[[accept]]\nwhat = "x"\n', "1:3: bad-hint: an [[accept]] needs code and what"),
        (
            '[[accept]]\ncode = "nic-two-macs"\nwhat = "x"\nwhy = 3\n',
            "4:1: bad-hint: why is text, or a table of texts by language",
        ),
        (
            '[[accept]]\ncode = "two-macs"\nwhat = "x"\n',
            "2:9: bad-hint: there is no warning 'two-macs'",
        ),
        (
            '[[accept]]\ncode = "nic-two-macs"\nwhat = "x"\n\n[[accept]]\ncode = "nic-two-macs"\n'
            'what = "x"\nwhy_not = ""\n',
            "8:1: bad-hint: unknown key 'why_not'; known are code, what, why",
        ),
    ],
)
def test_a_wrong_scenario_is_told_at_its_place(
    tree: Callable[[Tree], Path], text: str, message: str
) -> None:
    root = tree({"s/h/a.txt": "", "s/scenario.toml": text})
    scenario = store.read_scenario(root / "s", "s", "s")
    assert told(scenario.diagnostics) == [f"s/scenario.toml:{message}"]
    assert len(scenario.hosts) == 1


def test_a_target_that_is_none(tmp_path: Path) -> None:
    target = store.load_target(tmp_path / "gone")
    assert target.hosts == ()
    assert [problem.code for problem in target.diagnostics] == [Code.NOT_FOUND]
    with pytest.raises(FileNotFoundError):
        store.load_host(tmp_path)


def test_targets(tree: Callable[[Tree], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree({"s/a/x.txt": LEASE, "s/b/x.txt": LEASE})
    scenario = store.load_target(root / "s")
    assert [host.key for host in scenario.hosts] == ["s/a", "s/b"]
    host, siblings = store.load_host(root / "s" / "b")
    assert (host.key, [sibling.key for sibling in siblings]) == ("s/b", ["s/a"])
    monkeypatch.chdir(root / "s" / "b")
    here, siblings = store.load_host(Path())
    assert (here.key, [sibling.key for sibling in siblings]) == ("s/b", ["s/a"])
    assert here.captures[0].source.name == "./x.txt"


def test_the_key_of_a_host_is_known_before_it_is_read(
    tree: Callable[[Tree], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree({"s/a/x.txt": LEASE, "s/b/x.txt": LEASE, "lone/h/x.txt": LEASE, "x.txt": LEASE})
    (root / "lone" / "x.txt").write_text(LEASE)
    (root / "s" / "linked").symlink_to(root / "lone" / "h")
    monkeypatch.chdir(root / "s" / "b")
    paths = [root / "s" / "a", root / "lone" / "h", root / "s" / "linked", Path(), Path("../a")]
    for path in paths:
        (host,) = store.load_target(path).hosts
        assert store.host_key(path) == host.key
    assert [store.host_key(path) for path in paths] == ["s/a", "lone/h", "lone/h", "s/b", "s/a"]


def test_the_captures_of_the_repository_have_no_wrong_hint(captures: Path) -> None:
    for path in filter(store.is_scenario, captures.iterdir()):
        scenario = store.read_scenario(path, path.name, path.name)
        assert told(scenario.diagnostics) == []
        assert [told(host.diagnostics) for host in scenario.hosts] == [[]] * len(scenario.hosts)
        assert all(len(host.captures) >= 1 for host in scenario.hosts)


def test_a_scenario_is_known_without_a_look_at_each_host(
    tree: Callable[[Tree], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tree({f"host{number}/leases.txt": LEASE for number in range(50)})
    looks, is_file = [], Path.is_file

    def looking(self: Path) -> bool:
        looks.append(self)
        return is_file(self)

    monkeypatch.setattr(Path, "is_file", looking)
    assert store.is_scenario(path)
    assert len(looks) == 1
