"""Open data: public figures and files for who wants to check."""
