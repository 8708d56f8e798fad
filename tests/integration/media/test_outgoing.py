"""Files of ours: kept for a message, named in it, and given to a channel with their bytes."""

from __future__ import annotations

import pytest

from ramah.channels.content import (
    Outgoing,
    Template,
    TemplateParameter,
)
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.lib.errors import NotFound
from ramah.messaging.media.outgoing import load, outgoing_file, with_contents
from ramah.messaging.media.proof import FileRefused
from ramah.messaging.media.uploads import Upload, store_upload
from ramah.messaging.models import MediaFile
from tests.fakes.disk.files import EXE, PDF
from tests.integration.conftest import Tenant
from tests.integration.media.bench import Bench


def given_out(bench: Bench, content: bytes = PDF, filename: str | None = "nota.pdf") -> str:
    conversation = bench.rows(MediaFile)[0].conversation_id
    return store_upload(
        bench.database, bench.storage, bench.tenant.id, conversation, Upload(content, filename, 10_000_000)
    )


def test_a_file_of_ours_goes_out_with_its_bytes(bench: Bench) -> None:
    bench.arrives()
    media_id = given_out(bench)
    named = outgoing_file(bench.database, bench.tenant.id, media_id)
    assert (named.kind, named.mime_type, named.filename, named.content) == (
        "document", "application/pdf", "nota.pdf", None,
    )  # fmt: skip
    assert load(bench.database, bench.storage, bench.tenant.id, named).content == PDF
    template = Template(name="t", language="id", parameters=(TemplateParameter(place="header", attachment=named),))
    filled = with_contents(
        bench.database, bench.storage, bench.tenant.id, Outgoing(attachment=named, template=template)
    )
    assert filled.attachment and filled.attachment.content == PDF
    assert filled.template and filled.template.parameters[0].attachment
    assert filled.template.parameters[0].attachment.content == PDF
    assert with_contents(bench.database, bench.storage, bench.tenant.id, Outgoing(text="x")) == Outgoing(text="x")


def test_a_file_of_another_organisation_goes_nowhere(bench: Bench, stranger: Tenant) -> None:
    bench.arrives()
    media_id = given_out(bench)
    with pytest.raises(NotFound):
        outgoing_file(bench.database, stranger.id, media_id)
    named = outgoing_file(bench.database, bench.tenant.id, media_id)
    with pytest.raises(ChannelError) as refused:
        load(bench.database, bench.storage, stranger.id, named)
    assert refused.value.outcome is SendOutcome.GIVE_UP
    with pytest.raises(NotFound):
        store_upload(
            bench.database,
            bench.storage,
            stranger.id,
            bench.rows(MediaFile)[0].conversation_id,
            Upload(PDF, None, 10_000),
        )


def test_a_store_that_is_away_makes_a_send_wait_and_a_lost_file_gives_up(bench: Bench) -> None:
    bench.arrives()
    named = outgoing_file(bench.database, bench.tenant.id, given_out(bench))
    bench.storage.go_away()
    with pytest.raises(ChannelError) as away:
        load(bench.database, bench.storage, bench.tenant.id, named)
    assert away.value.outcome is SendOutcome.RETRY
    bench.storage.come_back()
    bench.storage.objects.clear()
    with pytest.raises(ChannelError) as lost:
        load(bench.database, bench.storage, bench.tenant.id, named)
    assert (lost.value.outcome, lost.value.code) == (SendOutcome.GIVE_UP, "file_missing")


def test_what_may_not_be_kept_does_not_go_out_either(bench: Bench) -> None:
    bench.arrives()
    for content in (EXE, b"x" * 10_000_001):
        with pytest.raises(FileRefused):
            given_out(bench, content, "a.txt")
    assert len(bench.rows(MediaFile)) == 1


def test_a_waiting_file_cannot_go_out(bench: Bench) -> None:
    bench.arrives()
    with pytest.raises(NotFound):
        outgoing_file(bench.database, bench.tenant.id, bench.file().id)
