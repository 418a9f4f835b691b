"""Every message is said in Japanese, with the same holes; and the checker sees when one is not."""

from pathlib import Path

import pytest

from tools.check_catalogues import faults

PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def test_every_message_has_japanese() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("source", "catalogue", "fault"),
    [
        pytest.param(
            'Message("go on to %(table)s", {})',
            'msgid "go on to %(table)s"\nmsgstr "%(table)s へ進む"\n',
            None,
            id="complete",
        ),
        pytest.param('Message("drop")', "", "room.py:1: not in Japanese: 'drop'", id="missing"),
        pytest.param(
            'message.Message("go " "on", {}, "mid")',
            'msgid "go on"\nmsgstr "進む"\n',
            "room.py:1: not in Japanese: 'go on' (context 'mid')",
            id="missing-in-context",
        ),
        pytest.param(
            'Message("go on", context=form)',
            'msgctxt "mid"\nmsgid "go on"\nmsgstr "進み"\n',
            None,
            id="computed-context",
        ),
        pytest.param(
            'Message("one" if single else "two")',
            'msgid "one"\nmsgstr "一"\n',
            "room.py:1: not in Japanese: 'two'",
            id="either-of-two",
        ),
        pytest.param(
            'Message("to %(port)s")',
            'msgid "to %(port)s"\nmsgstr "%(prot)s へ"\n',
            "x.po:5: holes differ (port, prot): 'to %(port)s'",
            id="holes-differ",
        ),
        pytest.param(
            'Message("drop")',
            '#, fuzzy\nmsgid "drop"\nmsgstr "破棄"\n',
            "x.po:6: fuzzy translation: 'drop'",
            id="fuzzy",
        ),
        pytest.param(
            'Message("drop")',
            'msgid "drop"\nmsgstr ""\n',
            "x.po:5: empty translation: 'drop'",
            id="empty",
        ),
        pytest.param(
            "",
            'msgid "drop"\nmsgstr "破棄"\n',
            "x.po:5: no message says this any more: 'drop'",
            id="left-over",
        ),
        pytest.param(
            "", '#~ msgid "drop"\n#~ msgstr "破棄"\n', "obsolete entry: 'drop'", id="obsolete"
        ),
        pytest.param(
            'Message("drop")',
            'msgid "drop"\nmsgstr "100% 破棄"\n',
            "x.po:5: a percent sign that is no hole: '100% 破棄'",
            id="stray-percent",
        ),
    ],
)
def test_faults_of_code(tmp_path: Path, source: str, catalogue: str, fault: str | None) -> None:
    assert_fault(tmp_path, "room.py", source, catalogue, fault)


@pytest.mark.parametrize(
    ("source", "catalogue", "fault"),
    [
        pytest.param(
            'translatable = ["reading"]\n[drop]\nreading = "drop"\nmanual = "ovs-actions(7)"\n',
            "",
            "room.toml:3: not in Japanese: 'drop'",
            id="missing",
        ),
        pytest.param(
            'translatable = {reading = ["mid", "end"]}\n[pop]\nreading = "pop the tag"\n',
            'msgctxt "mid"\nmsgid "pop the tag"\nmsgstr "タグを外し"\n',
            "room.toml:3: not in Japanese: 'pop the tag' (context 'end')",
            id="missing-in-one-context",
        ),
        pytest.param('[drop]\nreading = "drop"\n', "", None, id="nothing-translatable"),
    ],
)
def test_faults_of_facts(tmp_path: Path, source: str, catalogue: str, fault: str | None) -> None:
    assert_fault(tmp_path, "room.toml", source, catalogue, fault)


def test_two_catalogues_must_agree(tmp_path: Path) -> None:
    (tmp_path / "room.py").write_text('Message("drop")', "utf-8")
    folder = tmp_path / "locale" / "ja" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "a.po").write_text(PO + 'msgid "drop"\nmsgstr "破棄"\n', "utf-8")
    (folder / "b.po").write_text(PO + 'msgid "drop"\nmsgstr "廃棄"\n', "utf-8")
    assert [fault.partition("b.po:")[2] for fault in faults(tmp_path)] == [
        "5: other than in a.po: 'drop'"
    ]


def assert_fault(folder: Path, name: str, source: str, catalogue: str, fault: str | None) -> None:
    (folder / name).write_text(source, "utf-8")
    catalogues = folder / "locale" / "ja" / "LC_MESSAGES"
    catalogues.mkdir(parents=True)
    (catalogues / "x.po").write_text(PO + catalogue, "utf-8")
    found = faults(folder)
    assert len(found) == (fault is not None), found
    if fault is not None:
        assert found[0].endswith(fault)
