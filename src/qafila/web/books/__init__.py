"""The months of the books: prepared, closed, opened again by two people."""
