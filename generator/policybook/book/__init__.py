"""The one object that pages, JSON, feeds, tables, the finder and every command ask.

May import `checks` and what stands above it.
"""
