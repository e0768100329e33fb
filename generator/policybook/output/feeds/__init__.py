"""Atom and JSON Feed of what changed.

May import `book` and what stands above it.
"""
