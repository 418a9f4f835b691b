"""``topology --layer logical``: the networks of OVN that hosts' captures tell of."""

import argparse
from collections.abc import Iterable

from ..diagram.export import pick_font
from ..diagram.logical import words as logical_words
from ..diagram.logical.dot import write_logical_dot
from ..diagram.logical.layout import lay_out_logical
from ..diagram.logical.paint import paint_logical
from ..diagram.logical.parts import LogicalScene, logical_scene
from ..network.logical.join import logical_network
from ..network.model import Network
from ..translation import Translator
from ..writing import write_file
from .files import as_json, cannot_write, converted
from .streams import Failure, encoded, print_json, report


def run_logical(networks: Iterable[Network], options: argparse.Namespace) -> int:
    every = {id(capture): capture for network in networks for capture in network.captures}
    logical = logical_network(every.values())
    report(logical.diagnostics)
    scene = logical_scene(logical)
    if not scene.datapaths:
        raise Failure("no capture of OVN's databases")
    suffix = ".json" if options.output is None else options.output.suffix.lower()
    data = _logical_picture(scene, suffix, options.lang)
    try:
        if options.output is None:
            print_json(scene.to_json())
        else:
            write_file(options.output, data)
    except OSError as error:
        if options.output is None:
            raise
        raise cannot_write(options.output, error) from error
    return 0


def _logical_picture(scene: LogicalScene, suffix: str, language: str) -> bytes:
    say = Translator(language).text
    if suffix == ".json":
        return as_json(scene.to_json())
    if suffix == ".dot":
        return encoded(write_logical_dot(scene, say))
    if suffix == ".drawio":
        raise Failure("the logical layer is not written as drawio; svg, png, pdf, dot and json are")
    layout = lay_out_logical(scene, say)
    font = pick_font(layout.written)
    svg = paint_logical(
        scene,
        layout,
        mode="static",
        say=say,
        prefix="",
        lang=language,
        title=say(logical_words.TITLE),
        description=say(logical_words.description(scene)),
        font=font.family,
    )
    return converted(svg, font, suffix)
