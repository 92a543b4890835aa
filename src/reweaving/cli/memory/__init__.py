"""`cmr memory`: everything that can be done to a memory without a conversation; a file for each command."""
