"""The worker: loops over inbound turns, outbound sends and bookings to retry. No business rules here."""
