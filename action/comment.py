"""Adds a report to the summary of a run on GitHub, and writes it as a comment on the pull request.

The comment of an earlier run is updated. A pull request that changes nothing gets none. Where the
token may not comment, as for a pull request from a fork, the report is in the summary alone.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

MARK = "<!-- policybook-review -->"
NOTHING = "### No policy and no role changes"


def main() -> None:
    """Write the report in the file that the argument names."""
    report = Path(sys.argv[1]).read_text("utf-8")
    with open(os.environ["GITHUB_STEP_SUMMARY"], "a", encoding="utf-8") as summary:
        summary.write(f"{report}\n")
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text("utf-8"))
    number = event.get("pull_request", {}).get("number")
    if not number:
        return
    try:
        said = comment(int(number), report)
    except urllib.error.HTTPError as error:
        if error.code not in (401, 403, 404):
            sys.exit(f"the comment was not written: GitHub says {error.code} {error.reason}")
        said = "no comment, since the token may not write one; the report is in the summary"
    except urllib.error.URLError as error:
        sys.exit(f"the comment was not written: {error.reason}")
    print(said)


def comment(number: int, report: str) -> str:
    """Write the comment on a pull request; returns what was done."""
    issues = f"/repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    body = {"body": f"{MARK}\n{report}"}
    if old := own_comment(f"{issues}/{number}/comments"):
        ask("PATCH", f"{issues}/comments/{old}", body)
        return "comment updated"
    if report.startswith(NOTHING):
        return "no comment, since nothing changes"
    ask("POST", f"{issues}/{number}/comments", body)
    return "comment written"


def own_comment(place: str) -> int | None:
    """The id of the comment that an earlier run wrote; None if there is none.

    A comment of a person may begin with the same mark, and is not touched.
    """
    page = 1
    while found := ask("GET", f"{place}?per_page=100&page={page}"):
        for one in found:
            author = one["user"] or {}  # nobody, if the account was deleted
            if author.get("type") == "Bot" and str(one["body"]).startswith(MARK):
                return int(one["id"])
        if len(found) < 100:
            break
        page += 1
    return None


def ask(method: str, place: str, body: object = None) -> Any:
    """Ask GitHub's API; returns what it answers."""
    request = urllib.request.Request(
        os.environ.get("GITHUB_API_URL", "https://api.github.com") + place,
        None if body is None else json.dumps(body).encode(),
        {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "Content-Type": "application/json",
        },
        method=method,
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
