"""The engine of the browser beside the program: both answer the same questions."""
