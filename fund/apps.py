"""What becomes of the money: allocation, decisions, grants, payments, results."""

from django.apps import AppConfig


class FundConfig(AppConfig):
    """The fund app."""

    name = "fund"
