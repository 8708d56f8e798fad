"""The public web chat: page, sessions, messages, stream."""
