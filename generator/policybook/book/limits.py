"""Maximum lengths of lists on pages, in feeds and in command output.

JSON and CSV always have the full lists. The limits affect readability only, never a result.
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

BRIEF_NAMES = (4, 3, 2, 1)
"""Names in each list of the sentence about a policy; a longer list is a number. If the sentence is
longer than `BRIEF_CHARACTERS`, the next of these limits is tried."""

BRIEF_CHARACTERS = 220
"""Characters of the sentence about a policy: what search engines show, and two lines on a page."""

BRIEF_LIST_CHARACTERS = 100
"""Characters of each list in it; a longer list is a number."""

HEADLINE_CLAUSES = 3
"""Clauses of the headline of a change: one line on a wide screen, most often."""

HEADLINE_NAMES = 2
"""Names of actions or roles in a clause of it; more are a number."""

HEADLINE_PATTERN = 70
"""Characters of a resource pattern in a clause of it; a longer one is not named."""

HEADLINE_SERVICES = 3
"""Services that a clause of it names; more are a number."""

# --- Feeds ----------------------------------------------------------------------------------------

FEED_ENTRIES = 50
"""Entries of a feed, which readers poll; more while the next archive is not full yet."""

FEED_ARCHIVE = 100
"""Entries of an archive of a feed (RFC 5005, section 4), which readers fetch once."""

FEED_ROWS = 40
"""Rows of evidence in an entry: more than on a page, since a reader shows one entry at a time."""

# --- Lists of policies, actions and resources -----------------------------------------------------

BRIEF_POLICIES = 60
"""With more policies than this, a list has one line for each; their pages have the statements."""

OVERLAP_LINES = 12
"""Policies in each list of overlapping policies, nearest first."""

RELATED_ACTIONS = 12
"""Other actions of the service on an action's page; the service's page has all."""

EXPANDED_NAMES = 40
"""A wildcard that matches more actions than this is not expanded in place."""

LINKED_PATTERNS = 300
"""With more action patterns than this, a policy's page has no links on them, to stay small."""

STATEMENT_PLACES = 5
"""A statement's resource patterns and condition values in one row of an action's page."""

RESOURCE_TYPES = 12
"""Resource types listed for a pattern; a pattern such as `*` matches all types of a service."""

SCOPED_ROWS = 60
"""With more rows than this, a table by resource omits what could be limited in each row."""

INTRODUCED_TOPICS = 6
"""Topics named in the introduction of the book; of more than these it has the number."""

BIGGEST_REMOVALS = 5
"""Versions on the home page that removed most: about as high as the changes beside them."""

LATEST_CHANGES = 12
"""Changes on a topic's page, newest first."""

DOCUMENT_BYTES = 60_000
"""Documents on a policy's page, in bytes without white space; older ones are separate files."""

# --- New actions, and growth of wildcards ---------------------------------------------------------

NEW_ACTIONS = 3_000
"""Actions that AWS added or removed on the page, for all steps together, the newest step first."""

NEW_ACTIONS_OF_ROW = 60
"""New actions of a service, level and set of policies on the page: a paragraph of some lines."""

GROWTH_POLICIES = 6
"""Policies that granted new actions at once, in a row of the page."""

GROWTH_STEPS = 3
"""Steps on the page of a policy, the newest first."""

GROWTH_PATTERNS = 400
"""Patterns on the page, for all policies together."""

GROWTH_POLICY_PATTERNS = 4
"""Patterns of one policy on the page, so that the first policies do not fill the page."""

GROWTH_NAMES = 4
"""Actions of a pattern and level on the page: one line in a table's cell."""

GROWTH_LINE_NAMES = 12
"""Actions of a pattern and level in the command's output, which has no narrow columns."""
