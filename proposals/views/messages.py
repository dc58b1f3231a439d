"""The thread of messages: for the initiator, for officials, and the threads of a round."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Person
from proposals.actions import read_messages, write_message
from proposals.forms import MessageForm
from proposals.permissions import may_answer_message, may_see_threads, may_write_message
from proposals.queries import Thread, Threads, my_thread, thread_for_official, threads_of_round
from proposals.views.held import held_text, hold_text, let_go
from web.locks import allow
from web.pages import gives_text_back, page

THREADS_PER_PAGE = 30


@allow(may_write_message, load=my_thread, turned_away=hold_text)
def thread_unsaved(request: HttpRequest, thread: Thread) -> HttpResponse:
    """Show the thread with what was typed, and send nothing: its token was stale."""
    return show_thread(request, thread, MessageForm(request.POST), unsaved=True, status=403)


@gives_text_back(thread_unsaved)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_write_message, load=my_thread, turned_away=hold_text)
def thread(request: HttpRequest, thread: Thread) -> HttpResponse:
    """Read and write as the initiator."""
    return read_or_write(request, thread, as_official=False)


@allow(may_answer_message, load=thread_for_official, turned_away=hold_text)
def thread_office_unsaved(request: HttpRequest, thread: Thread) -> HttpResponse:
    """Show the thread with what was typed, and send nothing: its token was stale."""
    return show_thread(request, thread, MessageForm(request.POST), as_official=True, unsaved=True, status=403)


@gives_text_back(thread_office_unsaved)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_answer_message, load=thread_for_official, turned_away=hold_text)
def thread_office(request: HttpRequest, thread: Thread) -> HttpResponse:
    """Read and answer as an official."""
    return read_or_write(request, thread, as_official=True)


def read_or_write(request: HttpRequest, thread: Thread, *, as_official: bool) -> HttpResponse:
    """Show the thread, or add a message to it; each side hears of the other's at its own address."""
    here, there = ("thread_office", "thread") if as_official else ("thread", "thread_office")
    if request.method != "POST":
        read_messages(proposal=thread.proposal, by=cast(Person, request.user), as_official=as_official)
        held = held_text(request)
        form = MessageForm(held) if held is not None else MessageForm()
        return show_thread(request, thread, form, as_official=as_official, unsaved=held is not None)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return show_thread(request, thread, form, as_official=as_official)
    link = request.build_absolute_uri(reverse(f"proposals:{there}", args=[thread.proposal.pk]))
    write_message(
        proposal=thread.proposal,
        text=form.cleaned_data["text"],
        by=cast(Person, request.user),
        from_official=as_official,
        link=link,
    )
    let_go(request)
    messages.success(request, _("Your message is sent."))
    return redirect(f"proposals:{here}", thread.proposal.pk)


def show_thread(
    request: HttpRequest,
    thread: Thread,
    form: MessageForm,
    *,
    as_official: bool = False,
    unsaved: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Render the thread; `own` marks what this side wrote."""
    context = {
        "proposal": thread.proposal,
        "thread": [{"message": one, "own": one.from_official is as_official} for one in thread.messages],
        "form": form,
        "unsaved": unsaved,
        "office": as_official,
    }
    return page(request, "proposals/thread_read.html", context, status=status)


@never_cache
@require_safe
@allow(may_see_threads, load=threads_of_round)
def threads(request: HttpRequest, found: Threads) -> HttpResponse:
    """The proposals of a round about which was written, unread ones first."""
    page_obj = Paginator(found.proposals, THREADS_PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "proposals/thread_list.html", {"round": found.round, "page_obj": page_obj})
