"""The embedded ERP: for businesses that have none of their own, in our database."""
