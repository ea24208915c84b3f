"""One link, and only to a known site: whatever programs may read in two ways is refused."""

from __future__ import annotations

import pytest

from helpdesk.broadcasts import hosts, links
from helpdesk.broadcasts.links import LinkFault

ALLOWED = frozenset({"foropenal.com", "tsj.gob.ve"})


@pytest.mark.parametrize(
    "address",
    [
        "https://foropenal.com",
        "https://foropenal.com/",
        "https://www.foropenal.com/a/b.html?c=1&d=2",
        "https://tachira.tsj.gob.ve/decisiones",
        "HTTPS://FOROPENAL.COM/a",
    ],
)
def test_known_sites_and_those_below_pass(address: str) -> None:
    assert links.fault(address, ALLOWED) is None


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://foropenal.com", LinkFault.NOT_HTTPS),
        ("foropenal.com/a", LinkFault.NOT_HTTPS),
        ("tg://resolve?domain=faro", LinkFault.NOT_HTTPS),
        ("javascript://foropenal.com/%0aalert(1)", LinkFault.NOT_HTTPS),
        ("https://foropenal.com.evil.org", LinkFault.HOST),
        ("https://evilforopenal.com", LinkFault.HOST),
        ("https://t.me/faro", LinkFault.HOST),
        ("https://bit.ly/x", LinkFault.HOST),
        ("https://foropenal.com@evil.org", LinkFault.ODD),
        ("https://ana:x@foropenal.com", LinkFault.ODD),
        ("https://foropenal.com:8443/a", LinkFault.ODD),
        ("https://127.0.0.1/a", LinkFault.ODD),
        ("https://[::1]/a", LinkFault.ODD),
        ("https://2130706433/", LinkFault.ODD),
        ("https://xn--foropenl-9za.com", LinkFault.ODD),
        ("https://xn--a.foropenal.com", LinkFault.ODD),
        ("https://foropenаl.com", LinkFault.ODD),
        ("https://foropenal.com\\@evil.org", LinkFault.ODD),
        ("https://evil.org\\.foropenal.com", LinkFault.ODD),
        ("https://foropenal.com.", LinkFault.ODD),
        ("https://foropenal.com%2eevil.org", LinkFault.ODD),
        ("https://foro\u200bpenal.com", LinkFault.ODD),
        ("https:///foropenal.com", LinkFault.ODD),
        ("https://foropenal.com/\n", LinkFault.ODD),
        ("https://foropenal.com/" + "a" * 300, LinkFault.ODD),
    ],
)
def test_everything_else_is_refused(address: str, why: LinkFault) -> None:
    assert links.fault(address, ALLOWED) is why


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mire https://foropenal.com/a, y ya.", ("https://foropenal.com/a",)),
        ("(www.provea.org)", ("www.provea.org",)),
        ("Provea: provea.org.", ("provea.org",)),
        ("tsj.gob.ve y TSJ.GOB.VE", ("tsj.gob.ve", "TSJ.GOB.VE")),
        ("t.me/faro o bit.ly/a", ("t.me/faro", "bit.ly/a")),
        ("http://evil.zzz", ("http://evil.zzz",)),
        ("evil.org:8443/a", ("evil.org:8443/a",)),
        ("EE.UU. desde las 8:30, G.O. 6.990. Fuente:Provea. 24/7 y/o hoy.Mañana", ()),
        ("ana@foropenal.com", ()),
    ],
)
def test_addresses_that_are_typed_plainly_are_found(text: str, found: tuple[str, ...]) -> None:
    assert links.in_plain(text) == found


def test_two_spellings_are_one_address() -> None:
    assert links.same("https://Foropenal.com/a/") == links.same("foropenal.com/a")
    assert links.same("https://foropenal.com/a") != links.same("https://foropenal.com/A")


def test_every_host_of_the_data_could_be_linked_to() -> None:
    for one in hosts.every():
        assert links.fault(f"https://{one.host}/a", hosts.NAMES) is None
        assert one.of.strip()
        assert one.state == one.host.endswith(".gob.ve")


def test_no_host_of_the_data_is_one_where_anybody_writes() -> None:
    anybody = ("google", "telegram", "t.me", "facebook", "twitter", "x.com", "youtube", "bit.ly")
    assert not [one.host for one in hosts.every() if any(name in one.host for name in anybody)]
