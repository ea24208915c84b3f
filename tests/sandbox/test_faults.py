"""Each fault that is ordered strikes the call it was ordered for, and no other."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from sandbox import Person, Sandbox
from tests.sandbox.calls import Call


async def test_retry_after_some_times(box: Sandbox, call: Call, maria: Person) -> None:
    box.faults.retry_after("sendMessage", 3, times=2)
    for _ in range(2):
        assert await call("sendMessage", chat_id=maria.chat_id, text="a") == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 3",
            "parameters": {"retry_after": 3},
        }
    assert maria.from_bot() == ()
    assert (await call("getMe"))["ok"]
    assert (await call("sendMessage", chat_id=maria.chat_id, text="a"))["ok"]


async def test_retry_after_for_one_chat(box: Sandbox, call: Call, maria: Person) -> None:
    ana = box.person("Ana")
    await ana.send("/start")
    box.faults.retry_after(None, 3, chat_id=maria.chat_id)
    assert (await call("sendMessage", chat_id=ana.chat_id, text="a"))["ok"]
    refused = await call("sendMessage", chat_id=maria.chat_id, text="a")
    assert refused["error_code"] == 429


async def test_a_flood_wait_holds_until_it_is_over(box: Sandbox, call: Call, maria: Person) -> None:
    box.faults.retry_after("sendMessage", 30, times=None)
    for forward, left in ((0, 30), (10, 20)):
        box.clock.forward(timedelta(seconds=forward))
        refused = await call("sendMessage", chat_id=maria.chat_id, text="a")
        assert refused["parameters"] == {"retry_after": left}
    box.clock.forward(timedelta(seconds=20))
    assert (await call("sendMessage", chat_id=maria.chat_id, text="a"))["ok"]


async def test_any_other_refusal(box: Sandbox, refusal: Call, ask: Call, maria: Person) -> None:
    fault = box.faults.refuse("sendMessage", 502, "Bad Gateway", times=None)
    for _ in range(3):
        said = await refusal("sendMessage", chat_id=maria.chat_id, text="a")
        assert said == "502 Bad Gateway"
    fault.lift()
    assert fault.struck == 3
    await ask("sendMessage", chat_id=maria.chat_id, text="a")


async def test_blocked_as_far_as_the_bot_can_tell(
    box: Sandbox, refusal: Call, maria: Person
) -> None:
    box.faults.forbid("sendMessage")
    said = await refusal("sendMessage", chat_id=maria.chat_id, text="a")
    assert said == "403 Forbidden: bot was blocked by the user"
    assert not maria.chat.blocked


async def test_trouble_at_the_server(box: Sandbox, refusal: Call, maria: Person) -> None:
    for code, words in ((500, "Internal Server Error"), (502, "Bad Gateway")):
        box.faults.server_error("sendMessage", code)
        said = await refusal("sendMessage", chat_id=maria.chat_id, text="a")
        assert said == f"{code} {words}"
    assert maria.from_bot() == ()
    with pytest.raises(ValueError, match="code is one of 500"):
        box.faults.server_error("sendMessage", 404)


async def test_half_an_answer(box: Sandbox, call: Call, maria: Person) -> None:
    box.faults.truncate("sendMessage")
    with pytest.raises(aiohttp.ClientPayloadError):
        await call("sendMessage", chat_id=maria.chat_id, text="a")
    assert [message.text for message in maria.from_bot()] == ["a"]
    assert (box.calls[-1].ok, box.calls[-1].dropped) == (True, True)
    assert (await call("sendMessage", chat_id=maria.chat_id, text="a"))["ok"]


async def test_no_answer_at_all(box: Sandbox, call: Call, maria: Person) -> None:
    fault = box.faults.hang("sendMessage")
    sending = asyncio.create_task(call("sendMessage", chat_id=maria.chat_id, text="a"))
    await asyncio.wait_for(fault.reached.wait(), 5)
    assert box.faults.waiting() == [fault]
    box.faults.clear()
    with pytest.raises(aiohttp.ClientConnectionError):
        await sending
    assert maria.from_bot() == ()
    assert box.calls[-1].dropped


async def test_those_still_to_come_can_be_listed(box: Sandbox, call: Call, maria: Person) -> None:
    several = box.faults.retry_after("sendMessage", 1, times=2)
    always = box.faults.server_error("getMe", times=None)
    flood = box.faults.retry_after("deleteMessage", 30, times=None)
    assert box.faults.waiting() == [several, always, flood]
    for _ in range(2):
        await call("sendMessage", chat_id=maria.chat_id, text="a")
        await call("getMe")
    assert box.faults.waiting() == [always, flood]
    box.clock.forward(timedelta(seconds=30))
    assert box.faults.waiting() == [always]
    always.lift()
    assert box.faults.waiting() == []


async def test_dropped_before_the_write_nothing_happened(
    box: Sandbox, call: Call, maria: Person
) -> None:
    box.faults.drop_before_write("sendMessage")
    with pytest.raises(aiohttp.ClientConnectionError):
        await call("sendMessage", chat_id=maria.chat_id, text="a")
    assert maria.from_bot() == ()
    assert (box.calls[-1].ok, box.calls[-1].dropped) == (False, True)
    assert (await call("sendMessage", chat_id=maria.chat_id, text="a"))["ok"]


async def test_dropped_after_the_write_it_happened(box: Sandbox, call: Call, maria: Person) -> None:
    box.faults.drop_after_write("sendMessage")
    with pytest.raises(aiohttp.ClientConnectionError):
        await call("sendMessage", chat_id=maria.chat_id, text="a")
    assert [message.text for message in maria.from_bot()] == ["a"]
    assert (box.calls[-1].ok, box.calls[-1].dropped) == (True, True)
    assert box.calls[-1].fault == "drop_after"


async def test_dropped_updates_are_given_again(box: Sandbox, call: Call, maria: Person) -> None:
    await maria.send("hola")
    box.faults.drop_after_write("getUpdates")
    with pytest.raises(aiohttp.ClientConnectionError):
        await call("getUpdates", timeout=5)
    assert len((await call("getUpdates"))["result"]) == 1


@pytest.mark.parametrize(("when", "written"), [("before", 0), ("after", 1)])
async def test_a_call_can_be_held(
    box: Sandbox, call: Call, maria: Person, when: str, written: int
) -> None:
    fault = getattr(box.faults, f"hold_{when}_write")("sendMessage")
    sending = asyncio.create_task(call("sendMessage", chat_id=maria.chat_id, text="a"))
    await asyncio.wait_for(fault.reached.wait(), 5)
    assert len(maria.from_bot()) == written
    assert not sending.done()
    fault.release()
    assert (await sending)["ok"]
    assert len(maria.from_bot()) == 1


async def test_faults_can_be_forgotten(box: Sandbox, ask: Call, maria: Person) -> None:
    box.faults.retry_after("sendMessage", 3, times=9)
    box.faults.clear()
    await ask("sendMessage", chat_id=maria.chat_id, text="a")


async def test_pacing_is_off_until_asked_for(box: Sandbox, call: Call, maria: Person) -> None:
    for _ in range(40):
        assert (await call("sendMessage", chat_id=maria.chat_id, text="a"))["ok"]
    box.limits.like_telegram()
    answers = [
        (await call("sendMessage", chat_id=maria.chat_id, text="a")).get("parameters")
        for _ in range(5)
    ]
    assert answers == [None, None, None, {"retry_after": 3}, {"retry_after": 3}]
    assert box.limits.refused == 2
    box.clock.forward(timedelta(seconds=3))
    assert (await call("sendMessage", chat_id=maria.chat_id, text="a"))["ok"]


async def test_pacing_over_all_chats(box: Sandbox, call: Call) -> None:
    box.limits.overall = 2
    people = [box.person(f"Persona {number}") for number in range(3)]
    answers = []
    for person in people:
        await person.send("/start")
        answers.append(await call("sendMessage", chat_id=person.chat_id, text="a"))
    assert [answer["ok"] for answer in answers] == [True, True, False]
    assert answers[-1]["parameters"] == {"retry_after": 1}
    assert (await call("getMe"))["ok"]


async def test_the_log_has_parameters_and_answers(box: Sandbox, call: Call, maria: Person) -> None:
    answer = await call("sendMessage", chat_id=maria.chat_id, text="a")
    await call("sendMessage", chat_id=maria.chat_id, txt="b")
    good, bad = box.calls_of("sendMessage")
    assert (good.method, good.parameters, good.answer, good.ok) == (
        "sendMessage",
        {"chat_id": maria.chat_id, "text": "a"},
        answer,
        True,
    )
    assert bad.parameters == {"chat_id": maria.chat_id, "txt": "b"}
    assert not bad.ok
    assert bad.at == box.clock.now()


async def test_waiting_for_calls(box: Sandbox, call: Call, maria: Person) -> None:
    waiting = asyncio.create_task(box.called("sendMessage", times=2))
    for text in ("uno", "dos"):
        assert not waiting.done()
        await call("sendMessage", chat_id=maria.chat_id, text=text)
    assert [one.parameters["text"] for one in await waiting] == ["uno", "dos"]
    with pytest.raises(TimeoutError):
        await box.called("getMe", timeout=0.01)


async def test_of_very_many_calls_the_oldest_are_forgotten(
    monkeypatch: pytest.MonkeyPatch, box: Sandbox, call: Call
) -> None:
    monkeypatch.setattr("sandbox.world.CALLS_KEPT", 10)
    for _ in range(11):
        await call("getMe")
    assert len(box.calls) == 6


async def test_a_share_of_all_chats_is_the_same_in_every_run(box: Sandbox, call: Call) -> None:
    """Counted in each chat for itself; two shares do not fall on the same chats."""
    crowd = box.crowd(400)
    blocked = box.faults.forbid("sendMessage", share=0.1, times=None)
    waits = box.faults.retry_after("sendMessage", 3, share=0.1)
    picked = {one for one in crowd if blocked.picks(one)}
    late = {one for one in crowd if waits.picks(one)} - picked
    assert 20 < len(picked) < 65
    assert 20 < len(late) < 60
    again = Sandbox(clock=box.clock)
    same = again.faults.forbid("sendMessage", share=0.1, times=None)
    assert {one for one in crowd if same.picks(one)} == picked
    some = [*sorted(picked)[:2], *sorted(late)[:2]]
    for codes in ([403, 403, 429, 429], [403, 403, None, None]):
        answers = [await call("sendMessage", chat_id=one, text="a") for one in some]
        assert [one.get("error_code") for one in answers] == codes
    assert (blocked.struck, waits.struck) == (4, 2)
    assert box.faults.waiting() == [blocked, waits]
    with pytest.raises(ValueError, match="share"):
        box.faults.hang(None, share=2)


@pytest.mark.parametrize("written", [False, True])
async def test_a_proxy_answers_in_html(
    box: Sandbox, session: aiohttp.ClientSession, maria: Person, written: bool
) -> None:
    box.faults.gateway_error("sendMessage", 504, written=written)
    body = {"chat_id": maria.chat_id, "text": "a"}
    async with session.post(f"{box.url}/bot{box.token}/sendMessage", json=body) as response:
        assert (response.status, response.content_type) == (504, "text/html")
        assert "504 Gateway Timeout" in await response.text()
    assert len(maria.from_bot()) == written
    assert box.arrivals.codes() == {504: 1}


async def test_done_and_no_answer_at_all(box: Sandbox, call: Call, maria: Person) -> None:
    fault = box.faults.hang("sendMessage", written=True)
    sending = asyncio.create_task(call("sendMessage", chat_id=maria.chat_id, text="a"))
    await asyncio.wait_for(fault.reached.wait(), 5)
    assert len(maria.from_bot()) == 1
    box.faults.clear()
    with pytest.raises(aiohttp.ClientConnectionError):
        await sending


async def test_a_far_server_takes_its_time(box: Sandbox, call: Call, maria: Person) -> None:
    box.faults.slow(after=60)
    sending = asyncio.create_task(call("sendMessage", chat_id=maria.chat_id, text="a"))
    await maria.next_message()  # written, and still not answered
    assert (await asyncio.wait_for(call("getUpdates"), 5))["ok"]
    assert not sending.done()
    sending.cancel()
    box.faults.clear()
    assert (await asyncio.wait_for(call("sendMessage", chat_id=maria.chat_id, text="a"), 5))["ok"]
