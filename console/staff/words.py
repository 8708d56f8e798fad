"""What roles and acts are called on the screen."""

from __future__ import annotations

from console.translations import Marked, mark

ROLES: dict[str, Marked] = {
    "agent": mark("Agent"),
    "sales": mark("Sales"),
    "renewal": mark("Renewals"),
    "supervisor": mark("Supervisor"),
    "admin": mark("Administrator"),
}
ACTIONS: dict[str, Marked] = {
    "login.done": mark("Logged in"),
    "login.failed": mark("Login failed"),
    "login.ended": mark("Login ended"),
    "account.changed": mark("Account changed"),
    "account.password": mark("Password changed"),
    "account.second_factor": mark("Second factor switched"),
    "account.recovery": mark("New recovery codes"),
    "staff.invited": mark("Invited"),
    "staff.joined": mark("Joined"),
    "staff.changed": mark("Roles or outlets changed"),
    "staff.deactivated": mark("Deactivated"),
    "staff.activated": mark("Activated again"),
    "settings.security": mark("Login rules changed"),
    "conversation.taken_over": mark("Conversation taken over"),
    "conversation.released": mark("Conversation given back"),
    "conversation.closed": mark("Conversation closed"),
    "conversation.left": mark("Conversation back in the queue"),
    "payment.approved": mark("Payment approved"),
    "payment.rejected": mark("Payment rejected"),
    "export.audit": mark("Audit log exported"),
    "export.messages": mark("Message log exported"),
}
REFUSED: tuple[Marked, ...] = (
    mark("Choose at least one of the roles."),
    mark("This address has an account already."),
    mark("This is no e-mail address."),
    mark("Write a name of at most 140 characters."),
    mark("Somebody must remain who can administer; make a colleague an administrator first."),
    mark("You cannot deactivate yourself; ask another administrator."),
    mark("You are no administrator any more."),
    mark("This is not your password."),
    mark("The password needs at least 10 characters; a few words in a row are easy to remember."),
    mark("This password is one of the first that others would try; choose another one."),
    mark("This code is not right; wait for the next one and try again."),
    mark("Your organisation allows logins from its own networks only."),
)
"""What the domain says where it refuses, for the catalogue."""
