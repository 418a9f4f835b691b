"""``ovs-capture topology``: the picture of hosts, or its scene."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from .. import store
from ..diagnostic import WORDING, Code, Diagnostic
from ..diagram import describe
from ..diagram.compose import compose, unmatched
from ..diagram.crowds import collapsed, said
from ..diagram.dot import write_dot
from ..diagram.drawio import write_drawio
from ..diagram.export import pick_font
from ..diagram.layout import picture
from ..diagram.legend import with_legend
from ..diagram.paint import paint_svg
from ..diagram.scene import Scene
from ..diagram.since import SceneChanges, scene_changes, with_since
from ..diagram.turning import DIRECTIONS
from ..network.correlate import correlate_target
from ..network.model import Network
from ..translation import Translator
from ..writing import write_file
from .arguments import add_language, file_ending
from .files import as_json, cannot_write, converted
from .logical_topology import run_logical
from .streams import Failure, encoded, print_json, report, say
from .waiting import JOINING, READING, Hosts

# Formats that show the marks of --since.
MARKED = (".svg", ".png", ".pdf")
PICTURES = (".json", ".svg", ".png", ".pdf", ".drawio", ".dot")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="+", help="scenario or host directory")
    parser.add_argument(
        "-o", dest="output", type=_picture_file, metavar="OUT.json|svg|png|pdf|drawio|dot"
    )
    parser.add_argument("--focus", action="append", default=[], metavar="NAME")
    parser.add_argument("--hide", action="append", default=[], metavar="NAME")
    parser.add_argument("--layer", choices=("physical", "logical"), default="physical")
    parser.add_argument(
        "--direction",
        choices=DIRECTIONS,
        default="down",
        help="where the guests are: under the rails or above them",
    )
    parser.add_argument(
        "--collapse",
        action=argparse.BooleanOptionalAction,
        help="draw equal guests of a host as one box, or never any; unasked only crowds",
    )
    parser.add_argument(
        "--since",
        action="append",
        default=[],
        metavar="PATH",
        help="mark what is new or changed against an earlier scenario or host; say what is gone",
    )
    parser.add_argument("--legend", action="store_true", help="say what the shapes stand for")
    add_language(parser)


def _picture_file(name: str) -> Path:
    return file_ending(name, PICTURES)


def run(options: argparse.Namespace) -> int:
    networks = _networks(options.paths)
    if options.layer == "logical":
        if options.since:
            raise Failure("the logical layer has no --since")
        return run_logical(networks, options)
    status = 0
    for option, names in (("--focus", options.focus), ("--hide", options.hide)):
        for name in unmatched(networks, names):
            status = 1
            args = {"option": option.lstrip("-"), "value": name}
            say(f"{Code.OPTION_NO_MATCH.value}: {WORDING[Code.OPTION_NO_MATCH].text % args}")
    scene = compose(networks, focus=options.focus, hide=options.hide, language=options.lang)
    since = _since(scene, options)
    for words in since.gone:
        say(f"gone since {' '.join(options.since)}: {Translator(options.lang).text(words)}")
    if options.output is None:
        print_json(_told(scene, options).to_json())
        return status
    try:
        suffix = options.output.suffix.lower()
        write_file(options.output, _picture(scene, suffix, since, options))
    except OSError as error:
        raise cannot_write(options.output, error) from error
    return status


def _since(scene: Scene, options: argparse.Namespace) -> SceneChanges:
    """What the picture of the earlier captures of ``--since`` shows otherwise."""
    if not options.since:
        return SceneChanges()
    if options.output is None or options.output.suffix.lower() not in MARKED:
        raise Failure(f"only pictures have marks: --since needs -o OUT{'|'.join(MARKED)}")
    networks = _networks(options.since)
    before = compose(networks, focus=options.focus, hide=options.hide, language=options.lang)
    return scene_changes(before, scene)


def _networks(paths: Iterable[str]) -> tuple[Network, ...]:
    """The models of all hosts that the paths name; what is wrong with them goes to stderr."""
    networks: dict[str, Network] = {}
    problems: list[Diagnostic] = []
    for path in paths:
        read = Hosts()
        target = store.load_target(Path(path), hide=True, along=read.along(READING))
        if not target.hosts:
            report(target.diagnostics)
            raise Failure(f"nothing to draw in {path}")
        found, judged = correlate_target(target, read.along(JOINING))
        networks |= {network.key: network for network in found}
        problems += target.diagnostics
        problems += (problem for host in target.hosts for problem in host.diagnostics)
        problems += judged.kept
    report({str(problem): problem for problem in problems}.values())
    return tuple(networks.values())


def _told(scene: Scene, options: argparse.Namespace) -> Scene:
    """The scene as programs get it: every guest, unless the user asks for less."""
    if not options.collapse:
        return scene
    return said(collapsed(scene), Translator(options.lang).text)


def _picture(scene: Scene, suffix: str, since: SceneChanges, options: argparse.Namespace) -> bytes:
    language = options.lang
    if suffix == ".json":
        return as_json(_told(scene, options).to_json())
    if suffix == ".dot":
        return encoded(write_dot(_told(scene, options)))
    words = Translator(language).text
    scene, layout = picture(
        scene,
        words,
        direction=options.direction,
        collapse=options.collapse,
        apart=dict(since.marks),
    )
    if suffix == ".drawio":
        return encoded(write_drawio(scene, layout, title=words(describe.title(scene))))
    if options.legend:
        layout = with_legend(layout, words)
    layout = with_since(layout, since, words)
    font = pick_font("".join(layout.texts))
    svg = paint_svg(
        layout,
        mode="static",
        words=words,
        prefix="",
        lang=language,
        title=words(describe.title(scene)),
        description=Translator(language).text(describe.whole(scene, layout.notes)),
        font=font.family,
    )
    return converted(svg, font, suffix)
