"""Files of the site: those of the book among those of MkDocs, and the folder of a build.

May import `build` and the packages above it.
"""
