"""The JSON documents that a page shows, read by the project's own strict loader."""

from __future__ import annotations

import re

from policybook.data.file_reader import document_in
from policybook.errors import Finding, one_line
from policybook.importers.guides.blocks import CodeBlock
from policybook.importers.guides.facts import GuideDocument

# A document begins with a brace; a statement that is shown alone has an Effect, but no Statement.
_ALONE = re.compile(rb'"Effect"\s*:')
_WHOLE = re.compile(rb'"Statement"\s*:')


def shown_document(code: CodeBlock) -> GuideDocument | None:
    """The document that the code is; None if the code is no JSON object."""
    text = code.text.strip()
    if not text.startswith("{"):
        return None
    content = text.encode("utf-8", "backslashreplace")
    alone = bool(_ALONE.search(content)) and not _WHOLE.search(content)
    found, errors = document_in(b'{"Statement": ' + content + b"}" if alone else content)
    return GuideDocument(content, code.line, found, _reason(errors), alone)


def _reason(errors: tuple[Finding, ...]) -> str:
    if not errors:
        return ""
    first = errors[0]
    line = f"line {first.line}: " if first.line and not first.path else ""
    return one_line(line + first.reason)
