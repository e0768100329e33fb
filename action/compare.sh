#!/bin/bash
# Compares the data folder DATA of the checkout with that of the commit BASE, and writes the report
# into a file, which the output `report` names. Ends with 1 if the data has errors.
set -eu
if [ -z "${BASE:-}" ]; then
  BASE=HEAD^1
  if [ "${GITHUB_EVENT_NAME:-}" = pull_request ] && ! git rev-parse --quiet --verify HEAD^2 >/dev/null; then
    echo "expected the merge of the pull request with its base branch, found another commit. Check it out with 'fetch-depth: 2' and without 'ref', or set 'base'" >&2
    exit 2
  fi
fi
if ! commit=$(git rev-parse --quiet --verify "$BASE^{commit}"); then
  echo "$BASE: expected a commit, found none. Check out with 'fetch-depth: 2' or more" >&2
  exit 2
fi
folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/policybook-review.XXXXXX")
export GIT_INDEX_FILE="$folder/index" # the checkout and its index stay as they are
git read-tree "$commit"
git checkout-index --all --prefix="$folder/base/"
mkdir -p "$folder/base/$DATA" # empty if the base branch has no book yet
status=0
policybook review --data "$DATA" --format markdown "$folder/base/$DATA" > "$folder/report.md" || status=$?
if [ "$status" -gt 1 ]; then exit "$status"; fi
echo "report=$folder/report.md" >> "$GITHUB_OUTPUT"
exit "$status"
