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
    "settings.hours": mark("Bot's hours changed"),
    "settings.bot_mode": mark("Bot's mode changed"),
    "settings.alerts": mark("Alert rules changed"),
    "conversation.taken_over": mark("Conversation taken over"),
    "conversation.released": mark("Conversation given back"),
    "conversation.closed": mark("Conversation closed"),
    "conversation.left": mark("Conversation back in the queue"),
    "conversation.assigned": mark("Conversation given to a colleague"),
    "conversation.reopened": mark("Conversation opened again"),
    "conversation.blocked": mark("Conversation closed by a block"),
    "payment.approved": mark("Payment approved"),
    "payment.rejected": mark("Payment rejected"),
    "contact.changed": mark("Contact corrected"),
    "contact.merged": mark("Contacts merged"),
    "contact.told_apart": mark("Contacts told apart"),
    "contact.imported": mark("Contacts imported"),
    "contact.blocked": mark("Contact blocked"),
    "contact.unblocked": mark("Contact unblocked"),
    "label.made": mark("Label made"),
    "label.changed": mark("Label changed"),
    "label.merged": mark("Label merged"),
    "label.deleted": mark("Label deleted"),
    "export.audit": mark("Audit log exported"),
    "export.messages": mark("Message log exported"),
    "export.contacts": mark("Contacts exported"),
    "incident.marked": mark("Incident marked"),
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
