"""Frappe/ERPNext (v13 to v16) as the business system. Set-up of a site: docs/erp.md."""

from ramah.integrations.erp.frappe.adapter import FrappeErp
from ramah.integrations.erp.frappe.settings import FrappeAccess

__all__ = ["FrappeAccess", "FrappeErp"]
