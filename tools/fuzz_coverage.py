"""Lets coverage guide the mutations: ``python -m tools.fuzz_coverage FORMAT [-runs=N ...]``.

Needs atheris (``pip install -e '.[fuzz]'``), which brings libFuzzer: bytes that reach code which no
bytes before them reached are kept and mutated further. It begins with the committed captures and
samples of the format; what it keeps goes to a directory of its own. Options that begin with ``-``
are libFuzzer's. An input that raises, breaks a promise or takes more than five seconds ends it, and
is written to a file beside.
"""

import sys
import tempfile
from pathlib import Path

try:
    import atheris
except ModuleNotFoundError:
    sys.exit("atheris is not installed: pip install -e '.[fuzz]'")

with atheris.instrument_imports(
    include=["ovs_capture.formats", "ovs_capture.openflow", "ovs_capture.logical"]
):
    from ovs_capture.formats.registry import BY_NAME
    from ovs_capture.source import Source, decode

from tools.texts import corpus

# What people paste most; any format can be named.
USUAL = ("ovs_ofctl_dump_flows", "ovn_sbctl_lflow_list", "ip_link", "ip_addr", "ovs_vsctl_show")
LONGEST = 1500


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in BY_NAME:
        sys.exit(f"usage: python -m tools.fuzz_coverage FORMAT [-runs=N ...]; {', '.join(USUAL)}")
    format = BY_NAME[name]

    def read_one(data: bytes) -> None:
        text = decode(data)
        source = Source("found.txt", text)
        parsed = format.parse(source)
        position = 0
        for record in parsed.records:
            assert position <= record.span.start < record.span.end <= len(text), record.span
            position = record.span.end
        position = 0
        for mark in format.marks(source, parsed):
            assert position <= mark.span.start < mark.span.end <= len(text), mark
            position = mark.span.end
        for problem in parsed.diagnostics:
            assert problem.span in source.span, problem
            str(problem)

    with tempfile.TemporaryDirectory() as directory:
        for number, text in enumerate(corpus()[name]):
            (Path(directory) / f"{number}").write_bytes(text.output[:LONGEST])
        options = [f"-max_len={LONGEST}", "-timeout=5", *sys.argv[2:]]
        atheris.Setup([sys.argv[0], directory, *options], read_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
