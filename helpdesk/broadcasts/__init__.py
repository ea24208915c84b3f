"""What organisers do: one true message, once, to the families who asked for it.

Nothing in here sends, and nothing but a person's press starts a broadcast. Begin with `broadcast`
(what is kept of one) and `shelf` (found and written), then follow it as it goes. Where rules and
what is said have a module each, the rules come first:

* it is written: `composing` and `writing`, looked at in `formatting`, `checks`, `links` (with
  `hosts`) and `duplicates`, and made into the bytes that arrive in `letters`;
* it is approved: `approval` and `approving`; `readiness` says what stands in the way;
* it is sent: `sending` says to ``bot.broadcasts`` who is next, and takes the `ends` of its calls;
  `quiet` is the night; `progress` tells how far it is, from its `figures`;
* a person's hand on it: `steering` and `pressing`; what was sent is changed in `amending`.

`answer` is the door: one update of a private chat (`messages`) in, a `visit` through it, one reply
out. Behind it stand `menu` and `listing` too, the looks in `screens`, what buttons carry in
`presses`, and laws and words in `context`. `reconsent` is apart: who is asked whether she still
wants alerts.
"""
