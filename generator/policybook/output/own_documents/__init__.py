"""Answers about a reader's own policy documents: as JSON, text, SARIF and GitHub's annotations."""
