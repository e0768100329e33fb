"""`BookContext`, the one object from which pages, JSON, feeds, tables and commands are written.

May import `checks` and the packages above it.
"""
