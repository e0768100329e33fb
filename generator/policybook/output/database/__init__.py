"""The whole book as tables and lines of JSON: declarations and rows; `build` writes the files."""
