"""A Frappe/ERPNext site for tests: the REST interface as the vendor's source describes it, on a free local port."""

from tests.fakes.frappe.server import FakeFrappe

__all__ = ["FakeFrappe"]
