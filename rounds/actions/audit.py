"""Writing a line in the audit trail."""

import json
from datetime import UTC
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from accounts.models import Person
from rounds.models import AuditEntry, AuditHead


def record(
    *,
    action: str,
    subject: models.Model,
    by: Person | None,
    on_behalf_of: Person | None = None,
    reason: str = "",
    **data: Any,
) -> AuditEntry:
    """Append one line to the audit trail, in the caller's transaction, and return it.

    `by` is None for what the system does by itself. `data` must be JSON and must not hold anybody's personal data:
    the trail can never be cleaned. The head row is locked, so that lines are chained one after the other.
    """
    with transaction.atomic():
        head, _created = AuditHead.objects.select_for_update().get_or_create(pk=1)
        entry = AuditEntry(
            sequence=head.sequence + 1,
            recorded_at=timezone.now().astimezone(UTC),
            actor=by,
            on_behalf_of=on_behalf_of,
            action=action,
            subject_type=type(subject).__name__.lower(),
            subject_id=subject.pk,
            reason=reason,
            data=json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
            previous_hash=head.hash,
        )
        entry.hash = entry.computed_hash()
        entry.save(force_insert=True)
        head.sequence, head.hash = entry.sequence, entry.hash
        head.save(update_fields=["sequence", "hash"])
    return entry
