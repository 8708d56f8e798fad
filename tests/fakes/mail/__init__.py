"""A mail host on loopback: one mailbox over IMAP, and an SMTP server that takes its mails, with faults on order."""
