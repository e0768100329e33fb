"""Tests of the store of books."""
