"""Puts into a turn what its observation asks for: the way out of a lock, a person, a word of comfort."""

from __future__ import annotations

from dataclasses import replace

from ramah.messaging.claims import Claim
from ramah.messaging.engine_client import EngineClient, EngineReply, EngineTurn, SayRequest, TurnRequest
from ramah.messaging.observing import Observation, Remedy

HANDING_OVER = "utter_handing_over"
STUCK = "stuck"


def treated(engine: EngineClient, claim: Claim, turn: EngineTurn, observation: Observation) -> EngineTurn:
    """The turn with what the observation asks for. Raises EngineError; the turn itself is then still good."""
    if observation.remedy is not None:
        return with_remedy(engine, claim, turn, observation.remedy)
    if observation.afterwards is not None:
        said = _say(engine, claim, observation.afterwards, "comfort")
        return turn.model_copy(update={"replies": [*turn.replies, *said.replies]})
    return turn


def untreated(observation: Observation) -> Observation:
    """The observation of a turn whose treatment failed: nothing was said or freed."""
    watched = {name: value for name, value in observation.watched.items() if name != "comforted"}
    return replace(observation, remedy=None, afterwards=None, watched=watched)


def with_remedy(engine: EngineClient, claim: Claim, turn: EngineTurn, remedy: Remedy) -> EngineTurn:
    """What was said but for the stuck replies, then the way out. Raises EngineError."""
    kept = [reply for number, reply in enumerate(turn.replies) if number not in remedy.withheld]
    way_out = engine.turn(_unstick(claim, remedy))
    freed = way_out.replies
    if remedy.hands_over:
        said = _say(engine, claim, HANDING_OVER, "person")
        freed = [*said.replies, EngineReply(custom={"handover": {"reason": STUCK}})]
    return turn.model_copy(update={"replies": [*kept, *freed], "did": [*turn.did, *way_out.did]})


def _unstick(claim: Claim, remedy: Remedy) -> TurnRequest:
    return TurnRequest(
        conversation_id=claim.conversation_id,
        message_id=f"{claim.inbound_id}-unstuck",
        text="",
        payload=remedy.payload,
        leaves_form=True,
        channel=claim.channel,
        language_hint=claim.language or claim.organisation_language,
        metadata={"organisation_id": claim.organisation_id, "contact_id": claim.contact_id},
    )


def _say(engine: EngineClient, claim: Claim, response: str, purpose: str) -> EngineTurn:
    return engine.say(
        SayRequest(
            conversation_id=claim.conversation_id,
            message_id=f"{claim.inbound_id}-{purpose}",
            response=response,
            variables={},
            language=claim.language or claim.organisation_language,
            channel=claim.channel,
        )
    )
