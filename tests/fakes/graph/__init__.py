"""A stand-in for Meta's Graph API: for WhatsApp messages it refuses, delivers and repeats like the original."""
