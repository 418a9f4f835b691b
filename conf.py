"""The configuration of our own site, for both languages: ``-D language=ja`` builds source/ja.

Every page has the same name in both trees, so the switcher of a page is a link to its twin.
"""

from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective

from ovs_capture import __version__

project = "ovs-capture"
author = "the ovs-capture authors"
copyright = author  # EPUB asks for one; no page shows it
version = release = __version__
extensions = ["myst_parser", "ovs_capture"]

# Files that other pages include.
exclude_patterns = ["**/_*.md"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# The page that shows what becomes of an existing page.
ovs_capture_auto = ["existing-pages"]
# From source/ja: what the theme itself says, where Sphinx has no Japanese for it (sphinx.po).
locale_dirs = ["../locale"]

html_theme = "furo"
html_title = "ovs-capture"
html_static_path = ["source/_static"]
html_css_files = ["site.css"]
templates_path = ["source/_templates"]
html_copy_source = False
html_show_copyright = False
html_theme_options = {
    # components/view-this-page.html is ours: it holds the switcher.
    "top_of_page_buttons": ["view"],
}
html_context = {"site_languages": {"en": "English", "ja": "日本語"}}
# Colours that can be read on their ground; those of most styles cannot.
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

latex_engine = "lualatex"
latex_use_xindy = False
latex_documents = [("index", "ovs-capture.tex", "ovs-capture", author, "manual")]
latex_elements = {
    "papersize": "a4paper",
    # Latin Modern, which every LuaLaTeX has.
    "fontpkg": "",
    "fncychap": "",
    # makeindex cuts Japanese letters in two.
    "makeindex": "",
    "printindex": "",
    # The English manual holds Japanese too: captures of a Japanese locale.
    "preamble": "\\usepackage{luatexja}\n\\usepackage[haranoaji]{luatexja-preset}\n",
}


class Example(SphinxDirective):
    """``site-example``: Markdown as an author writes it, and below it what it becomes."""

    has_content: ClassVar[bool] = True

    def run(self) -> list[nodes.Node]:
        text = "\n".join(self.content)
        written = nodes.literal_block(text, text, language="markdown")
        made = nodes.container(classes=["site-made"])
        self.state.nested_parse(self.content, self.content_offset, made)
        return [nodes.container("", written, made, classes=["site-example"])]


def _japanese_class(app: Sphinx, config: Config) -> None:
    # Sphinx's own choice for Japanese is a class of pLaTeX, which LuaLaTeX does not take.
    if config.language == "ja":
        config.latex_docclass = {"manual": "ltjsbook"}


def _for_every_reader(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    # What axe-core finds in pages of Sphinx itself: code that scrolls must be reached by keyboard,
    # and a caption that says it is a heading must say of which level.
    code, caption = '<div class="highlight"><pre>', '<p class="caption" role="heading">'
    if "body" in context:
        context["body"] = context["body"].replace(code, f'{code[:-1]} tabindex="0">')
    if "furo_navigation_tree" in context:
        tree = context["furo_navigation_tree"]
        context["furo_navigation_tree"] = tree.replace(caption, f'{caption[:-1]} aria-level="2">')


def setup(app: Sphinx) -> None:
    app.add_directive("site-example", Example)
    # After the theme, which makes the tree.
    app.connect("html-page-context", _for_every_reader, priority=900)
    app.connect("config-inited", _japanese_class)
