"""Compiles the message catalogues while the package is built; all else is in pyproject.toml.

The ``.mo`` files are not in the repository: they would only repeat the ``.po`` files.
"""

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
            write_mo(out, read_po(lines, locale=po.parts[-3]))
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
