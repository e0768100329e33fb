"""Importers read records from elsewhere; one shared writer makes them into data."""
