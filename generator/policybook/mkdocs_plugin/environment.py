"""The variables of the environment that mkdocs.yml names with `!ENV`."""

from __future__ import annotations

import os
import re

# `!ENV NAME`, or `!ENV [NAME, NAME, default]` in one line (MkDocs' guide, "Environment variables").
_TAG = re.compile(r"!ENV[ \t]+(\[[^][\n]*\]|[\w]+[ \t]*$)", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z_]\w*")


def environment(text: str) -> tuple[str, ...] | None:
    """What a mkdocs.yml takes from the environment.

    Args:
        text: The text of the file.

    Returns:
        `NAME=value` for each word after `!ENV`, where the environment has it; None if a tag is
        written in another form, or if the file inherits from another one.

    """
    found = _TAG.findall(text)
    if "INHERIT" in text or text.count("!ENV") != len(found):
        return None
    names = sorted({name for words in found for name in _NAME.findall(words)})
    return tuple(f"{name}={os.environ[name]}" for name in names if name in os.environ)
