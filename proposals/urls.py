"""The urls of proposals."""

from django.urls import path

from proposals.views import (
    attachments,
    changing,
    checking,
    mine,
    points,
    receipts,
    screening,
    starting,
    supplements,
    withdrawals,
    writing,
)
from proposals.views import messages as thread_views

app_name = "proposals"
urlpatterns = [
    path("rounds/<slug:slug>/start/", starting.start, name="start"),
    path("proposals/<int:pk>/write/", writing.tasks, name="tasks"),
    path("proposals/<int:pk>/write/<slug:key>/", writing.question, name="question"),
    path("proposals/<int:pk>/attachments/", attachments.attachments, name="attachments"),
    path("proposals/<int:pk>/attachments/<int:attachment>/", attachments.file, name="attachment"),
    path("proposals/<int:pk>/attachments/<int:attachment>/small/", attachments.preview, name="attachment_preview"),
    path("proposals/<int:pk>/attachments/<int:attachment>/delete/", attachments.delete, name="delete_attachment"),
    path("proposals/<int:pk>/keep/", checking.keep, name="keep"),
    path("proposals/<int:pk>/check/", checking.check, name="check"),
    path("proposals/<int:pk>/send/", checking.send, name="send"),
    path("proposals/<int:pk>/receipt/", receipts.receipt, name="receipt"),
    path("proposals/<int:pk>/receipt.pdf", receipts.receipt_pdf, name="receipt_pdf"),
    path("proposals/<int:pk>/supplement/", supplements.supplement, name="supplement"),
    path("manage/funds/<slug:slug>/screening/", screening.proposal_worklist, name="worklist"),
    path("manage/funds/<slug:slug>/screening.csv", screening.worklist_csv, name="worklist_csv"),
    path("manage/funds/<slug:slug>/screening.xlsx", screening.worklist_xlsx, name="worklist_xlsx"),
    path("manage/rounds/<slug:slug>/screening/", screening.round_worklist, name="round_screening"),
    path("manage/rounds/<slug:slug>/screening/points/", points.points, name="points"),
    path("manage/proposals/<int:pk>/", screening.dossier, name="dossier"),
    path("manage/proposals/<int:pk>/checklist/", screening.checklist, name="checklist"),
    path("manage/proposals/<int:pk>/admit/", screening.admit, name="admit"),
    path("manage/proposals/<int:pk>/ask/", supplements.ask, name="ask_supplement"),
    path("manage/proposals/<int:pk>/extend/", supplements.extend, name="extend_supplement"),
    path("manage/proposals/<int:pk>/not-treat/", supplements.not_treat, name="not_treat"),
    path("my/proposals/", mine.mine, name="mine"),
    path("my/proposals/<int:pk>/", mine.one, name="my_proposal"),
    path("my/proposals/<int:pk>/versions/", mine.versions, name="my_versions"),
    path("my/proposals/<int:pk>/messages/", thread_views.thread, name="thread"),
    path("my/proposals/<int:pk>/change/", changing.change, name="change"),
    path("my/proposals/<int:pk>/change/send/", changing.change_send, name="change_send"),
    path("my/proposals/<int:pk>/change/<slug:key>/", changing.change_question, name="change_question"),
    path("my/proposals/<int:pk>/withdraw/", withdrawals.withdraw, name="withdraw"),
    path("my/proposals/<int:pk>/delete/", withdrawals.delete, name="delete_draft"),
    path("manage/rounds/<slug:slug>/messages/", thread_views.threads, name="threads"),
    path("manage/proposals/<int:pk>/messages/", thread_views.thread_office, name="thread_office"),
    path("manage/proposals/<int:pk>/versions/", mine.versions_office, name="versions_office"),
]
