"""A plugin of pytest: scikit-learn's own tests meet the package's estimators under scikit-learn's names.

It writes a line of JSON per test to the file that OUTCOMES names: the test, its outcome, the reason, and how often
it asked the package for something.
"""

import json
import os
import sys

import pytest
import sklearn.ensemble
import sklearn.tree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import estimators  # noqa: E402
import functions  # noqa: E402

estimators.skips_sparse = True

for one in estimators.ALL:
    for module in (sklearn.ensemble, sklearn.tree):
        if hasattr(module, one.__name__):
            setattr(module, one.__name__, one)
functions.replace()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    before = getattr(item, "asked_before", estimators.asked)
    item.asked_before = before
    report = (yield).get_result()
    if not (report.when == "call" or (report.when == "setup" and not report.passed)):
        return
    said = ""
    if report.skipped and isinstance(report.longrepr, tuple):
        said = report.longrepr[2]
    elif report.failed and call.excinfo:
        said = f"{call.excinfo.typename}: {call.excinfo.value}"
    outcome = {"test": item.nodeid, "outcome": report.outcome, "said": said[:400], "asked": estimators.asked - before}
    with open(os.environ["OUTCOMES"], "a") as file:
        file.write(json.dumps(outcome) + "\n")
