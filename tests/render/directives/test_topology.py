"""``ovs-topology`` in a page."""

from collections.abc import Callable

import lxml.html
import pytest

from tests.conftest import ROOT
from tests.render.conftest import LINKS, SHOW, Built, Project
from tools import bench_scale

Page = Callable[..., Built]


def topology(argument: str, *options: str) -> str:
    return "\n".join(["# Page", "", f"```{{ovs-topology}} {argument}", *options, "```", ""])


def figure(built: Built) -> lxml.html.HtmlElement:
    (found,) = lxml.html.fromstring(built.text("index.html")).xpath('//figure[@class="ovs-figure"]')
    return found


def names(found: lxml.html.HtmlElement) -> set[str]:
    return {text.strip() for text in found.xpath(".//svg//text//text()")}


def test_a_host(page: Page) -> None:
    built = page(topology("lab/node", ":caption: The node", ":alt: A node", ":width: 300"))
    assert built.warnings == []
    found = figure(built)
    assert {"Node", "eth0", "br-int"} <= names(found)
    assert found.xpath("string(.//svg/title)") == "A node"
    # HTML has a caption as the first or the last child; folds are beside it.
    assert found.xpath("string(figcaption[not(following-sibling::*)])") == "The node"
    assert found.xpath("details")
    assert "--ovs-width: 300px" in found.get("style")


def test_boxes_link_to_where_they_are_told(page: Page) -> None:
    built = page(
        "# Page\n\n```{ovs-capture} lab/node/ip-link.txt\n```\n" + topology("lab/node")[6:]
    )
    found = figure(built)
    href = found.xpath('.//svg//a[.//text()="eth0"]/@href')[0]
    assert f'id="{href.removeprefix("#")}"' in built.text("index.html")
    in_picture = set(found.xpath(".//svg//@data-ovs"))
    in_capture = set(lxml.html.fromstring(built.text("index.html")).xpath("//pre//@data-ovs"))
    assert in_picture & in_capture


def test_what_is_not_drawn_is_listed(page: Page, project: Project) -> None:
    project.write({"captures/lab/node/host.toml": '[interface.eth0]\naddress = "192.0.2.1/24"\n'})
    folds = figure(page(topology("lab/node"))).xpath('.//details[@class="ovs-fold"]')
    told = {
        fold.xpath("string(summary)").rstrip("0123456789 "): fold.text_content() for fold in folds
    }
    assert "lo" in told["Left out of the picture"]
    assert "eth0: address 192.0.2.1/24" in told["Only a hint, in no capture"]


TWO_MACS = """\
1715862686 fa:16:3e:00:00:01 192.0.2.9 * *
1715862687 fa:16:3e:00:00:02 192.0.2.9 * *
"""
ACCEPT = """\
[[accept]]
code = "address-two-macs"
what = "192.0.2.9"
why = "the port was made anew"
"""


def test_a_contradiction_is_a_warning_until_it_is_accepted(page: Page, project: Project) -> None:
    project.write(
        {"captures/lab/node/leases.txt": "$ cat /var/lib/neutron/dhcp/x/leases\n" + TWO_MACS}
    )
    (warning,) = page(topology("lab/node")).warnings
    assert "[ovs_capture.address-two-macs]" in warning
    project.write({"captures/lab/scenario.toml": ACCEPT})
    built = page(topology("lab/node"))
    assert built.warnings == []
    (fold,) = figure(built).xpath(
        './/details[@class="ovs-fold"][starts-with(summary, "Known contradictions")]'
    )
    assert "192.0.2.9: the port was made anew (captures/lab/node/leases.txt:3)" in (
        " ".join(fold.text_content().split())
    )


def test_an_accept_of_another_host_is_not_unused(page: Page, project: Project) -> None:
    project.write(
        {
            "captures/lab/second/leases.txt": "$ cat /var/lib/neutron/dhcp/x/leases\n" + TWO_MACS,
            "captures/lab/scenario.toml": ACCEPT,
        }
    )
    assert page(topology("lab/node")).warnings == []


def test_an_accept_that_applies_to_nothing_is_a_warning(page: Page, project: Project) -> None:
    project.write({"captures/lab/scenario.toml": ACCEPT})
    (warning,) = page(topology("lab/node")).warnings
    assert warning.startswith("captures/lab/scenario.toml:3:9: WARNING:")
    assert "[ovs_capture.accept-unused]" in warning


def test_a_scenario_and_several_targets(page: Page, project: Project) -> None:
    project.write(
        {
            "captures/lab/second/ip-link.txt": LINKS,
            "captures/lab/second/ovs-vsctl-show.txt": SHOW,
        }
    )
    whole = names(figure(page(topology("lab"))))
    both = names(figure(page(topology("lab/node lab/second"))))
    assert {"Node", "second"} <= whole
    assert whole == both


def test_the_page_itself(page: Page) -> None:
    show = f"\n```{{ovs-capture}}\n{SHOW}```\n"
    links = f"\n```{{ovs-capture}}\n{LINKS}```\n"
    picture = topology("")[6:]
    for text in (show + links + picture, picture + show + links):
        built = page("# My page\n" + text)
        assert built.warnings == []
        assert {"eth0", "br-int", "My page"} <= names(figure(built))


@pytest.mark.parametrize(
    ("argument", "options", "code", "message"),
    [
        ("gone", (), "not-found", "no capture, host or scenario at 'gone'"),
        ("../x", (), "outside-root", "'../x' leads out of the capture root"),
        ("", (), "target", "no scenario or host, and no capture pasted in the page"),
        (
            "lab/node",
            (":focus: nobody",),
            "option-no-match",
            "option :focus: 'nobody' matches nothing in this capture",
        ),
        (
            "lab/node",
            (":hide: nobody",),
            "option-no-match",
            "option :hide: 'nobody' matches nothing in this capture",
        ),
        (
            "lab/node",
            (":width: wide",),
            "option",
            "option :width: 'wide' is not a width like 480px or 80%",
        ),
        (
            "lab/node",
            (":direction: left",),
            "option",
            "option :direction: 'left' is none of down, up",
        ),
    ],
)
def test_what_is_wrong(
    page: Page, argument: str, options: tuple[str, ...], code: str, message: str
) -> None:
    built = page(topology(argument, *options))
    assert built.warnings == [f"index.md:3: WARNING: {message} [ovs_capture.{code}]"]


def test_upside_down(page: Page) -> None:
    def heights(*options: str) -> tuple[float, float]:
        found = figure(page(topology("lab/node", *options)))
        return tuple(
            float(found.xpath(f'.//svg//text[text()="{name}"]/@y')[0])
            for name in ("eth0", "br-int")
        )  # type: ignore[return-value]  # of two names

    eth0, bridge = heights()
    assert eth0 < bridge
    eth0, bridge = heights(":direction: up")
    assert eth0 > bridge


def test_hidden(page: Page) -> None:
    assert "eth0" not in names(figure(page(topology("lab/node", ":hide: eth0"))))


def build(page: Page, argument: str, *options: str) -> Built:
    """A page with captures of this repository."""
    return page(topology(argument, *options), ovs_capture_root=str(ROOT / "captures"))


def test_the_logical_layer(page: Page) -> None:
    made = build(page, "selfservice", ":layer: logical", ":caption: OVN", ":lang: ja")
    assert [w for w in made.warnings if "address-two-macs" not in w] == []
    tree = lxml.html.fromstring(made.text("index.html"))
    figure = tree.xpath("//figure")[0]
    assert figure.xpath("string(figcaption)") == "OVN"
    assert "論理スイッチ、トンネルキー 5" in figure.text_content()


def test_a_host_without_ovn_has_no_logical_layer(page: Page) -> None:
    made = build(page, "flat-instance/compute", ":layer: logical", ":focus: instance00")
    assert any("no capture of OVN's databases" in warning for warning in made.warnings)
    assert any("has no such option" in warning for warning in made.warnings)


def test_an_unknown_layer_is_told(page: Page) -> None:
    made = build(page, "flat-instance/compute", ":layer: spiritual")
    assert any("'spiritual' is not physical or logical" in warning for warning in made.warnings)


def test_printed(page: Page) -> None:
    built = page(topology("lab/node", ":caption: The node", ":width: 300px"), "latex")
    tex = next(text for name, text in built.files.items() if name.endswith(".tex")).decode()
    assert "includegraphics[width=300\\sphinxpxdimen]" in tex
    assert tex.count("The node") == 1


def test_where_there_are_no_pictures_the_caption_stays(page: Page) -> None:
    built = page(topology("lab/node", ":caption: The node"), "text")
    text = built.text("index.txt")
    assert text.count("The node") == 1
    assert "eth0" in text or "br-int" in text


def test_ports_of_the_logical_layer_light_up_with_their_guests(page: Page) -> None:
    """Both layers name a guest by one key, so that pointing at one shows the other."""
    logical, physical = (
        {
            key
            for key in lxml.html.fromstring(made.text("index.html")).xpath("//figure//g/@data-ovs")
            if key.startswith("guest")
        }
        for made in (build(page, "ovn", ":layer: logical"), build(page, "ovn"))
    )
    assert logical
    assert logical <= physical


def crowded(project: Project, guests: int) -> None:
    """A host whose every guest is in a network of its own."""
    host = bench_scale.Host(0, 9, range(guests))
    for name in ("ip-d-link-show", "ip-addr-show", "ovs-vsctl-show", "instances-ip-addr-show"):
        lines = "".join(f"{line}\n" for line in bench_scale.CAPTURES[name](host))
        project.write({f"captures/crowd/compute/{name}.txt": lines})


@pytest.mark.parametrize(
    ("options", "stacked", "noted"),
    [
        ([], True, True),
        ([":collapse: auto"], True, True),
        ([":collapse:"], True, False),
        ([":collapse: always"], True, False),
        ([":collapse: never"], False, False),
    ],
)
def test_a_crowd_is_one_box_unless_the_author_says_otherwise(
    page: Page, project: Project, options: list[str], stacked: bool, noted: bool
) -> None:
    crowded(project, 40)
    built = page(topology("crowd/compute", *options))
    assert built.warnings == []
    found = figure(built)
    note = "Equal guests are drawn as one box (guests: 40, boxes: 1)."
    assert ({"instance ×40", "40 guests in 40 VLANs"} <= names(found)) is stacked
    assert ("instance17" in names(found)) is not stacked
    assert (note in names(found)) is noted
    assert found.xpath("string(.//svg/desc)").endswith(note) is noted
    told = {
        li.text_content().split(":")[0] for li in found.xpath('.//details[@class="ovs-fold"]//li')
    }
    assert ({"instance17", "tap00000011-6c"} <= told) is stacked


def test_a_box_of_several_is_no_single_guest(page: Page, project: Project) -> None:
    crowded(project, 40)
    capture = "```{ovs-capture} crowd/compute/ip-addr-show.txt\n```\n"
    built = page(f"# Page\n\n{capture}{topology('crowd/compute')[6:]}")
    svg = figure(built)
    links = svg.xpath('.//svg//a[@href][.//text()="eth0"]')
    # The host's own eth0 leads to its line, that of forty guests to none.
    assert [link.xpath("ancestor-or-self::a//text()[.='eth0']") for link in links] == [["eth0"]]
    assert len(svg.xpath('.//svg//text[.="eth0"]')) == 2


def test_an_unknown_way_to_collapse_is_said(page: Page) -> None:
    built = page(topology("lab/node", ":collapse: sometimes"))
    (warning,) = built.warnings
    assert "option :collapse: 'sometimes' is none of always, never, auto" in warning
