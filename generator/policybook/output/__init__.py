"""Writes views and results as bytes: HTML, JSON, CSV, feeds, the search index.

May import `pages` and the packages above it; only `output.html` uses `pages`.
"""
