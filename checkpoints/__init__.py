"""When it is checked, and what follows."""
