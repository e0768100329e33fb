"""Maximum lengths of lists on pages, in feeds and in command output.

JSON and CSV always have the full lists. The limits affect readability only, never a result.
"""

from __future__ import annotations

# --- Evidence: grants gained and lost -------------------------------------------------------------

EVIDENCE_ROWS = 24
"""Rows of evidence of one change on a page: about one screen."""

WHOLE_NAMES = 1_000
"""Names in a row of evidence on a page that shows all of it."""

EVIDENCE_NAMES = 40
"""Names in a row of evidence: a paragraph of a few lines."""

REMOVAL_ROWS = 6
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

PLOT_DOTS = 60
"""With more versions than this, a plot's steps have no dots and links, which would touch."""

ROLE_NAMES = 1_000
"""Actions that a role's page names; with more it has their numbers, and only the JSON has names."""

ROLE_OPEN_NAMES = 8
"""Names of a service's actions that are not folded on the page of a role: a paragraph."""

# --- Feeds ----------------------------------------------------------------------------------------

FEED_ENTRIES = 50
"""Entries of a feed, which readers poll; more while the next archive is not full yet."""

FEED_ARCHIVE = 100
"""Entries of an archive of a feed (RFC 5005, section 4), which readers fetch once."""

FEED_ROWS = 40
"""Rows of evidence in an entry: more than on a page, since a reader shows one entry at a time."""

# --- Lists of policies, actions and resources -----------------------------------------------------

FIRST_ROWS = 100
"""Rows of a list on its page, about three screens; the others come from a file when wanted."""

SERVICE_CHANGES = 30
"""Changes of a service on its page, newest first; the list of changes has all."""

ROW_ITEMS = 3
"""Patterns and other names in a cell of a list, whose rows have one line each."""

GRANT_ROWS = 60
"""Statements on an action's page in full sentences, about five screens; more are a list with
filters, which takes twice as many bytes."""

OVERLAP_LINES = 12
"""Policies in each list of overlapping policies, nearest first."""

JUMP_ROWS = 8
"""With as many statements or fewer, an action's page has no links to its headings: it is short."""

RELATED_ACTIONS = 8
"""Other actions of the service on an action's page; the service's page has all."""

EXPANDED_NAMES = 40
"""A wildcard that matches more actions than this is not expanded in place."""

LINKED_PATTERNS = 300
"""With more action patterns than this, a policy's page has no links on them, to stay small."""

STATEMENT_PLACES = 5
"""A statement's resource patterns and condition values in one row of an action's page."""

SCOPED_ROWS = 60
"""With more rows than this, a table by resource omits what could be limited in each row."""

INTRODUCED_TOPICS = 6
"""Topics named in the introduction of the book; of more than these it has the number."""

BIGGEST_REMOVALS = 5
"""Versions on the home page that removed most: about as high as the changes beside them."""

LATEST_CHANGES = 12
"""Changes on a topic's page, newest first."""

# --- Lists in several pages: each has at most 0.4 MB and 5,000 elements, and 15,000 pixels --------

PART_ELEMENTS = 3_500
"""Elements of the part of a list that is on one page; the rest is on further pages."""

OPEN_ELEMENTS = 1_500
"""Elements of the entries that are open on a page of removals; those after them are folded."""

SHORT_YEAR = 60
"""The events of a year with all months open; of a year with more, only the newest month is."""

PLAIN_LINES = 800
"""Lines of a page of plain links: lines of 15 pixels."""

# --- The page of a policy: at most 0.4 MB and 5,000 elements --------------------------------------

DOCUMENT_BYTES = 30_000
"""Documents on a policy's page and in its JSON file, in bytes; older ones are in a file apart, with
each part once. The page fetches these."""

VERSIONS_IN_FULL = 20
"""Versions with evidence and document on a policy's page; older ones have them on other pages."""

OPENED_VERSIONS = 4
"""Versions with an effect whose evidence is shown at once; that of older ones is folded."""

PAGE_EVIDENCE = 400
"""Elements of the evidence on a policy's page, for all versions together; a third if its document
is long."""

HISTORY_EVIDENCE = 2_200
"""Elements of the evidence on a page of a policy's older versions."""

HISTORY_VERSIONS = 100
"""Versions on a page of a policy's older versions."""

OLD_STATEMENTS = 200
"""Statements of older versions that have an anchor on the policy's page, the newest first; a
quarter if the document is long."""

POLICY_NAMES = 1_500
"""Names of actions on a policy's page that wildcards match; more are on a page for each service."""

STANDING_PARTS = 8
"""Parts of a statement with a first version of their own; of more, only the oldest and newest."""

BRIEF_STATEMENTS = 45
"""With more statements than this, or more than `LINKED_PATTERNS`, the tables have fewer links."""

CARD_SERVICES = 12
"""Services named in a card; the table of permissions has all."""

ROW_RESOURCES = 5
"""Resource patterns in a row of permissions; the table of resource patterns has all."""

ROW_PATTERNS = 100
"""Action patterns in a row of resource patterns; more are folded."""

ROW_VALUES = 3
"""Values of a condition in a row of a table; the statement has all."""

RISK_STATEMENTS = (12, 1)
"""Statements of each step of a risk; the second is for policies with more than `OPEN_RISKS`."""

OPEN_RISKS = 6
"""With more risks than this, they are folded."""

GRAVEST_RISKS = 3
"""Risks in the card at the top of a policy's page; the section of risks has all."""

# --- The page of comparisons ----------------------------------------------------------------------

COMPARED_CHARACTERS = 100_000
"""Characters of a document that is pasted: fifteen times what IAM allows for a managed policy."""

COMPARED_FETCHED = 250_000
"""Bytes, compressed, that the first comparison fetches beside the documents: AWS's action list and
the risk rules. The page says so."""

COMPARED_MILLISECONDS = 1_000
"""How long a comparison with a pasted document may take before the reader is asked."""

COMPARED_LONGER = 30_000
"""The same for policies of the site, and if the reader lets it go on."""

# --- The page that checks a document --------------------------------------------------------------

CHECKED_CHARACTERS = 500_000
"""Characters of a text that is pasted: more than any template of CloudFormation that AWS takes in
one call, and few enough for a field."""

ENGINE_BYTES = 500_000
"""Bytes of what the page fetches with the first question, compressed: AWS's action list, the risk
rules and all current documents."""

# --- The page of choices --------------------------------------------------------------------------

CHOSEN_MILLISECONDS = 1_000
"""How long a search may take before the reader is asked."""

CHOSEN_LONGER = 30_000
"""The same if the reader lets it go on."""

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

ACCOUNT_DOCUMENTS = 5
"""Documents of other accounts on a policy's page, each with how it differs."""
