"""Setting up a fund."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rounds.models import Fund
from rounds.queries import slug_from

if TYPE_CHECKING:
    FundModelForm = forms.ModelForm[Fund]
else:
    FundModelForm = forms.ModelForm


class FundForm(FundModelForm):
    """What a fund is called, what it is for, and under which scheme it gives money."""

    class Meta:
        model = Fund
        fields = ("name", "purpose", "scheme_name", "scheme_url", "scheme_version")
        widgets: ClassVar[dict[str, Any]] = {"purpose": forms.Textarea({"rows": 4})}
        labels: ClassVar[dict[str, Any]] = {
            "name": _("What is the fund called?"),
            "purpose": _("What is the fund for?"),
            "scheme_name": _("Under which scheme does it give money?"),
            "scheme_url": _("Where can people read the scheme?"),
            "scheme_version": _("Which version of the scheme?"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("For example: Participation fund"),
            "purpose": _("Two or three sentences, in plain words."),
            "scheme_name": _("The ordinance or the rules of the municipality. The law asks for it."),
            "scheme_url": _("A link that starts with https://"),
            "scheme_version": _("For example: as of 1 January 2027"),
        }
        error_messages: ClassVar[dict[str, Any]] = {"name": {"required": _("Fill in what the fund is called.")}}


class NewFundForm(FundForm):
    """A new fund; its web address is made of its name."""

    def clean(self) -> dict[str, Any]:
        """Add a free web address. Raises nothing: a name without letters gets one too."""
        cleaned = super().clean() or {}
        if cleaned.get("name"):
            cleaned["slug"] = slug_from(cleaned["name"], kind=Fund)
        return cleaned


def add_errors(form: forms.BaseForm, refused: ValidationError) -> None:
    """Show what an action refused beside the fields of a form; what is about no field comes on top."""
    for field, errors in getattr(refused, "error_dict", {None: refused.error_list}).items():
        form.add_error(field if field in form.fields else None, errors)
