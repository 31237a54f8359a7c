"""Fits live scikit-learn for lib/forest/oracle/peer.ts: one JSON request a line on standard input, one answer a line."""
import json
import sys
import warnings

import numpy as np
import sklearn
import sklearn.ensemble
import sklearn.tree
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, RepeatedKFold, train_test_split

warnings.filterwarnings("ignore")
FIELDS = {
    "left": "children_left", "right": "children_right", "feature": "feature", "threshold": "threshold",
    "value": "value", "nNodeSamples": "n_node_samples",
    "weightedNNodeSamples": "weighted_n_node_samples", "impurity": "impurity",
    "missingGoToLeft": "missing_go_to_left",
}
ESTIMATORS = {
    **{name: getattr(sklearn.ensemble, name) for name in (
        "RandomForestRegressor", "RandomForestClassifier", "ExtraTreesRegressor", "ExtraTreesClassifier",
        "GradientBoostingRegressor",
    )},
    **{name: getattr(sklearn.tree, name) for name in ("DecisionTreeRegressor", "DecisionTreeClassifier")},
}


def trees_of(model):
    """The fitted trees, in their order."""
    return [model] if hasattr(model, "tree_") else np.ravel(model.estimators_).tolist()


def nodes_of(tree):
    """Every node; what a leaf holds of its missing values is not defined."""
    nodes = {ours: getattr(tree.tree_, theirs).ravel().tolist() for ours, theirs in FIELDS.items()}
    nodes["missingGoToLeft"] = [
        int(to_left) if child >= 0 else 0 for to_left, child in zip(nodes["missingGoToLeft"], nodes["left"])
    ]
    return nodes


def fit(request):
    """Every node of every tree, and what the model says about its rows and others."""
    X = np.array(request["X"], dtype=np.float64)
    y = np.array(request["y"])
    params = request["params"]
    if params.get("max_samples") == 1:
        params["max_samples"] = 1.0  # JSON of JavaScript has no 1.0 apart from 1
    if isinstance(params.get("class_weight"), dict) and y.dtype.kind != "U":
        params["class_weight"] = {int(name): weight for name, weight in params["class_weight"].items()}
    model = ESTIMATORS[request["estimator"]](**params)
    try:
        model.fit(X, y, sample_weight=request["sampleWeight"])
    except ValueError as error:
        return {"refused": str(error)}
    if "more" in request:
        model.set_params(n_estimators=request["more"]).fit(X, y, sample_weight=request["sampleWeight"])
    test = np.array(request["test"], dtype=np.float64)
    answer = {
        "trees": [nodes_of(tree) for tree in trees_of(model)],
        "predictions": model.predict(test).ravel().tolist(),
        "importances": model.feature_importances_.tolist(),
    }
    if hasattr(model, "predict_proba"):
        answer["probabilities"] = model.predict_proba(test).ravel().tolist()
    for name in ("oob_prediction_", "oob_decision_function_", "oob_score_", "train_score_",
                 "oob_scores_", "oob_improvement_"):
        if hasattr(model, name):
            answer[name] = np.ravel(getattr(model, name)).tolist()
    if hasattr(model, "staged_predict"):
        answer["staged"] = [stage.ravel().tolist() for stage in model.staged_predict(test)]
    return answer


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
