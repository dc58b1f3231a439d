"""Signing in, and what somebody can see and change about it."""
