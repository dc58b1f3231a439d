"""The urls of proposals."""

from django.urls import path

from proposals.views import attachments, checking, receipts, starting, writing

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
]
