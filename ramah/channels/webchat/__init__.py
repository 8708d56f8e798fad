"""Web chat: our own page and widget. The browser fetches its messages; nothing is sent out."""
