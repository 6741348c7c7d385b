"""Takes in a row of a story that was imported before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol

from django.contrib.auth.models import User
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from experiences.models import StoryPage
from importing import drafts
from importing.drafts import Planned, Tags
from importing.files import Files
from importing.models import ImportedStory
from importing.report import Action, Line
from importing.vocabulary import Vocabulary

# The log action of a version that an archive wants and an editor has to decide about.
CONFLICT = "importing.conflict"


class Run(Protocol):
    """What an update needs of `services.Run`, which uses this module."""

    files: Files
    by: User | None
    dry_run: bool
    vocabulary: Vocabulary
    tags: Tags


def is_unchanged(imported: ImportedStory, plan: Planned) -> bool:
    """Return whether there is nothing to do: the row is as it was, or the story was deleted here."""
    return imported.page_id is None or imported.digest == plan.digest


def unchanged_line(imported: ImportedStory, plan: Planned) -> Line:
    deleted = ("It was deleted here, and stays so.",) if imported.page_id is None else ()
    return _line(plan, "unchanged", imported.page_id, deleted)


@transaction.atomic
def take_in(imported: Any, plan: Planned, run: Run) -> Line:
    """Make a changed row the newest draft of its page, or a conflict.

    Only fields that the archive changed are written. Where an editor changed one of them since the last
    import, the draft stays as it is and the archive's version is kept in the page's history.
    """
    if not run.dry_run:
        # No editor saves meanwhile, and no other import.
        list(Page.objects.select_for_update().filter(pk=imported.page_id).values_list("pk"))
        imported = ImportedStory.objects.select_for_update().get(pk=imported.pk)
    page: Any = StoryPage.objects.get(pk=imported.page_id)
    current, wanted = page.get_latest_revision_as_object(), page.get_latest_revision_as_object()
    picture = drafts.resolve_files(plan, run.files)
    names = sorted({*imported.written, *plan.record.given})
    drafts.write(wanted, names, plan, picture, run)
    stands, wants, empty = (drafts.hashes_of(one, names) for one in (current, wanted, StoryPage()))
    before = {name: imported.written.get(name, empty[name]) for name in names}
    changed = [name for name in names if wants[name] not in (before[name], stands[name])]
    contested = [name for name in changed if stands[name] != before[name]]
    imported.digest, imported.note = plan.digest, plan.note
    if not run.dry_run:
        if contested:
            imported.conflict = _keep_version(page, wanted, run.by)
        else:
            imported.written, imported.conflict = wants, None
            if changed:
                drafts.write(current, changed, plan, picture, run)
                current.save_revision(user=run.by, clean=False, log_action=True)
        imported.save()
    return _outcome(plan, page.pk, changed, contested)


def _outcome(plan: Planned, page: int, changed: list[str], contested: list[str]) -> Line:
    if contested:
        words = (
            f"An editor changed {', '.join(contested)} here, and the archive changed it too. The draft stays "
            "as it is; the version of the archive is in the history of the page."
        )
        return _line(plan, "conflict", page, (words,))
    if changed:
        return _line(plan, "changed", page, (f"New draft: {', '.join(changed)}.",))
    return _line(plan, "unchanged", page)


def _keep_version(page: StoryPage, wanted: StoryPage, by: User | None) -> Revision:
    """Store the archive's version as a revision before the newest, which stays the draft."""
    newest = page.latest_revision
    wanted.update_computed_fields()
    kept = Revision.objects.create(
        content_object=wanted,
        base_content_type=page.get_base_content_type(),
        user=by,
        # Wagtail takes the latest revision for the draft.
        created_at=newest.created_at - timedelta(microseconds=1),
        content=wanted.serializable_data(),
        object_str=str(wanted),
    )
    log(instance=page, action=CONFLICT, user=by, revision=kept, content_changed=False)
    return kept


def _line(plan: Planned, action: Action, page: int | None, notes: tuple[str, ...] = ()) -> Line:
    record = plan.record
    missing = () if action == "unchanged" else tuple(record.remarks)
    return Line(record.place, action, record.external_id, record.title, page, (*notes, *missing))
