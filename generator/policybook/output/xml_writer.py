"""XML by the standard library: feeds, the sitemap and the search description."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # XML is only written here, never parsed
from collections.abc import Mapping

# What XML 1.0 cannot hold (section 2.2, "Characters").
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def root(name: str, attributes: Mapping[str, str]) -> ET.Element:
    """The root of a document, whose children stand on lines of their own.

    Args:
        name: The element's name, with the prefix of its namespace.
        attributes: Its attributes, among them the namespaces (`xmlns`).
    """
    return _started(ET.Element(name, dict(attributes)))


def parent(around: ET.Element, name: str) -> ET.Element:
    """Add an element whose children stand on lines of their own."""
    return _started(child(around, name))


def child(
    around: ET.Element, name: str, text: str = "", attributes: Mapping[str, str] | None = None
) -> ET.Element:
    """Add an element on a line of its own.

    Args:
        around: The element to add it to.
        name: The element's name, with the prefix of its namespace.
        text: Its text; a character that XML 1.0 cannot hold is replaced by U+FFFD.
        attributes: Its attributes.
    """
    added = ET.SubElement(around, name, dict(attributes or {}))
    added.text = _UNFIT.sub("\ufffd", text)
    added.tail = "\n"
    return added


def nested(around: ET.Element, name: str, inner: str, text: str) -> None:
    """Add an element that has nothing in it but one other with a text, on one line."""
    child(child(around, name), inner, text).tail = None


def to_bytes(document: ET.Element) -> bytes:
    """The document in UTF-8, with its declaration and a newline at the end."""
    # As text first: ElementTree takes twice as long where it encodes piece by piece.
    text: str = ET.tostring(document, "unicode")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + text.encode() + b"\n"


def _started(element: ET.Element) -> ET.Element:
    element.text = "\n"
    return element
