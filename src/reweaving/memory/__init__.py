"""`Memory`: what a user opens, adds to, searches, inspects and forgets."""
