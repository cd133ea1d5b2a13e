"""Boundary files, tables of stadsdelen and postcode tables → areas in the database.

Reading (`read_areas`, `read_postcodes`) looks at files only; storing (`store_areas`,
`store_postcodes`) looks at the database only, flushes and never commits.
"""

from geo.sources.plan import AreaOptions, AreaPlan, PlannedArea, Progress, Repair
from geo.sources.postcodes import PostcodePlan, PostcodeReport, read_postcodes, store_postcodes
from geo.sources.reading import read_areas
from geo.sources.storing import AreaReport, ChangedArea, GoneArea, store_areas

__all__ = [
    "AreaOptions",
    "AreaPlan",
    "AreaReport",
    "ChangedArea",
    "GoneArea",
    "PlannedArea",
    "PostcodePlan",
    "PostcodeReport",
    "Progress",
    "Repair",
    "read_areas",
    "read_postcodes",
    "store_areas",
    "store_postcodes",
]
