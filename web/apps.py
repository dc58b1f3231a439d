"""The web app: locks, pages, theme. It has no models and imports no other app."""

from django.apps import AppConfig
from django.utils.module_loading import import_string


class WebConfig(AppConfig):
    """Registers the checks of the house."""

    name = "web"

    def ready(self) -> None:
        """Importing the module registers its checks; they need the apps to be loaded."""
        import_string("web.checks.every_view_is_locked")
