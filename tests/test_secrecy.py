"""Which values are never shown, by the names that they have."""

from __future__ import annotations

import pytest

from hooks.secrecy import may_hold_secrets, names_a_secret, says_a_secret, without_queries


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *((name, False) for name in ["line-length", "project", "config", "toke", "select", ""]),
        *((name, True) for name in ["token", "API_TOKENS", "my-secret", "db.Password", "key"]),
        *((name, True) for name in ["ssh_key", "PASSWD", "passphrase", "credentials", "apikeys"]),
    ],
)
def test_a_name(name: str, expected: bool) -> None:
    assert names_a_secret(name) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, False) for text in ["keyring", "py311", "a=b", "keep", "no secret"]),
        *((text, True) for text in ["--token=x", "PASSWORD: x", "--api-key x", "secret_id = x"]),
    ],
)
def test_a_value(text: str, expected: bool) -> None:
    assert says_a_secret(text) is expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("ruff.toml", "line-length = 1", False),
        ("sub.env/x.ini", "a", False),
        ("ruff.toml", "# no keys", True),
        (".env", "a", True),
        ("sub/.env.local", "a", True),
        ("sub/id_rsa.key", "a", True),
    ],
)
def test_a_file(path: str, text: str, expected: bool) -> None:
    assert may_hold_secrets(path, text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://h/x", "https://h/x"),
        ("what? https://h/x", "what? https://h/x"),
        ("https://h/x?a=b&c=d#e", "https://h/x?****#e"),
        ("`https://h/?a` and https://i?b c", "`https://h/?****` and https://i?**** c"),
    ],
)
def test_a_query(text: str, expected: str) -> None:
    assert without_queries(text) == expected
