"""What operators do with the queue: see it, take from it, move and assign within it, and set it up."""
