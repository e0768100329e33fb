"""The export of a book as a project for other builders.

May import what stands beside it in `build`, and the packages above it.
"""
