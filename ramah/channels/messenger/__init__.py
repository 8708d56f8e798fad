"""Facebook Messenger: one page is one channel account."""
