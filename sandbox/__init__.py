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

From another process: ``python -m sandbox`` and the control API of ``sandbox.control``. A page to
chat with the bot in a browser is at its address (``sandbox.pages``); with a group it shows families
and desk side by side. ``/?solo=1&person=ID`` shows one person alone, for pictures; of somebody in a
group also ``&topic=ID`` or ``&alone=1``.
"""

from sandbox.bell import Bell
from sandbox.chats import Chat, Event
from sandbox.clock import Clock
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
    "Bell",
    "Button",
    "Call",
    "Chat",
    "Clock",
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
