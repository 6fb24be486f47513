"""What must be true: one expectation, one class, one file of the same name."""
