"""The demo organisations: two businesses as different as can be, so that nothing is wired to one."""
