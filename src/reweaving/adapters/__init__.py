"""Where things are inside each family of models; nothing else in the package knows."""
