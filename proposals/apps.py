"""Proposals: drafts, budget lines, screening."""

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """The proposals app."""

    name = "proposals"
