"""The action server: one module per skill. Actions translate slots into calls of the domain, nothing else."""
