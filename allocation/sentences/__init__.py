"""What a rule did, in plain sentences that anyone can read out loud at a meeting.

English here; any other language through an object with ``gettext`` and ``ngettext``, such as the standard library's
``gettext.NullTranslations`` or the module ``django.utils.translation``. Amounts and numbers are written by functions
that can be replaced as well.
"""

from allocation.sentences.changes import change_sentence
from allocation.sentences.lines import explain
from allocation.sentences.rules import RuleSummary, rule_summary
from allocation.sentences.writing import ENGLISH, Translations, Writing

__all__ = ["ENGLISH", "RuleSummary", "Translations", "Writing", "change_sentence", "explain", "rule_summary"]
