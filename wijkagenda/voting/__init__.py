"""Voting rounds, from the rules to a result that anybody can count again. What all rooms share stands in this folder:
models, queries, codes, guards, fingerprints, from tables to what is counted (`profiles`) and from a count to what is told
(`explaining`), and the steps of a round (`operations`). The rooms, in the order in which a vote passes them:

- `rules`: the regulation of a round, its presets, and everything that keeps it from working
- `rehearsal`, `practice`: the whole vote with test codes, for officers; a ballot paper to try out, for voters
- `letters`: codes and the letters that bring them; voiding, replacing, returned letters
- `ballot`, `kiosk`, `paper`: the three channels, on a screen of one's own, at the desk, and on paper
- `box`: keys, sealing, casting and opening
- `acts`: the pages of opening, closing, counting and publishing
- `counting`: the count itself, without a database
- `result`, `count_sheet`, `remarks`: what is published, and what is said about the vote
- `recount`, `archive`: counting again, and earlier votes
"""
