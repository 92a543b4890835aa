"""What is kept from a memory, in a memory, and for how long: the privacy of those who speak to it."""
