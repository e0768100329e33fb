"""The finder's index: names, patterns, and where they lead.

May import `book` and what stands above it.
"""
