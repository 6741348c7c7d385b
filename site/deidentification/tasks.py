from __future__ import annotations

from django_tasks import task

from deidentification import document_texts, services
from media.models import Document


@task()
def read_long_document(document_id: int) -> None:
    """Read a document for which publishing could not wait, so that the next search has all of it."""
    for document in Document.objects.filter(pk=document_id):
        document_texts.read(document, document_texts.LONG_SECONDS)


@task()
def recognise_document(document_id: int) -> None:
    """Have tesseract read a scanned document."""
    for document in Document.objects.filter(pk=document_id):
        services.recognise(document)
