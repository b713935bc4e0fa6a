"""Every rule by its name: what stands behind a finding, and what `--ignore` takes.

What each means, with an example, is in `docs/rules.md`.
"""

RULES = (
    # the link
    *("link-missing", "link-dangling", "link-elsewhere", "link-absolute", "link-indirect"),
    *("link-loop", "link-as-text", "not-a-link"),
    # where it should lead
    *("no-target", "target-suspect", "owner-missing", "owner-renamed", "venv-missing"),
    # the venv's health
    *("venv-emptied", "venv-unreadable", "python-missing", "python-mismatch", "library-missing"),
    *("activation-elsewhere", "scripts-elsewhere", "open-to-others", "foreign-owner"),
    "conda-environment",
    # required commands
    *("command-missing", "command-broken"),
    # other environments
    *("local-venv", "tracked-venv", "tracked-link"),
    # what is asked for against what is installed
    *("not-installed", "wrong-version", "wrong-source", "wrong-python", "unmet-dependency"),
    *("broken-constraint", "broken-metadata", "duplicate-distribution", "editable-gone"),
    *("undeclared", "unusable-venv"),
    # between projects, and within one
    *("conflict", "contradiction", "missing-sibling"),
    # the files
    *("bad-requirement", "bad-file", "bad-include", "bad-lock", "conflict-markers"),
    "unread-declaration",
    # siblings that agree
    *("rev-drift", "differs", "missing-file", "bad-configuration"),
)
