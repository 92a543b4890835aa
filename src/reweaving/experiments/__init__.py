"""Benches: each module measures one thing and returns its summary and rows."""
