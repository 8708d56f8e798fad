"""A disk for tests: files of many kinds, and a store that fails and recovers."""
