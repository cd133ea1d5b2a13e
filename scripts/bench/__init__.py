"""`make bench`: our pages against bare Flask on the same server, in one run, as ratios."""
