"""Reconstructed keys and values, laid out at positions and attended to while the model runs."""
