"""scikit-learn's side of evaluation.ts: reads the table as JSON, prints one task's processor time and numbers."""

import json
import sys
import time

import numpy as np
from sklearn.ensemble import RandomForestRegressor
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.model_selection import GridSearchCV, KFold, RepeatedKFold, cross_val_score, learning_curve

given = json.load(sys.stdin)
X, y = np.array(given["X"]).T, np.array(given["y"], float)
XTest, yTest = np.array(given["XTest"]).T, np.array(given["yTest"], float)
make = lambda: RandomForestRegressor(  # noqa: E731
    n_estimators=given["trees"], max_depth=10, min_samples_leaf=4, random_state=42
)
forest = make().fit(X, y)
grid = {"n_estimators": given["gridTrees"], "max_depth": [None, 10, 20], "min_samples_leaf": [1, 2, 4]}
rows = given["curveRows"]

tasks = {
    "repeated cross-validation": lambda: cross_val_score(
        make(), X, y, cv=RepeatedKFold(n_splits=5, n_repeats=3, random_state=42)
    ),
    "nested cross-validation": lambda: cross_val_score(
        GridSearchCV(RandomForestRegressor(random_state=42), grid, cv=5), X, y, cv=KFold(3)
    ),
    "learning curve": lambda: learning_curve(
        make(), X, y, cv=KFold(5), shuffle=True, random_state=42
    )[2],
    "permutation importance": lambda: permutation_importance(
        forest, XTest, yTest, n_repeats=10, random_state=42
    ).importances,
    "partial dependence": lambda: [
        partial_dependence(forest, XTest[:rows], [j], method="brute", grid_resolution=40)["average"][0]
        for j in given["curves"]
    ],
}
start = time.process_time()
numbers = tasks[given["task"]]()
seconds = time.process_time() - start
json.dump({"seconds": seconds, "numbers": [np.asarray(n).tolist() for n in numbers]}, sys.stdout)
