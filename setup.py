"""What pyproject.toml cannot say: catalogues are compiled, and equal sources make an equal sdist.

The ``.mo`` files are not in the repository: they would only repeat the ``.po`` files.
"""

import gzip
import os
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

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


class PlainSdist(sdist):
    """The ordinary sdist; under ``SOURCE_DATE_EPOCH`` without its maker's times, modes and name."""

    def make_archive(
        self,
        base_name: str,
        format: str,
        root_dir: str | None = None,
        base_dir: str | None = None,
        owner: str | None = None,
        group: str | None = None,
    ) -> str:
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        if epoch is None or format != "gztar" or base_dir is None:
            return super().make_archive(base_name, format, root_dir, base_dir, owner, group)

        def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
            member.mtime = int(epoch)
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            return member

        archive = Path(f"{base_name}.tar.gz")
        archive.parent.mkdir(parents=True, exist_ok=True)
        with (
            archive.open("wb") as out,
            gzip.GzipFile("", "wb", fileobj=out, mtime=int(epoch)) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
        ):
            for path in sorted([Path(base_dir), *Path(base_dir).rglob("*")]):
                tar.add(path, recursive=False, filter=plain)
        return str(archive)


setup(cmdclass={"build_py": BuildWithCatalogues, "sdist": PlainSdist})
