"""Roles, the index, the search and other sites, in real builds."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from tests.conftest import ROOT
from tests.render.conftest import CONF, LINKS, Built, Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CAPTURE = "# {0}\n\n```{{ovs-capture}} {0}\n```\n"
INDEX = "# Start\n\n```{toctree}\n:glob:\n*\n```\n\n{ref}`ovs-index`\n"


@pytest.fixture
def site(project: Project) -> Project:
    """Two hosts of one scenario, a page for each file."""
    project.write(
        {
            "index.md": INDEX,
            "links.md": CAPTURE.format("lab/node/ip-link.txt"),
            "show.md": CAPTURE.format("lab/node/ovs-vsctl-show.txt"),
            "far.md": CAPTURE.format("lab/far/ip-link.txt"),
            "captures/lab/far/ip-link.txt": LINKS.replace("bf:ba:50", "bf:ba:51").replace(
                "eth0", "eth7"
            ),
        }
    )
    return project


def hrefs(built: Built, name: str = "roles.html") -> list[tuple[str, str | None]]:
    """Each role of a page: its text, and where it leads."""
    page = html.fromstring(built.text(name).encode())
    found = page.xpath("//p//code[contains(@class, 'ovs-') and contains(@class, 'xref')]")
    return [(code.text_content(), code.getparent().get("href")) for code in found]


def leads_to_an_anchor(built: Built, href: str) -> bool:
    name, _, anchor = href.partition("#")
    return f'id="{anchor}"' in built.text(name)


ROLES = [
    ("port", "eth7"),
    ("port", "lab/node:eth0"),
    ("bridge", "br-int"),
    ("mac", "00:15:5D:BF:BA:51"),
    ("host", "lab/far"),
]


@pytest.mark.parametrize("suffix", ["md", "rst"])
def test_roles(site: Project, suffix: str) -> None:
    if suffix == "md":
        text = "# Roles\n\n" + "\n\n".join(f"{{ovs:{role}}}`{name}`" for role, name in ROLES)
    else:
        text = "Roles\n=====\n\n" + "\n\n".join(f":ovs:{role}:`{name}`" for role, name in ROLES)
    site.write({f"roles.{suffix}": text + "\n"})
    built = site.build()
    assert built.warnings == []
    found = hrefs(built)
    assert [text for text, _ in found] == [name for _, name in ROLES]
    assert all(href and leads_to_an_anchor(built, href) for _, href in found)


def test_titles_and_marks(site: Project) -> None:
    roles = "{ovs:port}`the uplink <lab/node:eth0>` {ovs:port}`~lab/node:eth0` {ovs:port}`!eth99`"
    site.write({"roles.md": f"# Roles\n\n{roles} {{ovs:host}}`~lab/far`\n"})
    built = site.build()
    assert built.warnings == []
    texts = [(text, href is not None) for text, href in hrefs(built)]
    assert texts == [("the uplink", True), ("eth0", True), ("eth99", False), ("far", True)]


def test_a_name_on_two_hosts_is_warned_of_with_its_candidates(site: Project) -> None:
    site.write(
        {"captures/lab/far/ip-link.txt": LINKS, "roles.md": "# R\n\nsee\n{ovs:port}`eth0`\n"}
    )
    built = site.build()
    assert built.warnings == [
        "roles.md:3: WARNING: 'eth0' ({ovs:port}) may be lab/far:eth0, lab/node:eth0 "
        "[ovs_capture.reference-ambiguous]"
    ]
    assert hrefs(built) == [("eth0", None)]


def test_an_unknown_name_is_warned_of_at_its_place(site: Project) -> None:
    site.write({"roles.md": "# R\n\n{ovs:mac}`fa:16:3e:00:00:00`\n"})
    built = site.build()
    assert built.warnings == [
        "roles.md:3: WARNING: no capture on this site shows 'fa:16:3e:00:00:00' ({ovs:mac}) "
        "[ovs_capture.reference-not-found]"
    ]
    assert hrefs(built) == [("fa:16:3e:00:00:00", None)]


@pytest.mark.parametrize("builder", ["text", "latex", "singlehtml", "dirhtml", "epub"])
def test_any_builder(site: Project, builder: str) -> None:
    site.write({"roles.md": "# Roles\n\n{ovs:port}`eth7`\n"})
    settings: dict[str, Any] = {"version": "1", "copyright": "1"} if builder == "epub" else {}
    assert site.build(builder, **settings).warnings == []


def test_a_link_follows_what_moved(site: Project) -> None:
    site.write({"roles.md": "# Roles\n\n{ovs:port}`eth7`\n"})
    before = hrefs(site.build())
    site.write({"far.md": "# Far\n", "zone.md": CAPTURE.format("lab/far/ip-link.txt")})
    after = hrefs(site.build())
    assert before[0][1] is not None
    assert before[0][1].startswith("far.html#")
    assert after[0][1] is not None
    assert after[0][1].startswith("zone.html#")


@pytest.mark.parametrize(
    ("language", "heads"),
    [
        ("en", ["Hosts", "Bridges", "Ports and devices", "MAC addresses", "UUIDs"]),
        ("ja", ["ホスト", "ブリッジ", "ポートとデバイス", "MAC アドレス", "UUID"]),
    ],
)
def test_the_index(site: Project, language: str, heads: list[str]) -> None:
    built = site.build(language=language)
    page = html.fromstring(built.text("ovs-index.html").encode())
    # The headings become ids, which hold no space.
    found = [cell.text_content() for cell in page.xpath("//tr[@class='cap']//strong")]
    assert found == [head.replace(" ", "\N{NO-BREAK SPACE}") for head in heads]
    rows = [" ".join(row.text_content().split()) for row in page.xpath("//table//tr")]
    mac = next(row for row in rows if row.startswith("00:15:5d:bf:ba:51"))
    assert mac == "00:15:5d:bf:ba:51 (lab/far) lab/far/ip-link.txt"
    eth0 = next(row for row in rows if row.startswith("eth0"))
    assert eth0.startswith("eth0 (lab/node) ")
    links = [a.get("href") for a in page.xpath("//table[contains(@class, 'indextable')]//a")]
    assert links
    assert all(leads_to_an_anchor(built, href) for href in links)
    title = {"en": "Index of devices and addresses", "ja": "デバイスとアドレスの索引"}[language]
    assert title in built.text("index.html")
    assert title in built.text("ovs-index.html")


def test_a_second_project_links_to_a_port(site: Project, tmp_path: Path) -> None:
    first = site.build()
    second = Project(tmp_path / "second")
    roles = "{ovs:port}`eth7` {external:ovs:port}`lab/node:eth0` {ovs:mac}`00:15:5D:BF:BA:51`"
    second.write(
        {
            "conf.py": CONF.replace('"ovs_capture"]', '"ovs_capture", "sphinx.ext.intersphinx"]')
            + f'intersphinx_mapping = {{"lab": ("https://lab.test/", {first.app.outdir!s}'
            + ' + "/objects.inv")}\n',
            "roles.md": f"# Roles\n\n{roles}\n",
            "index.md": INDEX,
        }
    )
    conf = (second.root / "conf.py").read_text()
    second.write({"conf.py": conf.replace(str(first.app.outdir), repr(str(first.app.outdir)))})
    built = second.build()
    assert built.warnings == []
    links = [href or "" for _, href in hrefs(built)]
    assert len(links) == 3
    for link in links:
        assert link.startswith("https://lab.test/")
        assert leads_to_an_anchor(first, link.removeprefix("https://lab.test/"))


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("language", ["en", "ja"])
def test_search(browser: "Browser", project: Project, language: str) -> None:
    """What a reader types is found as typed, in the browser."""
    files = [
        "controller/dnsmasq-leases.txt",
        "client/openstack-server-list.txt",
        "compute/virsh-dumpxml.txt",
    ]
    for number, name in enumerate(files):
        project.write({f"p{number}.md": CAPTURE.format(f"flat/{name}")})
        data = (ROOT / "captures" / "flat-instance" / name).read_bytes()
        project.write({f"captures/flat/{name}": data})
    project.write({"index.md": INDEX})
    built = project.build(language=language)
    out = Path(built.app.outdir)
    with served(out) as address, closing(browser.new_context()) as context:
        tab = context.new_page()
        for query in ("fa:16:3e:55:2a:5d", "172.16.0.112", "instance00", "tap635485ff-6c"):
            tab.goto(f"{address}/search.html?q={query}")
            tab.wait_for_selector("#search-results li a", timeout=5000)
            found = tab.locator("#search-results li > a").all()
            link = next((one for one in found if one.inner_text() == query), None)
            assert link is not None, (query, [one.inner_text() for one in found])
            name = (link.get_attribute("href") or "").replace("?highlight=", "")
            assert leads_to_an_anchor(built, name), name


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder on this machine: from a file, Sphinx's search fetches no page."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_what_is_no_role_of_ours_means_what_it_meant(site: Project) -> None:
    site.write({"roles.md": "# Roles\n\n{any}`eth7`\n"})
    assert site.build().warnings == [
        "roles.md:3: WARNING: 'any' reference target not found: eth7 [ref.any]"
    ]
