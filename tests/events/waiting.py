"""What is not there yet: rows that fail, and the subject of the issue that will make them pass.

A key is how the name of a test begins; with `check-shared-venv` all rows pass. Run with
`--runxfail` to see what each row still lacks. What passes leaves this table.
"""

from __future__ import annotations

ADVICE = "Advice that an expert would give"
ONE_HOOK = "check-shared-venv: one hook, one cause told once; and git never breaks"

WAITING = {
    "test_1_a_new_machine": ADVICE,
    "test_2_the_next_member_is_cloned": ADVICE,
    "test_3_the_shared_venv_is_emptied_through_a_link": ADVICE,
    "test_4_the_base_python_is_gone_or_upgraded": ADVICE,
    "test_5_upgraded_to_another_version_in_place": ADVICE,
    "test_6_the_owners_folder_is_renamed": ADVICE,
    "test_7_the_whole_family_is_moved": ADVICE,
    "test_8_a_local_venv_where_the_link_was": ADVICE,
    "test_9_uv_run_makes_one": ADVICE,
    "test_10_uv_venv_clear_through_the_link": ADVICE,
    "test_11_installed_through_a_member": ADVICE,
    "test_12_a_pull_brings_a_requirement": ADVICE,
    "test_13_two_projects_contradict_each_other": ONE_HOOK,
    "test_14_conflict_markers": ONE_HOOK,
    "test_15_a_linked_worktree_comes_and_goes": ONE_HOOK,
    "test_16_bisect": ONE_HOOK,
    "test_16_checkout_of_files": ONE_HOOK,
    "test_16_rebase": ONE_HOOK,
    "test_18_a_package_that_nobody_declares": ONE_HOOK,
    "test_19_the_link_is_about_to_be_tracked": ONE_HOOK,
    "test_20_a_slip_in_the_arguments": ONE_HOOK,
}


def waits_for(test: str) -> str | None:
    """The subject of the issue that this test waits for."""
    name, _, case = test.partition("[")
    if "check-shared-venv" in case:
        return None
    for key, subject in WAITING.items():
        if name.startswith(key):
            return subject
    return None
