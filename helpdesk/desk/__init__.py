"""The desk: cases, the people who answer them, and what goes between a family and them.

Everything here is a plain function inside one transaction, or pure. What is to be sent is written
down as posts; ``bot`` sends them and tells what became of each. Begin with `case`, `posts` and
`messages`, then follow one of three ways in:

* a family: `family`, and behind it `relay`, `unheard`, `family_posts`, `reports`;
* a volunteer: `answer`, and behind it `occasion`, `pressing`, `writing`, `replies`, the three
  ``*_commands``, `refusals`, `put_aside`; what happens to a case is in `claims`, `closing`,
  `topics`, `card`;
* ``bot``, that sends: `deliveries`, and behind it `lineup`, `budget`, `ends` and `endings`,
  `arrivals`, `failures`; `queue` and `tending` are what nobody asked for.

Beside them stand `context`, `casebook` and `outbox` (cases and posts in the store), `notices` and
`lengths` (how they are said), `staff`, `codes`, `posture`, `figures`, `canned`, and
`outgoing_filter` with `digits` and `disguises`.
"""
