"""Recognition needs evidence, and says what does not fit."""

from ovs_capture.explain.pipeline import recognise, release_name
from ovs_capture.openflow.flow import Flow
from ovs_capture.translation import Translator

from .dumps import dump, seed

EN = Translator("en")


def test_nothing_is_no_pipeline() -> None:
    assert recognise({}, None) is None
    assert recognise({"br-int": ()}, None) is None


def test_a_plain_switch_is_no_pipeline() -> None:
    assert recognise({"br-int": dump(" table=0, priority=0 actions=NORMAL")}, None) is None


def test_the_name_of_a_bridge_is_no_evidence() -> None:
    flows = dump(
        " table=0, priority=0 actions=resubmit(,8)", " table=8, priority=50 actions=resubmit(,9)"
    )
    assert recognise({"br-int": flows}, None) is None


def test_a_physical_bridge_alone_is_not_enough() -> None:
    flows = seed().flows["br-provider"]
    assert recognise({"br-provider": flows}, seed().network) is None


def test_few_known_flows_among_many_unknown_are_not_enough() -> None:
    own = tuple(
        flow
        for n in range(200)
        for flow in dump(f" table=100, priority=7,tcp,tp_dst={n} actions=drop")
    )
    assert recognise({"br-int": (*seed().flows["br-int"], *own)}, seed().network) is None


def test_the_first_seed() -> None:
    pipeline = seed().pipeline
    assert pipeline is not None
    assert pipeline.name == "neutron-ovs"
    assert pipeline.roles == {"br-int": "br-int", "br-provider": "br-phys", "br-mgmt": "br-phys"}
    assert pipeline.releases == (24,)
    assert pipeline.version is not None
    assert EN.text(pipeline.version) == "Neutron 24 (2024.1 Caracal)"
    assert pipeline.driver is not None
    assert all(evidence.fits for evidence in pipeline.evidence)
    assert "table=71 priority=95 rarp" in [evidence.shape for evidence in pipeline.evidence]


def test_it_does_not_need_the_model() -> None:
    pipeline = recognise(seed().flows, None)
    assert pipeline is not None and pipeline.releases == (24,)
    assert pipeline.roles["br-provider"] == "br-phys"


def changed(old: str, *new: str) -> tuple[Flow, ...]:
    """The first seed's br-int with one flow replaced."""
    flows = seed().flows["br-int"]
    kept = tuple(flow for flow in flows if _text(flow) != old)
    assert len(kept) == len(flows) - 1
    return (*kept, *dump(*new))


def _text(flow: Flow) -> str:
    return f"{flow.table} {flow.priority} {flow.match.text}".strip()


def test_a_later_release() -> None:
    flows = changed("60 3", " table=60, priority=1 actions=NORMAL")
    pipeline = recognise({"br-int": flows}, seed().network)
    # Stable 24.0.1 took the change too.
    assert pipeline is not None and pipeline.releases == (24, 25)


def test_what_contradicts_the_release_is_told() -> None:
    flows = changed("0 0", " table=0, priority=0 actions=resubmit(,59)")
    pipeline = recognise({"br-int": flows}, seed().network)
    assert pipeline is not None and pipeline.releases == (24,)
    odd = [evidence for evidence in pipeline.evidence if not evidence.fits]
    assert [(e.shape, e.since, e.until) for e in odd] == [("table=0 priority=0", 20, 21)]


def test_what_is_unknown_is_told() -> None:
    flows = changed("0 0", " table=0, priority=0 actions=resubmit(,99)")
    pipeline = recognise({"br-int": flows}, seed().network)
    assert pipeline is not None
    (odd,) = (evidence for evidence in pipeline.evidence if not evidence.fits)
    assert EN.text(odd.meaning) == "Does not fit: flows of br-int without a known shape: 1"


def test_the_author_overrides() -> None:
    assert recognise(seed().flows, seed().network, "none") is None
    assert recognise(seed().flows, seed().network, "ovn") is None
    plain = {"br-int": dump(" table=0, priority=0 actions=NORMAL")}
    pipeline = recognise(plain, None, "neutron-ovs")
    assert pipeline is not None and pipeline.asked and pipeline.roles == {"br-int": "br-int"}


def test_names_of_releases() -> None:
    assert release_name(24) == "2024.1 Caracal"
