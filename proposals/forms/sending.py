"""Sending in: one button, and the key by which a second press is recognised."""

from django import forms


class SendForm(forms.Form):
    """The key of one opened check page."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput)
