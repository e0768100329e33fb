"""The plan of the site, and what each kind of page shows.

May import `book` and the packages above it.
"""
