"""The finder's index: names and patterns with the addresses of their pages.

May import `book` and the packages above it.
"""
