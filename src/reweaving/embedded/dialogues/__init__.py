"""A generator of chat dialogues, from which a model learns to answer from memory."""
