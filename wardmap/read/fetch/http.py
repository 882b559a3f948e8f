"""One door to the internet: asked again when a server is busy, and never believed on its status alone."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar

import requests
import tenacity

from wardmap.errors import DownloadError, InputError

Params: TypeAlias = Mapping[str, str | int]
_Answer = TypeVar("_Answer")

_TRIES = 5
_WAIT = 1.0  # seconds before the second try; doubled each time
_TIMEOUT = (10, 120)  # to connect, to answer
_SHOWN = 200  # characters of an answer that a message quotes


class _Busy(Exception):  # noqa: N818 - not an error until all tries are used up
    """The server may well answer if asked again."""


def get_text(url: str, params: Params) -> str:
    """Return what the server answers, after a few tries where it is busy or out of reach.

    Proxies are those of the environment (`HTTPS_PROXY` and the like).
    """
    return _patiently(url, lambda: _ask(url, params))


def get_json(url: str, params: Params) -> dict[str, Any]:
    """Return the JSON object that the server answers; an error inside of it is an error.

    ArcGIS reports its errors in an answer whose status is 200.
    """
    return _patiently(url, lambda: _without_error(url, _ask(url, params)))


def _patiently(url: str, ask: Callable[[], _Answer]) -> _Answer:
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(_Busy),
        stop=tenacity.stop_after_attempt(_TRIES),
        wait=tenacity.wait_exponential(multiplier=_WAIT),
    )
    try:
        return retrying(ask)
    except tenacity.RetryError as error:
        raise DownloadError(
            "The server did not answer.",
            f"address: {url}",
            f"asked {_TRIES} times; the last time: {error.last_attempt.exception()}",
            mend="try again later, or check the connection and HTTPS_PROXY.",
        ) from error


def _ask(url: str, params: Params) -> str:
    try:
        answer = requests.get(url, params=dict(params), timeout=_TIMEOUT)
    except (requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema) as error:
        raise InputError(
            "This is not a web address.", f"given: {url!r}", mend="give one that begins with https://"
        ) from error
    except requests.exceptions.RequestException as error:
        raise _Busy(type(error).__name__) from error
    if answer.status_code == 429 or answer.status_code >= 500:
        raise _Busy(f"status {answer.status_code}")
    if answer.status_code != 200:
        raise DownloadError(
            f"The server refused: status {answer.status_code}.",
            f"address: {url}",
            f"it said: {answer.text[:_SHOWN]!r}",
            mend="look the address up in a browser: those of the ONS change every year.",
        )
    answer.encoding = "utf-8"
    return answer.text


def _without_error(url: str, text: str) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except json.JSONDecodeError as error:
        raise DownloadError(
            "The server did not answer in JSON.", f"address: {url}", f"it said: {text[:_SHOWN]!r}"
        ) from error
    if not isinstance(answer, dict):
        raise DownloadError("The server did not answer with an object.", f"address: {url}")
    fault = answer.get("error")
    if fault:
        code = fault.get("code") if isinstance(fault, dict) else None
        if code == 429 or (isinstance(code, int) and code >= 500):
            raise _Busy(f"error {code}")
        raise DownloadError(
            "The server answered with an error.", f"address: {url}", f"it said: {str(fault)[:_SHOWN]!r}"
        )
    return answer
