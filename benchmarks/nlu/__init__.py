"""How well and how fast messages are understood: ours beside stock Rasa, on any labelled messages."""
