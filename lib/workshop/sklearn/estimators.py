"""The forest package as scikit-learn's estimators: the trees grow in Node, and predictions come from there.

The classes inherit what scikit-learn does around a tree: the checks of tables, the names of classes, the container
`tree_`, which is filled with the arrays of the package. What the package does not have raises SkipTest with the
reason, so that a test of it counts as not applicable.
"""

import base64
import itertools
import json
import os
import subprocess
import threading
from numbers import Integral
from unittest import SkipTest
from warnings import warn

import numpy as np
from scipy.sparse import issparse
from sklearn import ensemble, tree
from sklearn.base import is_classifier
from sklearn.dummy import DummyRegressor
from sklearn.exceptions import DataConversionWarning
from sklearn.metrics import r2_score
from sklearn.tree._tree import Tree
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, _check_y, check_is_fitted, column_or_1d, validate_data

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
PlainTree = tree.DecisionTreeRegressor  # before a plugin gives its name to a class below
numbers = itertools.count(1)
asked = 0
skips_sparse = False  # scikit-learn's checks want a refusal, its tests of sparse tables are none of ours
_process = None
_lock = threading.Lock()


def ask(request):
    """Sends one request to Node and returns its answer."""
    global _process, asked
    with _lock:
        asked += 1
        if _process is None or _process[0] != os.getpid():
            command = ["node", "--require", "tsx/cjs", os.path.join("lib", "workshop", "sklearn", "bridge.ts")]
            pipe = subprocess.PIPE
            _process = os.getpid(), subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        node = _process[1]
        node.stdin.write(json.dumps(request) + "\n")
        node.stdin.flush()
        said = json.loads(node.stdout.readline())
    if "error" in said:
        raise (ValueError if said["isInput"] else RuntimeError)(said["error"])
    return said


def pack(values):
    values = np.asarray(values, dtype=np.float64)
    if values.ndim == 1:
        values = values[:, np.newaxis]
    data = base64.b64encode(np.asfortranarray(values).tobytes(order="F")).decode()
    return {"rows": values.shape[0], "columns": values.shape[1], "data": data}


def unpack(packed):
    """One row per row, one column per column."""
    flat = np.frombuffer(base64.b64decode(packed["data"]), dtype=np.float64)
    return flat.reshape((packed["columns"], packed["rows"])).T.copy()


def camel(name):
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def translated(model):
    """The parameters in the package's words."""
    params = model.get_params(deep=False)
    params.pop("verbose", None)
    for name in ("init", "alpha", "n_iter_no_change", "validation_fraction", "tol"):
        default = type(model)().get_params(deep=False).get(name)
        if params.pop(name, default) != default:
            raise SkipTest(f"The package has no parameter {name}")
    if not isinstance(params["criterion"], str):
        raise SkipTest("The package takes no compiled objects of scikit-learn as its criterion")
    if params["criterion"] == "deprecated":
        del params["criterion"]
    if params.get("loss", "squared_error") != "squared_error":
        raise SkipTest("The package has no other loss of boosting than the squared error")
    if callable(params.get("oob_score")):
        raise SkipTest("The package scores out-of-bag predictions by its own score alone")
    for name in ("max_features", "max_samples"):
        value = params.get(name)
        if isinstance(value, Integral) and value == 1:
            params[name] = 1e-9  # JavaScript has no 1 apart from 1.0, and a small fraction is at least one
        elif name == "max_features" and name in params and value is None:
            params[name] = 1
    if params.get("min_samples_split") == 1.0:
        params["min_samples_split"] = 0.9999999999  # nor a fraction of 1: this one needs all rows too
    if "n_jobs" in params:
        params["n_jobs"] = 1
    weight = params.get("class_weight")
    if isinstance(weight, list):
        raise SkipTest("The package has one target of classes")
    if isinstance(weight, dict):
        codes = {name: code for code, name in enumerate(model.classes_.tolist())}
        params["class_weight"] = {str(codes[name]): float(value) for name, value in weight.items() if name in codes}
    if params.get("monotonic_cst") is not None:
        params["monotonic_cst"] = np.asarray(params["monotonic_cst"]).tolist()
    state = params["random_state"]
    if not isinstance(state, Integral):
        params["random_state"] = int(check_random_state(state).randint(np.iinfo(np.int32).max))
    return {camel(name): plain(value) for name, value in params.items()}


def plain(value):
    return value.item() if isinstance(value, np.generic) else value


def asked_features(wanted, n_features):
    """The number of features that a split may ask about."""
    if wanted is None:
        return n_features
    if isinstance(wanted, str):
        return max(1, int({"sqrt": np.sqrt, "log2": np.log2}[wanted](n_features)))
    return wanted if isinstance(wanted, Integral) else max(1, int(wanted * n_features))


def tree_of(answer, nodes, values, index, n_classes, n_outputs):
    """scikit-learn's container of a tree, filled with one tree of the answer."""
    root, end = (int(place) for place in unpack(answer["rootOf"])[index : index + 2, 0])
    n_features = answer["nFeatures"]
    container = Tree(n_features, np.asarray(n_classes, dtype=np.intp), n_outputs)
    table = np.zeros(end - root, dtype=container.__getstate__()["nodes"].dtype)
    at = slice(root, end)
    for ours, theirs in (("left", "left_child"), ("right", "right_child")):
        child = nodes[ours][at]
        table[theirs] = np.where(child < 0, -1, child - root)
    table["feature"] = nodes["feature"][at]
    table["threshold"] = nodes["threshold"][at]
    table["impurity"] = nodes["impurity"][at]
    table["n_node_samples"] = nodes["nNodeSamples"][at]
    table["weighted_n_node_samples"] = nodes["weightedNNodeSamples"][at]
    if "missingGoToLeft" in nodes:
        table["missing_go_to_left"] = nodes["missingGoToLeft"][at]
    depth = np.zeros(end - root, dtype=int)
    for node in range(end - root):
        if table["left_child"][node] >= 0:
            depth[table["left_child"][node]] = depth[table["right_child"][node]] = depth[node] + 1
    container.__setstate__(
        {
            "max_depth": int(depth.max()),
            "node_count": end - root,
            "nodes": table,
            "values": np.ascontiguousarray(values[at]).reshape(end - root, n_outputs, -1),
        }
    )
    return container


class Grown:
    """The methods that all estimators share."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        return tags

    def _table(self, X, reset, allow_nan=True):
        if issparse(X) and skips_sparse:
            raise SkipTest("The package takes tables of columns or rows, and no sparse matrices")
        finite = "allow-nan" if allow_nan else True
        return validate_data(self, X, dtype=np.float32, reset=reset, ensure_all_finite=finite, accept_sparse=False)

    def _given(self, y):
        if y is None:
            raise ValueError(f"This {type(self).__name__} estimator requires y to be passed, but the target y is None.")
        if issparse(y):
            raise SkipTest("The package takes targets as numbers or texts, and no sparse matrices")
        return _check_y(y, multi_output=True)

    def _targets(self, y):
        """The targets as numbers, one column for each; classes by their codes."""
        y = np.atleast_1d(y)
        if y.ndim == 2 and y.shape[1] == 1 and not isinstance(self, Single):
            message = "A column-vector y was passed when a 1d array was expected. Please change the shape of y"
            warn(message + " to (n_samples,), for example using ravel().", DataConversionWarning, stacklevel=3)
        y = y.reshape(len(y), -1)
        self.n_outputs_ = y.shape[1]
        if not is_classifier(self):
            return y.astype(np.float64)
        check_classification_targets(y)
        if self.n_outputs_ > 1:
            raise SkipTest("The package has one target of classes")
        self.classes_, codes = np.unique(y[:, 0], return_inverse=True)
        self.n_classes_ = len(self.classes_)
        return codes[:, np.newaxis]

    def _grow(self, X, y, sample_weight):
        """Fits in Node; returns the answer with its nodes as arrays."""
        self._validate_params()
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, X, dtype=np.float64)
            if (sample_weight < 0).any():
                raise SkipTest("The package refuses negative weights")
        self._sample_weight = sample_weight  # scikit-learn's `estimators_samples_` draws with it
        targets = self._targets(y)
        if len(targets) != len(X):
            raise ValueError(f"Number of labels={len(targets)} does not match number of samples={len(X)}")
        params = translated(self)
        is_warm = params.get("warmStart", False) and getattr(self, "_number", None) is not None
        number = self._number if is_warm else next(numbers)
        answer = ask(
            {
                "id": number,
                "fit": {
                    "name": self.package_name,
                    "params": params,
                    "X": pack(X),
                    "y": pack(targets),
                    "sampleWeight": None if sample_weight is None else pack(sample_weight),
                },
            }
        )
        self._number = number
        self._seed = params["randomState"]
        self._importances = unpack(answer["importances"])[:, 0]
        nodes = {name: unpack(packed)[:, 0] for name, packed in answer["nodes"].items()}
        values = unpack(answer["value"]).reshape(-1, answer["valuesPerNode"])
        return answer, nodes, values

    def _ask(self, what, X, allow_nan=True):
        check_is_fitted(self)
        X = self._table(X, reset=False, allow_nan=allow_nan)
        return unpack(ask({"id": self._number, "ask": {"what": what, "X": pack(X)}}))

    def predict(self, X, check_input=True):
        said = self._ask("predict", X)
        if is_classifier(self):
            return self.classes_.take(said[:, 0].astype(int))
        return said if self.n_outputs_ > 1 else said[:, 0]

    @property
    def feature_importances_(self):
        check_is_fitted(self)
        return self._importances


class Proba:
    """Shares of classes, as the package gives them."""

    def predict_proba(self, X, check_input=True):
        return self._ask("predictProba", X).T

    def predict_log_proba(self, X):
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))


class Bagged(Grown):
    """A forest; its trees are filled into scikit-learn's own."""

    def fit(self, X, y, sample_weight=None):
        self._validate_params()
        X = self._table(X, reset=True)
        y = self._given(y)
        answer, nodes, values = self._grow(X, y, sample_weight)
        n_classes = [self.n_classes_] if is_classifier(self) else [1] * self.n_outputs_
        self.estimator_ = self._tree_class()
        self.estimators_ = []
        self._n_samples = len(X)
        names = self.estimator_params
        seeds = check_random_state(self._seed)
        for index in range(answer["treeCount"]):
            one = self._tree_class(**{name: getattr(self, name) for name in names if name != "random_state"})
            one.random_state = seeds.randint(np.iinfo(np.int32).max)
            one.n_features_in_ = X.shape[1]
            one.n_outputs_ = self.n_outputs_
            if is_classifier(self):
                one.classes_ = np.arange(self.n_classes_, dtype=float)
                one.n_classes_ = self.n_classes_
            one.tree_ = tree_of(answer, nodes, values, index, n_classes, self.n_outputs_)
            one.max_features_ = asked_features(self.max_features, X.shape[1])
            self.estimators_.append(one)
        drawn = round(self.estimators_[0].tree_.weighted_n_node_samples[0])
        self._n_samples_bootstrap = drawn if self.bootstrap else None
        if self.oob_score:
            self._say_oob(y, unpack(answer["oob"]))
        return self

    def _say_oob(self, y, oob):
        if is_classifier(self):
            self.oob_decision_function_ = oob.T
            guess = self.classes_.take(np.argmax(oob.T, axis=1))
            self.oob_score_ = np.mean(guess == np.ravel(y))
            return
        self.oob_prediction_ = oob if self.n_outputs_ > 1 else oob[:, 0]
        if np.isnan(oob).any():
            warn("Some inputs do not have OOB scores.", UserWarning, stacklevel=3)
            self.oob_prediction_ = np.nan_to_num(self.oob_prediction_, nan=0.0)
        self.oob_score_ = r2_score(y, self.oob_prediction_)


class RandomForestRegressor(Bagged, ensemble.RandomForestRegressor):
    package_name = "RandomForestRegressor"
    _tree_class = tree.DecisionTreeRegressor


class ExtraTreesRegressor(Bagged, ensemble.ExtraTreesRegressor):
    package_name = "ExtraTreesRegressor"
    _tree_class = tree.ExtraTreeRegressor


class RandomForestClassifier(Proba, Bagged, ensemble.RandomForestClassifier):
    package_name = "RandomForestClassifier"
    _tree_class = tree.DecisionTreeClassifier


class ExtraTreesClassifier(Proba, Bagged, ensemble.ExtraTreesClassifier):
    package_name = "ExtraTreesClassifier"
    _tree_class = tree.ExtraTreeClassifier


class Single(Grown):
    """One tree."""

    def fit(self, X, y, sample_weight=None, check_input=True):
        self._validate_params()
        X = self._table(X, reset=True)
        answer, nodes, values = self._grow(X, self._given(y), sample_weight)
        n_classes = [self.n_classes_] if is_classifier(self) else [1] * self.n_outputs_
        self.tree_ = tree_of(answer, nodes, values, 0, n_classes, self.n_outputs_)
        self.max_features_ = asked_features(self.max_features, X.shape[1])
        return self


class DecisionTreeRegressor(Single, tree.DecisionTreeRegressor):
    package_name = "DecisionTreeRegressor"


class ExtraTreeRegressor(Single, tree.ExtraTreeRegressor):
    package_name = "DecisionTreeRegressor"


class DecisionTreeClassifier(Proba, Single, tree.DecisionTreeClassifier):
    package_name = "DecisionTreeClassifier"


class ExtraTreeClassifier(Proba, Single, tree.ExtraTreeClassifier):
    package_name = "DecisionTreeClassifier"


class GradientBoostingRegressor(Grown, ensemble.GradientBoostingRegressor):
    package_name = "GradientBoostingRegressor"

    def fit(self, X, y, sample_weight=None, monitor=None):
        self._validate_params()
        kept = list(self.estimators_[:, 0]) if self.warm_start and hasattr(self, "estimators_") else []
        if monitor is not None:
            raise SkipTest("The package tells progress by onProgress, and has no monitor")
        X = self._table(X, reset=True, allow_nan=False)
        y = column_or_1d(self._given(y), warn=True)
        answer, nodes, values = self._grow(X, y, sample_weight)
        self.n_estimators_ = answer["treeCount"]
        self.init_ = DummyRegressor(strategy="constant", constant=answer["initialPrediction"]).fit(X, y)
        self.train_score_ = unpack(answer["trainScore"])[:, 0]
        self.max_features_ = asked_features(self.max_features, X.shape[1])
        if self.subsample < 1:
            self.oob_scores_ = unpack(answer["oobScores"])[:, 0]
            self.oob_improvement_ = unpack(answer["oobImprovement"])[:, 0]
            self.oob_score_ = self.oob_scores_[-1]
        for index in range(len(kept), self.n_estimators_):
            same = ("max_depth", "min_samples_split", "min_samples_leaf", "min_impurity_decrease", "ccp_alpha")
            one = PlainTree(**{name: getattr(self, name) for name in same})
            one.n_features_in_ = X.shape[1]
            one.n_outputs_ = 1
            one.max_features_ = self.max_features_
            one.tree_ = tree_of(answer, nodes, values, index, [1], 1)
            kept.append(one)
        self.estimators_ = np.array([[one] for one in kept], dtype=object)
        return self

    def predict(self, X):
        return self._ask("predict", X, allow_nan=False)[:, 0]

    def staged_predict(self, X):
        yield from self._ask("stagedPredict", X, allow_nan=False).T


ALL = [
    RandomForestRegressor,
    RandomForestClassifier,
    ExtraTreesRegressor,
    ExtraTreesClassifier,
    DecisionTreeRegressor,
    DecisionTreeClassifier,
    ExtraTreeRegressor,
    ExtraTreeClassifier,
    GradientBoostingRegressor,
]
