"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for whoever lost it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from ramah.lib.errors import BadInput, Refused
from ramah.lib.sealed import seal, unseal
from ramah.people.account_models import RecoveryCode, SecondFactor
from ramah.people.audit import Subject, record
from ramah.people.models import Staff, StaffSession
from ramah.store import Database, utc_now

STEP_SECONDS = 30
DRIFT = 1
"""Steps that the clock of a phone may be wrong by, either way."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
ISSUER = "Ramah"


def begin(database: Database, key: bytes, organisation_id: str, staff_id: str) -> tuple[str, str]:
    """The secret to put into an app, made once and kept until it is confirmed; and the same as an address for a QR
    code. Raises Refused where a second factor is set up already."""
    with database.tenant(organisation_id) as session:
        staff = session.get_one(Staff, staff_id, with_for_update={"key_share": True})
        if staff.second_factor_at is not None:
            raise Refused("The second factor is set up already; switch it off first.")
        factor = session.get(SecondFactor, staff_id)
        if factor is None:
            factor = SecondFactor(staff_id=staff_id, sealed=seal({"secret": pyotp.random_base32()}, key))
            session.add(factor)
        secret = unseal(factor.sealed, key)["secret"]
        return secret, pyotp.TOTP(secret).provisioning_uri(name=staff.email, issuer_name=ISSUER)


def confirm(database: Database, key: bytes, organisation_id: str, staff_id: str, code: str) -> list[str]:
    """Switch the second factor on with a first code; returns the recovery codes, which are shown this once.

    Raises BadInput for a wrong code and Refused where it is on already."""
    with database.tenant(organisation_id) as session:
        staff = session.get_one(Staff, staff_id, with_for_update={"key_share": True})
        if staff.second_factor_at is not None:
            raise Refused("The second factor is set up already.")
        if not _take_totp(session, key, staff_id, code):
            raise BadInput("This code is not right; wait for the next one and try again.")
        session.get_one(SecondFactor, staff_id, populate_existing=True).confirmed = True
        staff.second_factor_at = utc_now()
        record(session, "account.second_factor", _about(staff), old={"on": False}, new={"on": True})
        return _new_recovery_codes(session, staff_id)


def renew_recovery_codes(database: Database, organisation_id: str, staff_id: str) -> list[str]:
    """Ten new codes in the place of the old ones. Raises Refused without a second factor."""
    with database.tenant(organisation_id) as session:
        staff = session.get_one(Staff, staff_id, with_for_update={"key_share": True})
        if staff.second_factor_at is None:
            raise Refused("Set up the second factor first.")
        record(session, "account.recovery", _about(staff))
        return _new_recovery_codes(session, staff_id)


def switch_off(session: Session, staff: Staff) -> None:
    """Forget the secret and the recovery codes. The caller has checked who asks."""
    if staff.second_factor_at is None:
        return
    staff.second_factor_at = None
    session.execute(delete(SecondFactor).where(SecondFactor.staff_id == staff.id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    record(session, "account.second_factor", _about(staff), old={"on": True}, new={"on": False})


def take_code(session: Session, key: bytes, staff_id: str, code: str) -> bool:
    """Whether this is a right code that nobody has used: one of the app, or a recovery code. It is used up by this,
    also where two ask at the same moment."""
    return _take_totp(session, key, staff_id, code) or _take_recovery(session, staff_id, code)


def codes_left(session: Session, staff_id: str) -> int:
    """How many recovery codes are not used."""
    unused = (RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def end_pending(session: Session, staff_id: str) -> None:
    """Logins of this person that wait for a code are over."""
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.pending))


def _take_totp(session: Session, key: bytes, staff_id: str, code: str) -> bool:
    digits = re.sub(r"\s", "", code)
    sealed = session.scalar(select(SecondFactor.sealed).where(SecondFactor.staff_id == staff_id))
    if sealed is None or not re.fullmatch(r"[0-9]{6}", digits):
        return False
    step = _step_of(pyotp.TOTP(unseal(sealed, key)["secret"]), digits)
    if step is None:
        return False
    # RFC 6238, 5.2: a code is taken once. The database decides between two who bring the same.
    taken = session.execute(
        update(SecondFactor)
        .where(SecondFactor.staff_id == staff_id, SecondFactor.last_step < step)
        .values(last_step=step)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def _step_of(totp: pyotp.TOTP, digits: str) -> int | None:
    """The time step that the code belongs to, among those that the phone's clock may show."""
    now = int(utc_now().timestamp()) // STEP_SECONDS
    steps = [now + drift for drift in range(-DRIFT, DRIFT + 1)]
    fitting = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), digits)]
    return fitting[-1] if fitting else None


def _take_recovery(session: Session, staff_id: str, code: str) -> bool:
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.code_hash == _hash(code),
            RecoveryCode.staff_id == staff_id,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=utc_now())
        .execution_options(synchronize_session=False)
    )
    return bool(used.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def _new_recovery_codes(session: Session, staff_id: str) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    codes = [_readable(secrets.token_bytes(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(code_hash=_hash(code), staff_id=staff_id) for code in codes)
    return codes


def _readable(given: bytes) -> str:
    """80 random bits as four groups of four letters and digits."""
    text = base64.b32encode(given).decode().lower()
    return "-".join(text[place : place + 4] for place in range(0, len(text), 4))


def _hash(code: str) -> str:
    """Random enough for a plain hash; hyphens, blanks and case do not count."""
    return hashlib.sha256(re.sub(r"[\W_]", "", code.lower()).encode()).hexdigest()


def _about(staff: Staff) -> Subject:
    return Subject("staff", staff.id, staff.name)
