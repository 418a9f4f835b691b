"""A site as an author of 200 captures has it, for what a second build of it costs.

Its captures are our own, of the size that the commands print, each time with MAC addresses and
UUIDs of another cloud. A host has a page with each of its captures under a heading, and dumps of
flows explained; a scenario has a page with its picture, and one with a few outputs pasted as plain
blocks, which ``ovs_capture_auto`` annotates. ``Form.ONE`` puts all hosts in one scenario;
``Form.PLAIN`` has the same pages for Sphinx without us, with the files included as they are.
"""

import gzip
from enum import Enum
from pathlib import Path

from tools.large_site import as_of

CONF = """\
project = "Network"
extensions = ["myst_parser"{more}]
exclude_patterns = ["captures"]
html_theme = "furo"
"""
OURS = 'ovs_capture_auto = ["*pasted"]\n'
# Longer outputs are shown as files, not pasted.
_PASTED_LINES = 60
_PASTED = 4


class Form(Enum):
    """Which site is written of the captures."""

    MANY = "a scenario for each cloud"
    ONE = "all hosts in one scenario"
    PLAIN = "without us, files included"


def write_author_site(top: Path, models: Path, captures: int, form: Form) -> list[Path]:
    """The site under ``top``, from the scenarios in ``models``; its captures."""
    more = "" if form is Form.PLAIN else ', "ovs_capture"'
    (top / "conf.py").write_text(CONF.format(more=more) + (OURS if more else ""))
    written: list[Path] = []
    clouds: dict[str, list[Path]] = {}
    sources = sorted((*models.glob("*/*/*.txt"), *models.glob("*/*/*.txt.gz")))
    for number in range(captures):
        round_, index = divmod(number, len(sources))
        source = sources[index]
        scenario, host = f"{source.parts[-3]}-{round_}", source.parts[-2]
        place = f"all/{scenario}-{host}" if form is Form.ONE else f"{scenario}/{host}"
        path = top / "captures" / place / source.name
        if form is Form.PLAIN:
            path = path.with_name(source.name.removesuffix(".gz"))
        _copy(source, path, f"cloud{round_}")
        hints = source.with_name("host.toml")
        if hints.is_file():
            (path.parent / "host.toml").write_text(as_of(f"cloud{round_}", hints.read_text()))
        clouds.setdefault(scenario, []).append(path)
        written.append(path)
    names = [name for cloud, paths in clouds.items() for name in _pages(top, cloud, paths, form)]
    toctree = "\n".join(("# Network", "", "```{toctree}", *names, "```", ""))
    (top / "index.md").write_text(toctree)
    return written


def _copy(source: Path, path: Path, cloud: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    packed = source.name.endswith(".gz")
    data = gzip.decompress(source.read_bytes()) if packed else source.read_bytes()
    data = as_of(cloud, data.decode()).encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.name.endswith(".gz") else data)


def _pages(top: Path, cloud: str, paths: list[Path], form: Form) -> list[str]:
    """The pages of a cloud; their names."""
    hosts: dict[Path, list[Path]] = {}
    for path in paths:
        hosts.setdefault(path.parent, []).append(path)
    names = []
    for host, of_host in hosts.items():
        key = host.relative_to(top / "captures").as_posix()
        name = f"{cloud}-{host.name.removeprefix(f'{cloud}-')}"
        lines = [f"# {name}", ""]
        for path in of_host:
            lines += [f"## {path.name.partition('.txt')[0]}", "", *_shown(key, path, form), ""]
        (top / f"{name}.md").write_text("\n".join(lines))
        names.append(name)
    picture = " ".join(host.relative_to(top / "captures").as_posix() for host in hosts)
    words = ["A picture.", ""] if form is Form.PLAIN else [f"```{{ovs-topology}} {picture}", "```"]
    (top / f"{cloud}.md").write_text("\n".join([f"# {cloud}", "", *words, ""]))
    pasted = [f"# {cloud} pasted", ""]
    texts = [path.read_text() for path in paths if not path.name.endswith(".gz")]
    for text in [one for one in texts if one.count("\n") < _PASTED_LINES][:_PASTED]:
        pasted += ["```console", text.rstrip("\n"), "```", ""]
    (top / f"{cloud}-pasted.md").write_text("\n".join(pasted))
    return [cloud, *names, f"{cloud}-pasted"]


def _shown(key: str, path: Path, form: Form) -> list[str]:
    """How a page shows a capture."""
    file = f"{key}/{path.name}"
    if form is Form.PLAIN:
        return [f"```{{literalinclude}} /captures/{file}", ":language: none", "```"]
    flows = "dump-flows" in path.name or "lflow-list" in path.name
    return [f"```{{{'ovs-flows' if flows else 'ovs-capture'}}} {file}", "```"]
