"""Pages that belong to no app."""

from django.urls import path

from web import views

app_name = "web"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("theme/<str:version>.css", views.theme_stylesheet, name="theme"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("style-guide/", views.style_guide, name="style_guide"),
]
