"""How much of a list pages, feeds and commands show before they refer to the full list.

JSON and the tables have every list in full. Each number is a choice of how much is read at once;
none of them changes an answer.
"""

from __future__ import annotations

# --- Evidence: grants gained and lost -------------------------------------------------------------

EVIDENCE_ROWS = 24
"""Rows of evidence of one change on a page: about one screen."""

EVIDENCE_NAMES = 40
"""Names in a row of evidence: a paragraph of a few lines."""

REMOVAL_ROWS = 8
"""Rows of a removal, and names in each, where removals are listed below each other."""

SENTENCE_NAMES = 40
"""Names in a sentence of a feed or a command: as many as in a row of evidence."""

# --- Feeds ----------------------------------------------------------------------------------------

FEED_ENTRIES = 50
"""Entries of a feed, which readers poll; more while an archive is not full yet."""

FEED_ARCHIVE = 100
"""Entries of an archive of a feed (RFC 5005, section 4), which readers fetch once."""

FEED_ROWS = 40
"""Rows of evidence in an entry: more than on a page, since a reader shows one entry at a time."""

# --- Lists of policies, actions and resources -----------------------------------------------------

BRIEF_POLICIES = 60
"""With more policies than this, a list has one line for each; their pages have the statements."""

OVERLAP_LINES = 12
"""Policies in each list of a policy's overlap, the nearest first."""

RELATED_ACTIONS = 12
"""Other actions of the service on an action's page; the service's page has all."""

EXPANDED_NAMES = 40
"""A wildcard that matches more actions than this is not expanded in place."""

LINKED_PATTERNS = 300
"""With more action patterns than this, a policy's page names them without links, to stay small."""

STATEMENT_PLACES = 5
"""A statement's resource patterns and condition values in one row of an action's page."""

RESOURCE_TYPES = 12
"""Types that a resource pattern may match; a pattern such as `*` matches all of a service."""

SCOPED_ROWS = 60
"""With more rows than this, a table by resource does not say for each what could be limited."""

LATEST_CHANGES = 12
"""Changes on a topic's page, the newest first."""

DOCUMENT_BYTES = 60_000
"""Documents on a policy's page, in bytes without white space; older ones are files of their own."""

# --- Growth of wildcards --------------------------------------------------------------------------

GROWTH_PATTERNS = 600
"""Patterns on the page, those of all policies together."""

GROWTH_POLICY_PATTERNS = 10
"""Patterns of one policy on the page, so that the first policies do not use up the page."""

GROWTH_NAMES = 6
"""Actions of a pattern and level on the page: one line in a table's cell."""

GROWTH_LINE_NAMES = 12
"""Actions of a pattern and level in the command's text, which has no narrow columns."""
