"""The chat model that comes along: its weights, its memory adapter, and how that was trained."""
