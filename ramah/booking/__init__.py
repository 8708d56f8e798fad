"""Bookings: drafts, extraction, availability, the ERP's document and its submission."""
