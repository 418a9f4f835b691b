"""Pages are read again when what they asked of a scenario is answered otherwise, and only then."""

import gzip
import random
import re
import shutil
from pathlib import Path

import pytest

from ovs_capture.network.everyone import Everyone, Question
from ovs_capture.network.fingerprint import Fingerprints
from ovs_capture.network.model import Guest, GuestNic, Network
from ovs_capture.render.library.asked import PageAccount, is_told_again
from tests.conftest import ROOT
from tests.render.conftest import Project
from tests.render.library.test_file_state import edit, pages_read, same

MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
WORD = re.compile(r"\b[a-z][a-z0-9-]{3,}\b")
NUMBER = re.compile(r"\b\d+\b")


def models(mac: str = "fa:16:3e:00:00:01", title: str = "instance00") -> Everyone:
    nic = GuestNic(name="eth0", mac=mac, tap=None)
    guest = Guest(key="vm", title=title, nics=(nic,))
    return Everyone(
        (Network(key="lab/a", title="A"), Network(key="lab/b", title="B", guests=(guest,)))
    )


def told_again(account: PageAccount, now: Everyone) -> bool:
    return is_told_again(account.kept(), now, lambda host: (), Fingerprints())


def test_a_part_of_a_model() -> None:
    before = models()
    account = PageAccount(Fingerprints())
    watched = account.watch(before[1])
    assert watched.nic_of_mac("fa:16:3e:00:00:01").one is not None
    assert watched.title_in("en") == "B"
    assert told_again(account, models())
    assert not told_again(account, models(mac="fa:16:3e:00:00:02"))
    assert told_again(account, models(mac="fa:16:3e:00:00:01"))
    assert not told_again(account, Everyone(before[:1]))


def test_what_was_not_asked_does_not_count() -> None:
    account = PageAccount(Fingerprints())
    assert account.watch(models()[1]).nic_of_mac("fa:16:3e:00:00:09").one is None
    assert told_again(account, models(mac="fa:16:3e:00:00:02"))
    assert not told_again(account, models(mac="fa:16:3e:00:00:09"))


def test_a_whole_model() -> None:
    before = models()
    account = PageAccount(Fingerprints())
    account.note_model("lab/b", before)
    assert told_again(account, models())
    assert not told_again(account, models(title="instance01"))


def test_a_question_that_nobody_knows_any_more() -> None:
    account = PageAccount(Fingerprints())
    account.note(Question("no such method", "lab/a"), "an answer")
    assert not told_again(account, models())


@pytest.fixture
def cloud(project: Project, request: pytest.FixtureRequest) -> Project:
    """A page for each capture of a scenario, and its picture; links lead from page to page."""
    scenario: str = request.param
    captures = project.root / "captures" / scenario
    shutil.copytree(ROOT / "captures" / scenario, captures)
    pages = {}
    for file in sorted(captures.rglob("*.txt*")):
        key = file.relative_to(project.root / "captures").as_posix()
        name = "flows" if "dump-flows" in key or "lflow-list" in key else "capture"
        page = key.replace("/", "-").partition(".txt")[0]
        pages[f"{page}.md"] = f"# {page}\n\n```{{ovs-{name}}} {key}\n```\n"
    index = "# Start\n\n```{toctree}\n:glob:\n*\n```\n"
    picture = f"# Picture\n\n```{{ovs-topology}} {scenario}\n```\n"
    project.write({**pages, "index.md": index, "picture.md": picture})
    return project


def captured(path: Path) -> str:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode()


def capture(path: Path, text: str) -> None:
    data = text.encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def edited(text: str, dice: random.Random) -> str:
    """A capture with another address, name, number, or with a line more or less."""
    lines = text.split("\n")
    at = dice.randrange(1, len(lines))
    kind = dice.randrange(6)
    if kind == 0 and (macs := MAC.findall(text)):
        mac = dice.choice(macs)
        return text.replace(mac, f"{mac[:-2]}{dice.randrange(256):02x}")
    if kind == 1 and (addresses := ADDRESS.findall(text)):
        address = dice.choice(addresses)
        return text.replace(address, f"{address.rpartition('.')[0]}.{dice.randrange(1, 250)}")
    if kind == 2 and (words := WORD.findall(text)):
        word = dice.choice(words)
        return re.sub(rf"\b{re.escape(word)}\b", f"{word[:-1]}q", text)
    if kind == 3 and (numbers := NUMBER.findall(text)):
        number = dice.choice(numbers)
        return re.sub(rf"\b{number}\b", str(int(number) + 1), text, count=1)
    if kind == 4:
        return "\n".join(lines[:at] + lines[at + 1 :])
    return "\n".join([*lines[:at], "", *lines[at:]])


@pytest.mark.parametrize(
    ("cloud", "seed"),
    [("flat-instance", 1), ("linuxbridge", 2), ("selfservice", 3)],
    indirect=["cloud"],
)
def test_edits_make_the_pages_of_a_new_build(cloud: Project, seed: int) -> None:
    dice = random.Random(seed)
    files = sorted((cloud.root / "captures").rglob("*.txt*"))
    cloud.build()
    read = []
    for number in range(10):
        file = dice.choice(files)
        before = captured(file)
        capture(file, edited(before, dice))
        built = cloud.build()
        same(built, cloud.build(out=f"fresh{number}"))
        read.append(len(pages_read(built)))
        if dice.random() < 0.5:
            capture(file, before)  # the next build sees two edits
    # That many pages would be read if each edit made all pages of the scenario anew.
    assert sum(read) < 10 * len(list(cloud.root.glob("*.md"))) * 0.7


@pytest.mark.parametrize("cloud", ["flat-instance"], indirect=True)
def test_the_mac_of_a_nic_is_of_no_interest_elsewhere(cloud: Project) -> None:
    cloud.build()
    file = "captures/flat-instance/compute/ip-d-link-show.txt"
    others = [p for p in (cloud.root / "captures").rglob("*.txt") if p != cloud.root / file]
    known = {mac for path in others for mac in MAC.findall(path.read_text())}
    mac = next(m for m in MAC.findall((cloud.root / file).read_text()) if m not in known)
    edit(cloud, file, lambda text: text.replace(mac, "02:00:00:00:00:fe"))
    built = cloud.build()
    same(built, cloud.build(out="fresh"))
    assert "flat-instance-compute-ip-d-link-show" in pages_read(built)
    assert not [page for page in pages_read(built) if "-compute-" not in page and page != "picture"]
