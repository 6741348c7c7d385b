"""The actions on case rows: importing them, counting them, withdrawing a person, deleting all."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts import counting, report_versions
from cohorts.case_rows import CaseRead, CasesRead, UnreadableRows
from cohorts.csv_import import read_cases
from cohorts.models.case_rows import CohortCase, CohortCount, CohortObservation, WithdrawnCase
from cohorts.models.cohort import Cohort
from disclosure_control import configured
from measures.models import Measure

if TYPE_CHECKING:
    from django.contrib.auth.models import User

AT_ONCE = 2_000


@dataclass(frozen=True)
class RowsImported:
    """Cases, not rows: a case with an error in any row is refused. `unused`: in the database, not in the
    file.
    """

    created: int
    updated: int
    unchanged: int
    refused: int
    unused: int


def key_maker(cohort: Cohort) -> Callable[[str], str]:
    """Return a function that turns a hospital's number into the key of a case: HMAC-SHA256 under the secret
    key.

    Without the secret it cannot be turned back, not even by trying all numbers; the same number in another
    cohort has another key, so that rows of two cohorts cannot be linked.
    """
    secret = f"cohorts.{cohort.pk}".encode() + settings.SECRET_KEY.encode()
    return lambda number: hmac.new(secret, number.strip().encode(), hashlib.sha256).hexdigest()


def read_for(
    cohort: Cohort,
    data: bytes,
    *,
    today: dt.date | None = None,
    progress: Callable[[int], None] = lambda _rows: None,
) -> CasesRead:
    """Return the rows of a file as this cohort takes them. Raises EditorError, also where the site's secret
    key changed.
    """
    kept = CohortCount.objects.filter(cohort=cohort).values_list("key_check", flat=True).first()
    if kept and kept != key_maker(cohort)("key check") and cohort.cases.exists():
        raise UnreadableRows(
            _(
                "The site's secret key has changed since the last import, so known cases cannot be "
                "recognised. Delete "
                "the case rows of this cohort, then import the whole file."
            )
        )
    return read_cases(
        data,
        measures=ranges_of(cohort),
        keyed=key_maker(cohort),
        today=today or timezone.localdate(),
        progress=progress,
    )


def ranges_of(cohort: Cohort) -> dict[str, tuple[float | None, float | None]]:
    """Return the cohort's measures with the lowest and highest value of the scale of the same name."""
    names = [measure.name for measure in cohort.measures.all()]
    known = {
        name.casefold(): (low, high) for name, low, high in Measure.objects.values_list("name", "low", "high")
    }
    return {name: known.get(name.casefold(), (None, None)) for name in names}


def plan(cohort: Cohort, read: CasesRead) -> RowsImported:
    """Return what an import of `read` would do; nothing is written. People who have withdrawn are refused."""
    known = dict(cohort.cases.values_list("key", "digest"))
    gone = set(cohort.withdrawn_cases.values_list("key", flat=True))
    cases = [case for case in read.cases if case.key not in gone]
    created = sum(case.key not in known for case in cases)
    same = sum(known.get(case.key) == case.digest for case in cases)
    in_file = {case.key for case in cases}
    return RowsImported(
        created=created,
        updated=len(cases) - created - same,
        unchanged=same,
        refused=read.refused + len(read.cases) - len(cases),
        unused=len(known.keys() - in_file),
    )


@transaction.atomic
def import_rows(
    *,
    cohort: Cohort,
    read: CasesRead,
    by: User | None,
    progress: Callable[[int], None] = lambda _cases: None,
) -> RowsImported:
    """Import the good cases and count again.

    Nothing public changes: what was counted is a draft until a person publishes it as a new version of the
    report (`report_versions.publish_draft`). `by`: who imports; None is the command line. One transaction;
    the second run of a file changes nothing.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    done = plan(cohort, read)
    gone = set(cohort.withdrawn_cases.values_list("key", flat=True))
    known = {key: (pk, digest) for pk, key, digest in cohort.cases.values_list("pk", "key", "digest")}
    changed = [
        case for case in read.cases if case.key not in gone and known.get(case.key, (0, ""))[1] != case.digest
    ]
    for start in range(0, len(changed), AT_ONCE):
        _write(cohort, changed[start : start + AT_ONCE], known)
        progress(min(start + AT_ONCE, len(changed)))
    if changed or not CohortCount.objects.filter(cohort=cohort).exists():
        count_rows(cohort)
        log(
            instance=cohort,
            action="cohorts.import_cohort",
            user=by,
            data={"created": done.created, "updated": done.updated, "refused": done.refused},
        )
    return done


def _write(cohort: Cohort, cases: list[CaseRead], known: dict[str, tuple[int, str]]) -> None:
    """Insert the new cases and rewrite the changed ones, each kind in one statement."""
    old = [
        CohortCase(
            pk=known[case.key][0],
            cohort=cohort,
            key=case.key,
            age_band=case.age_band,
            sex=case.sex,
            digest=case.digest,
        )
        for case in cases
        if case.key in known
    ]
    if old:
        CohortCase.objects.bulk_update(old, ["age_band", "sex", "digest"], batch_size=500)
        CohortObservation.objects.filter(case__in=[case.pk for case in old]).delete()
    new = CohortCase.objects.bulk_create(
        CohortCase(cohort=cohort, key=case.key, age_band=case.age_band, sex=case.sex, digest=case.digest)
        for case in cases
        if case.key not in known
    )
    places = {case.key: case.pk for case in (*old, *new)}
    CohortObservation.objects.bulk_create(
        (
            CohortObservation(
                case_id=places[case.key],
                measure=seen.measure,
                day=seen.day,
                value=seen.value,
                result=seen.result,
            )
            for case in cases
            for seen in case.observations
        ),
        batch_size=AT_ONCE,
    )


def count_rows(cohort: Cohort) -> CohortCount:
    """Count the cohort's case rows and keep the result."""
    measures = [
        counting.Measure(measure.name, measure.better, measure.least_change)
        for measure in cohort.measures.all()
    ]
    people = list(cohort.cases.order_by("pk").values_list("pk", "key", "age_band", "sex"))
    observations = [
        counting.Observed(*row)
        for row in CohortObservation.objects.filter(case__cohort=cohort)
        .order_by("pk")
        .values_list("case_id", "measure", "day", "value", "result")
        .iterator()
    ]
    data = counting.count(
        measures=measures,
        people=((band, sex) for _case, _key, band, sex in people),
        observations=observations,
        rules=configured.rules(),
    )
    members = counting.contributions(measures=measures, people=people, observations=observations)
    counted, _made = CohortCount.objects.update_or_create(
        cohort=cohort,
        defaults={"data": data, "members": members, "key_check": key_maker(cohort)("key check")},
    )
    return counted


@transaction.atomic
def withdraw_case(*, cohort: Cohort, number: str, by: User | None) -> bool:
    """Delete one person's case row for good, by the hospital's number. Returns False where there is none.

    What is public of the cohort is checked at once, in the same transaction: figures that no longer hold
    without this person are not shown any more (`report_versions.keep_or_withhold`). A later import leaves the
    person out.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    key = key_maker(cohort)(number)
    WithdrawnCase.objects.get_or_create(cohort=cohort, key=key)
    cases = cohort.cases.filter(key=key)
    if not cases.exists():
        return False
    CohortObservation.objects.filter(case__in=cases).delete()
    cases.delete()
    count_rows(cohort)
    report_versions.forget_member(cohort=cohort, member=key[:32])
    report_versions.keep_or_withhold(cohort=cohort, by=by)
    log(instance=cohort, action="cohorts.withdraw_case", user=by)
    return True


@transaction.atomic
def forget_rows(*, cohort: Cohort, by: User | None) -> int:
    """Delete every case row of a cohort, and what was counted from them. Returns the number of cases.

    Versions that were counted from them are not shown any more.
    """
    number = cohort.cases.count()
    CohortObservation.objects.filter(case__cohort=cohort).delete()
    cohort.cases.all().delete()
    CohortCount.objects.filter(cohort=cohort).delete()
    log(instance=cohort, action="cohorts.forget_rows", user=by, data={"cases": number})
    report_versions.withhold_counted(cohort=cohort)
    return number
