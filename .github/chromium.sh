#!/usr/bin/env bash
# Makes a browser available as `chromium`: one that the runner already has, or the system's package.
set -euo pipefail
if command -v chromium; then exit 0; fi
for browser in chromium-browser google-chrome; do
  if command -v "$browser"; then
    sudo ln -s "$(command -v "$browser")" /usr/local/bin/chromium
    exit 0
  fi
done
sudo apt-get update
sudo apt-get install -y --no-install-recommends chromium
