"""Atom and JSON Feed of what changed.

May import `book` and the packages above it, and of `output` what writes sentences, HTML and XML.
"""
