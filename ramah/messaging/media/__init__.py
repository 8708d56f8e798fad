"""Files of messages: proved by content, kept in the store, fetched from providers, shown by signed addresses."""
