"""Captions go into gettext catalogues and come back translated, as the page's sentences do."""

from pathlib import Path

from babel.messages.pofile import read_po, write_po

from tests.render.conftest import Project

PAGE = """\
# Page

```{ovs-topology} lab/node
:caption: A drawn host
:alt: One host with a bridge
```

```{ovs-capture} lab/node/ip-link.txt
:caption: Its devices
```

```{ovs-capture} lab/node/ovs-vsctl-show.txt
```
"""
JAPANESE = {
    "A drawn host": "描いたホスト",
    "One host with a bridge": "ブリッジを 1 つ持つホスト",
    "Its devices": "デバイスの一覧",
}


def catalogue(project: Project) -> Path:
    return Path(project.build("gettext", out="words").app.outdir) / "index.pot"


def test_extraction(project: Project) -> None:
    project.write({"index.md": PAGE})
    with catalogue(project).open("rb") as file:
        found = {message.id: message.locations for message in read_po(file) if message.id}
    assert set(found) == {"Page", *JAPANESE}
    # With their places, which a translator looks up.
    assert all(path.endswith("index.md") for places in found.values() for path, _ in places)


def test_what_we_say_ourselves_is_not_asked_of_the_author(project: Project) -> None:
    dump = "$ ovs-ofctl dump-flows br-int\n table=0, priority=0 actions=resubmit(,60)\n"
    project.write({"captures/lab/node/ovs-ofctl-dump-flows.txt": dump})
    project.write({"index.md": "# Page\n\n```{ovs-flows} lab/node:br-int\n```\n"})
    with catalogue(project).open("rb") as file:
        assert {message.id for message in read_po(file) if message.id} == {"Page"}


def test_translation(project: Project) -> None:
    project.write({"index.md": PAGE})
    with catalogue(project).open("rb") as file:
        messages = read_po(file)
    for original, translated in JAPANESE.items():
        message = messages.get(original)
        assert message is not None
        message.string = translated
    place = project.root / "locale" / "ja" / "LC_MESSAGES" / "index.po"
    place.parent.mkdir(parents=True)
    with place.open("wb") as file:
        write_po(file, messages)
    html = project.build(locale_dirs=["locale"], language="ja").text("index.html")
    for original, translated in JAPANESE.items():
        assert translated in html
        assert original not in html
    plain = project.build("text", out="plain", locale_dirs=["locale"], language="ja").text(
        "index.txt"
    )
    assert JAPANESE["Its devices"] in plain
