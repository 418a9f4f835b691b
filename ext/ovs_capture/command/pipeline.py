"""``ovs-capture pipeline``: the graph of tables, or of the stages of logical flows."""

import argparse
from pathlib import Path

from ..diagram.export import pick_font
from ..diagram.pipeline import words as graph_words
from ..diagram.pipeline.dot import dot_text
from ..diagram.pipeline.layout import lay_out_tables
from ..diagram.pipeline.paint import paint_tables
from ..diagram.pipeline.parts import TablePicture, table_picture
from ..diagram.pipeline.stages import stage_picture
from ..subjects.listings import Listing
from ..translation import Translator
from ..writing import write_file
from .arguments import add_language, file_ending
from .files import as_json, cannot_write, converted
from .graph_json import graph_json
from .streams import encoded, print_text, report
from .targets import flows_in

GRAPHS = (".svg", ".dot", ".json", ".png", ".pdf")


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="FILE|HOST:BRIDGE")
    parser.add_argument("-o", dest="output", type=_graph_file, metavar="OUT.svg|dot|json|png|pdf")
    add_language(parser)


def _graph_file(name: str) -> Path:
    return file_ending(name, GRAPHS)


def run(options: argparse.Namespace) -> int:
    found = flows_in(options.target)
    if isinstance(found, Listing):
        report(found.capture.parsed.diagnostics)
        picture = stage_picture(found.flows, found.names)
    else:
        report(d for capture in found.captures for d in capture.parsed.diagnostics)
        picture = table_picture(found.flows, found.names, found.pipeline)
    if options.output is None:
        print_text(dot_text(picture, Translator(options.lang).text))
        return 0
    try:
        data = _graph(picture, options.output.suffix.lower(), options.lang)
        write_file(options.output, data)
    except OSError as error:
        raise cannot_write(options.output, error) from error
    return 0


def _graph(picture: TablePicture, suffix: str, language: str) -> bytes:
    say = Translator(language).text
    if suffix == ".dot":
        return encoded(dot_text(picture, say))
    if suffix == ".json":
        return as_json(graph_json(picture, say))
    layout = lay_out_tables(picture, say)
    font = pick_font(layout.written)
    svg = paint_tables(
        picture,
        layout,
        mode="static",
        say=say,
        prefix="",
        lang=language,
        title=say(graph_words.title(picture)),
        description=say(graph_words.description(picture, say)),
        font=font.family,
    )
    return converted(svg, font, suffix)
