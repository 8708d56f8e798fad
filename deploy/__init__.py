"""What runs in the containers beside the platform itself."""
