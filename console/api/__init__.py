"""The public JSON API: schemas and health."""
