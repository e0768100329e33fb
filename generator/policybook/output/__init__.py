"""Views and answers as bytes: HTML, JSON, CSV, feeds, the search index.

May import `pages` and what stands above it; only `output.html` uses `pages`.
"""
