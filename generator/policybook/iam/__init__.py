"""How IAM interprets a policy document, without a book or a catalogue.

May import `model` and the packages above it.
"""
