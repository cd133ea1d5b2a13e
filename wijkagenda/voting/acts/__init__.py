"""Opening, closing, counting and publishing, each on a page of its own."""
