"""What guides say about a policy, as statements that `check` compares with its document."""

from __future__ import annotations

from policybook.model.documents import StatementFile
from policybook.model.fields import Record, Text


class Claim(Record, frozen=True):
    """What a guide says about some actions, as the widest statements that its words allow.

    `check` compares the statements with the newest document. If they are known to differ, `drift`
    says why.
    """

    text: Text
    statements: tuple[StatementFile, ...]
    drift: Text | None = None
