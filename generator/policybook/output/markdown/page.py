"""A whole page as Markdown: what its head says, and its body."""

from __future__ import annotations

import json

from policybook.output.markdown.convert import to_markdown


def markdown_page(
    title: str, description: str, html: str, *, to_files: bool = True, **settings: object
) -> str:
    """The text of the file.

    Args:
        title: The title of the page.
        description: Its description.
        html: Its body.
        to_files: As for `to_markdown`.
        settings: What else its front matter tells a builder.
    """
    return front_matter(title, description, **settings) + to_markdown(html, to_files=to_files)


def front_matter(title: str, description: str, **settings: object) -> str:
    """What the head of a page says, as lines of YAML; see `markdown_page`."""
    facts = {"title": title, "description": description, **settings}
    lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in facts.items())
    return f"---\n{lines}---\n"
