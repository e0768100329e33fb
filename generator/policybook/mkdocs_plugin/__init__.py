"""The MkDocs plugin, its theme, and the commands of MkDocs; only this package imports MkDocs.

May import `build` and the packages above it.
"""
