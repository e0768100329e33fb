"""The YAML and JSON files of a book, read strictly into the model, with every error.

May import `catalogue` and what stands above it.
"""
