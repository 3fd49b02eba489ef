"""What run.py does, one subject a module."""
