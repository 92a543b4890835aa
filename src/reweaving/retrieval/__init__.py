"""Recall: which few spans of memory a request needs, best first, or none."""
