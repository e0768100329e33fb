"""The description with which browsers search the site from the address bar (OpenSearch 1.1)."""

from __future__ import annotations

from policybook.book import addresses
from policybook.output import xml_writer

# The limit of OpenSearch 1.1 for `ShortName`, in characters.
_SHORT_NAME = 16
_NAMESPACE = {"xmlns": "http://a9.com/-/spec/opensearch/1.1/"}


def description(title: str, site_url: str) -> bytes:
    """Write the OpenSearch description document of the site.

    Args:
        title: The title of the site.
        site_url: The address of the site, with a slash at its end.
    """
    # In the fragment, which browsers do not send to the server.
    template = f"{site_url}{addresses.SEARCH.url}#q={{searchTerms}}"
    url = {"type": "text/html", "method": "get", "template": template}
    inner = (
        xml_writer.element("ShortName", title[:_SHORT_NAME].strip()),
        xml_writer.element("Description", "Actions, policies, resource patterns and keys."),
        xml_writer.element("InputEncoding", "UTF-8"),
        xml_writer.element("Url", attributes=url),
    )
    return xml_writer.document(xml_writer.around("OpenSearchDescription", inner, _NAMESPACE))
