"""The console: operator pages, JSON API, channel webhooks, web chat. Views parse, make one call, render."""
