"""Tests of the plugin of MkDocs: what mkdocs.yml and a book's own theme do."""
