"""Interfaces that are served alone, each at the root of a port of its own: manage.py serve_interface."""
