"""What the team may change of what families read, without a developer: less, or newer.

Less is the stop switch: a rule, a text, a figure or a contact is withdrawn until somebody restores
it (`withdrawing`; found by `finding`, called as in `naming`); what may be withdrawn is in `things`.
Newer is the published file: contacts, figures and notes on practice (`published`), read and checked
whole (`sheet`, `checks`), shown by what it changes (`changes`) and put there by two people
(`publishing`). Both meet the family in one place: `editorial` turns the parts of a screen into what
is said instead, and `bearing` says when a withdrawn rule leaves no outcome to be said. `weekly`
says what was asked and answered. `answer` is the door of the team, and `expected` what it waits
for. Nothing in here sends.
"""
