"""Markdown: escaped text, and pages converted from their HTML.

May import nothing of the package: it knows HTML and Markdown, not the book.
"""
