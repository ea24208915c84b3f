"""A local Telegram stand-in: the Bot API over HTTP, strict, with people that tests can drive.

It stands in for Telegram in tests and in the demo; it imports none of Faro's rooms.

In the same event loop::

    async with Sandbox(token="1000:TEST") as box:        # box.url, box.token
        maria = box.person("María")
        await maria.send("/start")                       # the bot gets an update
        question = await maria.next_message(timeout=5)   # waits for the bot
        press = await maria.press("No")                  # or press(question, "No")
        await press.answer()                             # the spinner is gone
        maria.screen()                                   # what she sees, oldest first
        box.faults.drop_after_write("sendMessage")
        box.clock.forward(timedelta(hours=49))

        desk = box.group("Mesa", forum=True)             # a supergroup with topics, the bot in it
        desk.add(ana, admin=True, anonymous=True)
        topic = desk.new_topic("K7M2")
        await ana.send("hola", to=desk, topic=topic, reply_to=desk.last())
        desk.screen(topic)                               # without a topic: everything
        desk.close_topic(topic); desk.set(permissions={"can_send_polls": False})
        desk.restrict(ana, {"can_send_messages"}); desk.ask_to_join(maria)
        desk.demote_bot("can_manage_topics"); desk.remove_bot()

For a broadcast to thousands::

        julia = box.person("Julia", organiser=True)      # a column of her own on the page
        await julia.send("<b>Hoy</b> abre.", html=True)  # formatted as her app does it
        await julia.send_document("hoja.yaml", text="contacts: []")
        crowd = box.crowd(20_000)                        # have started the bot; no phones, no log
        crowd.ids; crowd.received()                      # how many messages each was ever sent
        crowd.texts(chat_id); crowd.chats[chat_id]       # what one phone shows; at most 8 are kept
        press = await crowd.person(chat_id).press(data="leave")
        crowd.block(crowd.ids[:50]); crowd.deactivate(crowd.ids[50:60])     # 403; no bot is told
        box.arrivals.most_in(1.0)                        # in any second, by the real clock
        box.arrivals.times("sendMessage"); box.arrivals.codes(); box.arrivals.of(chat_id)

Faults for a share of all chats, the same ones in every run; the first ordered that fits strikes::

        blocked = box.faults.forbid("sendMessage", share=0.02, times=None)  # always, these 2 %
        box.faults.retry_after("sendMessage", 3, share=0.01)     # 1 %, and once in each of them
        blocked.picks(chat_id)                           # whether it is one of those
        box.faults.gateway_error("sendMessage", written=True)    # 502 in HTML, yet it was done
        box.faults.hang("sendMessage", written=True)     # done, and no answer ever
        box.faults.slow(before=0.02, after=0.03)         # a far server: every call takes as long

Refused connections: ``await box.stop()``, and later ``await box.start()`` on the same port.
``box.calls`` has every call but those for a crowd; ``box.limits`` paces as Telegram does, and its
``edit_window`` ends how long a message can be edited. One core serves two thousand sendMessage a
second, and 20,000 of them take some 50 MiB.

From another process: ``python -m sandbox`` and the control API of ``sandbox.control``. A page to
chat with the bot in a browser is at its address (``sandbox.pages``); with a group it shows families
and desk side by side. ``/?solo=1&person=ID`` shows one person alone, for pictures; of somebody in a
group also ``&topic=ID`` or ``&alone=1``.
"""

from sandbox.arrivals import Arrivals
from sandbox.bell import Bell
from sandbox.chats import Chat, Event
from sandbox.clock import Clock
from sandbox.crowds import Crowd
from sandbox.entities import Entity, utf16_length
from sandbox.errors import ApiError, NoSuchButton, PersonError, SandboxError
from sandbox.faults import Fault, Faults
from sandbox.group_chats import Member, Topic
from sandbox.groups import Group
from sandbox.keyboards import Button
from sandbox.limits import Limits
from sandbox.messages import Message
from sandbox.people import Person
from sandbox.presses import Press
from sandbox.server import Sandbox
from sandbox.updates import UpdateQueue
from sandbox.world import Call

__all__ = [
    "ApiError",
    "Arrivals",
    "Bell",
    "Button",
    "Call",
    "Chat",
    "Clock",
    "Crowd",
    "Entity",
    "Event",
    "Fault",
    "Faults",
    "Group",
    "Limits",
    "Member",
    "Message",
    "NoSuchButton",
    "Person",
    "PersonError",
    "Press",
    "Sandbox",
    "SandboxError",
    "Topic",
    "UpdateQueue",
    "utf16_length",
]
