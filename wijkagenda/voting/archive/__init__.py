"""The files of ballots that were published, and votes of before."""
