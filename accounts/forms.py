"""Reading what people type when they sign in."""

from django import forms


class DemoSignInForm(forms.Form):
    """Which demo person, and where to go next."""

    person = forms.CharField(max_length=40)
    next = forms.CharField(max_length=2000, required=False)
