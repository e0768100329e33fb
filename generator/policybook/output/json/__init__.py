"""The files and answers that programs read.

May import `book` and what stands above it.
"""
