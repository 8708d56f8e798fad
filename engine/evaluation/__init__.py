"""Training a pipeline on any labelled messages and noting what it answers to others."""
