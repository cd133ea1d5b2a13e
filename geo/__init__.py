"""The spatial kit: areas, boundary files, points, maps. Knows nothing of wishes or web pages."""
