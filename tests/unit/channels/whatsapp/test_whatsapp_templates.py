"""Templates with every kind of parameter, against a server that knows what was approved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ramah.channels.content import Attachment, MediaKind, Outgoing, Template, TemplateParameter
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.channels.whatsapp.channel import WhatsAppChannel
from tests.fakes.graph.accounts import Account
from tests.fakes.graph.server import GraphServer
from tests.fakes.graph.templates import KnownTemplate

AINA = "60121112222"
ACCESS = AccountAccess("1000001", {"access_token": Account().token})
PDF = Attachment(
    kind=MediaKind.DOCUMENT, media_id="m1", mime_type="application/pdf", filename="nota.pdf", content=b"%PDF-1.4"
)
APPROVED = [
    KnownTemplate(name="invoice", header="document", body=["{{1}}", "{{2}}"], buttons={0: "quick_reply", 1: "url"}),
    KnownTemplate(name="named", language="ms", header="text", body=["nama", "jam"]),
    KnownTemplate(name="paused", paused=True),
]


@pytest.fixture
def graph() -> Iterator[GraphServer]:
    with GraphServer([Account(templates=APPROVED)]) as server:
        yield server


@pytest.fixture
def channel(graph: GraphServer) -> Iterator[WhatsAppChannel]:
    made = WhatsAppChannel(graph.url, "v23.0", read_timeout=2.0)
    yield made
    made.close()


def body(text: str, name: str | None = None) -> TemplateParameter:
    """A value of the body."""
    return TemplateParameter(text=text, name=name)


INVOICE = Template(
    name="invoice",
    language="id",
    parameters=(
        TemplateParameter(place="button", index=0, button_kind="quick_reply", text="/confirm 42"),
        body("Aina"),
        TemplateParameter(place="header", attachment=PDF),
        body("Rp50.000\nlunas     sekali"),
        TemplateParameter(place="button", index=1, text="track/42"),
    ),
)


def test_every_kind_of_parameter_finds_its_place(channel: WhatsAppChannel, graph: GraphServer) -> None:
    channel.send(ACCESS, AINA, Outgoing(template=INVOICE), "out-1")
    components = graph.graph.lines(AINA, ours=True)[0]["body"]["template"]["components"]
    media_id = components[0]["parameters"][0]["document"].pop("id")
    assert graph.graph.media.file(media_id, graph.graph.now).content == b"%PDF-1.4"
    assert components == [
        {"type": "header", "parameters": [{"type": "document", "document": {"filename": "nota.pdf"}}]},
        {
            "type": "body",
            "parameters": [{"type": "text", "text": "Aina"}, {"type": "text", "text": "Rp50.000 lunas sekali"}],
        },
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": "0",
            "parameters": [{"type": "payload", "payload": "/confirm 42"}],
        },
        {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "track/42"}]},
    ]


def test_named_values_carry_their_names(channel: WhatsAppChannel, graph: GraphServer) -> None:
    parameters = (TemplateParameter(place="header", text="Besok"), body("Aina", "nama"), body("10", "jam"))
    channel.send(ACCESS, AINA, Outgoing(template=Template(name="named", language="ms", parameters=parameters)), "o")
    components = graph.graph.lines(AINA, ours=True)[0]["body"]["template"]["components"]
    assert components[1]["parameters"][1] == {"type": "text", "parameter_name": "jam", "text": "10"}


@pytest.mark.parametrize(
    ("template", "code"),
    [
        (Template(name="nobody_knows", language="id"), "132001"),
        (Template(name="invoice", language="en"), "132001"),
        (Template(name="paused", language="id"), "132015"),
        (INVOICE.model_copy(update={"parameters": INVOICE.parameters[2:3]}), "132000"),
        (INVOICE.model_copy(update={"parameters": (body("a"), body("b"))}), "132012"),
        (Template(name="named", language="ms", parameters=(body("a", "jam"), body("b", "nama"))), "132012"),
    ],
)
def test_a_template_that_does_not_fit_is_given_up(channel: WhatsAppChannel, template: Template, code: str) -> None:
    with pytest.raises(ChannelError) as caught:
        channel.send(ACCESS, AINA, Outgoing(template=template), "out-1")
    assert (caught.value.outcome, caught.value.code) == (SendOutcome.GIVE_UP, code)
