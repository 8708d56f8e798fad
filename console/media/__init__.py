"""Files of messages by signed address."""
