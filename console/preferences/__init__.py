"""A person's own settings: the language of the console, and how it tells them of news."""
