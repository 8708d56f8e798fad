"""The book of contacts: found, corrected with a history, exported."""
