#!/bin/sh
# Prints as Markdown what has changed since the last day of the last build, and keeps the new one.
set -eu
if [ -f build/last-day ]; then
  policybook changes --data build/aws/data --since "$(cat build/last-day)" --format markdown
fi
python3 -c 'import json; print(json.load(open("site/api/v1/index.json"))["result"]["data_to"])' > build/last-day
