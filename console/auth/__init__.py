"""Login and logout of staff."""
