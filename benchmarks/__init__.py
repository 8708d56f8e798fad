"""Measurements that people start by hand: `make bench`. See docs/performance.md."""
