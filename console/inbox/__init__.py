"""The operators' inbox: list, thread, side panel, takeover."""
