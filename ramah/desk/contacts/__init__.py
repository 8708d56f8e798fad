"""Contacts as the desk keeps them: what may stand in their fields, who is the same person, who is blocked."""
