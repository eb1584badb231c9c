"""empty.py - a script that does nothing."""
