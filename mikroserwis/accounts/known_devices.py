"""A browser that signed in to an account before carries a mark of that: others who guess there don't keep it out."""

import secrets
from collections.abc import Mapping
from datetime import timedelta

import flask
from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer

COOKIE = "mikroserwis_known"
LASTS = timedelta(days=180)
# Accounts that share a browser.
MOST = 5


def read() -> Mapping[int, str]:
    """User -> this browser's mark; empty for a cookie that isn't ours."""
    try:
        return {int(user): str(mark) for user, mark in _signer().loads(request.cookies.get(COOKIE, "")).items()}
    except (BadData, ValueError, AttributeError):
        return {}


def remember(response: flask.Response, user_id: int) -> None:
    """A new mark with each sign-in: what was counted under the old one is over."""
    others = [(user, mark) for user, mark in read().items() if user != user_id]
    known = dict([*others[-(MOST - 1) :], (user_id, secrets.token_hex(16))])
    response.set_cookie(
        COOKIE,
        str(_signer().dumps(known)),
        max_age=LASTS,
        path="/",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="known devices")
