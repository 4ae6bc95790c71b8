"""What is printed about papers, annotations and upkeep: JSON for scripts and text for people."""
