"""Bills and their payment: links, slips that customers send, what a person decides about them."""
