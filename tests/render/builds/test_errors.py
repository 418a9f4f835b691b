"""Messages of docutils that stand on a page quote no secret."""

from tests.render.conftest import Project


def test_a_directive_that_failed_and_is_quoted(project: Project) -> None:
    failed = (
        ".. ovs-capture::\n   :comand: x\n\n   psk: Leak0\n\n.. ovs-captur::\n\n   psk: Leak0\n"
    )
    project.write(
        {"index.md": "# Index\n\n```{toctree}\nrest\n```\n", "rest.rst": f"Rest\n====\n\n{failed}"}
    )
    built = project.build(keep_warnings=True, html_copy_source=False)
    assert built.text("rest.html").count("*****") == 2
    assert not [name for name, data in built.files.items() if b"Leak0" in data]
