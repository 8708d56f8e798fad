"""E-mail: one mailbox is one channel account; read over IMAP, answered over SMTP."""
