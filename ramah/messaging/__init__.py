"""Conversations, inbox, turns, outbox, delivery and live events: the message path."""
