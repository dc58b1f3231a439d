"""What the form templates need to know about a field: its kind, its words, and the ids that tie them together."""

from typing import Any

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    MultiWidget,
    RadioSelect,
)
from django.forms.boundfield import BoundWidget
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext as _


def field_parts(bound: BoundField, *, heading: bool = False, prefix: str = "", suffix: str = "") -> dict[str, Any]:
    """Gather what ``components/field.html`` shows. The ids are those that Django's own attributes point to."""
    widget = bound.field.widget
    input_type = getattr(widget, "input_type", "")
    kind = _kind(bound)
    described_by = bound.aria_describedby
    optional = not bound.field.required and kind != "checkbox" and getattr(bound.form, "mark_optional", True)
    parts: dict[str, Any] = {
        "field": bound,
        "kind": kind,
        "input_type": input_type,
        "heading": heading,
        "prefix": prefix or getattr(widget, "prefix", ""),
        "suffix": suffix or getattr(widget, "suffix", ""),
        "identifier": bound.auto_id or bound.html_name,
        "description_id": f"{bound.auto_id}_helptext" if bound.help_text else "",
        "error_id": f"{bound.auto_id}_error" if bound.errors else "",
        "described_by": described_by,
        "optional": optional,
    }
    if kind == "choices":
        parts["options"] = [_option(option, input_type) for option in bound.subwidgets]
    elif kind == "input" and described_by:
        # Django leaves this to the fieldset for some widgets that we show without one.
        parts["input"] = bound.as_widget(attrs={"aria-describedby": described_by})
    else:
        parts["input"] = bound.as_widget()
    return parts


def _kind(bound: BoundField) -> str:
    """How a field is laid out: hidden, input, checkbox, choices (radio, checkboxes) or group (several inputs)."""
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, MultiWidget):
        return "group"
    return "checkbox" if isinstance(widget, CheckboxInput) else "input"


def _option(option: BoundWidget, input_type: str) -> dict[str, Any]:
    style = "radio-button" if input_type == "radio" else "checkbox"
    data = option.data
    attributes = {
        "class": f"utrecht-{style} utrecht-{style}--html-input",
        "type": input_type,
        "name": data["name"],
        "value": data["value"],
        **data["attrs"],
    }
    return {
        "id": option.id_for_label,
        "label": option.choice_label,
        "input": format_html("<input{}>", flatatt(attributes)),
    }


def errors_of(form: BaseForm) -> list[dict[str, str]]:
    """What has to be put right in a form: ``message``, and ``href`` of the input to go to, empty for the whole form."""
    if not form.is_bound:
        return []
    found = [{"message": str(message), "href": ""} for message in form.non_field_errors()]
    needed = gettext("This field is required.")
    for bound in form:
        first = f"{bound.auto_id}_0" if _kind(bound) in {"choices", "group"} else bound.auto_id
        for message in map(str, bound.errors):
            # In a list on top of the page "fill this in" would not say what.
            words = _("Fill in: %(label)s") % {"label": bound.label} if message == needed else message
            found.append({"message": words, "href": "" if bound.is_hidden else f"#{first}"})
    return found
