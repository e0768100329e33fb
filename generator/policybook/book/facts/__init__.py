"""What is derived from a book, one module a subject; `BookContext` holds one object of each.

A subject is given the subjects that it builds on, so that imports go one way here too. May import
`book.addresses`, `book.change_lines`, `book.derived` and what stands above `book`.
"""
