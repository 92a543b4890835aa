"""States of the model's own layers, taken while it reads, and cut into spans."""
