"""Handwritten pages: names of the book in them, and their links.

May import `files` of `mkdocs_plugin`, and `book` and the packages above it.
"""
