"""The PDF files of papers: opening them in the user's own reader, attaching and detaching them."""
