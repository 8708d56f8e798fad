"""A public form on the web: one configured form is one channel account."""
