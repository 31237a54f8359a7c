"""The package's splits and scores under scikit-learn's names; what they do not have raises SkipTest with the reason."""

import inspect
from numbers import Integral
from unittest import SkipTest

import numpy as np
from sklearn import metrics, model_selection
from sklearn.utils import check_random_state
from sklearn.utils.validation import _num_samples

from estimators import ask, camel, plain, unpack

ONE_TARGET = "The package scores one target, or two classes"
# The package's name of each of scikit-learn's options.
OPTIONS = {"sample_weight": "sampleWeight", "pos_label": "posLabel", "drop_intermediate": "dropIntermediate"}
# Whether the package takes options by name; else only the weights, as the third argument.
NAMED = {
    "roc_auc_score": True,
    "average_precision_score": True,
    "roc_curve": True,
    "precision_recall_curve": True,
    "auc": False,
    "accuracy_score": False,
    "r2_score": False,
    "mean_absolute_error": False,
    "mean_squared_error": False,
    "root_mean_squared_error": False,
    "median_absolute_error": False,
}
WITHOUT_WEIGHTS = ("auc", "mean_squared_error", "median_absolute_error")
CURVES = {
    "roc_curve": ("fpr", "tpr", "thresholds"),
    "precision_recall_curve": ("precision", "recall", "thresholds"),
}


def listed(values):
    """One value a row, with None for what JSON has no number for."""
    values = np.asarray(values)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1 or values.dtype.kind not in "biufUO":
        raise SkipTest(ONE_TARGET)
    if values.dtype.kind == "b":
        values = values.astype(int)
    return [None if value != value or value in (np.inf, -np.inf) else value for value in values.tolist()]


def number(value):
    """JavaScript's classes are numbers or texts."""
    value = plain(value)
    return int(value) if isinstance(value, bool) else value


def score(original):
    """The package's function with scikit-learn's signature."""
    name = original.__name__
    signature = inspect.signature(original)

    def scored(*args, **kwargs):
        given = signature.bind(*args, **kwargs).arguments
        (_, first), (_, second), *others = given.items()
        options = {}
        for option, value in others:
            default = signature.parameters[option].default
            if value is default or (isinstance(value, (str, bool, int)) and value == default):
                continue
            if option not in OPTIONS or (option == "sample_weight" and name in WITHOUT_WEIGHTS):
                raise SkipTest(f"{name} has no {option} in the package")
            options[OPTIONS[option]] = listed(value) if option == "sample_weight" else number(value)
        if NAMED[name] and name not in CURVES and len(np.unique(np.asarray(first))) > 2:
            raise SkipTest(ONE_TARGET)
        last = [options] if NAMED[name] else list(options.values())
        said = ask({"id": 0, "call": {"name": camel(name), "values": [listed(first), listed(second), *last]}})
        if name in CURVES:
            return tuple(unpack(said[part])[:, 0] for part in CURVES[name])
        return float(unpack(said)[0, 0])

    return scored


SCORES = {name: score(getattr(metrics, name)) for name in NAMED}


class Split:
    """The folds of the package."""

    def _size(self, value):
        if isinstance(value, complex) or (isinstance(value, float) and value.is_integer()):
            raise SkipTest("JavaScript has no complex numbers, and no 1.0 apart from 1")
        return value

    def split(self, X, y=None, groups=None):
        yield from self._folds(X, y, groups)

    def _folds(self, X, y, groups):
        rows = _num_samples(X)
        options = {"nSplits": self.n_splits} if hasattr(self, "n_splits") else {}
        for name in ("shuffle", "test_size", "train_size", "n_repeats"):
            if getattr(self, name, None) is not None:
                options[camel(name)] = self._size(plain(getattr(self, name)))
        if hasattr(self, "cvargs"):
            options["nSplits"] = self.cvargs["n_splits"]
        if self.random_state is not None or options.get("shuffle", True):
            state = self.random_state
            seed = state if isinstance(state, Integral) else check_random_state(state).randint(2**31 - 1)
            options["randomState"] = int(seed)
        given = {"groups": None if groups is None else listed(groups), "y": None if y is None else labels(self, y)}
        said = ask({"id": 0, "split": {"name": type(self).__name__, "options": options, "rowCount": rows, **given}})
        for train, test in zip(said["train"], said["test"]):
            yield unpack(train)[:, 0].astype(int), unpack(test)[:, 0].astype(int)


def labels(splitter, y):
    """Only the stratified folds look at y."""
    return listed(y) if isinstance(splitter, StratifiedKFold) else None


class KFold(Split, model_selection.KFold):
    pass


class GroupKFold(Split, model_selection.GroupKFold):
    pass


class StratifiedKFold(Split, model_selection.StratifiedKFold):
    def split(self, X, y, groups=None):
        yield from self._folds(X, y, groups)


class RepeatedKFold(Split, model_selection.RepeatedKFold):
    pass


class ShuffleSplit(Split, model_selection.ShuffleSplit):
    pass


SPLITS = [KFold, GroupKFold, StratifiedKFold, RepeatedKFold, ShuffleSplit]


def replace():
    """Puts all of them in the place of scikit-learn's; `train_test_split` draws by `ShuffleSplit`."""
    for name, function in SCORES.items():
        setattr(metrics, name, function)
    for one in SPLITS:
        setattr(model_selection, one.__name__, one)
    model_selection._split.ShuffleSplit = ShuffleSplit
