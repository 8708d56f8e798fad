"""Public forms on the web."""
