#!/bin/sh
# Prints as Markdown what has changed since the last day of the last build, and keeps the new one.
set -eu
index=site/api/v1/index.json
last=build/last-day
if [ ! -f "$index" ]; then
  echo "$index: expected a built site, found none; run 'policybook build' first" >&2
  exit 1
fi
if [ -s "$last" ]; then
  policybook changes --data build/aws/data --since "$(cat "$last")" --format markdown
fi
python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["result"]["data_to"] or "", end="")' "$index" > "$last"
