"""Funds, rounds and seats: who divides how much, by which rule, in which stage."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    """The rounds app."""

    name = "rounds"
