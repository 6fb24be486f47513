"""The gate on SQL changes: Google's own analyzer, offline, and findings with stable codes."""
