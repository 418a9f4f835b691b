"""Our own site as a reader meets it: both languages, every link, every width."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest
from playwright.sync_api import Browser

from tests.conftest import ROOT, require
from tests.render.browser import watched

LANGUAGES = ("en", "ja")
PAGES = sorted(
    path.relative_to(ROOT / "source" / "en").with_suffix(".html").as_posix()
    for path in (ROOT / "source" / "en").rglob("*.md")
    if not path.name.startswith("_")
)
# One worker builds the site and tests it.
pytestmark = pytest.mark.xdist_group("site")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """build/html as ``make html`` makes it, elsewhere."""
    top = tmp_path_factory.mktemp("site")
    for language in LANGUAGES:
        options = ["-b", "html", "-c", ".", "-W", "--keep-going", "-q", "-j", "2"]
        options += ["-D", f"language={language}", "-d", str(top / "doctrees" / language)]
        places = [f"source/{language}", str(top / language)]
        done = subprocess.run(
            [sys.executable, "-m", "sphinx", *options, *places],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    (top / "index.html").write_bytes((ROOT / "source" / "index.html").read_bytes())
    return top


def targets(path: Path) -> Iterator[tuple[str, str]]:
    """(kind of element, address) of all that the page links to or loads."""
    page = lxml.html.document_fromstring(path.read_bytes())
    for element, _, address, _ in page.iterlinks():
        yield str(element.tag), address


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_somewhere(site: Path, language: str) -> None:
    broken = []
    anchors: dict[Path, set[str]] = {}
    for page in sorted((site / language).rglob("*.html")):
        for _, address in targets(page):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if not target.is_file():
                broken.append(f"{page.relative_to(site)}: {address}")
            elif parts.fragment and target.suffix == ".html":
                if target not in anchors:
                    found = lxml.html.document_fromstring(target.read_bytes()).xpath(
                        "//@id|//a/@name"
                    )
                    anchors[target] = set(found)
                if unquote(parts.fragment) not in anchors[target]:
                    broken.append(f"{page.relative_to(site)}: {address}")
    assert broken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_id_is_one_word_of_one_element(site: Path, language: str) -> None:
    faults = []
    for page in sorted((site / language).rglob("*.html")):
        ids = Counter(lxml.html.document_fromstring(page.read_bytes()).xpath("//@id"))
        faults += [
            (page.name, name)
            for name, count in ids.items()
            if count > 1 or re.search(r"[ \t\r\n\f]", name)
        ]
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_loaded_from_elsewhere(site: Path, language: str) -> None:
    loaded = [
        f"{page.name}: {address}"
        for page in (site / language).rglob("*.html")
        for tag, address in targets(page)
        if tag in {"script", "link", "img", "image", "use", "source"}
        and (urlsplit(address).scheme in {"http", "https"} or address.startswith("//"))
    ]
    assert loaded == []


@pytest.mark.parametrize("page", [*PAGES, "genindex.html", "search.html"])
def test_every_page_leads_to_its_twin(site: Path, page: str) -> None:
    for language, other in (LANGUAGES, LANGUAGES[::-1]):
        path = site / language / page
        tree = lxml.html.document_fromstring(path.read_bytes())
        (link,) = tree.xpath("//a[contains(@class, 'site-language')]")
        assert link.get("hreflang") == other
        assert (path.parent / link.get("href")).resolve() == site / other / page
        assert tree.get("lang") == language


@pytest.mark.parametrize(
    ("locale", "language"), [("ja-JP", "ja"), ("en-GB", "en"), ("fr-FR", "en")]
)
def test_the_landing_page_leads_to_the_readers_language(
    site: Path, browser: Browser, locale: str, language: str
) -> None:
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    page.wait_for_url("**/index.html")
    page.wait_for_function("document.querySelector('article')")
    assert page.evaluate("document.documentElement.lang") == language
    context.close()


def test_the_landing_page_needs_no_script(site: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    page.get_by_text("日本語").click()
    assert page.url == (site / "ja" / "index.html").as_uri()
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_scrolls_sideways(site: Path, browser: Browser, language: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    wide = []
    for name in PAGES:
        page.goto((site / language / name).as_uri())
        for width in (1400, 1100, 820, 390):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append((name, width))
    context.close()
    assert wide == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_complains_or_asks_another_host(
    site: Path, browser: Browser, language: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    faults = watched(page)
    for name in PAGES:
        page.goto((site / language / name).as_uri())
    context.close()
    assert faults == []


# Takes from a page the rows that show nothing which three rows before them have not shown: the same
# elements with the same classes, roles and attributes, in the same place. axe takes half a minute
# for a page of thousands of flows, to judge each of them alike.
LEAVE_THREE_OF_A_KIND = """() => {
  const seen = new Map();
  const kind = (element) => [
    element.tagName,
    element.getAttribute("class"),
    element.getAttribute("role"),
    ...element.getAttributeNames().sort(),
  ].join(" ");
  const kinds = (element, above) => {
    const own = `${above} > ${kind(element)}`;
    return [own, ...[...element.children].flatMap((child) => kinds(child, own))];
  };
  const place = (element) =>
    element === document.body ? "" : `${place(element.parentElement)} > ${kind(element)}`;
  for (const row of document.querySelectorAll("li, tr, .ovs-entry")) {
    if (!row.isConnected) continue;
    const shown = new Set(kinds(row, place(row.parentElement)));
    if ([...shown].every((one) => seen.get(one) >= 3)) row.remove();
    else for (const one of shown) seen.set(one, (seen.get(one) ?? 0) + 1);
  }
}"""


@pytest.mark.needs("axe")
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_serious(site: Path, browser: Browser, language: str) -> None:
    """By every rule in light; in dark by those of colours, which are all that it changes."""
    axe = Path(require("axe")).read_text("utf-8")
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    found = []
    for name in [*PAGES, "genindex.html", "search.html"]:
        page.goto((site / language / name).as_uri())
        page.evaluate(LEAVE_THREE_OF_A_KIND)
        page.evaluate(axe)
        schemes: dict[Literal["light", "dark"], dict[str, list[str]]] = {
            "light": {},
            "dark": {"runOnly": ["color-contrast", "link-in-text-block"]},
        }
        for scheme, rules in schemes.items():
            page.emulate_media(color_scheme=scheme)
            options = {"resultTypes": ["violations"], **rules}
            result = page.evaluate("(options) => axe.run(document, options)", options)
            assert result["passes"], (name, scheme)
            found += [
                (name, scheme, violation["id"], node["html"][:200])
                for violation in result["violations"]
                if violation["impact"] in ("serious", "critical")
                for node in violation["nodes"][:3]
            ]
    context.close()
    assert found == []


def test_two_builds_in_two_places_are_equal(site: Path, tmp_path: Path) -> None:
    """The site once more, with one job instead of two: every file, byte for byte."""
    options = ["-b", "html", "-c", ".", "-q", "-D", "language=ja", "-d", str(tmp_path / "trees")]
    command = [
        sys.executable,
        "-m",
        "sphinx",
        *options,
        "-j",
        "1",
        "source/ja",
        str(tmp_path / "ja"),
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    one, two = (
        {
            path.relative_to(top).as_posix(): path.read_bytes()
            for path in sorted(top.rglob("*"))
            if path.is_file() and path.name != ".buildinfo"
        }
        for top in (site / "ja", tmp_path / "ja")
    )
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
