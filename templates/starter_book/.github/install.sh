#!/bin/sh
# Installs policybook from what `policybook init` wrote into requirements.txt, and only if all hashes
# are right. Do not replace this by `pip install policybook`: whoever registers that name on the
# package index could then run code here.
set -eu
if ! [ -f requirements-git.txt ] && ! grep -qs '^\./wheels/policybook-' requirements.txt; then
  echo "requirements.txt: expected policybook and its dependencies with hashes, found no line ./wheels/policybook-… in it. Run 'policybook init --source WHEEL|URL@COMMIT new', and copy requirements*.txt and wheels from there" >&2
  exit 1
fi
python3 -m pip install --require-hashes --only-binary :all: --requirement requirements.txt
if [ -f requirements-git.txt ]; then
  python3 -m pip install --no-deps --no-build-isolation --requirement requirements-git.txt
fi
