"""Signing in, and what somebody can see and change about it.

Of django-allauth only the addresses that are used are listed: there are no passwords, so no address to set one.
"""

from allauth.account import views as allauth_views
from django.urls import include, path

from accounts import views

own = [
    path("demo/", views.demo, name="demo"),
    path("demo/outbox/", views.demo_outbox, name="demo_outbox"),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("account/login/", allauth_views.login, name="account_login"),
    path("account/logout/", allauth_views.logout, name="account_logout"),
]
