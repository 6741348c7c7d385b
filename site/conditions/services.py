"""Writes the content of a vocabulary file in one transaction. The same for conditions and treatments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F

from conditions.load_plan import Change, KnownTerm, Vocabulary, create, remember, update
from conditions.models.term import Term
from conditions.records import ParsedVocabulary, Remark, TermRecord, parents_first, shorten
from conditions.words import fold

Progress = Callable[[int, int], None]

_BATCH = 400
_DEEPEST = 60  # a tree path holds 255 characters, four a level


@dataclass
class LoadReport:
    """What loading changed, or would change in a dry run."""

    source: str
    dry_run: bool
    changes: list[Change] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def count(self, action: str) -> int:
        return sum(change.action == action for change in self.changes)

    @property
    def kept(self) -> list[Change]:
        """Terms that differ from the file because an editor changed them, and were kept."""
        return [change for change in self.changes if change.kept]

    def as_dict(self) -> dict[str, Any]:
        """Return the number of terms by action (a term that only moved counts as moved), and the unused rows.

        `rows` are whole rows that were refused, `left_out` parts of rows.
        """
        actions = ("created", "updated", "moved", "unchanged")
        return {
            **{action: self.count(action) for action in actions},
            "refused": len(self.refused),
            "kept": len(self.kept),
            "dry_run": self.dry_run,
            "source": self.source,
            "rows": [vars(remark) for remark in self.refused],
            "left_out": [vars(remark) for remark in self.remarks],
        }


@transaction.atomic
def load_terms(
    *, model: type[Term], parsed: ParsedVocabulary, dry_run: bool = False, progress: Progress | None = None
) -> LoadReport:
    """Add the content of a file to the vocabulary `model`, by the rules of `load_plan.py`.

    All or nothing. A dry run writes nothing and returns the same report. `progress` is called with (done,
    total).
    """
    ordered = parents_first(parsed)
    report = LoadReport(parsed.source, dry_run, refused=list(ordered.refused), remarks=list(ordered.remarks))
    vocabulary = Vocabulary(_known(model), parsed.source)
    targets: dict[str, KnownTerm] = {}
    for number, record in enumerate(ordered.records, 1):
        change = _plan(record, targets, vocabulary, parsed.parents_needed)
        if isinstance(change, Remark):
            report.refused.append(change)
        else:
            report.changes.append(change)
            targets[record.key] = change.term
        if progress:
            progress(number, len(ordered.records))
    if not dry_run:
        _write(model, report.changes, parsed.source)
    return report


def _known(model: type[Term]) -> list[KnownTerm]:
    """Return every term of the vocabulary with its names and codes, with three queries."""
    by_pk: dict[int, KnownTerm] = {}
    by_path: dict[str, KnownTerm] = {}
    rows = model.objects.order_by("path").values_list(
        "pk", "path", "depth", "name", "slug", "description", "loaded"
    )
    for pk, path, depth, name, slug, description, loaded in rows:
        term = KnownTerm(pk, name, slug, description, by_path.get(path[: -model.steplen]), depth, loaded)
        by_pk[pk] = by_path[path] = term
    names, codes = _name_model(model), _code_model(model)
    for pk, folded, language in names.objects.values_list("term_id", "folded", "language"):
        by_pk[pk].names.add((folded, language))
    for pk, system, code in codes.objects.order_by("pk").values_list("term_id", "system", "code"):
        by_pk[pk].codes.add((system, code))
    return list(by_pk.values())


def _plan(
    record: TermRecord, targets: dict[str, KnownTerm], vocabulary: Vocabulary, parents_needed: bool
) -> Change | Remark:
    parent: KnownTerm | None = None
    if record.parent:
        parent = (
            targets.get(record.parent)
            or vocabulary.code_owner(("doid", record.parent))
            or vocabulary.slugs.get(record.parent)
        )
        if parent is None and parents_needed:
            missing = (
                f"its parent “{record.parent}” is neither a usable row of the file nor in the vocabulary"
            )
            return Remark(record.row, shorten(record.name), missing)
    term = vocabulary.claim(record)
    if term is None:
        if parent and parent.depth >= _DEEPEST:
            return Remark(record.row, shorten(record.name), f"more than {_DEEPEST} levels deep")
        return create(record, parent, vocabulary)
    places = record.parent == "" or parent is not None
    return update(record, term, parent, places, vocabulary)


def _name_model(model: type[Term]) -> Any:
    return model._meta.get_field("names").related_model


def _code_model(model: type[Term]) -> Any:
    return model._meta.get_field("codes").related_model


def _write(model: type[Term], changes: list[Change], source: str) -> None:
    created = [change for change in changes if change.action == "created"]
    updated = [change for change in changes if change.action in ("updated", "moved")]
    _write_new(model, created, source)
    _write_updated(model, updated, source)
    names, codes = _name_model(model), _code_model(model)
    # No page shows a term that is new; names of others are judged one by one.
    for change in updated:
        for name in change.names:
            names(term_id=change.term.pk, name=name.name, language=name.language, kind=name.kind).save()
    names.objects.bulk_create(
        [
            names(term_id=change.term.pk, name=name.name, language=name.language, kind=name.kind)
            for change in created
            for name in change.names
        ],
        batch_size=_BATCH,
    )
    codes.objects.bulk_create(
        [
            codes(term_id=change.term.pk, system=system, code=code)
            for change in [*created, *updated]
            for system, code in change.codes
        ],
        batch_size=_BATCH,
    )


def _write_new(model: type[Term], created: list[Change], source: str) -> None:
    """Add new terms to the tree level by level: treebeard would need several queries for each."""
    if not created:
        return
    paths = dict(model.objects.values_list("pk", "path"))
    taken = _last_steps(model, paths.values())
    children: dict[int, int] = defaultdict(int)
    for change in created:
        if change.term.parent:
            children[id(change.term.parent)] += 1
    levels: dict[int, list[KnownTerm]] = defaultdict(list)
    for change in created:
        levels[change.term.depth].append(change.term)
    for depth in sorted(levels):
        rows = []
        for term in levels[depth]:
            top = paths[term.parent.pk] if term.parent and term.parent.pk else ""
            taken[top] += 1
            remember(term, "parent", term.parent.pk if term.parent else None, source)
            rows.append(
                model(
                    name=term.name,
                    slug=term.slug,
                    description=term.description,
                    loaded=term.loaded,
                    path=model._get_path(top, depth, taken[top]),
                    depth=depth,
                    numchild=children[id(term)],
                )
            )
        for term, row in zip(levels[depth], model.objects.bulk_create(rows, batch_size=_BATCH), strict=True):
            term.pk = row.pk
            paths[row.pk] = row.path
    new = {id(change.term) for change in created}
    old_parents = {id(above): above for change in created if (above := change.term.parent)}
    for identity, parent in old_parents.items():
        if identity not in new:
            model.objects.filter(pk=parent.pk).update(numchild=F("numchild") + children[identity])


def _last_steps(model: type[Term], paths: Iterable[str]) -> dict[str, int]:
    """Return, by the path of a parent ('' for the top), the number of its last child."""
    taken: dict[str, int] = defaultdict(int)
    for path in paths:
        above, step = path[: -model.steplen], model._str2int(path[-model.steplen :])
        taken[above] = max(taken[above], step)
    return taken


def _write_updated(model: type[Term], updated: list[Change], source: str) -> None:
    for change in updated:
        if change.moved:
            _move(model, change.term, source)
    rows = model.objects.in_bulk([change.term.pk for change in updated])
    unseen = []
    for change in updated:
        row, known = rows[change.term.pk], change.term
        if (row.name, row.description) == (known.name, known.description):
            row.loaded = known.loaded
            unseen.append(row)
            continue
        row.name, row.description, row.loaded, row.folded = (
            known.name,
            known.description,
            known.loaded,
            fold(known.name),
        )
        # One by one: public pages may show it, and a save is judged for each of them (`shared_changes`).
        row.save(update_fields=["name", "folded", "description", "loaded"])
    model.objects.bulk_update(unseen, ["loaded"], batch_size=100)


def _move(model: type[Term], term: KnownTerm, source: str) -> None:
    row = model.objects.get(pk=term.pk)
    if term.parent:
        row.move(model.objects.get(pk=term.parent.pk), "last-child")
    else:
        row.move(model.get_last_root_node(), "last-sibling")
    remember(term, "parent", term.parent.pk if term.parent else None, source)
