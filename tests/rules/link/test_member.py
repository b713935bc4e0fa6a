"""What stands at a member's `venv`, what is said of it, and that the fixes mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.link.states import (
    MEMBER,
    OWNER,
    TARGET,
    arranged,
    disposable,
    expected,
    hook,
    line_of_activation,
    tree_of,
    whole,
)
from tests.trees import build, make_venv, paste

# What must be found. After the repair the hook passes, with a space in the path, too.

MEMBER_FINDINGS = [
    pytest.param(
        'ln -sfn "$DEV/dr-daily-report/venv" venv',
        """
    venv: leads to `{dev}/dr-daily-report/venv`, an absolute path: it breaks when the projects move
      fix: ln -sfn ../dr-daily-report/venv venv
        """,
        id="an absolute link to a relative target",
    ),
    pytest.param(
        "ln -sfn ../dr-daily-report_media/venv venv",
        """
    venv: leads to `../dr-daily-report/venv` by way of the link in `../dr-daily-report_media`, \
and breaks with that
      fix: ln -sfn ../dr-daily-report/venv venv
        """,
        id="by way of a sibling's link",
    ),
    pytest.param(
        "mkdir ../other && ln -sfn ../other venv",
        """
    venv: leads to `../other` instead of `../dr-daily-report/venv`
      fix: ln -sfn ../dr-daily-report/venv venv
        """,
        id="a link elsewhere",
    ),
    pytest.param(
        "ln -sfn ../old/venv venv",
        """
    venv: leads to `../old/venv`, which is missing, instead of `../dr-daily-report/venv`
      fix: ln -sfn ../dr-daily-report/venv venv
        """,
        id="a link that dangles, elsewhere",
    ),
    pytest.param(
        "ln -sfn venv venv",
        """
    venv: is a link in a loop, but should lead to `../dr-daily-report/venv`
      fix: ln -sfn ../dr-daily-report/venv venv
        """,
        id="a link in a loop",
    ),
    pytest.param(
        "rm venv",
        """
    venv: is missing: it should be a link to `../dr-daily-report/venv`
      fix: ln -sfn ../dr-daily-report/venv venv
        """,
        id="nothing",
    ),
    pytest.param(
        "rm venv && printf '../dr-daily-report/venv' > venv",
        """
    venv: is a file, but should be a link to `../dr-daily-report/venv`
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a text file that holds the path",
    ),
    pytest.param(
        "rm venv && printf 'notes\\nmore notes' > venv",
        """
    venv: is a file, but should be a link to `../dr-daily-report/venv`
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
        """,
        id="another file",
    ),
    pytest.param(
        "rm venv && mkfifo venv",
        """
    venv: is a named pipe, but should be a link to `../dr-daily-report/venv`
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a named pipe",
    ),
    pytest.param(
        "rm venv && mkdir venv venv.old && touch venv/thesis.txt",
        """
    venv: is a directory, no venv, but should be a link to `../dr-daily-report/venv`
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a directory that is no venv, and its name for later is taken",
    ),
    pytest.param(
        "rm venv && $VENV venv",
        """
    venv: is a local venv, but `../dr-daily-report/venv` is the one that this project shares; it has no distribution that the shared one lacks
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a local venv",
    ),
    pytest.param(
        "rm venv && $VENV venv && echo mine > venv/bin/deploy.sh",
        """
    venv: is a local venv, but `../dr-daily-report/venv` is the one that this project shares; it has no distribution that the shared one lacks
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a local venv with a script of somebody's",
    ),
    pytest.param(
        "ln -sfn ../other venv && mkdir ../other && rm -r ../dr-daily-report/venv",
        """
    venv: leads to `../other` instead of `../dr-daily-report/venv`, and the owner `../dr-daily-report` has no venv there
      fix: python3 -I -m venv ../dr-daily-report/venv && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a wrong link that leads somewhere, and no target",
    ),
    pytest.param(
        "rm venv && $VENV venv && mkdir venv/src",
        """
    venv: is a local venv, but `../dr-daily-report/venv` is the one that this project shares; it has no distribution that the shared one lacks
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a local venv that holds somebody's sources, too",
    ),
    pytest.param(
        "rm venv && $VENV venv && rm venv/bin/python",
        """
    venv: is a local venv, but `../dr-daily-report/venv` is the one that this project shares; it has no distribution that the shared one lacks
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
        """,
        id="a local venv that is broken",
    ),
    pytest.param(
        "rm -r ../dr-daily-report/venv",
        """
    venv: leads to `../dr-daily-report/venv`, but the owner `../dr-daily-report` has no venv there
      fix: python3 -I -m venv ../dr-daily-report/venv
      or: rm -f venv && python3 -I -m venv venv
        """,
        id="the owner's venv is gone",
    ),
    pytest.param(
        "rm venv && rm -r ../dr-daily-report/venv",
        """
    venv: is missing: it should be a link to `../dr-daily-report/venv`, and the owner `../dr-daily-report` has no venv there
      fix: python3 -I -m venv ../dr-daily-report/venv && ln -sfn ../dr-daily-report/venv venv
      or: python3 -I -m venv venv
        """,
        id="nothing here, and the owner's venv is gone",
    ),
    pytest.param(
        "mv ../dr-daily-report ../away",
        """
    venv: leads to `../dr-daily-report/venv`, but the owner `../dr-daily-report` is not there, and the venv in `../away/venv` was made as `../dr-daily-report/venv`: if its folder was renamed, change `--target` in the configuration of each project
        """,
        id="the owner is not there, and nothing tells where it would be cloned from",
    ),
    pytest.param(
        "$CLONABLE && rm -rf ../dr-daily-report",
        """
    venv: leads to `../dr-daily-report/venv`, but the owner `../dr-daily-report` is not there: clone it, or use a local venv meanwhile
      fix: git clone "$(dirname "$(git remote get-url origin)")"/dr-daily-report ../dr-daily-report
      or: rm -f venv && python3 -I -m venv venv
        """,
        id="the owner is not there, but where this project came from",
    ),
    pytest.param(
        "$CLONABLE && rm -rf ../dr-daily-report venv",
        """
    venv: is missing: it should be a link to `../dr-daily-report/venv`, and the owner `../dr-daily-report` is not there: clone it, or use a local venv meanwhile
      fix: git clone "$(dirname "$(git remote get-url origin)")"/dr-daily-report ../dr-daily-report && ln -sfn ../dr-daily-report/venv venv
      or: python3 -I -m venv venv
        """,
        id="nothing here, and the owner is not there",
    ),
    pytest.param(
        "rm -r ../dr-daily-report/venv && ln -s nowhere ../dr-daily-report/venv",
        """
    venv: leads to `../dr-daily-report/venv`, but `../dr-daily-report/venv` is a link to `nowhere`, which is missing
      fix: rm -f ../dr-daily-report/venv && python3 -I -m venv ../dr-daily-report/venv
        """,
        id="the target is a link that dangles",
    ),
    pytest.param(
        'rm -r ../dr-daily-report/venv && ln -s "$DEV"/not/mounted/venv ../dr-daily-report/venv',
        """
    venv: leads to `../dr-daily-report/venv`, but `../dr-daily-report/venv` is a link to `{dev}/not/mounted/venv`, which is missing: if it is on a disk of its own, mount that, else remove the link
        """,
        id="the target is a link to a disk that is not mounted",
    ),
    pytest.param(
        "rm -r ../dr-daily-report/venv && ln -s ../dr-daily-report_telegram/venv "
        "../dr-daily-report/venv",
        """
    venv: leads to `../dr-daily-report/venv`, but `../dr-daily-report/venv` is a link in a loop
      fix: rm -f ../dr-daily-report/venv && python3 -I -m venv ../dr-daily-report/venv
        """,
        id="the target leads back here",
    ),
    pytest.param(
        "rm -r ../dr-daily-report/venv && touch ../dr-daily-report/venv",
        """
    venv: leads to `../dr-daily-report/venv`, but `../dr-daily-report/venv` is no directory
      fix: test ! -e ../dr-daily-report.venv.old && mv -n ../dr-daily-report/venv ../dr-daily-report.venv.old && python3 -I -m venv ../dr-daily-report/venv
      or: rm -f venv && python3 -I -m venv venv
        """,
        id="the target is a file",
    ),
    pytest.param(
        "$VENV --clear venv || true; find -L venv -mindepth 1 -delete",
        """
    ../dr-daily-report/venv: is empty: `python -m venv --clear` or `rm -rf venv/`, run through \
a link, empties the shared venv
      fix: python3 -I -m venv ../dr-daily-report/venv
        """,
        id="the target was emptied",
    ),
    pytest.param(
        "rm ../dr-daily-report/venv/pyvenv.cfg",
        """
    ../dr-daily-report/venv: has no `pyvenv.cfg`: it is no venv
      fix: {base} -I -m venv --upgrade ../dr-daily-report/venv
        """,
        id="the target is no venv",
    ),
    pytest.param(
        "echo home > ../dr-daily-report/venv/pyvenv.cfg",
        """
    ../dr-daily-report/venv/pyvenv.cfg: has no `home`: it is no venv's
      fix: {base} -I -m venv --upgrade ../dr-daily-report/venv
        """,
        id="the configuration of the target is no venv's",
    ),
    pytest.param(
        "rm ../dr-daily-report/venv/bin/python",
        """
    ../dr-daily-report/venv/bin/python: is missing
      fix: {base} -I -m venv --upgrade ../dr-daily-report/venv
        """,
        id="the target has no interpreter",
    ),
    pytest.param(
        "ln -sfn /opt/gone/python3.9 ../dr-daily-report/venv/bin/python3 && "
        "ln -sfn python3 ../dr-daily-report/venv/bin/python",
        """
    ../dr-daily-report/venv/bin/python3: leads to `/opt/gone/python3.9`, which is missing
      fix: rm -f ../dr-daily-report/venv/bin/python ../dr-daily-report/venv/bin/python3 && {base} -I -m venv --upgrade ../dr-daily-report/venv
        """,
        id="the interpreter of the target was removed",
    ),
    pytest.param(
        "ln -sfn python ../dr-daily-report/venv/bin/python",
        """
    ../dr-daily-report/venv/bin/python: is a link in a loop
      fix: rm -f ../dr-daily-report/venv/bin/python && {base} -I -m venv --upgrade ../dr-daily-report/venv
        """,
        id="the interpreter of the target is a loop",
    ),
    pytest.param(
        "ln -sfn /etc/passwd ../dr-daily-report/venv/bin/python",
        """
    ../dr-daily-report/venv/bin/python: leads to `/etc/passwd`, which is no executable file
      fix: rm -f ../dr-daily-report/venv/bin/python && {base} -I -m venv --upgrade ../dr-daily-report/venv
        """,
        id="the interpreter of the target is no program",
    ),
    pytest.param(
        "rm -r ../dr-daily-report/venv/lib/python*",
        """
    ../dr-daily-report/venv/lib/python{version}/site-packages: is missing, but `pyvenv.cfg` names Python `{version}`
      fix: {base} -I -m venv --upgrade ../dr-daily-report/venv
        """,
        id="the library of the target is missing",
    ),
    pytest.param(
        "sed -i.bak 's/^version.*/version = 3.4.10/' ../dr-daily-report/venv/pyvenv.cfg && "
        "rm ../dr-daily-report/venv/*.bak",
        """
    ../dr-daily-report/venv/bin/python: leads to `{base}`, but `pyvenv.cfg` names Python `3.4`
      fix: {base} -I -m venv --upgrade --without-pip ../dr-daily-report/venv
        """,
        id="the interpreter of the target is another version's",
    ),
    pytest.param(
        "rm ../dr-daily-report/venv/bin/activate",
        """
    ../dr-daily-report/venv/bin/activate: is missing
      fix: (cd '{dev}/dr-daily-report/venv/bin' && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip '{dev}/dr-daily-report/venv'
        """,
        id="the target cannot be activated",
    ),
    pytest.param(
        "echo > ../dr-daily-report/venv/bin/activate; "
        "echo 'include-system-site-packages = TRUE' >> ../dr-daily-report/venv/pyvenv.cfg; "
        "echo \"prompt = 'my team'\" >> ../dr-daily-report/venv/pyvenv.cfg",
        """
    ../dr-daily-report/venv/bin/activate: sets no `VIRTUAL_ENV`
      fix: (cd '{dev}/dr-daily-report/venv/bin' && mv -n activate activate.old && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip --system-site-packages --prompt 'my team' '{dev}/dr-daily-report/venv'
        """,
        id="the activation of the target activates nothing",
    ),
    pytest.param(
        "cp -R ../dr-daily-report/venv ../v && rm -r ../dr-daily-report/venv && "
        "mv ../v ../dr-daily-report/venv && sed -i.bak "
        '"s|$DEV|/elsewhere|" ../dr-daily-report/venv/bin/activate && '
        "rm ../dr-daily-report/venv/bin/activate.bak",
        """
    ../dr-daily-report/venv/bin/activate:{line}: sets `VIRTUAL_ENV` to `/elsewhere/dr-daily-report/venv`, but this venv is `{dev}/dr-daily-report/venv`: it was moved or copied
      fix: (cd '{dev}/dr-daily-report/venv/bin' && mv -n activate activate.old && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip '{dev}/dr-daily-report/venv'
        """,
        id="the target was moved",
    ),
    pytest.param(
        '$VENV venv2 && sed "s|venv2|venv|" venv2/bin/activate > '
        "../dr-daily-report/venv/bin/activate && rm -r venv2",
        """
    ../dr-daily-report/venv/bin/activate:{line}: sets `VIRTUAL_ENV` to `{dev}/dr-daily-report_telegram/venv`, a link: its sibling `{dev}/dr-daily-report_telegram` rewrote it
      fix: (cd '{dev}/dr-daily-report/venv/bin' && mv -n activate activate.old && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip '{dev}/dr-daily-report/venv'
        """,
        id="a sibling rewrote the target's identity",
    ),
    pytest.param(
        'printf \'#!/bin/sh\\n\'"\'\'\'exec\' \\"$PWD/venv/bin/python\\" \\"\\$0\\" \\"\\$@\\"\\n" '
        "> venv/bin/dr && for x in a b c; do cp venv/bin/dr venv/bin/$x; done",
        """
    ../dr-daily-report/venv/bin: `a`, `b`, `c` and 1 more start `{dev}/dr-daily-report_telegram/venv/bin/python`, which leads by way of `{dev}/dr-daily-report_telegram` and breaks with that
      fix: (cd '{dev}/dr-daily-report/venv/bin' && for f in ./a ./b ./c ./dr; do s=$(sed -e '1,2s|{pattern}/dr-daily-report_telegram/venv/bin/python|{dev}/dr-daily-report/venv/bin/python|' "$f" && echo .) && printf %s "${s%.}" > "$f"; done)
        """,
        id="scripts were installed through a member's link",
    ),
    pytest.param(
        "printf '#!/gone/venv/bin/python3.8\\n' > venv/bin/dr",
        """
    ../dr-daily-report/venv/bin: `dr` starts `/gone/venv/bin/python3.8`, which is missing
      fix: (cd '{dev}/dr-daily-report/venv/bin' && for f in ./dr; do s=$(if [ "$(head -n 1 "$f")" = '#!/bin/sh' ]; then cat "$f"; else printf "%s\\n" '#!/bin/sh' ''"'"''"'"''"'"'exec'"'"' "{dev}/dr-daily-report/venv/bin/python" "$0" "$@"' ''"'"' '"'"''"'"''"'"''; tail -n +2 "$f"; fi && echo .) && printf %s "${s%.}" > "$f"; done)
        """,
        id="a script of a place that is gone, and the kernel reads no space",
    ),
    pytest.param(
        "chmod o+w ../dr-daily-report/venv ../dr-daily-report/venv/bin",
        """
    ../dr-daily-report/venv: can be written to by every user, and so can 1 more of this venv's
      fix: chmod -R o-w '{dev}/dr-daily-report/venv'
        """,
        id="everybody may write to the target",
    ),
    pytest.param(
        "mkdir ../other && ln -sfn ../other venv && rm ../dr-daily-report/venv/bin/activate",
        """
    venv: leads to `../other` instead of `../dr-daily-report/venv`
    ../dr-daily-report/venv/bin/activate: is missing
      fix: ln -sfn ../dr-daily-report/venv venv && (cd '{dev}/dr-daily-report/venv/bin' && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip '{dev}/dr-daily-report/venv'
        """,
        id="a wrong link, and an unhealthy target",
    ),
    pytest.param(
        "ln -sfn ../old/venv venv && rm -r ../dr-daily-report/venv",
        """
    venv: leads to `../old/venv`, which is missing, instead of `../dr-daily-report/venv`, and the owner `../dr-daily-report` has no venv there
      fix: python3 -I -m venv ../dr-daily-report/venv && ln -sfn ../dr-daily-report/venv venv
      or: rm -f venv && python3 -I -m venv venv
        """,
        id="a wrong link, and no target",
    ),
    pytest.param(
        "rm venv && $VENV venv && rm venv/bin/activate && rm -r ../dr-daily-report/venv",
        """
    venv/bin/activate: is missing
      fix: (cd '{dev}/dr-daily-report_telegram/venv/bin' && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip '{dev}/dr-daily-report_telegram/venv'
        """,
        id="a fallback that is broken",
    ),
    pytest.param(
        "rm venv && $VENV venv && rm ../dr-daily-report/venv/bin/activate",
        """
    venv: is a local venv, but `../dr-daily-report/venv` is the one that this project shares; it has no distribution that the shared one lacks
      fix: test ! -e ../dr-daily-report_telegram.venv.old && mv -n venv ../dr-daily-report_telegram.venv.old && ln -sfn ../dr-daily-report/venv venv
    ../dr-daily-report/venv/bin/activate: is missing
      fix: (cd '{dev}/dr-daily-report/venv/bin' && mv -n activate.csh activate.csh.old && mv -n activate.fish activate.fish.old && mv -n Activate.ps1 Activate.ps1.old) && {base} -I -m venv --without-pip '{dev}/dr-daily-report/venv'
        """,
        id="a smaller fault of the target is no licence for a local venv",
    ),
]


@pytest.mark.parametrize(("arrange", "says"), MEMBER_FINDINGS)
def test_a_member_is_told_and_mended(
    arrange: str, says: str, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = family / MEMBER
    arranged(arrange, family, member, monkeypatch)
    says = expected(says.replace("{line}", line_of_activation(family)), family)
    assert hook(member, TARGET) == (1, says)
    whole = tree_of(family)
    fixes = [line[7:] for line in says.splitlines() if line.startswith("  fix: ")]
    seen: list[list[str]] = []
    while fixes:
        assert fixes not in seen, "round in a circle"
        seen.append(fixes)
        for fix in fixes:
            paste(fix, member)
        output = hook(member, TARGET).output
        fixes = [line[7:] for line in output.splitlines() if line.startswith("  fix: ")]
    assert hook(member, TARGET).status == int(not seen)
    assert whole - tree_of(family) <= disposable(whole), "a file that is no venv's is lost"


@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param(case.values[0], id=case.id)
        for case in MEMBER_FINDINGS
        if "or: " in str(case.values[1])
    ],
)
def test_the_other_way_mends_as_well(
    arrange: str, family: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = family / MEMBER
    arranged(arrange, family, member, monkeypatch)
    other = [
        line.strip()[4:] for line in hook(member, TARGET).output.splitlines() if "  or:" in line
    ]
    for repair in other:
        paste(repair, member)
    ran = hook(member, TARGET)
    if "ln -s" in other[0]:  # back to the link, though its target is still missing
        assert "leads to `../dr-daily-report/venv`, but" in ran.output
    else:
        assert (ran.status, ran.output[:5]) == (0, "note:")


def test_the_only_venv_in_a_member_is_never_given_up(family: Path) -> None:
    paste("rm venv && mv ../dr-daily-report/venv venv", family / MEMBER)
    paste(f"ln -s ../{MEMBER}/venv venv", family / OWNER)
    said = whole(family / MEMBER)
    assert said == (
        1,
        "venv: is the shared venv itself, to which `../dr-daily-report/venv` leads:"
        " it belongs in the owner [local-venv]\n",
    )


def test_a_link_to_a_venv_that_works_is_kept_while_the_target_does_not(family: Path) -> None:
    make_venv(family / "other" / "venv")
    paste("ln -sfn ../other/venv venv && rm ../dr-daily-report/venv/pyvenv.cfg", family / MEMBER)
    said = whole(family / MEMBER)
    assert said.output.startswith(
        "venv: leads to `../other/venv` instead of `../dr-daily-report/venv` [link-elsewhere]\n../"
    )


def test_the_owners_venv_was_moved_into_a_member(family: Path) -> None:
    paste("rm venv && mv ../dr-daily-report/venv venv", family / MEMBER)
    said = whole(family / MEMBER)
    assert said.output.startswith("venv: is a real venv, and `../dr-daily-report/venv` is missing")
    assert said.output.endswith("in the configuration of each project [owner-renamed]\n")


def test_a_file_outside_of_git_is_no_link_of_gits(dev: Path) -> None:
    build({MEMBER: {"venv": "../dr-daily-report/venv"}}, dev)
    make_venv(dev / OWNER / "venv")
    assert "[not-a-link]" in whole(dev / MEMBER).output


def test_a_conda_environment_in_a_members_place(family: Path) -> None:
    (family / MEMBER / "venv").unlink()
    build({"venv/conda-meta/history": ""}, family / MEMBER)
    assert whole(family / MEMBER).output.endswith(" [conda-environment]\n")
