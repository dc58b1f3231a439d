"""The urls of fund."""

from django.urls import path

from fund import views

app_name = "fund"
urlpatterns = [
    path("", views.home, name="home"),
    path("rounds/<slug:slug>/", views.round_page, name="round"),
    path("rounds/<slug:slug>/compare/", views.compare, name="compare"),
    path("rounds/<slug:slug>/export.pb", views.export, name="export"),
    path("manage/rounds/<slug:slug>/divide/", views.divide, name="divide"),
    path("rounds/<slug:slug>/proposals/<path:reference>/", views.proposal, name="proposal"),
]
