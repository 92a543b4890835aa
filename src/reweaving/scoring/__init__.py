"""How much each token that a model read is worth remembering."""
