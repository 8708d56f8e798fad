"""What providers post to us: verified on the raw bytes, stored, then answered."""
