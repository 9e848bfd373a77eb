"""Who lives together, and what was declared of a member: written down and corrected by paper."""
