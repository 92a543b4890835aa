"""Which entry goes first when there is no room: one policy, one file."""
