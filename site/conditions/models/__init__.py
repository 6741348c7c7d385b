from __future__ import annotations

from conditions.models.condition import Condition, ConditionCode, ConditionName
from conditions.models.term import Term, TermCode, TermName

__all__ = ["Condition", "ConditionCode", "ConditionName", "Term", "TermCode", "TermName"]
