"""The headings of a listing."""

from ovs_capture.explain.logical.listing import Part, Passage, Stage
from ovs_capture.explain.logical.titles import part_title, passage_words, stage_title
from ovs_capture.translation import Translator

from .listings import flow

SAY = Translator("en").text


def stage(table: int, name: str) -> Stage:
    return Stage(table, name, None, None, ())


def test_a_pipeline_of_a_datapath() -> None:
    head = flow("1", "next;").datapath
    assert SAY(part_title(Part(("x", "ingress"), head, ()))) == "net: ingress pipeline"


def test_the_pipelines_of_many_datapaths() -> None:
    part = Part(("router", "egress"), None, (), datapaths=4)
    assert SAY(part_title(part)) == "Logical routers: egress pipelines of 4"


def test_an_unknown_stage_has_no_role() -> None:
    assert SAY(stage_title(stage(3, "ls_in_novelty"))) == "Table 3: ls_in_novelty"


def test_stages_that_hand_on() -> None:
    told = SAY(passage_words(Passage((stage(2, "ls_in_a"), stage(3, "ls_in_b")))))
    assert told == "Tables 2-3 hand everything on: ls_in_a, ls_in_b."
