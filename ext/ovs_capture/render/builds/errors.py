"""What docutils says of a directive that failed, with its text: shown by ``keep_warnings``.

A directive of ours that never ran has masked nothing.
"""

from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

from ...redaction.masking import masked_text
from ..library.captures import library


class MaskErrors(SphinxTransform):
    """Masks the secrets in the texts that system messages quote."""

    default_priority = 870  # docutils has put all messages into the document (Messages, 860)

    def apply(self, **kwargs: Any) -> None:
        if not library(self.env).settings.redact:
            return
        for message in self.document.findall(nodes.system_message):
            for block in message.findall(nodes.literal_block):
                hidden = masked_text(block.astext())
                block.rawsource = hidden
                block.children = []
                block.append(nodes.Text(hidden))
