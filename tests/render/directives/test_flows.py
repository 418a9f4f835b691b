"""``ovs-flows`` in a page."""

from collections.abc import Callable

import lxml.html
import pytest

from ovs_capture.render.flows_page import size
from tests.conftest import ROOT
from tests.render.conftest import Built, Project

Page = Callable[..., Built]
ONE_FLOW = "$ ovs-ofctl dump-flows br0\n table=0, priority=1 actions=drop\n"
SEED = ROOT / "captures" / "flat-instance"


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
    told = tree.xpath('//li[@class="ovs-flow"]')
    assert len(told) == 76
    for flow in told:
        assert flow.xpath('string(p[@class="ovs-reading"])')
        assert flow.xpath('string(p[@class="ovs-purpose"])')
    printed = "".join(flow.xpath("string(.//pre)") + "\n" for flow in told)
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
    assert len(built(":idle: show").xpath('//li[@class="ovs-flow"]')) == 76
    assert len(built(":idle: hide").xpath('//li[@class="ovs-flow"]')) == 30


def test_table_and_port(built: Callable[..., lxml.html.HtmlElement]) -> None:
    tree = built(":table: 60, 71")
    titles = [h.text_content() for h in tree.xpath("//section/section/*[1]")]
    assert [title[:8] for title in titles] == ["Table 60", "Table 71"]
    about = built(":port: int-br-mgmt").xpath('//li[@class="ovs-flow"]')
    assert 0 < len(about) < 10
    assert all("int-br-mgmt" in flow.text_content() for flow in about)


def test_a_file(built: Callable[..., lxml.html.HtmlElement]) -> None:
    tree = built(argument="flat-instance/compute/ovs-ofctl-dump-flows-br-mgmt.txt")
    assert len(tree.xpath('//li[@class="ovs-flow"]')) == 2


def test_unrecognised_is_said(page: Page, project: Project) -> None:
    project.write({"captures/lab/node/f.txt": ONE_FLOW})
    html = page(flows("lab/node:br0")).text("index.html")
    assert "Unrecognised pipeline" in html
    assert 'class="ovs-purpose"' not in html


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
