"""Pages composed from many slices: city map, neighbourhood page, journey, work list."""
