"""WhatsApp Business Cloud API (Meta Graph): one number is one channel account."""
