"""WhatsApp on a phone that is linked by QR code, through a gateway. Unofficial: best effort, never the only way."""
