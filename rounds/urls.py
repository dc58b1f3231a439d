"""The urls of rounds: what officials set up and move on, and the rule that everybody may read."""

from django.urls import path

from rounds.views import funds, parts, rounds, rules, seats, trails

app_name = "rounds"
urlpatterns = [
    path("manage/", funds.overview, name="overview"),
    path("manage/new-fund/", funds.new_fund, name="new_fund"),
    path("manage/funds/<slug:slug>/", funds.change_fund, name="change_fund"),
    path("manage/funds/<slug:slug>/new-round/", rounds.new_round, name="new_round"),
    path("manage/funds/<slug:slug>/seats/", seats.seats, name="seats"),
    path("manage/funds/<slug:slug>/seats/give/", seats.give_seat, name="give_seat"),
    path("manage/funds/<slug:slug>/trail/", trails.fund_trail, name="fund_trail"),
    path("manage/seats/<int:pk>/end/", seats.end_seat, name="end_seat"),
    path("manage/seats/<int:pk>/extend/", seats.extend_seat, name="extend_seat"),
    path("manage/rounds/<slug:slug>/", rounds.office, name="office"),
    path("manage/rounds/<slug:slug>/copy/", rounds.copy, name="copy_round"),
    path("manage/rounds/<slug:slug>/step/<str:event>/", rounds.step, name="step"),
    path("manage/rounds/<slug:slug>/trail/", trails.round_trail, name="round_trail"),
    path("manage/rounds/<slug:slug>/set-up/", parts.set_up, name="set_up"),
    path("manage/rounds/<slug:slug>/set-up/money/", parts.money, name="money"),
    path("manage/rounds/<slug:slug>/set-up/call/", parts.call, name="call"),
    path("manage/rounds/<slug:slug>/set-up/criteria/", parts.criteria, name="criteria"),
    path("manage/rounds/<slug:slug>/set-up/ballot/", parts.ballot, name="ballot"),
    path("manage/rounds/<slug:slug>/set-up/division/", parts.division, name="division"),
    path("manage/rounds/<slug:slug>/set-up/counting/", parts.counting, name="counting"),
    path("manage/rounds/<slug:slug>/change-rule/", rules.change_rule, name="change_rule"),
    path("choices/", rules.choices, name="choices"),
    path("rounds/<slug:slug>/rule/", rules.rule, name="rule"),
    path("rounds/<slug:slug>/rule/<int:number>.json", rules.document, name="rule_document"),
]
