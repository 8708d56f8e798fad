"""`python -m benchmarks.path_rival`: the rival, a webhook handler as one finds it in tutorials: look, then write.

Parse, SELECT whether the message is known, INSERT, ask the engine, send the answer, say 200; all in one request. No
signature is left out and the same database, engine and provider are used. There is no envelope, no unique key, no
queue, no lease, no receipt.
"""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

import httpx
from sanic import Request, Sanic
from sanic.response import HTTPResponse, json
from sqlalchemy import Column, Integer, MetaData, String, Table, Text, select

from benchmarks.path_tenant import SECRETS, signed
from ramah.lib.signatures import same_text
from ramah.store import Database

MESSAGES = Table(
    "rival_messages",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("external_id", String(200), index=True),
    Column("sender", String(40)),
    Column("text", Text),
)


class Rival:
    """Looks, then writes, then does everything else."""

    def __init__(self, database_url: str, engine_url: str, graphs: dict[str, str]) -> None:
        self._database = Database(database_url)
        MESSAGES.metadata.create_all(self._database.engine)
        self._http = httpx.Client(timeout=10, trust_env=False)
        self._engine_url = engine_url
        self._graphs = graphs

    def take(self, body: dict[str, Any]) -> None:
        """Handle a webhook body."""
        for entry in body["entry"]:
            for change in entry["changes"]:
                number = change["value"]["metadata"]["phone_number_id"]
                for message in change["value"].get("messages", []):
                    self._message(number, message)

    def _message(self, number: str, message: dict[str, Any]) -> None:
        external_id, sender, text = message["id"], message["from"], message["text"]["body"]
        with self._database.engine.begin() as connection:
            known = connection.scalar(select(MESSAGES.c.id).where(MESSAGES.c.external_id == external_id))
        if known is not None:
            return
        with self._database.engine.begin() as connection:
            connection.execute(MESSAGES.insert().values(external_id=external_id, sender=sender, text=text))
        answer = self._http.post(f"{self._engine_url}/webhooks/ramah/turn", json={"text": text}).json()
        for reply in answer["replies"]:
            self._send(number, sender, reply["text"])

    def _send(self, number: str, to: str, text: str) -> None:
        content = {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": text}}
        token = {"Authorization": f"Bearer {SECRETS['access_token']}"}
        self._http.post(f"{self._graphs[number]}/v23.0/{number}/messages", json=content, headers=token)


def build(rival: Rival) -> Sanic[Any, Any]:
    """The app: one route for webhooks, one for health."""
    app: Sanic[Any, Any] = Sanic("rival", configure_logging=False)

    @app.post("/webhooks/whatsapp/<key:str>")
    async def event(request: Request, key: str) -> HTTPResponse:
        proof = signed(request.body)["x-hub-signature-256"]
        if not same_text(proof, request.headers.get("x-hub-signature-256", "")):
            return json({}, status=401)
        body = request.json
        await asyncio.to_thread(rival.take, body)
        return json({"ok": True})

    @app.get("/readyz")
    async def ready(request: Request) -> HTTPResponse:
        return json({"ready": True})

    return app


def main() -> None:
    """Serve on loopback until killed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.path_rival", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--engine", required=True)
    parser.add_argument("--graph", action="append", default=[], help="number=address")
    given = parser.parse_args()
    rival = Rival(given.database, given.engine, dict(item.split("=", 1) for item in given.graph))
    build(rival).run(host="127.0.0.1", port=given.port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
