"""Fits live scikit-learn for lib/forest/oracle/peer.ts: one JSON request a line on standard input, one answer a line."""
import json
import sys
import warnings

import numpy as np
import sklearn
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, RepeatedKFold, train_test_split

warnings.filterwarnings("ignore")
FIELDS = {
    "left": "children_left", "right": "children_right", "feature": "feature", "threshold": "threshold",
    "value": "value", "nNodeSamples": "n_node_samples",
    "weightedNNodeSamples": "weighted_n_node_samples", "impurity": "impurity",
}


def fit(request):
    """Every node of every tree, and what a forest says about its rows."""
    X = np.array(request["X"], dtype=np.float64)
    y = np.array(request["y"], dtype=np.float64)
    params = request["params"]
    forest = RandomForestRegressor(**params, oob_score=params["bootstrap"]).fit(X, y)
    trees = [
        {ours: getattr(tree.tree_, theirs).ravel().tolist() for ours, theirs in FIELDS.items()}
        for tree in forest.estimators_
    ]
    return {
        "trees": trees,
        "predictions": forest.predict(np.array(request["test"], dtype=np.float64)).tolist(),
        "importances": forest.feature_importances_.tolist(),
        "oobPrediction": forest.oob_prediction_.tolist() if params["bootstrap"] else None,
        "oobScore": forest.oob_score_ if params["bootstrap"] else None,
    }


def search(request):
    """All scores of a grid search."""
    X = np.array(request["X"], dtype=np.float64)
    y = np.array(request["y"], dtype=np.float64)
    makers = {"KFold": KFold, "GroupKFold": GroupKFold, "RepeatedKFold": RepeatedKFold}
    cv = makers[request["cv"]["name"]](**request["cv"]["options"])
    grid = GridSearchCV(
        RandomForestRegressor(**request["params"]), request["grid"], cv=cv, scoring=request["scoring"]
    ).fit(X, y, groups=request["groups"])
    results = grid.cv_results_
    folds = grid.n_splits_
    return {
        "splitTestScores": np.array([results[f"split{i}_test_score"] for i in range(folds)]).T.tolist(),
        "meanTestScore": results["mean_test_score"].tolist(),
        "stdTestScore": results["std_test_score"].tolist(),
        "rankTestScore": results["rank_test_score"].tolist(),
        "bestIndex": int(grid.best_index_),
        "predictions": grid.predict(X).tolist(),
    }


def split(request):
    """Row numbers of train_test_split."""
    train, test = train_test_split(
        np.arange(request["rows"]), test_size=request["testSize"], random_state=request["randomState"]
    )
    return {"train": train.tolist(), "test": test.tolist()}


def version(_request):
    return {"sklearn": sklearn.__version__, "numpy": np.__version__}


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"fit": fit, "search": search, "split": split, "version": version}[request["do"]](request)), flush=True)
