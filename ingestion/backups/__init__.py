"""Copies of all that the stores hold, sealed, and the way back from one."""
