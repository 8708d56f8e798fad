"""What operators do: take over, write, hand back, close."""
