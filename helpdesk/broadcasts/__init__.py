"""What organisers do: one true message, once, to the families who asked for it.

An organiser writes in a private chat (`composing`); what she wrote is checked (`checks`) and shown
exactly as it will arrive (`letters`); another organiser approves those very bytes (`approval`).
Then the recipients are fixed in `store.ledger` and ``bot.broadcasts`` sends, asking `sending` at
every step what may go out and telling it how each call ended (`ends`). `progress` says how far it
is. What was sent can be corrected or taken back for 48 hours (`amending`). `answer` is the door:
one update of an organiser's private chat, in one transaction. Nothing in here sends, and nothing
but a person's press starts a broadcast.
"""
