"""Records scikit-learn's answers for the tests that run without Python: `.venv/bin/python lib/forest/oracle/record.py`.

Whole-number targets from a fixed rule, so that the fixture needs no data of its own: row i has the features
(i * 7919 % 101) / 8, (i * 104729 % 37) and i % 3, and the target (i * i * 31 % 83). The models further down
learn a seventh of it, or its rest by 3 as one of three classes.
"""
import json
import os

import numpy as np
import sklearn
import sklearn.ensemble
import sklearn.tree
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error
from sklearn.model_selection import GridSearchCV, GroupKFold, RepeatedKFold, train_test_split

here = os.path.dirname(os.path.abspath(__file__))
i = np.arange(60)
X = np.stack([(i * 7919 % 101) / 8, i * 104729 % 37, i % 3], axis=1).astype(float)
y = (i * i * 31 % 83).astype(float)
forest = RandomForestRegressor(n_estimators=5, min_samples_leaf=2, max_features=2, random_state=42, oob_score=True).fit(X, y)
names = ["children_left", "children_right", "feature", "threshold", "value",
         "n_node_samples", "weighted_n_node_samples", "impurity"]
search = GridSearchCV(
    RandomForestRegressor(random_state=1), {"n_estimators": [3, 6], "max_depth": [None, 2]}, cv=4
).fit(X, y)
train, test = train_test_split(i, test_size=0.25, random_state=42)
groups = np.array(["ab", "b", "a", "ä", "c"])[i * i % 5]
answer = {
    "provenance": {
        "script": "lib/forest/oracle/record.py", "command": ".venv/bin/python lib/forest/oracle/record.py",
        "scikit-learn": sklearn.__version__, "numpy": np.__version__,
    },
    "forest": {
        "n_features": 3,
        "trees": [{name: getattr(tree.tree_, name).ravel().tolist() for name in names} for tree in forest.estimators_],
    },
    "predictions": forest.predict(X).tolist(),
    "importances": forest.feature_importances_.tolist(),
    "oobScore": forest.oob_score_,
    "search": {
        "mean": search.cv_results_["mean_test_score"].tolist(),
        "std": search.cv_results_["std_test_score"].tolist(),
        "rank": search.cv_results_["rank_test_score"].tolist(),
        "best": search.best_params_,
    },
    "split": {"train": train.tolist(), "test": test.tolist()},
    "groups": groups.tolist(),
    "groupFolds": [part.tolist() for _, part in GroupKFold(3).split(X, y, groups)],
    "repeatedFolds": [part.tolist() for _, part in RepeatedKFold(n_splits=3, n_repeats=2, random_state=5).split(X)],
    "permutation": np.random.RandomState(42).permutation(10).tolist(),
    "randints": [int(np.random.RandomState(2**32 - 1).randint(n)) for n in (1, 2, 3, 1000, 2**31 - 1)],
    "metrics": {
        "r2": r2_score(y, forest.predict(X)),
        "mae": mean_absolute_error(y, forest.predict(X)),
        "rmse": root_mean_squared_error(y, forest.predict(X)),
    },
}


def model(name, kind, target, X=X, sample_weight=None, **params):
    """Every node's feature, threshold and value of a fitted model, and what it says about its rows."""
    fitted = getattr(kind, name)(random_state=3, **params).fit(X, target, sample_weight=sample_weight)
    trees = [fitted] if hasattr(fitted, "tree_") else np.ravel(fitted.estimators_).tolist()
    names = ["feature", "threshold", "value", "impurity"]
    nodes = {key: [v for tree in trees for v in getattr(tree.tree_, key).ravel().tolist()] for key in names}
    return {"estimator": name, "params": params, **nodes, "predictions": fitted.predict(X).tolist()}


fractions = y / 7
weights = (i % 4) / 3
classes = np.array(["high", "low", "middle"])[y.astype(int) % 3]
gaps = X.copy()
gaps[i % 7 == 3, 1] = np.nan
E, T = sklearn.ensemble, sklearn.tree
answer["models"] = {
    "median": model("RandomForestRegressor", E, fractions, n_estimators=3, criterion="absolute_error", max_leaf_nodes=8),
    "weighted poisson": model("RandomForestRegressor", E, fractions, sample_weight=weights, n_estimators=3,
                              criterion="poisson", min_weight_fraction_leaf=0.05),
    "gaps": model("RandomForestRegressor", E, fractions, X=gaps, n_estimators=3, max_samples=40),
    "random gaps": model("ExtraTreesRegressor", E, fractions, X=gaps, n_estimators=3),
    "pruned": model("DecisionTreeRegressor", T, fractions, ccp_alpha=0.3, min_impurity_decrease=0.05),
    "constrained": model("DecisionTreeRegressor", T, fractions, monotonic_cst=[1, -1, 0]),
    "balanced": model("RandomForestClassifier", E, classes, n_estimators=3, criterion="entropy",
                      class_weight="balanced_subsample"),
    "random classes": model("ExtraTreesClassifier", E, classes, n_estimators=3),
    "weighted classes": model("DecisionTreeClassifier", T, classes, sample_weight=weights, max_depth=4),
    "boosting": model("GradientBoostingRegressor", E, fractions, n_estimators=4, subsample=0.5, max_depth=2),
}
with open(os.path.join(here, "fixtures", "sklearn.json"), "w") as file:
    # JSON has no word for an infinite threshold, but numbers beyond the largest float64 are read as one.
    file.write(json.dumps(answer, ensure_ascii=False).replace("Infinity", "1e999") + "\n")
