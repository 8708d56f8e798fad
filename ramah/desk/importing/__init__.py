"""Contacts from a file: read, its columns named, looked at, imported piece by piece, what is refused given back."""
