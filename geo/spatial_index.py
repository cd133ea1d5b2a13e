"""The spatial index on both databases.

PostGIS uses its index by itself for `&&`. SpatiaLite never does: there the R*Tree of the column
must be asked by name, or every row is measured.
"""

from typing import Any

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import InstrumentedAttribute, Session

from geo.crs import RD_NEW


def in_frame(
    session: Session, column: InstrumentedAttribute[Any], shape: BaseGeometry, margin: float = 0.0
) -> sa.ColumnElement[bool]:
    """Condition: the bounding box of `column` meets that of `shape` widened by `margin` metres.

    A first sieve that uses the index of any RD New geometry column with `spatial_index=True` on a
    table with an integer key `id`; follow it by the exact question.
    """
    west, south, east, north = shape.bounds
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    if session.get_bind(column.class_.__mapper__).dialect.name != "sqlite":
        return column.op("&&", is_comparison=True)(sa.func.ST_MakeEnvelope(west, south, east, north, RD_NEW))
    tree = sa.table(
        f"idx_{column.class_.__tablename__}_{column.key}",
        *(sa.column(name) for name in ("pkid", "xmin", "xmax", "ymin", "ymax")),
    )
    found = sa.select(tree.c.pkid).where(
        tree.c.xmin <= east, tree.c.xmax >= west, tree.c.ymin <= north, tree.c.ymax >= south
    )
    return column.class_.id.in_(found)
