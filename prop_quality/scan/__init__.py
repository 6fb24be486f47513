"""One query for all expectations of a checkpoint: what they declare, composed, asked once, and answered."""
