"""Captures for pages: found under the capture root, read once a build, never from outside of it.

Lives here: the way from a directive's argument to files, with the pages' dependencies noted right
beside each read. Does not live here: what captures mean.
"""

import os
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn
from weakref import ReferenceType, WeakKeyDictionary, ref

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

from ... import store
from ...diagnostic import Code, Diagnostic
from ...formats.reading import Capture
from ...network.contradictions import Accepted, Judgement, judge
from ...network.correlate import correlate, correlate_all
from ...network.everyone import Everyone
from ...network.fingerprint import Fingerprints
from ...network.model import Network
from ...network.page_hosts import PageHost, Placed, hosts_of
from ...progress import Along
from ...store import Host, Scenario
from ...subjects.dumps import Dump, dumps_of_host
from ...subjects.memory import Memory
from ..config import Settings
from ..links.domain import domain_of
from .asked import Asked, PageAccount, is_told_again
from .file_state import FileState, mean_otherwise, stamp_of, state_of
from .progress import progress

# What traces need is loaded by the first page that has one (``directives.later``).
if TYPE_CHECKING:
    from ...subjects.southbound import Southbound
    from ...trace.switch import Switch


class Unusable(Exception):
    """An argument that leads to no captures: a code and what fills its wording."""

    def __init__(self, code: Code, **args: object) -> None:
        super().__init__(code.value)
        self.code, self.args_of_code = code, args


@dataclass(frozen=True)
class Place:
    """A host (or a page, for pasted captures) as pages need it.

    ``network``: the model of its captures; ``others``: those of all hosts of the scenario.
    ``host`` None: a page's own captures; ``name``: what the page calls their host, where it shows
    several.
    """

    key: str
    host: Host | None
    network: Network | None = None
    others: tuple[Network, ...] = ()
    name: str = ""

    def title(self, language: str) -> str:
        return self.host.title(language) if self.host else self.name


class _Models(NamedTuple):
    """What the captures of a scenario say: its hosts by directory, and what is wrong with them."""

    everyone: Everyone
    places: Mapping[Path, Place]
    judgement: Judgement


@dataclass(frozen=True)
class PageHosts:
    """The hosts that a page's own captures are of: at least one."""

    places: tuple[Place, ...]
    _by_capture: Mapping[int, Place] = field(default_factory=dict)

    def of(self, capture: Capture) -> Place:
        return self._by_capture.get(id(capture), self.places[0])


@dataclass
class Library:
    """The captures under one root. Made anew for each build, so that nothing stale is shown."""

    settings: Settings
    srcdir: Path
    _builder: ReferenceType[Builder]
    verbosity: int = 0
    _are_scenarios: dict[Path, bool] = field(default_factory=dict)
    _scenarios: dict[Path, Scenario] = field(default_factory=dict)
    _models: dict[Path, _Models] = field(default_factory=dict)
    _memory: Memory = field(default_factory=Memory)
    _dumps: dict[str, dict[str, Dump]] = field(default_factory=dict)
    _pasted: dict[str, list[Placed]] = field(default_factory=dict)
    _pages: dict[str, PageHosts] = field(default_factory=dict)
    _found: set[str] = field(default_factory=set)
    _of_pages_found: set[str] = field(default_factory=set)
    _switches: "dict[str, Switch]" = field(default_factory=dict)
    _southbounds: "dict[str, Southbound]" = field(default_factory=dict)
    _fingerprints: Fingerprints = field(default_factory=Fingerprints)
    _accounts: dict[Path, PageAccount] = field(default_factory=dict)
    _states: dict[Path, FileState] = field(default_factory=dict)
    _folders: dict[Path, tuple[tuple[str, tuple[str, ...]], ...]] = field(default_factory=dict)
    _files: dict[Path, tuple[FileState, ...]] = field(default_factory=dict)
    pages_read: list[str] = field(default_factory=list)
    pages_gone: bool = False

    @property
    def builder(self) -> Builder:
        """Of the build. Held by the application alone: what holds that is never freed."""
        builder = self._builder()
        assert builder is not None
        return builder

    def path_of(self, target: str) -> Path:
        """The file or directory that ``target`` names. Raises Unusable."""
        words = PurePosixPath(target)
        outside = words.is_absolute() or ".." in words.parts or "\\" in target or "\0" in target
        path = self.settings.root / words
        if outside or not self._is_inside(path):
            raise Unusable(Code.OUTSIDE_ROOT, path=target)
        try:
            path.exists()
        except OSError as error:  # a name longer than the file system takes
            raise Unusable(Code.NOT_FOUND, path=target) from error
        return path

    def _is_inside(self, path: Path) -> bool:
        try:
            return path.resolve().is_relative_to(self.settings.root.resolve())
        except (OSError, RuntimeError):  # a loop of links
            return False

    def shown(self, path: Path) -> str:
        """How messages name a path."""
        return f"{self.settings.shown_root}/{self.key_of(path)}"

    def key_of(self, path: Path) -> str:
        return path.relative_to(self.settings.root).as_posix()

    def captures(
        self, env: BuildEnvironment, target: str, *, joined: bool = True
    ) -> tuple[tuple[Capture, ...], Place]:
        """All captures of a file, and the host that it lies in (``place``). Raises Unusable."""
        path = self.path_of(target)
        if not path.is_file():
            self._note_absent(env, path)
            reason = Code.TARGET if path.is_dir() else Code.NOT_FOUND
            if reason is Code.TARGET:
                raise Unusable(reason, reason=f"{target!r} is a directory, not a capture")
            raise Unusable(reason, path=target)
        if not path.name.endswith(store.SUFFIXES):
            raise Unusable(Code.TARGET, reason=f"{target!r} is no .txt or .txt.gz file")
        place = self.place(env, self.key_of(path.parent), joined=joined)
        assert place.host is not None
        self._show(env, (path,))
        shown = self.shown(path)
        captures = tuple(c for c in place.host.captures if c.source.name == shown)
        if not captures:
            self._refuse(place.host, path, target)
        return captures, place

    def _note_absent(self, env: BuildEnvironment, path: Path) -> None:
        """The page is read again when what it asked for appears."""
        while not path.parent.is_dir():
            path = path.parent
        folder = path.parent
        domain_of(env).note_awaited(env.docname, self._relative(folder), _names_in(folder))

    def _refuse(self, host: Host, path: Path, target: str) -> NoReturn:
        """Say why a file of a host has no captures: the store kept the reason."""
        for problem in host.diagnostics:
            if problem.source.name == self.shown(path):
                raise Unusable(problem.code, **problem.args)
        raise Unusable(Code.NOT_FOUND, path=target)

    def place(self, env: BuildEnvironment, key: str, *, joined: bool = True) -> Place:
        """A host directory with its models. Raises Unusable when ``key`` names none.

        ``joined`` False: the page uses of the models only what it asks through
        ``explain.surroundings``; it is read again when that changes.
        """
        path = self.path_of(key)
        if not store.is_host(path):
            self._note_absent(env, path)
            raise Unusable(Code.NOT_FOUND, path=key)
        around = self._around(path)
        models = self._models_of(self._scenario(env, around))
        place = models.places[path]
        if joined:
            self._note_joined(env, around)
        else:
            models.everyone.account = self._account(around)
        self._use(place.host)
        return place

    def is_host(self, key: str) -> bool:
        """Does ``key`` name a host directory under the root?"""
        try:
            return store.is_host(self.path_of(key))
        except Unusable:
            return False

    def places(self, env: BuildEnvironment, target: str) -> tuple[Place, ...]:
        """The host, or all hosts of the scenario, that ``target`` names. Raises Unusable."""
        path = self.path_of(target)
        if self._is_scenario(path):
            models = self._models_of(self._scenario(env, path))
            self._note_joined(env, path)
            return tuple(models.places.values())
        return (self.place(env, self.key_of(path)),)

    def use_host(self, place: Place) -> None:
        """The page uses the whole model of a host, and what its captures say beyond that."""
        if place.host is not None:
            around = self._around(place.host.path)
            account = self._account(around)
            account.note_model(place.key, self._models[around].everyone)
            for file in self._read_of(place.host.files):
                account.own[file] = None

    def join(self, env: BuildEnvironment, place: Place) -> None:
        """The page uses more of the scenario than it can give an account of."""
        if place.host is not None:
            self._note_joined(env, self._around(place.host.path))

    def _is_scenario(self, path: Path) -> bool:
        """Each page asks, and to look takes as long as there are hosts."""
        if path not in self._are_scenarios:
            self._are_scenarios[path] = store.is_scenario(path)
        return self._are_scenarios[path]

    def _around(self, path: Path) -> Path:
        """The scenario that a host directory stands in; one directly under the root is alone."""
        root = self.settings.root
        is_in_scenario = path != root and path.parent != root and self._is_scenario(path.parent)
        return path.parent if is_in_scenario else path

    def _scenario(self, env: BuildEnvironment, path: Path) -> Scenario:
        """The captures of a scenario, or of a host that is alone."""
        self._look_into(path)
        self._note_folders(env, path)  # also of what cannot be read
        return self._read(path)

    def _read(self, path: Path) -> Scenario:
        if path not in self._scenarios:
            self._look_into(path)
            hosts = self._hosts_in(path)
            self._check_links([path, *hosts])
            self._look_at(path, *hosts)
            with _readable(self.shown(path)):
                self._scenarios[path] = self._read_now(path)
            files = [file for host in self._scenarios[path].hosts for file in host.files]
            self._files[path] = self._read_of((*files, path / "scenario.toml"))
        return self._scenarios[path]

    def _read_now(self, path: Path) -> Scenario:
        key, shown, hide = self.key_of(path), self.shown(path), self.settings.redact
        if not self._is_scenario(path):
            host = store.read_host(path, key, shown, hide=hide)
            return Scenario(host.key, path, (host,))
        along = self._along("reading captures")
        return store.read_scenario(path, key, shown, hide=hide, along=along)

    def _hosts_in(self, path: Path) -> list[Path]:
        if not self._is_scenario(path):
            return []
        return [child for child in sorted(path.iterdir()) if store.is_host(child)]

    def _look_at(self, *folders: Path) -> None:
        """Before files are read: which state of them pages will be made of."""
        for folder in folders:
            with suppress(OSError):
                for file in folder.iterdir():
                    if file.name.endswith(_NOTICED):
                        self._states[file] = state_of(self._relative(file), self.srcdir)

    def _read_of(self, files: Iterable[Path]) -> tuple[FileState, ...]:
        return tuple(self._states[file] for file in files if file in self._states)

    def _relative(self, path: Path) -> str:
        return os.path.relpath(path, self.srcdir)

    def _look_into(self, path: Path) -> None:
        """Which files the folders of a scenario have, before they are read."""
        if path not in self._folders:
            folders = (path, *self._hosts_in(path))
            self._folders[path] = tuple((self._relative(one), _names_in(one)) for one in folders)

    def _note_folders(self, env: BuildEnvironment, path: Path) -> None:
        if self._is_new(env, "folders", path):
            for folder, names in self._folders[path]:
                domain_of(env).note_folder(env.docname, folder, names)

    def _note_joined(self, env: BuildEnvironment, path: Path) -> None:
        """The page is made of what captures at ``path`` mean together.

        Sphinx is not told of the files: a page that shows none of them need not be read again for
        another counter in one.
        """
        if self._is_new(env, "joined", path):
            domain_of(env).note_joined(env.docname, self._relative(path), self._files[path])

    def _is_new(self, env: BuildEnvironment, what: str, path: Path) -> bool:
        """Noted of the page that is being read once, not each time."""
        noted: Any = env.temp_data
        noted = noted.setdefault("ovs_noted", set())
        is_new = (what, path) not in noted
        noted.add((what, path))
        return is_new

    def _account(self, path: Path) -> PageAccount:
        """What the page that is being read asks of a scenario."""
        return self._accounts.setdefault(path, PageAccount(self._fingerprints))

    def told_again(self, folder: str, asked: Asked) -> bool:
        """Would a page that asked this of a scenario be told the same now?"""
        path = self._path_of_folder(folder)
        try:
            models = self._models_of(self._read(path))
        except (Unusable, OSError):
            return False

        def judged(host: str) -> tuple[str, ...]:
            model = models.everyone.model(host)
            return _said(models.judgement.of([model]).kept) if model else ()

        return is_told_again(asked, models.everyone, judged, self._fingerprints)

    def note_again(self, env: BuildEnvironment, docname: str, folder: str) -> None:
        """A page that was told the same is up to date with the files as they are now."""
        path = self._path_of_folder(folder)
        for one, names in self._folders[path]:
            domain_of(env).note_folder(docname, one, names)
        domain_of(env).note_joined(docname, folder, self._files[path])

    def _path_of_folder(self, folder: str) -> Path:
        return Path(os.path.normpath(os.path.join(self.srcdir, folder)))

    def _show(self, env: BuildEnvironment, files: Iterable[Path]) -> None:
        """The page shows files as they are, counters too.

        Sphinx compares a dependency with the time when the page had been read. A file that changes
        between its reading and that time, or becomes an older one, is told by its stamp.
        """
        for file in files:
            if (state := self._states.get(file)) is not None:
                env.note_dependency(state.file)
                domain_of(env).note_file(env.docname, state.file, state.stamp)

    def show_captures(self, env: BuildEnvironment, captures: Iterable[Capture]) -> None:
        """The page shows captures of hosts that it asked for, as they are."""
        shown = f"{self.settings.shown_root}/"
        names = dict.fromkeys(capture.source.name for capture in captures)
        self._show(env, (self.settings.root / name.removeprefix(shown) for name in names))

    def _check_links(self, folders: Sequence[Path]) -> None:
        for folder in folders:
            hints = (folder / "host.toml", folder / "scenario.toml")
            for file in (*store.capture_files(folder), *hints):
                if not self._is_inside(file):
                    raise Unusable(Code.OUTSIDE_ROOT, path=self.key_of(file))

    def _models_of(self, scenario: Scenario) -> _Models:
        if scenario.path not in self._models:
            hosts = scenario.hosts
            networks = Everyone(correlate_all(hosts, self._along("joining captures")))
            places = {
                host.path: Place(host.key, host, network, networks)
                for host, network in zip(hosts, networks, strict=True)
            }
            self._models[scenario.path] = _Models(networks, places, Judgement(networks, scenario))
        return self._models[scenario.path]

    def _along(self, what: str) -> Along[Host]:
        """Tell how far it is with hosts, and forget of those that are done what is too much."""

        def along(hosts: Iterable[Host], length: int) -> Iterator[Host]:
            passed: set[str] = set()
            for host in progress(hosts, what, length, lambda host: host.key, self.verbosity):
                self._use(host)
                yield host
                passed.add(host.key)
                # The page may hold records of other scenarios: it compares two.
                self._settle(passed)

        return along

    def _use(self, host: Host | None) -> None:
        if host is not None:
            self._memory.use(host)

    def _settle(self, among: Container[str] | None = None) -> None:
        for key in self._memory.settle(among):
            for made in (self._dumps, self._switches, self._southbounds):
                made.pop(key, None)

    def page_is_read(self, env: BuildEnvironment) -> None:
        """Nothing of a page is asked for any more: it has become views."""
        docname = env.docname
        self._keep_accounts(env, docname)
        page = self._pages.pop(docname, None)
        self._pasted.pop(docname, None)
        for place in page.places if page else ():
            for made in (self._dumps, self._switches, self._southbounds):
                made.pop(place.key, None)
        self._settle()

    def _keep_accounts(self, env: BuildEnvironment, docname: str) -> None:
        domain = domain_of(env)
        for path, account in self._accounts.items():
            folder = self._relative(path)
            self._models[path].everyone.account = None
            if folder not in domain.data["joined"].get(docname, ()):
                domain.note_joined(docname, folder, self._files[path])
                domain.note_asked(docname, folder, account.kept())
        self._accounts.clear()

    def dumps(self, place: Place) -> Mapping[str, Dump]:
        """The flows of each bridge of a host, explained once for all its directives."""
        if place.key not in self._dumps:
            assert place.host is not None
            assert place.network is not None
            asked = place.host.hints.pipeline
            self._dumps[place.key] = dumps_of_host(place.host.captures, place.network, asked)
        return self._dumps[place.key]

    def switch(self, place: Place) -> "Switch":
        """What packets are traced through, made once for all directives of a build."""
        from ...trace.switch import switch_of_host

        if place.key not in self._switches:
            assert place.host is not None
            assert place.network is not None
            self._switches[place.key] = switch_of_host(place.host.captures, place.network)
        return self._switches[place.key]

    def southbound(self, place: Place) -> "Southbound":
        """What microflows are traced through, made once for all directives of a build."""
        from ...subjects.southbound import southbound_of

        if place.key not in self._southbounds:
            self._southbounds[place.key] = southbound_of(place.network)
        return self._southbounds[place.key]

    def paste(self, docname: str, captures: Iterable[Capture]) -> None:
        """Captures pasted in a page are of one host, the page's own."""
        self._pasted.setdefault(docname, []).extend(Placed(capture) for capture in captures)
        self._pages.pop(docname, None)

    def find(self, docname: str, found: Iterable[Placed]) -> None:
        """Captures that a page holds as plain blocks; they may be of several hosts."""
        self._pasted.setdefault(docname, []).extend(found)
        self._found.add(docname)
        self._pages.pop(docname, None)

    def page(self, docname: str, title: str) -> PageHosts:
        """The hosts that a page's own captures are of; ``title``: the page's."""
        if docname not in self._pages:
            self._pages[docname] = self._page_hosts(docname, title)
        return self._pages[docname]

    def _page_hosts(self, docname: str, title: str) -> PageHosts:
        pasted = self._pasted.get(docname, [])
        found = hosts_of(pasted) if docname in self._found else ()
        if len(found) < 2:
            found = (PageHost(title, [one.capture for one in pasted]),)
        hosts = []
        for number, one in enumerate(found, 1):
            key = _page_key(docname) + (f"/{number}" if len(found) > 1 else "")
            name = one.title or title
            hints = store.Hints(title=store.Title({"": name}) if name else None)
            hosts.append(Host(key, Path(), tuple(one.captures), hints))
        networks = Everyone(correlate(host, [h for h in hosts if h is not host]) for host in hosts)
        places = tuple(
            Place(
                host.key,
                None,
                network,
                networks,
                one.title if len(found) > 1 else "",
            )
            for one, host, network in zip(found, hosts, networks, strict=True)
        )
        if docname in self._found:
            self._of_pages_found.update(place.key for place in places)
        pairs = zip(places, hosts, strict=True)
        return PageHosts(places, {id(c): place for place, host in pairs for c in host.captures})

    def diagnostics(self, place: Place) -> tuple[Diagnostic, ...]:
        """What is wrong with a host as a whole: its hints, its scenario, contradictions."""
        kept = self.judged(place).kept
        if place.host is None:
            return kept
        if account := self._accounts.get(self._around(place.host.path)):
            account.note_judged(place.key, _said(kept))
        scenario = self._scenario_of(place)
        of_files = tuple(d for d in place.host.diagnostics if d.source.name.endswith(".toml"))
        return (*of_files, *(scenario.diagnostics if scenario else ()), *kept)

    def judged(self, place: Place) -> Accepted:
        """The contradictions in a host's captures: what is wrong, and what is accepted.

        A page that tells of one change after the other contradicts itself, and is right.
        """
        if place.key in self._of_pages_found:
            return Accepted((), ())
        shown = () if place.network is None else (place.network,)
        if place.host is None:
            return judge(shown, [n for n in place.others if n is not place.network], None)
        path = place.host.path
        models = self._models.get(path.parent) or self._models[path]
        return models.judgement.of(shown)

    def _scenario_of(self, place: Place) -> Scenario | None:
        return self._scenarios.get(place.host.path.parent) if place.host else None


def _said(diagnostics: Iterable[Diagnostic]) -> tuple[str, ...]:
    return tuple(str(diagnostic) for diagnostic in diagnostics)


def _page_key(docname: str) -> str:
    return f"page/{docname}"


_libraries: WeakKeyDictionary[BuildEnvironment, Library] = WeakKeyDictionary()


def open_library(app: Sphinx) -> None:
    """At the beginning of a build."""
    _libraries[app.env] = Library(
        Settings.of(app), Path(app.srcdir), ref(app.builder), app.verbosity
    )


def library(env: BuildEnvironment) -> Library:
    """The captures of this build."""
    return _libraries[env]


@contextmanager
def _readable(path: str) -> Iterator[None]:
    """An error of the operating system is the author's to see, with its place."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unusable(Code.NOT_READABLE, path=path, reason=reason) from error


def _names_in(folder: Path) -> tuple[str, ...]:
    try:
        names = [p.name for p in folder.iterdir() if p.is_dir() or p.name.endswith(_NOTICED)]
    except OSError:
        return ()
    return tuple(sorted(names))


_NOTICED = (*store.SUFFIXES, ".toml")


def pages_with_other_files(env: BuildEnvironment) -> list[str]:
    """Pages that would come out otherwise: of the state of what they were made of.

    A page that shows a file is made of all that it holds, and one that is made of a scenario, of
    what its files mean; one that keeps account of what it asked, of the answers.
    """
    data = domain_of(env).data
    stamp_now = cache(stamp_of)
    mean_other = cache(partial(mean_otherwise, str(env.srcdir)))
    path = partial(os.path.join, env.srcdir)

    @cache
    def names_now(folder: str) -> tuple[str, ...]:
        return _names_in(Path(path(folder)))

    def was_told_again(docname: str, scenario: str, changed: Mapping[str, set[str]]) -> bool:
        """Is what a page asked of a scenario all that it is made of, and answered as before?"""
        asked = data["asked"].get(docname, {}).get(scenario)
        if asked is None:
            return False
        # Pages use authors' words wherever they stand, and of some hosts what all files say.
        states = data["joined"][docname][scenario]
        hints = tuple(state for state in states if _is_hint(state.file))
        own = {os.path.dirname(state.file) for state in asked.own}
        uses_others = (
            mean_other((*asked.own, *hints))
            or not own.isdisjoint(changed)
            or any(_is_hint(name) for names in changed.values() for name in names)
        )
        return not uses_others and library(env).told_again(scenario, asked)

    def is_other(docname: str) -> bool:
        # Names that a folder has now and had not, or had and has no more.
        changed = {
            folder: names
            for folder, before in data["folders"].get(docname, {}).items()
            if (names := set(before).symmetric_difference(names_now(folder)))
        }
        for scenario, states in data["joined"].get(docname, {}).items():
            inside = {one: changed.pop(one) for one in list(changed) if _is_in(one, scenario)}
            if inside or mean_other(states):
                if not was_told_again(docname, scenario, inside):
                    return True
                library(env).note_again(env, docname, scenario)
        return bool(changed)

    pages = {
        docname
        for docname, files in data["files"].items()
        if any(stamp_now(path(file)) != stamp for file, stamp in files.items())
    }
    pages |= {
        docname
        for docname, folders in data["awaited"].items()
        if any(names_now(folder) != names for folder, names in folders.items())
    }
    others = {*data["folders"], *data["joined"]} - pages
    return sorted(pages | set(filter(is_other, sorted(others))))


def _is_in(folder: str, scenario: str) -> bool:
    return folder == scenario or folder.startswith(f"{scenario}{os.sep}")


def _is_hint(file: str) -> bool:
    """Is it host.toml, scenario.toml?"""
    return file.endswith(".toml")
