"""Compiles the message catalogues while the package is built; all else is in pyproject.toml.

The ``.mo`` files are not in the repository: they would only repeat the ``.po`` files.
"""

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py

SOURCE = Path("ext")


def compile_catalogues(target: Path) -> list[Path]:
    """Write each ``.po`` under SOURCE as a ``.mo`` at the same place under ``target``."""
    written = []
    for po in sorted(SOURCE.glob("ovs_capture/locale/*/LC_MESSAGES/*.po")):
        mo = target / po.relative_to(SOURCE).with_suffix(".mo")
        mo.parent.mkdir(parents=True, exist_ok=True)
        with po.open("rb") as lines, mo.open("wb") as out:
            catalogue = read_po(lines, locale=po.parts[-3])
            # Babel would write the time of the build: equal sources make an equal wheel.
            catalogue.creation_date = catalogue.revision_date = datetime.fromtimestamp(0, UTC)
            write_mo(out, catalogue)
        written.append(mo)
    return written


class BuildWithCatalogues(build_py):
    """The ordinary build, then the catalogues: in the wheel, or beside the sources if editable."""

    def run(self) -> None:
        super().run()
        self.compiled = compile_catalogues(SOURCE if self.editable_mode else Path(self.build_lib))

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        outputs: list[str] = super().get_outputs(include_bytecode)
        return outputs + [str(path) for path in getattr(self, "compiled", [])]


setup(cmdclass={"build_py": BuildWithCatalogues})
