"""Who each route is for. A route that is not declared here fails the first test of ``test_access.py``."""

from __future__ import annotations

from enum import Enum, auto

THREAD = "/console/conversations/<conversation_id:str>"
TICKET = f"{THREAD}/tickets/<reference:str>"
WEBCHAT = "/api/webchat/<key:str>"


class Access(Enum):
    """Who a route is for."""

    EVERYBODY = auto()
    STAFF = auto()
    ROLE = auto()  # staff, most of it by role; proved in test_ledger_page.py
    OWN = auto()  # staff, their own account; proved in test_account_pages.py
    VISITOR = auto()  # the token of a web chat session
    PROVIDER = auto()  # a signature or a verify token
    LOOPBACK = auto()


RULES = {
    "GET /": Access.EVERYBODY,
    "GET /login": Access.EVERYBODY,
    "GET /styleguide": Access.EVERYBODY,  # in development only, see test_styleguide.py
    "POST /login": Access.EVERYBODY,
    "GET /static/<__file_uri__:path>": Access.EVERYBODY,
    "HEAD /static/<__file_uri__:path>": Access.EVERYBODY,
    "GET /api/schemas/booking": Access.EVERYBODY,
    "GET /healthz": Access.EVERYBODY,
    "GET /readyz": Access.EVERYBODY,
    "GET /chat/<key:str>": Access.EVERYBODY,
    "GET /form/<key:str>": Access.EVERYBODY,
    "POST /form/<key:str>": Access.EVERYBODY,
    f"POST {WEBCHAT}/session": Access.EVERYBODY,
    "GET /pay/<token:str>": Access.EVERYBODY,  # who holds a signed link; proved in test_payments_page.py
    "POST /pay/<token:str>": Access.EVERYBODY,
    "GET /metrics": Access.LOOPBACK,
    "GET /media/<token:str>": Access.EVERYBODY,  # who holds a signed address
    "HEAD /media/<token:str>": Access.EVERYBODY,
    f"POST {WEBCHAT}/files": Access.VISITOR,
    f"POST {WEBCHAT}/messages": Access.VISITOR,
    f"GET {WEBCHAT}/messages": Access.VISITOR,
    f"GET {WEBCHAT}/stream": Access.VISITOR,
    "GET /webhooks/<kind:str>/<key:str>": Access.PROVIDER,
    "POST /webhooks/<kind:str>/<key:str>": Access.PROVIDER,
    "POST /logout": Access.STAFF,
    "GET /console": Access.STAFF,
    "GET /console/live": Access.STAFF,
    "GET /console/conversations": Access.STAFF,
    f"GET {THREAD}": Access.STAFF,
    f"GET {THREAD}/row": Access.STAFF,
    f"GET {THREAD}/messages": Access.STAFF,
    f"GET {THREAD}/side": Access.STAFF,
    f"POST {THREAD}/take": Access.STAFF,
    f"POST {THREAD}/release": Access.STAFF,
    f"POST {THREAD}/close": Access.STAFF,
    f"POST {THREAD}/template": Access.STAFF,
    f"POST {THREAD}/read": Access.STAFF,
    f"POST {THREAD}/messages": Access.STAFF,
    f"POST {THREAD}/notes": Access.ROLE,  # these are proved in test_inbox_access.py
    f"POST {THREAD}/draft": Access.ROLE,
    f"POST {THREAD}/presence": Access.ROLE,
    f"GET {THREAD}/canned": Access.ROLE,
    f"POST {THREAD}/scheduled": Access.ROLE,
    f"POST {THREAD}/scheduled/<message_id:str>/cancel": Access.ROLE,
    f"GET {THREAD}/resume-card": Access.ROLE,
    f"POST {THREAD}/files": Access.ROLE,
    f"POST {THREAD}/reopen": Access.ROLE,
    "GET /console/act/<action:str>": Access.ROLE,
    "POST /console/act": Access.ROLE,
    "POST /console/filters": Access.ROLE,
    "POST /console/filters/<filter_id:str>/delete": Access.ROLE,
    "GET /console/filters": Access.ROLE,
    "POST /console/filters/<filter_id:str>": Access.ROLE,
    "GET /console/labels": Access.ROLE,  # these five are proved in test_labels_page.py
    "POST /console/labels": Access.ROLE,
    "POST /console/labels/<label_id:str>": Access.ROLE,
    "POST /console/labels/<label_id:str>/merge": Access.ROLE,
    "POST /console/labels/<label_id:str>/delete": Access.ROLE,
    "GET /console/alerts/settings": Access.ROLE,  # these three are proved in test_alert_switches.py
    "POST /console/alerts/settings": Access.ROLE,
    "POST /console/alerts/settings/test": Access.ROLE,
    "GET /console/canned-replies": Access.ROLE,
    "POST /console/canned-replies": Access.ROLE,
    "POST /console/canned-replies/<reply_id:str>/delete": Access.ROLE,
    f"POST {TICKET}/take": Access.ROLE,  # these three are proved in test_ticket_routes.py
    f"POST {TICKET}/status": Access.ROLE,
    f"POST {TICKET}/notes": Access.ROLE,
    "GET /console/preferences": Access.ROLE,  # these three are proved in test_preferences.py
    "POST /console/preferences": Access.ROLE,
    "GET /console/signs": Access.ROLE,
    "GET /console/find": Access.ROLE,  # what it finds is proved in test_finding.py
    "GET /console/contacts": Access.ROLE,  # these four are proved in test_contacts_pages.py
    "GET /console/contacts/export.csv": Access.ROLE,
    "GET /console/contacts/<contact_id:str>": Access.ROLE,
    "POST /console/contacts/<contact_id:str>": Access.ROLE,
    "POST /console/contacts/<contact_id:str>/block": Access.ROLE,  # these and the next in test_contacts_care.py
    "POST /console/contacts/<contact_id:str>/unblock": Access.ROLE,
    "GET /console/contacts/duplicates": Access.ROLE,
    "GET /console/contacts/duplicates/<one_id:str>/<other_id:str>": Access.ROLE,
    "POST /console/contacts/duplicates/<one_id:str>/<other_id:str>/merge": Access.ROLE,
    "POST /console/contacts/duplicates/<one_id:str>/<other_id:str>/apart": Access.ROLE,
    "GET /console/contacts/import": Access.ROLE,
    "POST /console/contacts/import": Access.ROLE,
    "GET /console/contacts/import/<import_id:str>": Access.ROLE,
    "POST /console/contacts/import/<import_id:str>": Access.ROLE,
    "POST /console/contacts/import/<import_id:str>/cancel": Access.ROLE,
    "GET /console/contacts/import/<import_id:str>/rejected.csv": Access.ROLE,
    "GET /console/alerts": Access.ROLE,
    "POST /console/alerts/<alert_id:str>/close": Access.ROLE,
    "GET /console/ledger": Access.ROLE,
    "GET /console/system": Access.ROLE,  # administrators; proved in test_system_page.py
    "POST /console/ledger/check": Access.ROLE,
    "GET /api/ledger": Access.ROLE,
    "GET /console/payments": Access.ROLE,  # these four are proved in test_payments_queue.py
    "GET /console/payments/count": Access.ROLE,
    "POST /console/payments/<proof_id:str>/approve": Access.ROLE,
    "POST /console/payments/<proof_id:str>/reject": Access.ROLE,
    "GET /console/hours": Access.ROLE,  # proved in test_hours_page.py
    "POST /console/hours/bots/<bot_id:str>": Access.ROLE,
    "POST /console/hours/bots/<bot_id:str>/default": Access.ROLE,
    "POST /console/hours/preview": Access.ROLE,
    "POST /console/hours/holidays": Access.ROLE,
    "POST /console/hours/mode": Access.ROLE,
    "GET /api/app/chatbot/bots/<bot_id:str>/schedules": Access.ROLE,
    "PUT /api/app/chatbot/bots/<bot_id:str>/schedules": Access.ROLE,
    "POST /api/app/chatbot/bots/<bot_id:str>/schedules": Access.ROLE,
    "PUT /api/app/chatbot/schedules/<window_id:int>": Access.ROLE,
    "DELETE /api/app/chatbot/schedules/<window_id:int>": Access.ROLE,
    f"POST {THREAD}/proposals/<proposal_id:str>/approve": Access.ROLE,  # both are proved in test_drafts_in_thread.py
    f"POST {THREAD}/proposals/<proposal_id:str>/discard": Access.ROLE,
    "GET /console/channels": Access.ROLE,
    "GET /console/channels/health": Access.ROLE,
    "GET /console/channels/devices/new": Access.ROLE,
    "POST /console/channels/devices": Access.ROLE,
    "GET /console/channels/devices/<account_id:str>": Access.ROLE,
    "POST /console/channels/devices/<account_id:str>/qr": Access.ROLE,
    "POST /console/channels/devices/<account_id:str>/reconnect": Access.ROLE,
    "POST /console/channels/devices/<account_id:str>/delete": Access.ROLE,
    "GET /api/channels": Access.ROLE,
    "GET /api/channels/devices/<account_id:str>": Access.ROLE,
    "GET /console/channels/messenger": Access.ROLE,
    "GET /console/channels/messenger/login": Access.ROLE,
    "GET /console/channels/messenger/callback": Access.ROLE,
    "POST /console/channels/messenger/pages": Access.ROLE,
    "POST /console/channels/messenger/<account_id:str>/disconnect": Access.ROLE,
    "POST /console/channels/messenger/<account_id:str>/late-answers": Access.ROLE,
    "POST /api/messenger/connect": Access.ROLE,
    "GET /login/code": Access.EVERYBODY,  # who has done the first step; proved in test_second_factor.py
    "POST /login/code": Access.EVERYBODY,
    "GET /login/forgot": Access.EVERYBODY,
    "POST /login/forgot": Access.EVERYBODY,
    "GET /account/join/<token:str>": Access.EVERYBODY,  # who holds the link; proved in test_staff_pages.py
    "POST /account/join/<token:str>": Access.EVERYBODY,
    "GET /account/reset/<token:str>": Access.EVERYBODY,
    "POST /account/reset/<token:str>": Access.EVERYBODY,
    "GET /console/account": Access.OWN,
    "POST /console/account/profile": Access.OWN,
    "POST /console/account/password": Access.OWN,
    "POST /console/account/sessions/<key:str>/end": Access.OWN,
    "POST /console/account/sessions/end-others": Access.OWN,
    "GET /console/account/second-factor": Access.OWN,
    "POST /console/account/second-factor": Access.OWN,
    "POST /console/account/second-factor/off": Access.OWN,
    "POST /console/account/recovery-codes": Access.OWN,
    "GET /console/staff": Access.ROLE,  # these and the next are proved in test_router_walk.py
    "POST /console/staff": Access.ROLE,
    "POST /console/staff/security": Access.ROLE,
    "GET /console/staff/<staff_id:str>": Access.ROLE,
    "POST /console/staff/<staff_id:str>": Access.ROLE,
    "POST /console/staff/<staff_id:str>/invite": Access.ROLE,
    "POST /console/staff/<staff_id:str>/deactivate": Access.ROLE,
    "POST /console/staff/<staff_id:str>/activate": Access.ROLE,
    "POST /console/staff/<staff_id:str>/forget-second-factor": Access.ROLE,
    "GET /console/why/<inbound_id:int>": Access.ROLE,  # what it shows is proved in test_why_page.py
    "POST /console/why/<inbound_id:int>/replay": Access.ROLE,
    "GET /console/incidents": Access.ROLE,
    "GET /console/incidents/<incident_id:str>": Access.ROLE,
    "POST /console/incidents/<incident_id:str>": Access.ROLE,
    "GET /console/audit": Access.ROLE,
    "POST /console/audit/export": Access.ROLE,
    "GET /console/messages": Access.ROLE,  # these two are proved in test_message_log.py
    "POST /console/messages/export": Access.ROLE,
    "POST /api/auth/login": Access.EVERYBODY,
    "POST /api/auth/logout": Access.OWN,
    "GET /api/auth/me": Access.OWN,
    "GET /api/users/me": Access.OWN,
    "GET /api/admin/staff": Access.ROLE,
    "POST /api/admin/staff": Access.ROLE,
    "PATCH /api/admin/staff/<staff_id:str>": Access.ROLE,
    "GET /api/admin/users": Access.ROLE,
    "GET /api/admin/conversations": Access.ROLE,
    "GET /api/admin/audit": Access.ROLE,
    "GET /api/openapi.json": Access.EVERYBODY,
    "GET /api/docs": Access.EVERYBODY,
    "GET /console/queue": Access.ROLE,  # the queue's are proved in test_queue_pages.py
    "GET /console/queue/panel": Access.ROLE,
    "GET /console/queue/count": Access.ROLE,
    "POST /console/queue/next": Access.ROLE,
    "POST /console/queue/presence": Access.ROLE,
    "POST /console/queue/<conversation_id:str>/move": Access.ROLE,
    "POST /console/queue/<conversation_id:str>/assign": Access.ROLE,
    "GET /console/queue/settings": Access.ROLE,
    "POST /console/queue/settings/divisions": Access.ROLE,
    "POST /console/queue/settings/divisions/order": Access.ROLE,
    "POST /console/queue/settings/divisions/<division_id:str>": Access.ROLE,
    "POST /console/queue/settings/divisions/<division_id:str>/delete": Access.ROLE,
    "GET /console/queue/settings/divisions/<division_id:str>/hours": Access.ROLE,
    "POST /console/queue/settings/divisions/<division_id:str>/hours": Access.ROLE,
    "POST /console/queue/settings/divisions/<division_id:str>/hours/default": Access.ROLE,
    "POST /console/queue/settings/general": Access.ROLE,
    "POST /console/queue/settings/texts": Access.ROLE,
    "POST /console/queue/settings/preview": Access.ROLE,
    "POST /console/queue/settings/people/<staff_id:str>/capacity": Access.ROLE,
    "GET /api/app/divisions": Access.ROLE,
    "POST /api/app/divisions": Access.ROLE,
    "PUT /api/app/divisions/order": Access.ROLE,
    "PUT /api/app/divisions/<division_id:str>": Access.ROLE,
    "DELETE /api/app/divisions/<division_id:str>": Access.ROLE,
    "PUT /api/app/divisions/<division_id:str>/agents": Access.ROLE,
    "GET /api/app/queue": Access.ROLE,
    "GET /api/app/queue/settings": Access.ROLE,
    "PUT /api/app/queue/settings": Access.ROLE,
    "POST /api/app/queue/<conversation_id:str>/assign": Access.ROLE,
    "POST /api/app/queue/<conversation_id:str>/move": Access.ROLE,
    "POST /api/app/presence": Access.ROLE,
}
