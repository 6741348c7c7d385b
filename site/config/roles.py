"""The five roles with their permissions, and the workflow before publication.

docs/roles.md has the same as a table; a test requests every admin address with each role.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes

EDITOR = "Editor"
REVIEWER = "Medical reviewer"
TAGGER = "Tagger"
OFFICER = "Consent officer"
ADMINISTRATOR = "Administrator"

ENTER = "wagtailadmin.access_admin"
READ, WRITE = ("view",), ("add", "change", "delete", "view")
# Records that have their own publish action, as pages do.
PUBLISH = (*WRITE, "publish")


@dataclass(frozen=True)
class Role:
    """`models`: 'app.model' -> actions; `more`: other permissions; `pages`, `collections`: at the root of
    each tree.
    """

    name: str
    models: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    more: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()

    @property
    def permissions(self) -> set[str]:
        """Return the names of all permissions, as 'app.action_model'."""
        named = set()
        for label, actions in self.models.items():
            app, model = label.split(".")
            named |= {f"{app}.{action}_{model}" for action in actions}
        return {ENTER, *named, *self.more}


# Wagtail checks the permissions of its own models, even if a site uses other models for its files.
FILES = (
    *(f"wagtailimages.{action}_image" for action in ("add", "change", "choose")),
    *(f"wagtaildocs.{action}_document" for action in ("add", "change", "choose")),
    *(f"wagtailmedia.{action}_media" for action in ("add", "change")),
)
DELETE_FILES = ("wagtailimages.delete_image", "wagtaildocs.delete_document", "wagtailmedia.delete_media")
VOCABULARY = {
    f"{app}.{model}": WRITE for app, model in (("conditions", "condition"), ("treatments", "treatment"))
}

ROLES = (
    # Writes and publishes; sees whom a story is about and their contacts, but cannot open consent forms.
    Role(
        EDITOR,
        models={
            **VOCABULARY,
            "interviews.interview": WRITE,
            "interviews.topic": WRITE,
            "consent.person": ("add", "change", "view"),
            "approval.approvallink": ("add", "change", "view"),
            "cohorts.cohort": PUBLISH,
            "measures.measure": READ,
            "information.submission": ("view", "delete"),
        },
        pages=("add", "change", "publish", "lock", "unlock"),
        collections=FILES,
    ),
    # Reads pages in review, asks for changes or approves. Cannot publish.
    Role(REVIEWER, models={"measures.measure": WRITE, "cohorts.cohort": READ}),
    # Edits the vocabulary and drafts of pages. Sees no interviews, consents or contacts.
    Role(TAGGER, models=VOCABULARY, pages=("change",)),
    # Manages consents: people, forms, withdrawals, erasure, the audit trail.
    Role(
        OFFICER,
        models={
            "consent.person": ("add", "change", "view"),
            "consent.consent": ("add", "change", "view", "delete"),
            "consent.consentform": ("add", "change", "view"),
            "withdrawal.withdrawal": ("add", "view"),
            "audit.auditentry": READ,
            "approval.approvallink": ("add", "change", "view"),
            "interviews.interview": READ,
        },
        more=("approval.override_approval",),
    ),
    # Everything, also users and settings. Not a superuser: cannot change the audit trail or signed forms.
    Role(
        ADMINISTRATOR,
        models={
            **VOCABULARY,
            "interviews.interview": WRITE,
            "interviews.topic": WRITE,
            "consent.person": WRITE,
            "consent.consent": WRITE,
            "consent.consentform": WRITE,
            "withdrawal.withdrawal": ("add", "view"),
            "audit.auditentry": READ,
            "approval.approvallink": WRITE,
            "cohorts.cohort": PUBLISH,
            "measures.measure": WRITE,
            "pages.sitesettings": ("change", "view"),
            "information.submission": ("view", "delete"),
            "auth.user": WRITE,
            "auth.group": WRITE,
            "wagtailcore.site": WRITE,
            "wagtailcore.collection": WRITE,
            "wagtailcore.workflow": WRITE,
            "wagtailcore.task": WRITE,
            "wagtailcore.groupapprovaltask": WRITE,
            "approval.familyapprovaltask": WRITE,
            "wagtailredirects.redirect": WRITE,
        },
        more=("approval.override_approval",),
        pages=("add", "change", "publish", "bulk_delete", "lock", "unlock"),
        collections=(*FILES, *DELETE_FILES, *(f"wagtailcore.{action}_collection" for action in WRITE[:3])),
    ),
)

WORKFLOW, REVIEW_STEP, FAMILY_STEP = "Review and approval", "Medical review", "Approval by the family"


def apply(registry: Any = None) -> list[str]:
    """Give each role its permissions and the site its workflow. Add what is missing; remove nothing.

    Idempotent.

    `registry`: the apps as a migration knows them; by default as they are now. Return the names of
    permissions that do not exist yet, because an app is missing.
    """
    registry = registry or apps
    for app in registry.get_app_configs():
        # A migration's apps have none, and Django would skip them.
        app.models_module = getattr(app, "models_module", None) or True
        create_contenttypes(app, apps=registry, verbosity=0)
        create_permissions(app, apps=registry, verbosity=0)

    def model(label: str) -> Any:
        return registry.get_model(label)

    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in model("auth.Permission").objects.select_related("content_type")
    }
    _add_publishing(model, known)
    # Page permissions belong to Wagtail's Page, not to our page types.
    root = model("wagtailcore.Page").objects.filter(depth=1).order_by("path").first()
    collection = model("wagtailcore.Collection").objects.filter(depth=1).order_by("path").first()
    missing: set[str] = set()
    for role in ROLES:
        group, _made = model("auth.Group").objects.get_or_create(name=role.name)
        wanted = role.permissions
        missing |= {name for name in (*wanted, *role.collections) if name not in known}
        group.permissions.add(*(known[name] for name in wanted if name in known))
        for action in role.pages if root else ():
            model("wagtailcore.GroupPagePermission").objects.get_or_create(
                group=group, page=root, permission=known[f"wagtailcore.{action}_page"]
            )
        for name in role.collections if collection else ():
            if name in known:
                model("wagtailcore.GroupCollectionPermission").objects.get_or_create(
                    group=group, collection=collection, permission=known[name]
                )
    _workflow(model, root)
    return sorted(missing)


def _add_publishing(model: Any, known: dict[str, Any]) -> None:
    """Create publish permissions for snippets: Wagtail does so after all migrations: too late here."""
    for name in {name for role in ROLES for name in role.permissions if ".publish_" in name} - set(known):
        app, codename = name.split(".")
        kind = model("contenttypes.ContentType").objects.filter(
            app_label=app, model=codename.removeprefix("publish_")
        )
        for found in kind:
            known[name] = model("auth.Permission").objects.create(
                content_type=found, codename=codename, name=f"Can publish {found.model}"
            )


def _workflow(model: Any, root: Any) -> None:
    """Create the workflow of all pages: medical review, then the family's approval.

    Unless the site has one.
    """
    workflows = model("wagtailcore.Workflow").objects
    if workflows.filter(name=WORKFLOW).exists():
        return
    workflow = workflows.create(name=WORKFLOW)
    steps = (
        (REVIEW_STEP, "wagtailcore.GroupApprovalTask", (REVIEWER, ADMINISTRATOR)),
        (FAMILY_STEP, "approval.FamilyApprovalTask", (EDITOR, OFFICER, ADMINISTRATOR)),
    )
    for number, (name, label, groups) in enumerate(steps):
        kind = model("contenttypes.ContentType").objects.get(
            app_label=label.split(".")[0], model=label.split(".")[1].lower()
        )
        task = model(label).objects.create(name=name, content_type=kind)
        task.groups.set(model("auth.Group").objects.filter(name__in=groups))
        model("wagtailcore.WorkflowTask").objects.create(
            workflow=workflow, task_id=task.pk, sort_order=number
        )
    if root:
        model("wagtailcore.WorkflowPage").objects.update_or_create(page=root, defaults={"workflow": workflow})
