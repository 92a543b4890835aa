"""Training of what stands between a frozen model and its memory."""
