"""Changes as Atom and JSON Feed.

May import `book` and the packages above it, and of `output` what writes sentences, HTML and XML.
"""
