"""The description with which browsers search the site from the address bar (OpenSearch 1.1)."""

from __future__ import annotations

from policybook.book import addresses
from policybook.output import xml_writer

# The limit of OpenSearch 1.1 for `ShortName`, in characters.
_SHORT_NAME = 16


def description(title: str, site_url: str) -> bytes:
    """Write the OpenSearch description document of the site.

    Args:
        title: The title of the site.
        site_url: The address of the site, with a slash at its end.
    """
    document = xml_writer.root(
        "OpenSearchDescription", {"xmlns": "http://a9.com/-/spec/opensearch/1.1/"}
    )
    about = "Actions, policies, resource patterns and keys."
    xml_writer.child(document, "ShortName", title[:_SHORT_NAME].strip())
    xml_writer.child(document, "Description", about)
    xml_writer.child(document, "InputEncoding", "UTF-8")
    # In the fragment, which browsers do not send to the server.
    template = f"{site_url}{addresses.SEARCH.url}#q={{searchTerms}}"
    found = {"type": "text/html", "method": "get", "template": template}
    xml_writer.child(document, "Url", attributes=found)
    return xml_writer.to_bytes(document)
