"""Symbols: families, widths, and that what rows refer to is there."""

from ovs_capture.logical.match import parse_match
from ovs_capture.logical.symbols import all_symbols, find_symbol


def test_families_are_told_one_by_one() -> None:
    reg9 = find_symbol("reg9")
    assert reg9 is not None
    assert (reg9.bits, reg9.openflow, reg9.is_register) == (32, "reg9", True)
    assert find_symbol("reg10") is None


def test_what_rows_refer_to_is_there() -> None:
    for definition in all_symbols().values():
        for text in filter(None, (definition.expands, definition.prerequisite)):
            problems = parse_match(text if definition.kind != "subfield" else f"{text} == 0")[1]
            assert problems == (), (definition.name, text)
        assert (definition.bits > 0) == (definition.kind != "string"), definition.name


def test_a_predicate_on_something_nominal_is_nominal() -> None:
    def is_nominal(name: str) -> bool:
        expression = str(parse_match(all_symbols()[name].expands)[0].expression)
        return any(
            f"name='{other.name}'" in expression and other.level == "nominal"
            for other in all_symbols().values()
        )

    for name, definition in all_symbols().items():
        if definition.kind == "predicate":
            assert (definition.level == "nominal") == is_nominal(name), name
