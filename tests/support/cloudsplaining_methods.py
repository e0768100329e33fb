"""What cloudsplaining finds in policy documents; run by its own interpreter, not by ours.

Reads documents by name as JSON from stdin, and prints the names of the methods of privilege
escalation that it finds in each.
"""

from __future__ import annotations

import json
import sys

from cloudsplaining.scan.policy_document import PolicyDocument


def main() -> None:
    """Answers about all documents of stdin."""
    documents = json.load(sys.stdin)
    found = {
        name: [method["type"] for method in PolicyDocument(document).allows_privilege_escalation]
        for name, document in documents.items()
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
