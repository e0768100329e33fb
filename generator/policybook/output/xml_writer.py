"""Writes XML with the standard library: feeds, the sitemap and the search description."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # XML is only written here, never parsed
from collections.abc import Mapping

# Characters that XML 1.0 does not allow (section 2.2, "Characters").
_NOT_ALLOWED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def root(name: str, attributes: Mapping[str, str]) -> ET.Element:
    """Create the root of a document, with each child on its own line.

    Args:
        name: The element's name, with the prefix of its namespace.
        attributes: Its attributes, among them the namespaces (`xmlns`).
    """
    return _with_line_break(ET.Element(name, dict(attributes)))


def parent(around: ET.Element, name: str) -> ET.Element:
    """Add an element with each child on its own line."""
    return _with_line_break(child(around, name))


def child(
    around: ET.Element, name: str, text: str = "", attributes: Mapping[str, str] | None = None
) -> ET.Element:
    """Add an element on its own line.

    Args:
        around: The element to add it to.
        name: The element's name, with the prefix of its namespace.
        text: Its text; a character that XML 1.0 does not allow is replaced by U+FFFD.
        attributes: Its attributes.
    """
    added = ET.SubElement(around, name, dict(attributes or {}))
    added.text = _NOT_ALLOWED.sub("\ufffd", text)
    added.tail = "\n"
    return added


def nested(around: ET.Element, name: str, texts: Mapping[str, str]) -> None:
    """Add an element that only contains others, all on one line.

    Args:
        around: The element to add it to.
        name: The name of the outer element.
        texts: The texts of the inner elements by their names.
    """
    outer = child(around, name)
    for inner, text in texts.items():
        child(outer, inner, text).tail = None


def to_bytes(document: ET.Element) -> bytes:
    """Return the document in UTF-8, with the XML declaration and a newline at the end."""
    # As text first: ElementTree takes twice as long if it encodes piece by piece.
    text: str = ET.tostring(document, "unicode")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + text.encode() + b"\n"


def _with_line_break(element: ET.Element) -> ET.Element:
    element.text = "\n"
    return element
