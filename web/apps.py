"""The web app: locks, pages, theme. It has no models and imports no other app."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.module_loading import import_string

from web.theme import check_theme


class WebConfig(AppConfig):
    """Registers the checks of the house."""

    name = "web"

    def ready(self) -> None:
        """Register the checks; that of the locks needs the apps to be loaded before it can be imported."""
        import_string("web.checks.every_view_is_locked")
        register(check_theme, Tags.compatibility)
