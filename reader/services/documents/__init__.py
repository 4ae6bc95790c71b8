"""Documents: PDF files that belong to papers, and reading them."""
