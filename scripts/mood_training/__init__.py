"""Trains the model of moods: reads labelled messages, makes features of them, fits, and writes the file of weights."""
