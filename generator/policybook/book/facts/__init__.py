"""Facts derived from a book, one module per subject; `BookContext` has one object of each.

A subject receives the subjects that it depends on, so that there are no import circles. May import
`book.addresses`, `book.change_lines`, `book.derived` and the packages above `book`.
"""
