"""Markdown: escaped text, and pages converted from their HTML.

May import nothing else of policybook: it converts HTML without knowing the book.
"""
