"""Signing in for a demonstration, and what went out."""

from django.urls import URLPattern

app_name = "accounts"
urlpatterns: list[URLPattern] = []
