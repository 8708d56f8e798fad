"""Extractors: from the words of a customer to the fields of a booking."""
