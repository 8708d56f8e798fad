"""Set-up and tests of the project; standard library only, so that any Python can run them."""
