"""The JSON files of the site, and the JSON output of commands.

May import `book` and the packages above it.
"""
