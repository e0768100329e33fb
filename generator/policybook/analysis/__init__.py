"""Pure answers over documents and books: comparing, effective actions, history, overlap, risks.

May import `data` and the packages above it.
"""
