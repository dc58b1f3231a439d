"""Photos and files with a draft: add, look, delete; and the only door through which a file goes out."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Person
from proposals.actions import TooManyAttachments, add_attachment, delete_attachment
from proposals.forms import AttachmentForm
from proposals.lifecycle import State
from proposals.models import MOST_ATTACHMENTS, Attachment, Proposal
from proposals.permissions import is_initiator, may_delete_attachment, may_see_attachment
from proposals.queries import (
    attachment_for,
    attachments_of,
    number_of_attachments,
    own_attachment_for,
    proposal_for,
)
from rounds.lifecycle import DoorClosed
from web.downloads import private_file_response
from web.locks import allow, sign_in_first
from web.pages import gives_text_back, page


def is_script(request: HttpRequest) -> bool:
    """Whether the page sends by itself (``attachments.js``) and wants a short answer instead of a page."""
    return request.headers.get("X-Upload") == "yes"


def ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Answer somebody whose session ended: the file is still in the page, so the page says what to do."""
    if is_script(request):
        return not_added(_("You are signed out, so this file was not added. Sign in again, and choose it once more."))
    return sign_in_first(request)


@never_cache
@allow(is_initiator, load=proposal_for, visitors=True, turned_away=ask_to_sign_in)
def attachments_not_added(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Answer a form with a stale token: a fresh one for the script, or the page with the reason."""
    if is_script(request):
        return JsonResponse({"added": False, "token": get_token(request)}, status=403)
    messages.warning(request, _("This page was open for a long time, so your file was not added. Choose it again."))
    return show_attachments(request, proposal, AttachmentForm(), status=403)


@gives_text_back(attachments_not_added)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(is_initiator, load=proposal_for, visitors=True, turned_away=ask_to_sign_in)
def attachments(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Everything that was added so far, and the form to add one more."""
    if proposal.state != State.DRAFT:
        return sent_already(request, proposal)
    if request.method != "POST":
        return show_attachments(request, proposal, AttachmentForm())
    form = AttachmentForm(request.POST, request.FILES)
    if not form.is_valid():
        return refused(request, proposal, form)
    try:
        add_attachment(proposal=proposal, upload=form.upload, by=person_of(request))
    except TooManyAttachments:
        words = _("You have added %(most)s files already. Delete one first, then add this one.")
        form.add_error(None, words % {"most": MOST_ATTACHMENTS})
        return refused(request, proposal, form)
    except DoorClosed:
        return sent_already(request, proposal)
    messages.success(request, _("Your file was added."))
    url = reverse("proposals:attachments", args=[proposal.pk])
    return JsonResponse({"added": True, "url": url}) if is_script(request) else redirect(url)


def person_of(request: HttpRequest) -> Person | None:
    """Return who signed in; None for somebody without an account."""
    return request.user if request.user.is_authenticated else None


def not_added(message: str) -> JsonResponse:
    """Tell the page in one or two sentences why a file was not added. Everything else stays as it is."""
    return JsonResponse({"added": False, "message": message})


def refused(request: HttpRequest, proposal: Proposal, form: AttachmentForm) -> HttpResponse:
    """Say why a file was refused, and how to mend it."""
    if is_script(request):
        return not_added(" ".join(str(message) for found in form.errors.values() for message in found))
    return show_attachments(request, proposal, form)


def sent_already(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Answer a page that was open when the proposal was sent or withdrawn."""
    url = reverse("proposals:receipt", args=[proposal.pk])
    if request.method == "POST":
        words = _("This idea was sent in already. This file is not part of it. Call us to change something.")
        if is_script(request):
            return not_added(words)
        messages.warning(request, words)
    return redirect(url)


def show_attachments(
    request: HttpRequest, proposal: Proposal, form: AttachmentForm, *, status: int = 200
) -> HttpResponse:
    """Render the page."""
    kept = attachments_of(proposal)
    count = ngettext("You added %(number)s file.", "You added %(number)s files.", len(kept)) % {"number": len(kept)}
    context = {
        "proposal": proposal,
        "form": form,
        "attachments": kept,
        "count": count,
        "most": MOST_ATTACHMENTS,
        "limit": settings.UPLOAD_MAX_BYTES,
        "is_full": len(kept) >= MOST_ATTACHMENTS,
        "some_wait": any(one.is_waiting for one in kept),
    }
    return page(request, "proposals/attachment_list.html", context, status=status)


@require_safe
@allow(may_see_attachment, load=attachment_for, visitors=True)
def file(request: HttpRequest, attachment: Attachment) -> FileResponse:
    """Hand out one file: pictures and PDFs are shown, the rest is saved."""
    return handed_out(attachment, attachment.file)


@require_safe
@allow(may_see_attachment, load=attachment_for, visitors=True)
def preview(request: HttpRequest, attachment: Attachment) -> FileResponse:
    """Hand out a picture in small, for the page on which it is one of several."""
    return handed_out(attachment, attachment.preview)


def handed_out(attachment: Attachment, kept: FieldFile) -> FileResponse:
    """Answer with one of the files of an attachment, or Http404 when it is not there (any more)."""
    try:
        content = kept.open("rb")
    except (OSError, ValueError):
        raise Http404 from None
    return private_file_response(content, attachment.name, attachment.content_kind)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_delete_attachment, load=own_attachment_for, visitors=True)
def delete(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    """Ask whether somebody is sure, and take the file away."""
    proposal, name = attachment.proposal, attachment.name
    if proposal.state != State.DRAFT:
        return sent_already(request, proposal)
    if request.method != "POST":
        return page(request, "proposals/attachment_delete.html", {"proposal": proposal, "attachment": attachment})
    try:
        delete_attachment(attachment=attachment, by=person_of(request))
    except DoorClosed:
        return sent_already(request, proposal)
    messages.success(request, _("“%(name)s” was deleted.") % {"name": name})
    return redirect("proposals:attachments", proposal.pk)


def attachments_task(proposal: Proposal) -> dict[str, Any]:
    """Return the line of the task list: part of telling the idea, and never needed."""
    number = number_of_attachments(proposal)
    added = ngettext("%(number)s file", "%(number)s files", number) % {"number": number}
    return {
        "label": _("Photos and attachments"),
        "url": reverse("proposals:attachments", args=[proposal.pk]),
        "status": added if number else _("You may skip this"),
        "kind": "info" if number else "neutral",
        "hint": "",
    }
