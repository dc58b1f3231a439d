import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings as site_settings
from django.core.paginator import Paginator
from django.forms import formset_factory
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from web.bars import Part, lay_out
from web.fields import CodeField, DayField, MoneyField
from web.style_guide import style_guide_context
from web.templatetags.components import UnknownKind

ROOT = Path(site_settings.BASE_DIR)
TEMPLATES = ROOT / "templates"


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def render(source: str, **context: Any) -> str:
    request = context.pop("request", None)
    return str(engines["django"].from_string(source).render(context, request)).strip()


class IdeaForm(forms.Form):
    name = forms.CharField(label="Name", help_text="For example <b>", error_messages={"required": "Fill in the name"})
    story = forms.CharField(label="Story", widget=forms.Textarea, required=False)
    who = forms.ChoiceField(label="Who", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    wishes = forms.MultipleChoiceField(
        label="Wishes", choices=[("x", "X")], widget=forms.CheckboxSelectMultiple, required=False
    )
    amount = MoneyField(label="Amount")
    start = DayField(label="Start")
    code = CodeField(label="Code")
    agreed = forms.BooleanField(label="Agreed", help_text="Really")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        if self.data.get("name") == "whole":
            raise forms.ValidationError("Something about the whole form")
        return self.cleaned_data


# --- buttons and links ------------------------------------------------------------------------------------------------
def test_a_button_is_a_button_and_with_an_address_a_link() -> None:
    button = render("{% button 'Send' name='go' value='1' hx_post='/x' disabled=True hx_target=None %}")
    link = render("{% button 'Start' href='/start' variant='secondary' %}")

    assert button == (
        '<button class="nl-button nl-button--primary" type="submit" hx-post="/x" name="go" value="1" disabled>'
        '<span class="nl-button__label">Send</span></button>'
    )
    assert link == (
        '<a class="nl-button nl-button--secondary" href="/start"><span class="nl-button__label">Start</span></a>'
    )


def test_what_people_wrote_cannot_become_markup() -> None:
    assert "<script>" not in render(
        "{% button words data_x=words %}{% badge words %}{% card words href=words %}{{ words }}{% endcard %}"
        "{% alert title=words %}{{ words }}{% endalert %}{% stat words words %}{% copyable words words %}"
        "{% table words %}{% endtable %}{% details words %}{% enddetails %}{% back_link words words %}"
        "{% summary_list rows %}{% task_list tasks %}{% timeline steps %}{% money_bar parts words %}",
        words='"><script>',
        rows=[{"label": '"><script>', "value": '"><script>'}],
        tasks=[{"label": '"><script>', "url": '"><script>', "status": '"><script>'}],
        steps=[{"label": '"><script>', "state": "done", "when": '"><script>'}],
        parts=[{"label": '"><script>', "cents": 1}],
    )


@pytest.mark.parametrize(
    "source",
    ["{% button 'x' variant='huge' %}", "{% badge 'x' kind='purple' %}", "{% alert 'loud' %}{% endalert %}"],
)
def test_a_variant_that_does_not_exist_is_refused_with_those_that_do(source: str) -> None:
    with pytest.raises(UnknownKind, match="choose from"):
        render(source)


def test_a_step_in_an_unknown_state_is_refused() -> None:
    with pytest.raises(UnknownKind):
        render("{% timeline steps %}", steps=[{"label": "x", "state": "almost"}])


# --- telling ----------------------------------------------------------------------------------------------------------
def test_an_alert_is_only_read_aloud_when_it_appears_later() -> None:
    assert "role=" not in render("{% alert 'info' %}<p>x</p>{% endalert %}")
    assert 'role="status"' in render("{% alert 'ok' live=True %}<p>x</p>{% endalert %}")
    assert 'role="alert"' in render("{% alert 'error' live=True %}<p>x</p>{% endalert %}")


def test_a_timeline_says_in_words_what_the_colours_show() -> None:
    html = render(
        "{% timeline steps %}",
        steps=[
            {"label": "Sent", "state": "done", "when": "3 March"},
            {"label": "Read", "state": "current"},
            {"label": "Paid", "state": "todo"},
        ],
    )

    assert re.findall(r'pf-hidden">(.*?) ?</span>(\w+)', html) == [
        ("Done:", "Sent"),
        ("Now:", "Read"),
        ("Not yet:", "Paid"),
    ]
    assert html.count('aria-current="step"') == 1
    assert html.count("__connector--main-to-main") == 2


def test_a_task_that_cannot_be_done_yet_has_no_link() -> None:
    html = render(
        "{% task_list tasks %}",
        tasks=[
            {"label": "One", "url": "/one", "status": "To do"},
            {"label": "Two", "url": "", "status": "Not yet", "kind": "neutral"},
        ],
    )

    assert re.findall(r'href="(.*?)"', html) == ["/one"]


def test_an_empty_answer_is_shown_as_not_filled_in() -> None:
    html = render("{% summary_list rows %}", rows=[{"label": "Name", "value": "", "url": "/name"}])

    assert "Not filled in yet" in html
    assert '>Change<span class="pf-hidden">: Name</span></a>' in html


# --- money in a bar ---------------------------------------------------------------------------------------------------
def test_the_pieces_of_a_bar_fill_it_without_gaps() -> None:
    segments = lay_out([Part("a", 1), Part("b", 1), Part("c", 1)], 3)

    assert [(segment.x, segment.width) for segment in segments] == [(0, 333), (333, 333), (666, 334)]


def test_what_is_not_divided_stays_empty() -> None:
    assert [segment.width for segment in lay_out([Part("a", 25), Part("b", 0)], 100)] == [250, 0]


def test_more_than_the_total_and_less_than_nothing_still_fit_the_bar() -> None:
    segments = lay_out([Part("a", 150), Part("b", 50), Part("c", -10)], 100)

    assert [(segment.x, segment.width) for segment in segments] == [(0, 750), (750, 250), (1000, 0)]
    assert [segment.width for segment in lay_out([Part("a", 0)], 0)] == [0]
    assert lay_out([], 0) == []


def test_a_money_bar_gives_the_same_numbers_as_drawing_in_words_and_as_table() -> None:
    html = render(
        "{% money_bar parts caption='The fund' total=10000 %}",
        parts=[
            {"label": "Paid", "cents": 2500},
            {"label": "Free", "cents": 7500},
        ],
    )

    assert '<desc id="money-bar-desc">Paid: €25; Free: €75</desc>' in html
    assert re.findall(r"<td>(.*?)</td>", html) == ["€25", "25%", "€75", "75%", "€100", ""]
    assert re.findall(r'pf-bar-ground-\d" x="(\d+)" y="0" width="(\d+)"', html) == [("0", "250"), ("250", "750")]
    assert "style=" not in html


def test_numbers_in_a_drawing_are_not_written_in_the_language_of_the_reader() -> None:
    with translation.override("nl"):
        html = render(
            "{% money_bar parts caption='x' %}{% meter 1000 2000 'x' %}", parts=[{"label": "a", "cents": 100000}]
        )

    assert 'width="1000"' in html
    assert 'value="1000" max="2000"' in html


# --- pages of a list --------------------------------------------------------------------------------------------------
def test_turning_the_page_keeps_every_filter() -> None:
    request = RequestFactory().get("/?status=open&page=2&q=a%26b")

    html = render("{% pagination page_obj %}", page_obj=Paginator(range(30), 10).page(2), request=request)

    assert 'href="?status=open&amp;page=3&amp;q=a%26b" rel="next"' in html
    assert 'href="?status=open&amp;page=1&amp;q=a%26b" rel="prev"' in html
    assert html.count('aria-current="page"') == 1


def test_one_page_needs_no_page_numbers() -> None:
    assert render("{% pagination page_obj %}", page_obj=Paginator(range(3), 10).page(1)) == ""
    assert 'href="?page=2"' in render("{% pagination page_obj %}", page_obj=Paginator(range(30), 10).page(1))


# --- tables -----------------------------------------------------------------------------------------------------------
def test_a_wide_table_can_be_scrolled_with_the_keyboard_and_has_a_name() -> None:
    html = render("{% table 'All ideas' %}<tbody></tbody>{% endtable %}")

    assert 'tabindex="0" role="region" aria-labelledby="table-all-ideas-caption"' in html
    assert "<caption" not in html


def test_a_stacking_table_has_a_caption_and_no_frame() -> None:
    html = render("{% table 'All ideas' stack=True hide_caption=True %}<tbody></tbody>{% endtable %}")

    assert '<caption class="pf-hidden">All ideas</caption>' in html
    assert "tabindex" not in html


# --- forms ------------------------------------------------------------------------------------------------------------
def test_a_field_reads_label_description_error_input_and_ties_them_together() -> None:
    html = str(IdeaForm({})["name"].as_field_group())

    places = [html.index(part) for part in ("<label", "For example &lt;b&gt;", "Fill in the name", "<input")]
    assert places == sorted(places)
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert "utrecht-textbox--invalid" in html


def test_a_field_without_description_and_errors_points_to_nothing() -> None:
    html = str(IdeaForm()["story"].as_field_group())

    assert "aria-describedby" not in html
    assert "(optional)" in html
    assert 'class="utrecht-textarea utrecht-textarea--html-textarea"' in html


def test_a_filter_does_not_say_that_it_is_optional() -> None:
    form = IdeaForm()
    form.mark_optional = False  # type: ignore[attr-defined]  # any form may set it

    assert "(optional)" not in str(form["story"].as_field_group())


@pytest.mark.parametrize(("name", "role"), [("who", ' role="radiogroup"'), ("wishes", ""), ("start", "")])
def test_inputs_that_belong_together_share_a_legend(name: str, role: str) -> None:
    html = str(IdeaForm()[name].as_field_group())

    assert html.count("<fieldset") == 1
    assert html.count("<legend") == 1
    assert (' role="radiogroup"' in html) is bool(role)
    labelled = set(re.findall(r'<label[^>]* for="(.*?)"', html))
    assert labelled == set(re.findall(r'<input[^>]* id="(.*?)"', html))


def test_the_description_of_choices_hangs_on_the_group() -> None:
    html = str(IdeaForm({})["who"].as_field_group())

    assert re.search(r'<fieldset[^>]* aria-describedby="id_who_error"', html)
    assert "aria-describedby" not in "".join(re.findall("<input[^>]*>", html))


def test_the_label_of_a_question_can_be_the_heading_of_its_page() -> None:
    assert '<h1 class="utrecht-heading-1 pf-question"><label' in render(
        "{% field f heading=True %}", f=IdeaForm()["name"]
    )
    assert '<h1 class="utrecht-heading-1">Who</h1>' in render("{% field f heading=True %}", f=IdeaForm()["who"])


def test_a_code_is_offered_by_the_phone_itself() -> None:
    html = str(IdeaForm()["code"].as_field_group())

    assert 'autocomplete="one-time-code"' in html
    assert 'inputmode="numeric"' in html


def test_an_amount_stands_behind_a_euro_sign() -> None:
    html = str(IdeaForm(initial={"amount": 425050})["amount"].as_field_group())

    assert '<span class="pf-affixed__part" aria-hidden="true">€</span>' in html
    assert 'value="4,250.50"' in html
    assert 'value="veel"' in str(IdeaForm({"amount": "veel"})["amount"].as_field_group())


def test_a_hidden_field_is_only_an_input() -> None:
    assert str(IdeaForm()["secret"].as_field_group()).strip() == '<input type="hidden" name="secret" id="id_secret">'


def test_the_error_summary_links_to_every_field_that_needs_attention() -> None:
    form = IdeaForm({"agreed": "on", "code": "123456", "amount": "1"})

    html = render("{% error_summary form %}", form=form)

    assert re.findall(r'href="(.*?)"', html) == ["#id_name", "#id_who_0", "#id_start_0"]
    assert "3 things are not right yet" in html
    whole_page = html + str(form)
    for target in re.findall(r'href="#(.*?)"', html):
        assert f'id="{target}"' in whole_page


def test_one_mistake_is_told_in_the_singular() -> None:
    form = IdeaForm(
        {
            "name": "whole",
            "who": "a",
            "amount": "1",
            "start_day": "1",
            "start_month": "1",
            "start_year": "2027",
            "code": "123456",
            "agreed": "on",
        }
    )

    html = render("{% error_summary form %}", form=form)

    assert "One thing is not right yet" in html
    assert "<li>Something about the whole form</li>" in html


def test_several_forms_share_one_summary() -> None:
    rows = formset_factory(IdeaForm, extra=0, min_num=1, validate_min=True)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "x"}
    )

    html = render("{% error_summary form rows %}", form=IdeaForm({}), rows=rows)

    assert "#id_name" in html
    assert "#id_form-0-who_0" in html


def test_no_summary_while_all_is_well() -> None:
    assert render("{% error_summary form %}", form=IdeaForm()) == ""
    assert render("{% error_summary nothing %}") == ""


def test_a_page_with_mistakes_says_so_in_its_title() -> None:
    def title(form: forms.Form) -> str:
        return render_to_string("base.html", {"form": form}).split("<title>")[1][:7]

    assert title(IdeaForm({})) == "Error: "
    assert title(IdeaForm()) != "Error: "


# --- whole pages ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "429", "500"])
def test_an_error_page_needs_no_context_and_no_database(code: str) -> None:
    for language in ("nl", "en"):
        with translation.override(language):
            html = engines["django"].get_template(f"{code}.html").render()

        assert "Gemeente Voorbeeldstad" in html
        assert 'href="tel:14030"' in html
        assert 'href="/"' in html
        assert html.count("<h1") == 1


def test_the_style_guide_shows_every_component() -> None:
    shown = (TEMPLATES / "web/style_guide.html").read_text() + (TEMPLATES / "base.html").read_text()
    parts = {"button_row", "icon", "htmx", "mark", "patterns", "day_input", "field", "field_notes", "field_optional"}

    for template in (TEMPLATES / "components").glob("*.html"):
        assert template.stem in parts or f"{{% {template.stem} " in shown, template.stem


def test_the_style_guide_is_complete_html_without_repeated_ids() -> None:
    html = render_to_string("web/style_guide.html", style_guide_context())
    ids = re.findall(r' id="(.*?)"', html)

    assert sorted(ids) == sorted(set(ids))
    assert "style=" not in html
    for target in re.findall(r'(?:aria-describedby|aria-labelledby|for)="(.*?)"', html):
        assert set(target.split()) <= set(ids)


def _own_templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def _without_tags(template: Path) -> str:
    return re.sub(r"\{[{%#].*?[%}#]\}", "\0", template.read_text())


def test_no_template_has_inline_styles_or_scripts() -> None:
    for template in _own_templates():
        source = _without_tags(template)
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", source), template


def test_every_class_in_a_template_exists_in_the_style_sheet() -> None:
    css = (ROOT / "static/css/site.css").read_text()
    known = set(re.findall(r"\.((?:utrecht|nl|denhaag|pf)-[\w-]+)", css))

    missing = {
        (template.name, name)
        for template in _own_templates()
        for value in re.findall(r'class="([^"]*)"', _without_tags(template))
        for name in value.split()
        if re.fullmatch(r"(?:utrecht|nl|denhaag|pf)-[\w-]+", name) and name not in known
    }

    assert missing == set()


def test_the_summary_says_what_has_to_be_filled_in() -> None:
    assert '<a class="utrecht-link utrecht-link--html-a" href="#id_code">Fill in: Code</a>' in render(
        "{% error_summary form %}", form=IdeaForm({})
    )
