"""Bookings that are made: told to whom they belong, moved, called off."""
