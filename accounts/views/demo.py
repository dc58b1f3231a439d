"""The demo: signing in with one button, and what went out."""

from django.contrib.auth import login
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import DemoSignInForm
from accounts.middleware import DEMO_SESSION_MARK
from accounts.models import OutgoingMessage
from accounts.queries import DemoChoice, choices_of_the_demo, demo_person, messages_of_the_demo
from accounts.views.sign_in import safe_next
from web.locks import allow, anyone
from web.pages import page

MESSAGES_PER_PAGE = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allow(anyone, load=choices_of_the_demo)
def demo(request: HttpRequest, choices: list[DemoChoice]) -> HttpResponse:
    """One button per demo person; pressing it signs in as that person, without code or second factor."""
    form = DemoSignInForm(request.POST or None)
    error = ""
    if form.is_valid():
        person = demo_person(form.cleaned_data["person"])
        if person:
            login(request, person)
            request.session[DEMO_SESSION_MARK] = True
            return HttpResponseRedirect(safe_next(request, form.cleaned_data["next"]))
        error = _("This demo person does not exist. Choose one of the people below.")
    elif request.method == "POST":
        error = _("Choose one of the people below.")
    context = {
        "choices": choices,
        "loaded": all(choice.person for choice in choices),
        "error": error,
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return page(request, "accounts/demo_choose.html", context, status=404 if error else 200)


@never_cache
@require_safe
@allow(anyone, load=messages_of_the_demo)
def demo_outbox(request: HttpRequest, sent: QuerySet[OutgoingMessage]) -> HttpResponse:
    """The mails and text messages that went out in the demo, newest first."""
    sent_page = Paginator(sent, MESSAGES_PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "accounts/message_list.html", {"page_obj": sent_page})
