"""scikit-learn's checks of any estimator, on the package's: a line of JSON per check.

Arguments choose estimators by their names.
"""

import json
import sys
import warnings

import estimators
from sklearn.utils._test_common.instance_generator import _get_expected_failed_checks
from sklearn.utils.estimator_checks import check_estimator

warnings.simplefilter("ignore")
for one in estimators.ALL:
    if sys.argv[1:] and one.__name__ not in sys.argv[1:]:
        continue
    few = {"n_estimators": 5} if hasattr(one(), "n_estimators") else {}
    model = one(random_state=0, **few)
    known = _get_expected_failed_checks(one.__bases__[-1](random_state=0, **few))
    for check in check_estimator(model, expected_failed_checks=known, on_fail=None, on_skip=None):
        said = str(check["exception"] or "").split("\n")[0]
        outcome = {"test": f"{one.__name__}: {check['check_name']}", "outcome": check["status"], "said": said[:400]}
        print(json.dumps({**outcome, "asked": 1}))
