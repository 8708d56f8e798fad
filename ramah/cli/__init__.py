"""The ``ramah`` command: run, migrate, demo, and looks from the terminal."""
