"""``ovs-flows`` in a page."""

import re
from collections.abc import Callable

import lxml.html
import pytest

from ovs_capture.render.flows.page import size
from tests.conftest import ROOT
from tests.render.conftest import Built, Project

Page = Callable[..., Built]
ONE_FLOW = "$ ovs-ofctl dump-flows br0\n table=0, priority=1 actions=drop\n"
SEED = ROOT / "captures" / "flat-instance"


ROWS = '//li[contains(concat(" ", @class, " "), " ovs-flow ")]'


def flows_in(rows: list[lxml.html.HtmlElement]) -> int:
    """How many flows the rows tell: a group has as many as its fold says."""
    return sum(int(row.xpath("string(*/@data-ovs-count)") or 1) for row in rows)


def dump_of(ports: int, *more: str, table: int = 0) -> str:
    """A dump in which every port has a flow of the same shape; port n counted n packets."""
    lines = [
        f" cookie=0x0, duration=1s, table={table}, n_packets={n}, n_bytes={n * 60}, "
        f'priority=5,in_port="tap{n}" actions=resubmit(,9)'
        for n in range(ports)
    ]
    return "\n".join(("$ ovs-ofctl dump-flows br0", *lines, *more, ""))


def flows(argument: str, *options: str) -> str:
    return "\n".join(["# Page", "", f"```{{ovs-flows}} {argument}", *options, "```", ""])


@pytest.fixture
def seed(project: Project) -> Project:
    (project.root / "captures/flat-instance").symlink_to(SEED)
    return project


@pytest.fixture
def built(seed: Project, page: Page) -> Callable[..., lxml.html.HtmlElement]:
    def build(
        *options: str, argument: str = "flat-instance/compute:br-int"
    ) -> lxml.html.HtmlElement:
        made = page(flows(argument, *options), ovs_capture_root=str(SEED.parent))
        assert made.warnings == []
        return lxml.html.fromstring(made.text("index.html"))

    return build


def test_every_flow_is_told(built: Callable[..., lxml.html.HtmlElement]) -> None:
    tree = built()
    told = tree.xpath(ROWS)
    assert flows_in(told) == 76
    for flow in told:
        assert flow.xpath('string(p[@class="ovs-reading"])')
        assert flow.xpath('string(p[@class="ovs-purpose"])')
    printed = "".join(flow.xpath('string(*[@class="ovs-raw"]/pre)') + "\n" for flow in told)
    capture = (SEED / "compute/ovs-ofctl-dump-flows-br-int.txt").read_text().partition("\n")[2]
    assert sorted(printed.splitlines()) == sorted(capture.splitlines())


def test_sections_are_the_themes_own(built: Callable[..., lxml.html.HtmlElement]) -> None:
    tree = built()
    section = tree.xpath('//section[@id="flat-instance-compute-br-int-table-60"]')[0]
    assert section.xpath("string(*[self::h1 or self::h2 or self::h3 or self::h4])").startswith(
        "Table 60"
    )
    link = tree.xpath('//p[@class="ovs-reading"]//a[text()="table 60"]/@href')[0]
    assert link == "#flat-instance-compute-br-int-table-60"


def test_totals(built: Callable[..., lxml.html.HtmlElement]) -> None:
    tree = built()
    numbers = [dd.text_content() for dd in tree.xpath('//dl[@class="ovs-totals"]//dd')]
    assert numbers == ["76", "17", "30", "398"]
    assert "Neutron" in tree.xpath('string(//*[@class="ovs-pipeline"])')


def test_idle(built: Callable[..., lxml.html.HtmlElement]) -> None:
    folded = built(":idle: fold").xpath('//li[@class="ovs-idle"]')
    assert folded
    assert not built(":idle: show").xpath('//li[@class="ovs-idle"]')
    assert flows_in(built(":idle: show").xpath(ROWS)) == 76
    hidden = built(":idle: hide").xpath(ROWS)
    assert not [row for row in hidden if row.get("data-ovs-idle")]
    counts = built(":idle: hide").xpath('//div[@class="ovs-filter"]/@data-ovs-idle')
    assert counts == ["idle|0"]


def test_table_and_port(built: Callable[..., lxml.html.HtmlElement]) -> None:
    tree = built(":table: 60, 71")
    titles = [h.text_content() for h in tree.xpath("//section/section/*[1]")]
    assert [title[:8] for title in titles] == ["Table 60", "Table 71"]
    about = built(":port: int-br-mgmt").xpath(ROWS)
    assert 0 < len(about) < 10
    assert all("int-br-mgmt" in flow.text_content() for flow in about)


def test_a_file(built: Callable[..., lxml.html.HtmlElement]) -> None:
    tree = built(argument="flat-instance/compute/ovs-ofctl-dump-flows-br-mgmt.txt")
    assert flows_in(tree.xpath(ROWS)) == 2


def test_unrecognised_is_said(page: Page, project: Project) -> None:
    project.write({"captures/lab/node/f.txt": ONE_FLOW})
    html = page(flows("lab/node:br0")).text("index.html")
    assert "Unrecognised pipeline" in html
    assert 'class="ovs-purpose"' not in html


def test_few_flows_of_a_shape_are_one_row_with_cells(page: Page, project: Project) -> None:
    project.write({"captures/lab/node/f.txt": dump_of(4)})
    tree = lxml.html.fromstring(page(flows("lab/node:br0")).text("index.html"))
    (row,) = tree.xpath(ROWS)
    assert row.xpath('string(p[@class="ovs-reading"])') == (
        "Packets from one of 4 ports: go on to table 9."
    )
    cells = [[td.text_content() for td in tr] for tr in row.xpath(".//tbody/tr")]
    assert cells == [[str(n + 2), f"tap{n}", str(n)] for n in range(4)]
    assert row.xpath('string(.//*[@class="ovs-number"])') == "6"
    assert row.xpath('string(*[@class="ovs-raw"]/pre)') == dump_of(4).partition("\n")[2].rstrip()


def test_two_flows_that_differ_in_much_stay_two(page: Page, project: Project) -> None:
    one = ' table=0, n_packets=1, n_bytes=1, priority=1,in_port="a",dl_vlan=1 actions=drop'
    two = ' table=0, n_packets=1, n_bytes=1, priority=1,in_port="b",dl_vlan=2 actions=drop'
    project.write({"captures/lab/node/f.txt": f"$ ovs-ofctl dump-flows br0\n{one}\n{two}\n"})
    tree = lxml.html.fromstring(page(flows("lab/node:br0")).text("index.html"))
    assert len(tree.xpath(ROWS)) == 2


def test_many_flows_of_a_shape_are_lines_and_the_dump_lies_beside_the_page(
    page: Page, project: Project
) -> None:
    secret = 'password = "hunter2-hunter2"'
    project.write({"captures/lab/node/f.txt": dump_of(300) + f"\n$ cat /etc/x\n{secret}\n"})
    built = page(flows("lab/node/f.txt"))
    tree = lxml.html.fromstring(built.text("index.html"))
    (row,) = tree.xpath(ROWS)
    lines = row.xpath('string(.//*[@class="ovs-lines"])').split("\n")
    assert len(lines) == 300
    assert lines[17].split() == ["19", "tap17", "17"]
    assert len(row.xpath("descendant::*")) < 60
    (link,) = row.xpath(".//a[contains(@href, '_downloads')]/@href")
    beside = built.text(link)
    assert beside.split("\n")[18] == dump_of(300).split("\n")[18]
    assert "hunter2" not in beside
    assert len(beside) == len(dump_of(300)) + len(f"\n$ cat /etc/x\n{secret}\n")


def test_what_the_limit_leaves_out_is_said(page: Page, project: Project) -> None:
    project.write({"captures/lab/node/f.txt": dump_of(40)})
    built = page(flows("lab/node:br0"), ovs_capture_max_flows=3)
    tree = lxml.html.fromstring(built.text("index.html"))
    rows = tree.xpath(ROWS)
    assert flows_in(rows) == 3
    assert [tr[1].text_content() for tr in rows[0].xpath(".//tbody/tr")] == [
        "tap37", "tap38", "tap39",
    ]  # fmt: skip
    said = [p.text_content() for p in tree.xpath('//p[@class="ovs-remark"]')]
    assert said == [
        "3 of 40 flows are told, those with most packets: the page is limited to 3. Each table "
        "says how many it leaves out.",
        "37 flows of this table are left out, those with fewest packets.",
    ]
    numbers = [dd.text_content() for dd in tree.xpath('//dl[@class="ovs-totals"]//dd')]
    assert numbers[0] == "40"
    whole = page(flows("lab/node:br0"), ovs_capture_max_flows=40).text("index.html")
    assert "left out" not in whole


def test_the_last_of_several_dumps_is_told_and_said(page: Page, project: Project) -> None:
    first = "$ ovs-ofctl dump-flows br0\n table=0, priority=1 actions=drop\n"
    last = "$ ovs-ofctl dump-flows br0\n table=0, priority=2 actions=NORMAL\n"
    other = "$ ovs-ofctl dump-flows br1\n table=0, priority=3 actions=drop\n"
    project.write({"captures/lab/node/f.txt": first + last + other})
    html = page(flows("lab/node/f.txt")).text("index.html")
    tree = lxml.html.fromstring(html)
    assert [row.xpath('string(p[@class="ovs-next"])') for row in tree.xpath(ROWS)] == ["→ NORMAL"]
    said = [p.text_content() for p in tree.xpath('//p[@class="ovs-remark"]')]
    assert said == [
        "f.txt holds several dumps of br0. This one, of line 3, shows its state.",
        "f.txt holds flows of other bridges too: br1.",
    ]


def test_a_page_says_once_what_was_recognised(seed: Project, page: Page) -> None:
    text = (
        flows("flat-instance/compute:br-int")
        + "\n"
        + flows("flat-instance/compute:br-provider").partition("\n")[2]
    )
    made = page(text, ovs_capture_root=str(SEED.parent))
    assert made.warnings == []
    tree = lxml.html.fromstring(made.text("index.html"))
    (box,) = tree.xpath('//*[@class="ovs-pipeline"]/..')
    (link,) = tree.xpath("//a[contains(., 'as recognised above')]/@href")
    assert link == f"#{box.get('id')}"


@pytest.mark.parametrize(
    ("argument", "options", "code", "message"),
    [
        (
            "lab/node:br-x",
            (),
            "target",
            "no flows of 'br-x' in lab/node; there are those of: none",
        ),
        ("lab/node/ip-link.txt", (), "target", "'lab/node/ip-link.txt' holds no flows"),
        ("gone:br-int", (), "not-found", "no capture, host or scenario at 'gone:br-int'"),
    ],
)
def test_a_wrong_argument(
    page: Page, argument: str, options: tuple[str, ...], code: str, message: str
) -> None:
    built = page(flows(argument, *options))
    assert built.warnings == [f"index.md:3: WARNING: {message} [ovs_capture.{code}]"]
    assert "ovs-unreadable" in built.text("index.html")


@pytest.mark.parametrize(
    ("option", "code", "message"),
    [
        (":table: 7", "option-no-match", "option :table: '7' matches nothing in this capture"),
        (":table: x", "option", "option :table: 'x' is not the number of a table"),
        (":port: eth7", "option-no-match", "option :port: 'eth7' matches nothing in this capture"),
        (":idle: no", "option", "option :idle: 'no' is none of show, fold, hide"),
    ],
)
def test_a_wrong_option(page: Page, project: Project, option: str, code: str, message: str) -> None:
    project.write({"captures/lab/node/f.txt": ONE_FLOW})
    built = page(flows("lab/node:br0", option))
    assert built.warnings == [f"index.md:3: WARNING: {message} [ovs_capture.{code}]"]
    assert 'class="ovs-flow"' in built.text("index.html")


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (14300, "14.3 kB"), (999_949, "999.9 kB"),
     (999_950, "1.0 MB"), (5 * 10**15, "5,000.0 TB")],
)  # fmt: skip
def test_size(count: int, text: str) -> None:
    assert size(count) == text


LISTING = """\
$ ovn-sbctl lflow-list
Datapath: "neutron-1" aka "net" (0b214af6-8910-489c-926a-fd0ed16a8251)  Pipeline: ingress
  table=8 (ls_in_acl          ), priority=2002 , match=(inport == "p1" && ip4), action=(next;)
  table=8 (ls_in_acl          ), priority=2001 , match=(inport == "p2" && ip4), action=(drop;)
Datapath: "neutron-2" aka "gw" (1b214af6-8910-489c-926a-fd0ed16a8251)  Pipeline: ingress
  table=0 (lr_in_admission    ), priority=100  , match=(vlan.present), action=(drop;)
"""


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), ["p1", "p2", "tagged"]),
        ((":table: 8",), ["p1", "p2"]),
        ((":table: ls_in_acl",), ["p1", "p2"]),
        ((":datapath: gw",), ["tagged"]),
        ((":port: p2",), ["p2"]),
        ((":port: p1", ":table: 8", ":datapath: neutron-1"), ["p1"]),
    ],
)
def test_a_selection_of_logical_flows(
    page: Page, project: Project, options: tuple[str, ...], told: list[str]
) -> None:
    project.write({"captures/lab/node/l.txt": LISTING})
    built = page(flows("lab/node/l.txt", *options))
    assert built.warnings == []
    words = re.sub(r"<[^>]*>", "", built.text("index.html").split("<article")[-1])
    known = ("p1", "p2", "tagged")
    assert [word for word in known if re.search(rf"\b{word}\b", words, re.IGNORECASE)] == told


@pytest.mark.parametrize("file", ["l.txt", "dump.txt"])
def test_flows_told_twice_have_ids_of_their_own(page: Page, project: Project, file: str) -> None:
    project.write({"captures/lab/node/l.txt": LISTING, "captures/lab/node/dump.txt": dump_of(3)})
    text = flows(f"lab/node/{file}")
    built = page(text + "\n" + text.partition("\n")[2])
    ids = re.findall(r' id="([^"]*)"', built.text("index.html"))
    assert sum("-flow-" in one for one in ids) > 1
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("options", "shown"), [((), True), ((":graph: hide",), False)])
def test_the_graph_of_the_stages(
    page: Page, project: Project, options: tuple[str, ...], shown: bool
) -> None:
    project.write({"captures/lab/node/l.txt": LISTING})
    built = page(flows("lab/node/l.txt", *options))
    assert built.warnings == []
    html = built.text("index.html")
    assert ("Way through the stages" in html) is shown
    links = set(re.findall(r'<a href="#([\w-]+)" class="ovs-link">', html))
    assert bool(links) is shown
    assert all(f'<section id="{anchor}">' in html for anchor in links)


@pytest.mark.parametrize(
    ("option", "code", "message"),
    [
        (":table: 7", "option-no-match", "option :table: '7' matches nothing in this capture"),
        (":graph: no", "option", "option :graph: 'no' is none of show, hide"),
        (":port: p7", "option-no-match", "option :port: 'p7' matches nothing in this capture"),
        (
            ":datapath: x",
            "option-no-match",
            "option :datapath: 'x' matches nothing in this capture",
        ),
        (":idle: hide", "option", "option :idle: logical flows count no packets"),
    ],
)
def test_a_wrong_option_of_a_listing(
    page: Page, project: Project, option: str, code: str, message: str
) -> None:
    project.write({"captures/lab/node/l.txt": LISTING})
    built = page(flows("lab/node/l.txt", option))
    assert built.warnings == [f"index.md:3: WARNING: {message} [ovs_capture.{code}]"]
