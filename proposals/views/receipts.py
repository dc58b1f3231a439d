"""The receipt: on screen, and as a PDF to keep."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from proposals.models import Field
from proposals.permissions import may_see_receipt
from proposals.queries import Receipt, receipt_for, steps_after_sending
from web.locks import allow
from web.pages import page
from web.pdf import render_pdf
from web.templatetags.formats import moment, money
from web.theme import municipality


@never_cache
@require_safe
@allow(may_see_receipt, load=receipt_for)
def receipt(request: HttpRequest, found: Receipt) -> HttpResponse:
    """Show that it was received, what happens next, and a copy of what was sent."""
    context = {
        "receipt": found,
        "proposal": found.proposal,
        "round": found.proposal.round,
        "answers": [{"label": label, "value": value} for label, value in found.texts],
        "steps": steps_after_sending(found.proposal),
    }
    return page(request, "proposals/proposal_receipt.html", context)


@never_cache
@require_safe
@allow(may_see_receipt, load=receipt_for)
def receipt_pdf(request: HttpRequest, found: Receipt) -> HttpResponse:
    """The same on paper."""
    title = _("Receipt %(reference)s") % {"reference": found.proposal.reference}
    content = render_pdf("document", document(found, title), language=get_language() or "nl", title=title)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{found.proposal.reference}.pdf"'
    return response


def document(found: Receipt, title: str) -> dict[str, Any]:
    """Return the receipt as blocks of a document."""
    proposal = found.proposal
    steps = [step for step in steps_after_sending(proposal) if step["when"]]
    received = moment(timezone.localtime(found.version.submitted_at))
    return {
        "title": title,
        "date": found.version.submitted_at.replace(microsecond=0),
        "reference": proposal.reference,
        "recipient": [proposal.contact_name] if proposal.contact_name else [],
        "intro": _(
            "We received your idea on %(moment)s. You do not have to do anything now. Questions? Call %(phone)s."
        )
        % {"moment": received, "phone": municipality().help_phone},
        "blocks": [
            {"kind": "heading", "text": _("What happens next"), "level": 2},
            {"kind": "facts", "rows": [[str(step["label"]), step["when"]] for step in steps]},
            {"kind": "heading", "text": _("What you sent"), "level": 2},
            *answers(found),
            {"kind": "facts", "rows": [[_("Digest of what you sent"), found.version.digest]]},
        ],
    }


def answers(found: Receipt) -> Iterator[dict[str, Any]]:
    """Yield what was sent, as blocks of a document."""
    budget, nothing = found.budget, _("Not filled in")
    for label, value in found.texts:
        yield {"kind": "heading", "text": str(label), "level": 3}
        yield {"kind": "text", "text": value or nothing}
    yield {"kind": "heading", "text": str(Field.BUDGET.label), "level": 3}
    yield {
        "kind": "money_table",
        "rows": [{"label": row.what or nothing, "amount": row.amount} for row in budget.rows],
        "total": {"label": _("Together"), "amount": budget.total},
        "columns": [_("What"), _("Amount")],
        "caption": str(Field.BUDGET.label),
    }
    if budget.minimum_amount is not None:
        words = _("It could still go on with %(amount)s.") % {"amount": money(budget.minimum_amount)}
        yield {"kind": "text", "text": words}
