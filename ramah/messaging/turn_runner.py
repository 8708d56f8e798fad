"""Runs one claimed turn: route it, ask the engine, write the outcome, map the failure."""

from __future__ import annotations

import time
from dataclasses import replace

import structlog

from ramah.lib.spans import note, now_micros, span
from ramah.messaging.claims import Claim, claim_turn
from ramah.messaging.courtesy import Courtesy
from ramah.messaging.divisions.answering import Desk
from ramah.messaging.divisions.assigning import serve
from ramah.messaging.divisions.choosing import chosen_id
from ramah.messaging.engine_client import (
    EngineClient,
    EngineError,
    EngineTurn,
    SayRequest,
    TurnRequest,
)
from ramah.messaging.hours.bot import BotMode
from ramah.messaging.inbox import SAY
from ramah.messaging.models import HandledBy
from ramah.messaging.observing import Filing, Observation, TurnObserver, Watch
from ramah.messaging.quoting import quoted_turn
from ramah.messaging.routing import BACK_TO_ASSISTANT, Route, route, wordless_payload
from ramah.messaging.shares import Shares
from ramah.messaging.traces import turn_recording
from ramah.messaging.treatment import treated, untreated, with_remedy
from ramah.messaging.troubles import note_turn, record_troubles
from ramah.messaging.turns import (
    FOR_SYSTEMS,
    back_to_bot,
    finish_turn,
    give_up_turn,
    note_told_waiting,
    postpone_turn,
)
from ramah.messaging.typed_choices import tapped_payload, typed_choice
from ramah.messaging.unasked import UNASKED, unasked_turn, without_dialogue
from ramah.messaging.wishes import CONFIRMED, heeded_payload
from ramah.observe import record_incident
from ramah.observe.metrics import TURN_FAILURES
from ramah.observe.seldom import record_seldom
from ramah.people.consent import wish_in
from ramah.settings import Settings
from ramah.store import Database, utc_now

log = structlog.get_logger()


class TurnRunner:
    """One worker thread's way through the inbound rows."""

    def __init__(
        self,
        database: Database,
        engine: EngineClient,
        config: Settings,
        owner: str,
        courtesy: Courtesy | None = None,
        observer: TurnObserver | None = None,
        filing: Filing | None = None,
        shares: Shares | None = None,
    ) -> None:
        self._database = database
        self._engine = engine
        self._config = config
        self._owner = owner
        self._courtesy = courtesy
        self._watch = Watch(database, observer)
        self._filing = filing
        self._shares = shares or Shares(config.turn_workers, config.turn_places)

    def run_one(self) -> bool:
        """Claim and run one turn. False when nothing was due."""
        looked = now_micros()
        claim = self._claimed()
        if claim is None:
            return False
        with self._shares.held(claim.organisation_id, again=claim.attempts > 1), turn_recording(claim, looked):
            try:
                self._run(claim)
            except EngineError as error:
                self._failed(claim, error)
            except Exception as error:
                log.exception("turn_broken", conversation=claim.conversation_id)
                TURN_FAILURES.labels("broken").inc()
                self._broken(claim, error)
        return True

    def _claimed(self) -> Claim | None:
        shares = self._shares
        return claim_turn(
            self._database,
            self._owner,
            self._config.lease_time,
            shares.full(),
            fresh_first=shares.prefers_fresh(),
        )

    def _run(self, claim: Claim) -> None:
        chosen = route(claim)
        note("route", route=chosen.value, handled_by=claim.handled_by.value)
        started = time.monotonic()
        if chosen in UNASKED:
            self._finish_unasked(claim, chosen)
            return
        if chosen is Route.DIVISIONS:
            payload = self._tapped(claim)
            if payload != BACK_TO_ASSISTANT or claim.bot.mode is BotMode.OFF:
                self._at_desk(claim, payload)
                return
            chosen = Route.BACK_TO_BOT
        if chosen is Route.BACK_TO_BOT:
            back_to_bot(self._database, claim)
        if self._courtesy is not None and chosen is not Route.SAY and claim.bot.mode is BotMode.ANSWERS:
            self._courtesy.show(claim)
        turn = self._answer(claim, chosen)
        if chosen is Route.TELL_WAITING:
            note_told_waiting(self._database, claim)
        with span("observe"):
            observation = self._observed(claim, turn, chosen)
        if observation is not None:
            turn, observation = self._treated(claim, turn, observation)
        seconds = time.monotonic() - started
        milliseconds = round(seconds * 1000)
        # Before the turn is finished: its trace is kept then, and names what went wrong.
        record_troubles(self._database, claim, turn)
        kept = finish_turn(self._database, claim, turn, milliseconds, observation, self._filing)
        note_turn(claim, turn, chosen, seconds)
        log.info("turn", conversation=claim.conversation_id, route=chosen, ms=milliseconds, kept=kept)

    def _finish_unasked(self, claim: Claim, chosen: Route) -> None:
        wish = None if chosen is Route.SILENT or claim.handled_by is not HandledBy.BOT else self._wish(claim)
        turn = self._say(claim, CONFIRMED[wish], {}) if wish else unasked_turn(claim, chosen, utc_now())
        seen = None if claim.blocked else self._watch.observe(claim, turn, answered=False)
        finish_turn(self._database, without_dialogue(claim), turn, 0, seen, self._filing)

    def _tapped(self, claim: Claim) -> str | None:
        return tapped_payload(self._database, claim) or typed_choice(self._database, claim)

    def _at_desk(self, claim: Claim, payload: str | None) -> None:
        """The customer chooses a division or waits in its line; whoever is free is there at once."""
        nothing = EngineTurn(replies=[])
        seen = None if claim.kind == SAY else self._watch.observe(claim, nothing, answered=False)
        finish_turn(
            self._database,
            claim,
            nothing,
            0,
            seen,
            self._filing,
            lambda session, conversation: Desk(session, conversation, claim, payload).answer(),
        )
        serve(self._database, claim.organisation_id)

    def _answer(self, claim: Claim, chosen: Route) -> EngineTurn:
        if chosen is Route.SAY:
            return self._say(claim, str(claim.raw["response"]), dict(claim.raw.get("variables", {})))
        if chosen is Route.TELL_WAITING:
            return self._say(claim, "utter_waiting_for_person", {})
        if chosen is Route.UNREADABLE:
            return self._say(claim, "utter_unsupported_message", {})
        if chosen is Route.BACK_TO_BOT:
            payload: str | None = BACK_TO_ASSISTANT
        else:
            payload = self._meant(claim)
        return self._engine.turn(
            TurnRequest(
                conversation_id=claim.conversation_id,
                message_id=str(claim.inbound_id),
                text=claim.text,
                payload=payload or wordless_payload(claim),
                channel=claim.channel,
                language_hint=claim.language or claim.organisation_language,
                metadata={
                    "organisation_id": claim.organisation_id,
                    "contact_id": claim.contact_id,
                    **self._watch.before(claim),
                    **quoted_turn(self._database, claim),
                    **({"unheard": "yes"} if claim.unheard else {}),
                },
            )
        )

    def _meant(self, claim: Claim) -> str | None:
        if chosen_id(claim.payload) is not None:
            return None  # a button of a menu that the organisation has done away with counts as its title
        return tapped_payload(self._database, claim) or self._wish(claim) or typed_choice(self._database, claim)

    def _wish(self, claim: Claim) -> str | None:
        if wish_in(claim.text) is None:
            return None
        with self._database.tenant_reading(claim.organisation_id) as session:
            return heeded_payload(session, claim.contact_id, claim.inbound_id, claim.text)

    def _observed(self, claim: Claim, turn: EngineTurn, chosen: Route) -> Observation | None:
        if chosen is Route.SAY:
            return None
        return self._watch.observe(claim, turn, answered=chosen in (Route.ENGINE, Route.BACK_TO_BOT))

    def _treated(self, claim: Claim, turn: EngineTurn, observation: Observation) -> tuple[EngineTurn, Observation]:
        try:
            return treated(self._engine, claim, turn, observation), observation
        except EngineError as error:
            record_incident(self._database, claim.organisation_id, error, "turn:treatment", claim.conversation_id)
            return turn, untreated(observation)

    def _say(self, claim: Claim, response: str, variables: dict[str, str]) -> EngineTurn:
        return self._engine.say(
            SayRequest(
                conversation_id=claim.conversation_id,
                message_id=str(claim.inbound_id),
                response=response,
                variables=variables,
                language=claim.language or claim.organisation_language,
                channel=claim.channel,
            )
        )

    def _failed(self, claim: Claim, error: EngineError) -> None:
        """Waiting loses nothing, so an engine that is down is waited for, and for a while another system that a turn
        needs; a turn that fails is not for ever."""
        waited = (utc_now() - claim.received_at).total_seconds()
        tired = claim.attempts >= self._config.turn_attempts and not (error.is_down or error.is_elsewhere)
        patience = self._config.system_patience if error.is_elsewhere else self._config.turn_patience
        TURN_FAILURES.labels(error.kind).inc()
        log.warning("turn_failed", conversation=claim.conversation_id, kind=error.kind, attempts=claim.attempts)
        if error.permanent or tired or waited > patience:
            record_incident(
                self._database, claim.organisation_id, error, f"turn:{error.operation}", claim.conversation_id
            )
            if claim.kind != SAY and self._rescued(claim, error):
                return
            give_up_turn(self._database, claim, "technical")
        elif error.is_elsewhere:
            record_seldom(self._database, claim.organisation_id, error, f"turn:{error.operation}")
            postpone_turn(self._database, claim, FOR_SYSTEMS)
        else:
            postpone_turn(self._database, claim)

    def _broken(self, claim: Claim, error: Exception) -> None:
        """A fault of our own: tried again, and given up before the customer has waited for nothing."""
        record_incident(self._database, claim.organisation_id, error, "turn:broken", claim.conversation_id)
        if claim.attempts >= self._config.turn_attempts:
            give_up_turn(self._database, claim, "technical")
        else:
            postpone_turn(self._database, claim)

    def _rescued(self, claim: Claim, error: EngineError) -> bool:
        """Whether the customer got a way out instead of a turn that cannot succeed."""
        remedy = self._watch.rescue(claim, error)
        if remedy is None:
            return False
        started = time.monotonic()
        try:
            turn = with_remedy(self._engine, claim, EngineTurn(replies=[]), remedy)
        except EngineError as failure:
            log.warning("rescue_failed", conversation=claim.conversation_id, kind=failure.kind)
            return False
        observation = self._watch.observe(claim, turn, answered=False)
        rescued = replace(observation, remedy=remedy) if observation else None
        return finish_turn(self._database, claim, turn, round((time.monotonic() - started) * 1000), rescued)
