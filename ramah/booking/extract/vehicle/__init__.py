"""Cars of customers: make, model, year, colour, size class and number plate."""

from ramah.booking.extract.vehicle.finding import find_vehicle
from ramah.booking.extract.vehicle.found import FoundVehicle
from ramah.booking.extract.vehicle.plates import odd_plate

__all__ = ["FoundVehicle", "find_vehicle", "odd_plate"]
