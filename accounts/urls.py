"""Signing in, and what somebody can see and change about it.

Of django-allauth only the addresses that are used are listed: there are no passwords, so no address to set one.
"""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.socialaccount import views as staff_views
from django.urls import include, path, re_path

from accounts.views import demo, my_account, my_data, second_factor, sign_in, staff

own = [
    path("demo/", demo.demo, name="demo"),
    path("demo/outbox/", demo.demo_outbox, name="demo_outbox"),
    path("account/", my_account.my_sign_in, name="my_sign_in"),
    path("account/profile/", my_account.profile, name="profile"),
    re_path(r"^account/(?P<kind>email|phone)/$", my_account.address, name="address"),
    re_path(r"^account/(?P<kind>email|phone)/remove/$", my_account.address_remove, name="address_remove"),
    path("my/data/", my_data.my_data, name="my_data"),
    path("my/data.json", my_data.my_data_json, name="my_data_json"),
    path("my/data.pdf", my_data.my_data_pdf, name="my_data_pdf"),
    path("my/data/contact/", my_data.preferences, name="preferences"),
    path("account/code/", my_account.address_code, name="address_code"),
    path("account/second-factor/", second_factor.second_factor, name="second_factor"),
    path("account/second-factor/onward/", second_factor.onward, name="onward"),
]

# The names are those that allauth looks for.
signing_in = [
    path("login/", sign_in.sign_in, name="account_login"),
    path("login/code/", sign_in.sign_in, name="account_request_login_code"),
    path("login/code/confirm/", sign_in.confirm_code, name="account_confirm_login_code"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("second-factor/authenticate/", mfa_views.authenticate, name="mfa_authenticate"),
    path("second-factor/again/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/again/passkey/", passkey_views.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkey/login/", passkey_views.login_webauthn, name="mfa_login_webauthn"),
    path("staff/cancelled/", staff_views.login_cancelled, name="socialaccount_login_cancelled"),
    path("staff/error/", staff_views.login_error, name="socialaccount_login_error"),
    path("oidc/<str:provider_id>/login/", staff.go, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", staff.come_back, name="openid_connect_callback"),
]

second_factors = [
    path("", my_account.to_my_sign_in, name="mfa_index"),
    path("passkeys/", my_account.to_my_sign_in, name="mfa_list_webauthn"),
    path("passkeys/add/", second_factor.add_passkey, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/rename/", passkey_views.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", passkey_views.remove_webauthn, name="mfa_remove_webauthn"),
    path("app/", second_factor.activate_app, name="mfa_activate_totp"),
    path("app/remove/", app_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", recovery_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", recovery_views.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("recovery-codes/download/", second_factor.download_recovery_codes, name="mfa_download_recovery_codes"),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("account/", include(signing_in)),
    path("account/factors/", include(second_factors)),
]
