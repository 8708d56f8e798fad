"""A stand-in for Facebook: login, pages, and Messenger, which refuses, delivers and repeats like the original."""
