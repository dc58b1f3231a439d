"""Voting: who steps back, scores, ballots, the tally."""

from django.apps import AppConfig


class VotingConfig(AppConfig):
    """The voting app."""

    name = "voting"
