"""``ovs-capture`` in a page: what it shows, and what it says when something is wrong."""

import re
from collections.abc import Callable

import lxml.html
import pytest

from tests.render.conftest import LINKS, Built, Project

FILE = "lab/node/ip-link.txt"
OUTPUT = LINKS.partition("\n")[2]
Page = Callable[..., Built]


def capture(argument: str = FILE, *options: str, content: str = "") -> str:
    return "\n".join(
        ["# Page", "", f"```{{ovs-capture}} {argument}", *options, "", content, "```", ""]
    )


def figures(built: Built, name: str = "index.html") -> list[lxml.html.HtmlElement]:
    return list(
        lxml.html.fromstring(built.text(name)).xpath('//figure[contains(@class, "ovs-capture")]')
    )


def output(figure: lxml.html.HtmlElement) -> str:
    return "".join(pre.text_content() for pre in figure.iter("pre"))


def test_a_file(page: Page) -> None:
    built = page(capture())
    assert built.warnings == []
    (figure,) = figures(built)
    assert output(figure) == OUTPUT
    assert figure.xpath('string(.//*[@class="ovs-where"])') == "Node"
    assert figure.xpath('string(.//code[@class="ovs-cmd"])') == "ip -d link show"
    assert figure.xpath('string(.//*[@class="ovs-path"])') == FILE
    assert figure.xpath('.//div[@role="group"]/@tabindex') == ["0"]


def test_rest_and_myst_show_the_same(page: Page) -> None:
    myst = page(capture(FILE, ":only: eth0")).text("index.html")
    rest = page(f"Page\n====\n\n.. ovs-capture:: {FILE}\n   :only: eth0\n", suffix="rst").text(
        "index.html"
    )

    def figure(html: str) -> str:
        return str(re.findall(r"<figure.*?</figure>", html, re.DOTALL)[0])

    assert figure(myst) == figure(rest)


@pytest.mark.parametrize("suffix", ["md", "rst"])
def test_pasted(page: Page, suffix: str) -> None:
    text = capture("", content=LINKS)
    if suffix == "rst":
        indented = "".join(f"   {line}\n" for line in LINKS.splitlines())
        text = f"Page\n====\n\n.. ovs-capture::\n\n{indented}"
    built = page(text, suffix=suffix)
    assert built.warnings == []
    (figure,) = figures(built)
    assert output(figure) == OUTPUT
    assert figure.xpath('string(.//code[@class="ovs-cmd"])') == "ip -d link show"


def test_pasted_without_prompt_but_with_command(page: Page) -> None:
    built = page(capture("", ":command: ip -d link show", ":host: lab/node", content=OUTPUT))
    (figure,) = figures(built)
    assert output(figure) == OUTPUT
    assert figure.xpath('string(.//code[@class="ovs-cmd"])') == "ip -d link show"
    assert figure.xpath('string(.//*[@class="ovs-where"])') == "Node"


def test_pasted_captures_explain_each_other(page: Page, project: Project) -> None:
    show = (project.root / "captures/lab/node/ovs-vsctl-show.txt").read_text()
    built = page(capture("", content=LINKS) + capture("", content=show)[6:])
    first, second = figures(built)
    key = first.xpath('.//a[text()="eth0"]/@data-ovs')
    assert key
    assert second.xpath('.//*[text()="eth0"]/@data-ovs')[0] == key[0]
    # The first is explained by what follows it, too.
    assert "br-int" in first.text_content()


def test_where_it_was_captured(page: Page, project: Project) -> None:
    project.write(
        {
            "captures/lab/node/ns.txt": "$ ip netns exec qdhcp-1 ip link\n",
            "captures/lab/node/guest.txt": "$ ssh cirros@192.0.2.1 ip link\n",
        }
    )
    where = '//*[@class="ovs-where"]/text()'
    for name, words in (("ns", "Node, qdhcp-1"), ("guest", "Node, cirros@192.0.2.1")):
        built = page(capture(f"lab/node/{name}.txt"))
        assert figures(built)[0].xpath("." + where) == [words]


def test_a_transcript_is_one_figure_a_command(page: Page, project: Project) -> None:
    project.write({"captures/lab/node/both.txt": LINKS + "$ uname\nLinux\n"})
    built = page(capture("lab/node/both.txt"))
    assert [output(figure) for figure in figures(built)] == [OUTPUT, "Linux\n"]


def test_names_link_to_each_other(page: Page) -> None:
    built = page(capture() + capture("lab/node/ovs-vsctl-show.txt")[6:])
    first, second = figures(built)
    (link,) = first.xpath('.//pre/a[text()="eth0"]')
    target = link.get("href").removeprefix("#")
    assert second.xpath(f'.//*[@id="{target}"]')
    assert link.get("class") == "ovs-t k-device"
    # Known nowhere else: no link.
    assert not first.xpath('.//a[text()="lo"]')


def test_links_lead_to_other_pages(project: Project) -> None:
    project.write(
        {
            "index.md": capture() + "\n```{toctree}\nother\n```\n",
            "other.md": capture("lab/node/ovs-vsctl-show.txt"),
        }
    )
    for builder, target in (("html", "other.html#"), ("dirhtml", "other/#"), ("singlehtml", "#")):
        built = project.build(builder)
        href = figures(built)[0].xpath('.//a[text()="eth0"]/@href')[0]
        assert href.startswith(target), builder
        anchor = href.partition("#")[2]
        name = {"html": "other.html", "dirhtml": "other/index.html"}.get(builder, "index.html")
        assert f'id="{anchor}"' in built.text(name)


def test_only_folds_the_rest(page: Page) -> None:
    built = page(capture(FILE, ":only: eth0"))
    assert built.warnings == []
    (figure,) = figures(built)
    assert output(figure) == OUTPUT
    (cut,) = figure.xpath('.//details[@class="ovs-cut"]')
    assert cut.xpath("string(summary)") == "1 left out: lo (2 lines)"
    assert output(cut) == "".join(OUTPUT.splitlines(keepends=True)[:2])


def test_highlight(page: Page) -> None:
    built = page(capture(FILE, ":highlight: 00:15:5d:bf:ba:50"))
    assert built.warnings == []
    marked = figures(built)[0].xpath('.//*[contains(@class, "ovs-marked")]/pre')
    assert [pre.text_content()[:7] for pre in marked] == ["2: eth0"]


def test_lines(page: Page) -> None:
    built = page(capture(FILE, ":lines: 2-3"))
    (figure,) = figures(built)
    assert output(figure) == OUTPUT
    assert len(figure.xpath('.//details[@class="ovs-cut"]')) == 1


def test_views(page: Page) -> None:
    table = figures(page(capture(FILE, ":view: table")))[0]
    assert [row.xpath("string(td[2])") for row in table.xpath(".//tbody/tr")] == ["lo", "eth0"]
    raw = figures(page(capture(FILE, ":view: raw")))[0]
    assert output(raw) == OUTPUT
    assert not raw.xpath('.//*[contains(@class, "ovs-t ")]')


def test_name_class_and_caption(page: Page) -> None:
    text = capture(FILE, ":name: links", ":class: wide", ":caption: The *devices*.")
    built = page(text + "\n[see](#links)\n")
    (figure,) = figures(built)
    assert "wide" in figure.get("class").split()
    assert figure.xpath('string(.//*[@class="ovs-caption"])') == "The *devices*."


def test_in_japanese(page: Page) -> None:
    (figure,) = figures(page(capture(FILE, ":lang: ja")))
    assert figure.get("lang") == "ja"
    assert "2 デバイス" in figure.text_content()
    (figure,) = figures(page(capture(), language="ja"))
    assert figure.get("lang") == "ja"


WRONG = [
    ("gone.txt", "not-found", "no capture, host or scenario at 'gone.txt'"),
    ("../conf.py", "outside-root", "'../conf.py' leads out of the capture root"),
    ("/etc/passwd", "outside-root", "'/etc/passwd' leads out of the capture root"),
    ("lab/../../conf.py", "outside-root", "'lab/../../conf.py' leads out of the capture root"),
    ("lab/node", "target", "'lab/node' is a directory, not a capture"),
    ("lab/node/host.toml", "target", "'lab/node/host.toml' is no .txt or .txt.gz file"),
    ("", "target", "neither a path nor a pasted capture"),
    ("x" * 300, "not-found", f"no capture, host or scenario at '{'x' * 300}'"),
]


@pytest.mark.parametrize(("argument", "code", "message"), WRONG)
def test_a_wrong_argument(page: Page, argument: str, code: str, message: str) -> None:
    built = page(capture(argument) + "\nThe page goes on.\n")
    assert built.warnings == [f"index.md:3: WARNING: {message} [ovs_capture.{code}]"]
    html = built.text("index.html")
    assert "ovs-unreadable" in html
    assert "The page goes on." in html


def test_a_link_that_leads_out(page: Page, project: Project) -> None:
    (project.root / "secret.txt").write_text("$ cat secret\nTOP\n")
    (project.root / "captures/lab/node/link.txt").symlink_to(project.root / "secret.txt")
    for argument in ("lab/node/link.txt", FILE):
        built = page(capture(argument))
        assert [line.partition("[")[2] for line in built.warnings] == ["ovs_capture.outside-root]"]
        assert "TOP" not in built.text("index.html")


WRONG_OPTIONS = [
    (":only: eth7", "option-no-match", "option :only: 'eth7' matches nothing in this capture"),
    (
        ":highlight: eth7",
        "option-no-match",
        "option :highlight: 'eth7' matches nothing in this capture",
    ),
    (":lines: 90-99", "option-no-match", "option :lines: '90-99' matches nothing in this capture"),
    (":lines: x", "option", "option :lines: 'x' is not a line number or a range like 3-7"),
    (":view: pretty", "option", "option :view: 'pretty' is none of annotated, table, raw"),
    (":lang: fr", "option", "option :lang: 'fr' is not en or ja"),
    (
        ":only: (",
        "option",
        "option :only: '(' is not a regular expression: "
        "missing ), unterminated subpattern at position 0",
    ),
]


@pytest.mark.parametrize(("option", "code", "message"), WRONG_OPTIONS)
def test_a_wrong_option(page: Page, option: str, code: str, message: str) -> None:
    built = page(capture(FILE, option))
    assert built.warnings == [f"index.md:3: WARNING: {message} [ovs_capture.{code}]"]
    assert output(figures(built)[0]) == OUTPUT


def test_an_unknown_line(page: Page, project: Project) -> None:
    text = LINKS + "ovs-vswitchd: a log line\n3: ppp0: <UP> mtu 9000\n    link/ppp\n"
    project.write({"captures/lab/node/odd.txt": text})
    built = page(capture("lab/node/odd.txt"))
    assert [line.partition(": WARNING")[0] for line in built.warnings] == [
        "captures/lab/node/odd.txt:6:1"
    ]
    assert built.warnings[0].endswith("[ovs_capture.unknown-line]")
    (figure,) = figures(built)
    assert output(figure) == text.partition("\n")[2]


def test_what_is_wrong_in_a_capture_is_said_once(project: Project) -> None:
    project.write(
        {
            "captures/lab/node/odd.txt": LINKS + "a log line\n",
            "index.md": capture("lab/node/odd.txt") * 2 + "\n```{toctree}\nother\n```\n",
            "other.md": capture("lab/node/odd.txt"),
        }
    )
    built = project.build()
    assert len([line for line in built.warnings if "odd.txt:6:1" in line]) == 1


def test_a_truncated_capture(page: Page, project: Project) -> None:
    cut = LINKS[: LINKS.index("    link/ether") + len("    link")]
    project.write({"captures/lab/node/cut.txt": cut})
    built = page(capture("lab/node/cut.txt"))
    assert [line.partition(": WARNING")[0] for line in built.warnings] == [
        "captures/lab/node/cut.txt:5:1"
    ]
    assert output(figures(built)[0]) == cut.partition("\n")[2]


def test_random_bytes(page: Page, project: Project) -> None:
    data = bytes(range(256)) * 2
    project.write({"captures/lab/node/random.txt": data})
    built = page(capture("lab/node/random.txt"))
    assert [
        line
        for line in built.warnings
        if "random.txt:" in line and "[ovs_capture.not-utf8]" in line
    ]
    (figure,) = figures(built)
    for byte in figure.xpath('.//*[@class="ovs-byte"]'):
        # Private characters stand for the bytes: XML cannot hold what they are.
        raw = bytes.fromhex(byte.get("data-byte"))
        byte.text = "".join(chr(0xE000 + b) for b in raw)
    back = re.sub("[\ue000-\ue0ff]", lambda m: chr(ord(m[0]) - 0xE000), output(figure))
    assert back.encode("latin-1") == data


def test_an_empty_file(page: Page, project: Project) -> None:
    project.write({"captures/lab/node/empty.txt": ""})
    built = page(capture("lab/node/empty.txt"))
    assert built.warnings == [
        "captures/lab/node/empty.txt:1:1: WARNING: the capture is empty [ovs_capture.empty]"
    ]


def test_a_bad_hint_is_told_at_its_line(page: Page, project: Project) -> None:
    project.write({"captures/lab/node/host.toml": 'title = "Node"\nfoo = 1\n'})
    built = page(capture())
    assert built.warnings == [
        "captures/lab/node/host.toml:2:1: WARNING: unknown key 'foo'; known are title, pipeline, "
        "interface, alias [ovs_capture.bad-hint]"
    ]


def test_a_damaged_archive(page: Page, project: Project) -> None:
    project.write({"captures/lab/node/a.txt.gz": b"not gzip"})
    built = page(capture("lab/node/a.txt.gz"))
    (warning,) = built.warnings
    assert warning.startswith("index.md:3: WARNING: cannot read 'captures/lab/node/a.txt.gz': ")
    assert warning.endswith("[ovs_capture.not-readable]")
    # The host's other captures are shown.
    assert page(capture()).warnings == []


def test_hints_of_the_wrong_type(page: Page, project: Project) -> None:
    hosts = "hosts = 3\naccept = 4\ntitle = 5\nnotes = 6\n"
    hints = "title = 3\npipeline = 4\ninterface = 5\nalias = 6\n"
    project.write({"captures/lab/node/host.toml": hints, "captures/lab/scenario.toml": hosts})
    built = page(capture())
    assert output(figures(built)[0]) == OUTPUT
    codes = {line.rpartition(" ")[2] for line in built.warnings}
    assert codes == {"[ovs_capture.bad-hint]"}


HOSTILE = """\
$ ip link
1: <script>alert(1)</script>: <UP> mtu 1500
    ]]> &amp; <!-- "quotes' \\x00 {{ jinja }} $(id) `rm` %s %(x)s
2: "><img src=x onerror=alert(1)>: <UP> mtu 1500
"""


def test_hostile_text_stays_text(page: Page, project: Project) -> None:
    project.write({"captures/lab/node/evil.txt": HOSTILE})
    built = page(capture("lab/node/evil.txt"))
    (figure,) = figures(built)
    assert output(figure) == HOSTILE.partition("\n")[2]
    assert not figure.xpath(".//script | .//img")


def test_a_secret_is_masked_everywhere(page: Page, project: Project) -> None:
    text = (
        "$ openstack server create x\n"
        "+-----------+--------------+\n"
        "| Field     | Value        |\n"
        "+-----------+--------------+\n"
        "| adminPass | hunter2hunt! |\n"
        "+-----------+--------------+\n"
    )
    project.write({"captures/lab/node/create.txt": text})
    built = page(capture("lab/node/create.txt"))
    assert built.warnings == []
    assert not [name for name, data in built.files.items() if b"hunter2" in data]
    assert output(figures(built)[0]) == text.partition("\n")[2].replace("hunter2hunt!", "*" * 12)
    said = page(capture("lab/node/create.txt"), ovs_capture_redact="warn")
    assert [line.partition(": WARNING")[0] for line in said.warnings] == [
        "captures/lab/node/create.txt:5:15"
    ]
    shown = page(capture("lab/node/create.txt"), ovs_capture_redact=False)
    assert output(figures(shown)[0]) == text.partition("\n")[2]


def test_a_capture_shown_twice_has_ids_of_its_own(page: Page) -> None:
    """The second figure is no second line of the first."""
    text = capture()
    built = page(text + "\n" + text.partition("\n")[2])
    ids = [figure.get("id") for figure in figures(built)]
    ids += [one.get("id") for figure in figures(built) for one in figure.xpath(".//*[@id]")]
    assert len(figures(built)) == 2
    assert len(ids) == len(set(ids)) > 4


@pytest.mark.parametrize("suffix", ["md", "rst"])
@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "epub"])
def test_a_pasted_secret_is_not_in_the_copied_source(page: Page, suffix: str, builder: str) -> None:
    pasted = "$ cat a.conf\nuser = me\npassword = hunter2hunt!\n"
    text = "# Page\n\n" + capture("", content=pasted)[6:]
    if suffix == "rst":
        indented = "".join(f"   {line}\n" for line in pasted.splitlines())
        text = f"Page\n====\n\n.. ovs-capture::\n\n{indented}"
    text += "\n\nToo: password = prose\n"
    built = page(text, builder, suffix=suffix, html_copy_source=True)
    assert not [name for name, data in built.files.items() if b"hunter2" in data]
    if builder in ("html", "dirhtml"):
        source = built.text(f"_sources/index.{suffix}.txt")
        assert source == text.replace("hunter2hunt!", "*" * 12)


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        ("md", "# P\n\n```{ovs-capture}\n$ ip link\nodd\n```\n"),
        ("md", "# P\n\n```{ovs-capture}\n:lang: en\n\n\n$ ip link\nodd\n```\n"),
        ("md", "# P\n\n```{ovs-capture}\n---\nlang: en\n---\n$ ip link\nodd\n```\n"),
        ("md", "# P\n\n> ```{ovs-capture}\n> $ ip link\n> odd\n> ```\n"),
        ("rst", "P\n===\n\n.. ovs-capture::\n   :lang: en\n\n   $ ip link\n   odd\n"),
        ("rst", "P\n===\n\n- a\n\n  .. ovs-capture::\n\n     $ ip link\n     odd\n"),
    ],
)
def test_what_is_wrong_in_a_pasted_capture_is_told_at_its_line(
    page: Page, suffix: str, text: str
) -> None:
    (line,) = (n for n, words in enumerate(text.split("\n"), 1) if words.endswith("odd"))
    built = page(text, suffix=suffix)
    assert [said.partition(": WARNING")[0] for said in built.warnings] == [
        f"index.{suffix}:{line}:1"
    ]
