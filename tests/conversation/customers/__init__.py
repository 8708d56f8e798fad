"""Scripted customers: what they write stands in the YAML files, how they are played in the modules."""
