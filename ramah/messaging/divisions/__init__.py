"""Divisions: a customer chooses a team, waits in its line, hears the place in it, and gets the first person free."""
