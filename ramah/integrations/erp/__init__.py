"""The ERP port: what Ramah asks of a customer's business system, whichever it is."""
