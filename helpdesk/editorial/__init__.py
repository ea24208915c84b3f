"""What the team may change of what families read, without a developer: less, or newer.

Nothing in here sends. Families meet all of it in one place, `editorial`: the parts of a screen go
in, and what is said instead comes out; `bearing` says when a withdrawn rule leaves no outcome to be
said. The team comes in by `answer`, and `expected` is what its next message is to be:

* less, the stop switch: `withdrawing`, of `things` that are found by `finding` and called as in
  `naming`;
* newer, the published file: its form in `published`, read by `sheet`, held against `checks`, told
  by its `changes`, and let out by two people in `publishing`;
* `tidying`, which forgets by the hour what waited too long;
* and `weekly`, the picture of what was asked and answered.

Its visits and messages are those of ``helpdesk.broadcasts``, whose door leads here.
"""
