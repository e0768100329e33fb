"""The database of the book, from which commands answer: what was read from the data, and compared.

It is optional: where it is missing, stale, damaged or of another program, the data is read.
"""
