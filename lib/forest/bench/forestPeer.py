"""The Python side of lib/forest/bench/forest.ts: one JSON request a line, one answer a line with milliseconds."""
import json
import resource
import sys
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")


def table(request):
    """X and y from a file of float64 numbers, columns first."""
    rows, features = request["rows"], request["features"]
    data = np.fromfile(request["file"], dtype=np.float64)
    return np.ascontiguousarray(data[: rows * features].reshape(features, rows).T), data[rows * features:]


def timed(repeats, work):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return {"times": times, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def grid(request):
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.model_selection import GridSearchCV

    X, y = table(request)

    def search(candidates):
        return GridSearchCV(RandomForestRegressor(random_state=42), candidates, cv=5, n_jobs=-1).fit(X, y)

    if request["warm"]:
        search({"n_estimators": [5, 6, 7, 8]})  # starts joblib's worker processes
    best = {}
    answer = timed(request["repeats"], lambda: best.update(score=search(request["grid"]).best_score_))
    return {**answer, **best}


def forest(request):
    from sklearn.ensemble import RandomForestRegressor

    X, y = table(request)
    make = lambda: RandomForestRegressor(request["trees"], random_state=42, n_jobs=request["threads"]).fit(X, y)
    if request["warm"]:
        RandomForestRegressor(2, random_state=42, n_jobs=request["threads"]).fit(X[:1000], y[:1000])
    return timed(request["repeats"], make)


def kind(request):
    """Models and tables of other kinds, as KINDS of forest.ts has them."""
    from sklearn.ensemble import (ExtraTreesRegressor, GradientBoostingRegressor, RandomForestClassifier,
                                  RandomForestRegressor)

    X, y = table(request)
    rows = np.arange(len(y))
    common = {"n_estimators": 20, "random_state": 42}
    threads = {"n_jobs": -1}
    gaps = (rows[:, None] * 7 + np.arange(X.shape[1]) * 13) % 20 == 0
    works = {
        "three classes": lambda: RandomForestClassifier(**common, **threads).fit(X, np.minimum(2, y // 30)),
        "extra trees": lambda: ExtraTreesRegressor(**common, **threads).fit(X, y),
        "one value in 20 missing": lambda: RandomForestRegressor(**common, **threads).fit(
            np.where(gaps, np.nan, X), y),
        "rows drawn by weight": lambda: RandomForestRegressor(**common, **threads).fit(
            X, y, sample_weight=rows % 7 + 1),
        "gradient boosting": lambda: GradientBoostingRegressor(**common).fit(X, y),
    }
    works[request["kind"]]()
    return timed(request["repeats"], works[request["kind"]])


def intelex(request):
    """The forest of scikit-learn-intelex, which puts values into bins: an approximation where there are few."""
    from sklearnex.ensemble import RandomForestRegressor

    X, y = table(request)
    make = lambda: RandomForestRegressor(
        request["trees"], random_state=42, n_jobs=request["threads"], max_bins=request["bins"]
    ).fit(X, y)
    make()
    return timed(request["repeats"], make)


def predict(request):
    from sklearn.ensemble import RandomForestRegressor

    X, y = table(request)
    model = RandomForestRegressor(100, random_state=42, n_jobs=-1).fit(X[:10000], y[:10000])
    many = timed(request["repeats"], lambda: model.predict(X))
    model.n_jobs = 1  # threads only cost time for a single row
    rows = [X[i:i + 1] for i in range(50)]
    one = timed(request["repeats"], lambda: [model.predict(row) for row in rows])
    return {"times": many["times"], "one": [ms / len(rows) for ms in one["times"]], "peak": many["peak"]}


def ydf(request):
    import ydf as library

    library.verbose(0)
    X, y = table(request)
    data = {f"x{j}": X[:, j].astype(np.float32) for j in range(X.shape[1])}
    data["y"] = y.astype(np.float32)
    learner = library.RandomForestLearner(
        label="y", task=library.Task.REGRESSION, num_trees=request["trees"], num_threads=request["threads"],
        min_examples=1, max_depth=-1, num_candidate_attributes_ratio=1.0, compute_oob_performances=False,
    )
    return timed(request["repeats"], lambda: learner.train(data))


for line in sys.stdin:
    request = json.loads(line)
    try:
        works = {"grid": grid, "forest": forest, "kind": kind, "predict": predict, "ydf": ydf, "intelex": intelex}
        answer = works[request["do"]](request)
    except ImportError as error:
        answer = {"missing": str(error)}
    print(json.dumps(answer), flush=True)
