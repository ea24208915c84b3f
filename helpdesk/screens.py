"""What a family sees, from the state alone: the question, a page over it, the result."""

from __future__ import annotations

from dataclasses import replace

from helpdesk import alert_screens, case_screens, guidance, interview, result
from helpdesk.desk.family import NO_DESK, View
from helpdesk.interview import Assessor
from helpdesk.layout import Choice, Layout, Row, column, rows_of
from helpdesk.messages import Part
from helpdesk.question_screens import question
from helpdesk.routes import Route
from helpdesk.state import State
from helpdesk.subscriptions import NOT_SUBSCRIBED, Standing
from locales import Catalogue

_STEPS_WITH_PAPER = 3
"""How many of the steps the card of the paper shows; all are behind its button."""

ROUTE_VIEWS = {f"route_{route}": route for route in Route}
_CLOSE = Choice("button.close", "close")
_ERASE = Choice("button.erase", "open:erase")
_CHANGE = Choice("button.change_answer", "open:change")
_HELP = Choice("button.help", "open:help")
_HELPS_ON = frozenset({"notice.not_understood_here", "case.write_there"})
_LANGUAGES = ("es", "en")
_OF_AN_OUTCOME = ("reasons", "change_it", "routes", "disagree")
_LONG_PAGES = ("steps", *_OF_AN_OUTCOME)


def layout(
    look: Assessor,
    state: State,
    catalogue: Catalogue,
    desk: View = NO_DESK,
    alerts: Standing = NOT_SUBSCRIBED,
) -> Layout:
    """Return the screen of a state.

    ``desk`` is what she may know of the people who answer, ``alerts`` what she asked to hear of.
    """
    page = _page(look, state, catalogue, desk, alerts)
    if page is None and case_screens.is_up(state, desk):
        return case_screens.case(look, state, catalogue, desk)
    shown = page or _base(look, state, catalogue, desk)
    if not state.notice:
        return shown
    if page is None and interview.current(look, state) is not None:
        hello = tuple(part for part in shown.parts if part.key == "start.hello")
        rest = shown.parts[len(hello) :]
        notice = case_screens.said(state.notice, catalogue, desk)
        return Layout((*hello, notice, *rest), shown.rows, quiet=bool(hello))
    beside = case_screens.beside(state, catalogue, desk)
    if page is not None and beside is not None:
        return replace(page, parts=(*page.parts, beside))
    # Over a page there is no room for more: the line stands alone, and leads back.
    rows: tuple[Row, ...] = ((_CLOSE,),)
    if state.notice in _HELPS_ON:
        rows = ((_HELP,), *case_screens.ways(desk), (_CLOSE,))
    return Layout((case_screens.said(state.notice, catalogue, desk),), rows)


def shows_result(look: Assessor, state: State) -> bool:
    """Tell whether the interview has come to its result, whatever page lies over it."""
    return interview.ended(look, state)


def _page(
    look: Assessor, state: State, catalogue: Catalogue, desk: View, alerts: Standing
) -> Layout | None:
    """Return the page over the question, the result or her case; None without one."""
    view = state.view
    if (page := alert_screens.page(state, alerts)) is not None:
        return page
    if desk.exists and (page := case_screens.page(look, state, desk)) is not None:
        return page
    if view in ROUTE_VIEWS:
        # Who asks for a person and has a case sees that.
        answered = view == case_screens.ENTRY and desk.case is not None
        return None if answered else _route(ROUTE_VIEWS[view], desk)
    if view in _LONG_PAGES:
        if view in _OF_AN_OUTCOME and look.reviews(state.answers):
            return None
        return _long_page(look, state, catalogue)
    if view == "why":
        asked = interview.current(look, state)
        if asked is not None:
            return Layout((Part(f"why_ask.{asked}"),), column([_BACK_TO_QUESTION]))
    if view == "change":
        names = interview.changeable(state)
        rows = rows_of((Choice(f"button.change.{one}", f"reopen:{one}") for one in names), 2)
        return Layout((Part("page.change"),), (*rows, (_CLOSE,)))
    if view == "help":
        return _help(state, desk)
    if view == "who_helps":
        return _who_helps(look, state, catalogue, desk)
    if view in _PAGES:
        return case_screens.with_desk(alert_screens.beside(_PAGES[view], alerts), desk)
    return None


_BACK_TO_QUESTION = Choice("button.back_to_question", "close")

# What is asked most, answered from /ayuda at any moment; steps are said whole.
_TOPICS = {
    "refused": ("step.refused_reception", "step.who_may_file"),
    "silence": ("step.fifteen_days", "step.silence_after_15"),
    "denied": ("step.appeal_now", "step.written_refusal"),
    "signing": ("step.keep_presentations", "step.travel_cost"),
    "records": ("step.certified_copy", "step.tell_registries"),
    "health": ("step.health_route",),
    "foreigner": ("step.foreigner_note",),
}
_TOPIC_PAGES = {
    f"topic_{topic}": Layout(tuple(Part(key) for key in keys), column([_HELP, _CLOSE]))
    for topic, keys in _TOPICS.items()
}
_TOPIC_BUTTONS = (
    Choice("button.topic.refused", "open:topic_refused"),
    Choice("button.topic.silence", "open:topic_silence"),
    Choice("button.topic.denied", "open:topic_denied"),
    Choice("button.topic.signing", "open:topic_signing"),
    Choice("button.topic.whereabouts", "open:route_whereabouts"),
    Choice("button.topic.money", "open:route_money"),
    Choice("button.topic.records", "open:topic_records"),
    Choice("button.topic.health", "open:topic_health"),
    Choice("button.topic.foreigner", "open:topic_foreigner"),
    Choice("button.topic.gives_not", "open:gives_not"),
)

# Pages that are the same for everyone.
_PAGES = {
    **_TOPIC_PAGES,
    "privacy": Layout(
        (Part("command.privacy_text"),),
        column(
            [
                Choice("button.privacy_more", "open:privacy_more"),
                alert_screens.PRIVACY,
                _ERASE,
                _CLOSE,
            ]
        ),
        quiet=True,
    ),
    "privacy_more": Layout(
        (Part("command.privacy_more"),),
        column(
            [
                Choice("button.privacy_first", "open:privacy"),
                alert_screens.PRIVACY,
                _ERASE,
                _CLOSE,
            ]
        ),
        quiet=True,
    ),
    "about": Layout((Part("command.about_text"),), column([_CLOSE]), quiet=True),
    "cancelled": Layout(
        (Part("command.cancelled"),),
        column([Choice("button.start_over", "restart"), _ERASE]),
        quiet=True,
    ),
    "resume": Layout(
        (Part("command.resume"),),
        column([Choice("button.go_on", "close"), Choice("button.start_over", "restart")]),
        quiet=True,
    ),
    "again": Layout(
        (Part("command.again"),),
        column([Choice("button.last_result", "close"), Choice("button.start_another", "restart")]),
        quiet=True,
    ),
    "erase": Layout(
        (Part("page.erase"),),
        column([Choice("button.erase_yes", "erase"), Choice("button.erase_no", "close")]),
        quiet=True,
    ),
    "gives_not": Layout((Part("page.gives_not"),), column([_CLOSE])),
    "commission": Layout((Part("page.commission_warning"),), column([_CLOSE])),
    "papers": Layout((Part("page.papers"),), column([_CLOSE])),
    "who_helps": Layout((Part("page.who_helps"),), column([_CLOSE])),
    "small": Layout((Part("route.distress_small"),), column([_CLOSE])),
    "language": Layout(
        (Part("language.choose"),),
        (
            *column(Choice(f"button.language.{one}", f"language:{one}") for one in _LANGUAGES),
            (_CLOSE,),
        ),
        quiet=True,
    ),
}


def _help(state: State, desk: View) -> Layout:
    other = next(one for one in _LANGUAGES if one != state.language)
    last = [
        alert_screens.ENTRY,
        Choice("button.who_helps", "open:who_helps"),
        Choice(f"button.language.{other}", f"language:{other}"),
        _CLOSE,
    ]
    rows = (*rows_of(_TOPIC_BUTTONS, 2), *column(last))
    return case_screens.with_desk(Layout((Part("command.help_text"),), rows, quiet=True), desk)


def _route(route: Route, desk: View) -> Layout:
    parts = [Part(f"route.{route}")]
    choices = [_CLOSE]
    person: tuple[Row, ...] = ()
    if route is Route.WHEREABOUTS:
        parts.append(Part("step.amparo_whereabouts"))
        person = case_screens.ways(desk, "whereabouts")
    elif route is Route.MONEY:
        person = (*case_screens.report_way(desk), *case_screens.ways(desk, "money"))
    elif route is Route.ERASE:
        choices = [Choice("button.erase_yes", "erase"), Choice("button.erase_no", "close")]
    elif route is Route.DISTRESS:
        told, person = case_screens.distress(desk)
        parts = list(told) or parts
        choices = [Choice("button.small_thing", "open:small"), _CLOSE]
    elif route is Route.PERSON:
        parts.append(Part("figure.channels"))
        choices = [Choice("button.who_helps", "open:who_helps"), _CLOSE]
    return Layout(tuple(parts), (*person, *column(choices)))


def _base(look: Assessor, state: State, catalogue: Catalogue, desk: View) -> Layout:
    asked = interview.current(look, state)
    if asked is not None:
        shown = question(look, state, asked)
        if desk.case is not None:
            shown = replace(shown, rows=(*shown.rows, *case_screens.ways(desk)))
        if state.asked or state.answers:
            return shown
        return Layout((Part("start.hello"), *shown.parts), shown.rows, quiet=True)
    waiting = interview.card(state)
    if waiting:
        return _card(look, state, waiting, desk)
    return _result(look, state, catalogue, desk)


def _card(look: Assessor, state: State, which: str, desk: View) -> Layout:
    """Show what to do before, or instead of, any determination."""
    if which == "paper":
        first = guidance.steps(look.position(state))[:_STEPS_WITH_PAPER]
        parts = (Part("card.paper"), result.first_steps(first))
    else:
        parts = (Part("card.whereabouts"), Part("step.amparo_whereabouts"))
    rows: tuple[Row, ...] = (
        (Choice("button.steps", "open:steps"),),
        (Choice(f"button.go_on.{which}", "go_on"),),
        *case_screens.ways(desk, "whereabouts" if which == "whereabouts" else ""),
        (_CHANGE, _ERASE),
    )
    return Layout(parts, rows)


def _result(look: Assessor, state: State, catalogue: Catalogue, desk: View) -> Layout:
    if look.reviews(state.answers):
        return _reviewing(look, state, desk)
    found = look.determine(state.answers)
    red = found.light == "red"
    rows: list[Row] = [(Choice("button.steps", "open:steps"),)]
    if red:
        rows.append((Choice("button.routes", "open:routes"),))
    pages = [Choice("button.reasons", "open:reasons"), Choice("button.change_it", "open:change_it")]
    if found.outcome == "needs_facts":
        pages.append(Choice("button.papers", "open:papers"))
    if found.light != "green":
        pages.append(Choice("button.disagree", "open:disagree"))
    pages.append(Choice("button.gives_not", "open:gives_not"))
    if found.light == "green":
        pages.remove(Choice("button.change_it", "open:change_it"))
    pages.append(alert_screens.ENTRY)
    rows += [*rows_of(pages, 2), *case_screens.ways(desk), (_CHANGE, _ERASE)]
    return Layout(result.result(look, state, catalogue), tuple(rows), quiet=True)


def _reviewing(look: Assessor, state: State, desk: View) -> Layout:
    """Show what can be done while a rule of her answer is withdrawn: nothing of an outcome."""
    rows: tuple[Row, ...] = (
        (Choice("button.steps", "open:steps"),),
        (Choice("button.who_helps", "open:who_helps"), alert_screens.ENTRY),
        *case_screens.ways(desk),
        (_CHANGE, _ERASE),
    )
    return Layout(result.reviewing(look, state), rows, quiet=True)


def _who_helps(look: Assessor, state: State, catalogue: Catalogue, desk: View) -> Layout:
    """Show who helps, with the contacts that were checked, on as many pages as hold them."""
    shown = case_screens.with_desk(_PAGES["who_helps"], desk)
    parts, turn = _turned(state, result.pages(look.editorial.edit(shown.parts), catalogue))
    return replace(shown, parts=parts, rows=(*turn, *shown.rows))


def _turned(
    state: State, pages: tuple[tuple[Part, ...], ...]
) -> tuple[tuple[Part, ...], tuple[Row, ...]]:
    """Return the page that is open, and the buttons to the ones before and after it."""
    page = min(state.page, len(pages) - 1)
    turn: list[Choice] = []
    if page:
        turn.append(Choice("button.previous_page", f"page:{page - 1}"))
    if page < len(pages) - 1:
        turn.append(Choice("button.next_page", f"page:{page + 1}"))
    return pages[page], (tuple(turn),) if turn else ()


def _long_page(look: Assessor, state: State, catalogue: Catalogue) -> Layout:
    makers = {
        "steps": result.steps,
        "reasons": result.reasons,
        "change_it": result.would_change,
        "routes": result.other_routes,
        "disagree": result.disagree,
    }
    told = look.editorial.edit(makers[state.view](look, state))
    parts, turn = _turned(state, result.pages(told, catalogue))
    rows: list[Row] = [*turn]
    if state.view == "routes":
        rows.append((Choice("button.commission", "open:commission"),))
    if state.view == "steps" and shows_result(look, state) and interview.refinements(look, state):
        rows.append((Choice("button.refine", "refine"),))
    return Layout(parts, (*rows, (_CLOSE,)))
