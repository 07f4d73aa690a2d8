"""What the school does: its use cases, and in `rules` what its regulation says."""
