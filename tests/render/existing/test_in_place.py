"""``ovs_capture_auto``: an existing page is annotated, and nothing of it changes."""

import re
from collections.abc import Callable
from typing import Any

import lxml.html
import pytest

from ovs_capture.formats.transcript import split
from ovs_capture.source import Source
from tests.conftest import ROOT
from tests.render.conftest import LINKS, SHOW, Built, Project

Page = Callable[..., Built]
AUTO: dict[str, Any] = {"ovs_capture_auto": True}
SHOWN = SHOW.partition("\n")[2]
LISTED = LINKS.partition("\n")[2]
SECRET = "X3xJpjoBatE5"
TABLE = (
    "+-----------+--------------+\n| Field     | Value        |\n+-----------+--------------+\n"
    f"| adminPass | {SECRET} |\n| name      | instance00   |\n+-----------+--------------+\n"
)

MYST = f"""\
# 構成の確認

ブリッジを確認する。

```sh
ovs-vsctl show
```

次のように表示される。

```text
{SHOWN}```

````{{note}}
```console
$ ip -d link show
{LISTED}$ uname
Linux
```
````

* 一覧

  ```sh
  # 経路
  ip route
  ```

  ```
  default via 192.0.2.1 dev eth0
  (...)
  ```

```python
print("ovs-vsctl show")
```

```sh
uname -a
```

```text
Linux controller
```
"""


def indented(text: str, by: int = 3) -> str:
    return re.sub("^(?=.)", " " * by, text, flags=re.MULTILINE)


REST = f"""\
Page
====

The bridges::

{indented(SHOWN)}
.. code-block:: console

   $ ip -d link show

.. code-block:: none
   :name: links
   :class: wide

{indented(LISTED)}
See :ref:`the links <links>`.

   .. code-block:: shell

      ip route

   prints

   .. code-block:: text

      default via 192.0.2.1 dev eth0

.. code-block:: text
   :linenos:

{indented(SHOWN)}
"""
PAGES = {"md": (MYST, 3), "rst": (REST, 3)}


def blocks(built: Built, name: str = "index.html") -> list[str]:
    """The text of every block of a page; the pieces of an annotated one are one text."""
    texts: list[str] = []
    last = None
    for pre in lxml.html.fromstring(built.text(name)).iter("pre"):
        figure = next(pre.iterancestors("figure"), None)
        if figure is not None and figure is last:
            texts[-1] += pre.text_content()
        else:
            texts.append(pre.text_content())
        last = figure
    return texts


def figures(built: Built, name: str = "index.html") -> list[lxml.html.HtmlElement]:
    page = lxml.html.fromstring(built.text(name))
    return list(page.xpath('//figure[contains(@class, "ovs-capture")]'))


@pytest.mark.parametrize("suffix", PAGES)
def test_the_text_of_a_page_stays(page: Page, suffix: str) -> None:
    text, annotated = PAGES[suffix]
    before = page(text, suffix=suffix)
    assert figures(before) == []
    after = page(text, suffix=suffix, **AUTO)
    assert after.warnings == before.warnings == []
    assert len(figures(after)) == annotated
    assert blocks(after) == blocks(before)


@pytest.mark.parametrize("builder", ["text", "latex", "gettext", "xml", "pseudoxml"])
@pytest.mark.parametrize("suffix", PAGES)
def test_other_builders_see_the_page_as_it_was(page: Page, builder: str, suffix: str) -> None:
    text = PAGES[suffix][0]
    without = page(text, builder, suffix=suffix).files
    # The one difference of the two projects is their place in time.
    made = re.compile(rb"POT-Creation-Date.*|Creation.*|\\date\{.*\}")
    after = page(text, builder, suffix=suffix, **AUTO).files
    for name, data in without.items():
        assert made.sub(b"", after[name]) == made.sub(b"", data), name


def test_off_by_default(page: Page) -> None:
    assert figures(page(MYST)) == []


def test_captures_explain_each_other(page: Page) -> None:
    first, second, _ = figures(page(MYST, **AUTO))
    assert "br-int" in second.text_content()
    (key,) = set(first.xpath('.//pre//*[text()="eth0"]/@data-ovs'))
    assert key in second.xpath('.//pre//*[text()="eth0"]/@data-ovs')


def test_names_captions_and_classes_stay(page: Page) -> None:
    text = (
        "# Page\n\n```sh\nip link\n```\n\n"
        f"```{{code-block}} text\n:caption: Devices\n:name: devices\n\n{LISTED}```\n\n"
        f"(show)=\n```{{code-block}} text\n:class: wide\n\n{SHOWN}```\n\n"
        "{numref}`devices` {ref}`devices` {ref}`the bridges <show>`\n"
    )
    built = page(text, **AUTO, numfig=True, numfig_format={"code-block": "Number %s"})
    assert built.warnings == []
    html = lxml.html.fromstring(built.text("index.html"))
    links = html.xpath('//a[contains(@class, "reference internal")]/@href')
    assert [link for link in links if link in ("#devices", "#show")] == [
        "#devices",
        "#devices",
        "#show",
    ]
    assert html.xpath('//*[@id="devices"]//figure')
    assert html.xpath('//*[@id="show"]')
    assert "Number 1" in html.text_content()
    assert "wide" in figures(built)[1].get("class").split()


def test_options_that_only_the_theme_shows(page: Page) -> None:
    text = "# Page\n\n"
    for option in (":linenos:", ":emphasize-lines: 1", ":lineno-start: 3"):
        text += f"```{{code-block}} text\n{option}\n\n{SHOWN}```\n\n"
    assert figures(page(text, **AUTO)) == []


def test_a_block_that_the_author_wants_as_it_is(page: Page) -> None:
    text = f"# Page\n\n```{{code-block}} text\n:class: ovs-untouched\n\n{SHOWN}```\n"
    assert figures(page(text, **AUTO)) == []


def test_some_pages_only(project: Project) -> None:
    project.write({"index.md": MYST + "\n```{toctree}\nnet/page\n```\n", "net/page.md": MYST})
    built = project.build(ovs_capture_auto=["net/*"])
    assert figures(built) == []
    assert len(figures(built, "net/page.html")) == 3


def test_a_terminal_as_it_was_copied(page: Page) -> None:
    text = (
        "# Page\n\n```console\n\n[root@cmp1 ~]# ip -d link show\n"
        f"{LISTED}[root@cmp1 ~]#\n[root@cmp1 ~]# uname\nLinux\n[root@cmp1 ~]# \n```\n"
    )
    before, after = page(text), page(text, **AUTO)
    assert len(figures(after)) == 1
    assert blocks(after) == blocks(before)


def test_control_characters_stay_as_the_theme_shows_them(page: Page) -> None:
    text = f"# Page\n\n```text\n\x1b[1m{SHOWN}\x1b[0m```\n"
    before, after = page(text), page(text, **AUTO)
    assert blocks(before) == blocks(after)
    assert figures(after) == []


def test_the_page_is_drawn(page: Page) -> None:
    built = page(MYST + "\n```{ovs-topology}\n```\n", **AUTO)
    assert built.warnings == []
    (drawn,) = lxml.html.fromstring(built.text("index.html")).xpath('//figure[@class="ovs-figure"]')
    assert "br-int" in drawn.text_content()
    assert "eth0" in drawn.text_content()


def test_two_hosts_are_drawn(page: Page) -> None:
    other = SHOWN.replace("698493db", "aaaaaaaa").replace("eth0", "eth7")
    text = "# Page\n\n```{ovs-topology}\n```\n"
    for title, shown in (("Controller Node", SHOWN), ("Compute Node", other)):
        text += f"\n## {title}\n\n```sh\novs-vsctl show\n```\n\n```text\n{shown}```\n"
    built = page(text, **AUTO)
    (drawn,) = lxml.html.fromstring(built.text("index.html")).xpath('//figure[@class="ovs-figure"]')
    for word in ("Controller Node", "Compute Node", "eth7"):
        assert word in drawn.text_content()
    where = [figure.xpath('string(.//*[@class="ovs-where"])') for figure in figures(built)]
    assert where == ["Controller Node", "Compute Node"]


def test_a_page_that_tells_of_a_change_contradicts_nothing(page: Page) -> None:
    moved = LISTED.replace("bf:ba:50", "bf:ba:51")
    text = "# Page\n"
    for listed in (LISTED, moved):
        text += f"\n```sh\nip -d link show\n```\n\n```text\n{listed}```\n"
    assert page(text + "\n```{ovs-topology}\n```\n", **AUTO).warnings == []


@pytest.mark.parametrize("suffix", ["md", "rst"])
def test_what_a_reader_does_not_know_is_said_with_its_line(page: Page, suffix: str) -> None:
    odd = LISTED + "    of nobody's making\n"
    if suffix == "md":
        text = f"# Page\n\n```sh\nip -d link show\n```\n\n```text\n{odd}```\n"
    else:
        text = (
            "Page\n====\n\n.. code-block:: sh\n\n   ip -d link show\n\n"
            f".. code-block:: text\n   :class: wide\n\n{indented(odd)}"
        )
    line = text.split("\n").index(next(x for x in text.split("\n") if "nobody" in x)) + 1
    (warning,) = page(text, suffix=suffix, **AUTO).warnings
    assert warning.startswith(f"index.{suffix}:{line}:1: WARNING: this line is not part of")


def test_what_is_left_over_where_the_author_cut_is_no_fault(page: Page) -> None:
    cut = f"{LISTED}(...)\n    of an entry that was cut\n"
    text = f"# Page\n\n```sh\nip -d link show\n```\n\n```text\n{cut}```\n"
    built = page(text, **AUTO)
    assert built.warnings == []
    assert len(figures(built)) == 1


def test_an_included_file_is_named(project: Project) -> None:
    odd = (
        f"## 確認\n\n```sh\nip -d link show\n```\n\n```text\n{LISTED}    of nobody's making\n```\n"
    )
    project.write({"index.md": "# Page\n\n```{include} _part.txt\n```\n", "_part.txt": odd})
    (warning,) = project.build(**AUTO).warnings
    line = odd.split("\n").index("    of nobody's making") + 1
    assert warning.startswith(f"_part.txt:{line}:1: WARNING: ")


def test_secrets_are_masked_wherever_the_page_goes(page: Page) -> None:
    password = "openstack --os-password s3cr3t-words server create instance00"
    text = f"# Page\n\n```sh\n{password}\n```\n\n```text\n{TABLE}```\n"
    for builder in ("html", "text", "latex"):
        built = page(text, builder, html_copy_source=True, **AUTO)
        assert built.warnings == []
        for name, data in built.files.items():
            assert SECRET.encode() not in data, name
            assert b"s3cr3t-words" not in data, name
    shown = page(text, html_copy_source=True, ovs_capture_redact=False, **AUTO)
    assert blocks(shown) == [f"{password}\n", TABLE]


def test_only_changed_pages_are_read_again(project: Project) -> None:
    project.write({"index.md": MYST + "\n```{toctree}\nother\n```\n", "other.rst": REST})
    first = project.build(**AUTO)
    pages = {name: data for name, data in first.files.items() if name.endswith(".html")}
    again = project.build(**AUTO)
    assert {name: again.files[name] for name in pages} == pages
    project.write({"other.rst": REST.replace("The bridges", "All bridges")})
    after = project.build(**AUTO)
    assert "All bridges" in after.text("other.html")
    assert after.files["index.html"] == pages["index.html"]


def test_pages_read_in_parallel(project: Project) -> None:
    files = {f"p{n}.md": MYST.replace("# 構成", f"# {n} 構成") for n in range(8)}
    names = "\n".join(name.removesuffix(".md") for name in files)
    project.write({**files, "index.md": f"# Page\n\n```{{toctree}}\n{names}\n```\n"})
    one = project.build(out="one", **AUTO)
    two = project.build(out="two", jobs=2, **AUTO)
    for name in files:
        page = name.replace(".md", ".html")
        assert one.files[page] == two.files[page]


def test_every_capture_of_a_scenario(page: Page) -> None:
    """The flat instance as one page, written as an author writes it."""
    text = "# flat\n"
    for file in sorted((ROOT / "captures" / "flat-instance").rglob("*.txt")):
        (piece,) = split(Source(file.name, file.read_text("utf-8")), lambda command: True)
        assert piece.command is not None
        command, output = piece.command.text, piece.source.window
        text += f"\n## {file.stem}\n\n```sh\n{command}\n```\n\n```text\n{output}```\n"
    before = page(text, ovs_capture_redact=False)
    after = page(text, ovs_capture_redact=False, **AUTO)
    assert after.warnings == []
    assert blocks(before) == blocks(after)
    assert len(figures(after)) == len(blocks(before)) // 2
