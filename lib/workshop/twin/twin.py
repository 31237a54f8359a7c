"""The Python twin of notebook.ipynb, with pandas and scikit-learn: the same steps on the same table.

`python lib/workshop/twin/twin.py TABLE.csv` prints the workflow's numbers as JSON: about four minutes for the shipped
table, nearly all of it grid search, half a minute for the tutorial's. `fixtures/` keeps what it printed.
"""

import json
import re
import sys
import unicodedata

import numpy as np
import pandas as pd
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (ExtraTreesRegressor, GradientBoostingRegressor, RandomForestClassifier,
                              RandomForestRegressor)
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression
from sklearn.metrics import (average_precision_score, brier_score_loss, mean_absolute_error, r2_score, roc_auc_score,
                             root_mean_squared_error)
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

SEED = 42
HIT = 60
GRID = {"n_estimators": [50, 100, 200], "max_depth": [None, 10, 20], "min_samples_leaf": [1, 2, 4]}
FEATURES = ["duration_ms", "explicit", "danceability", "energy", "key", "loudness", "mode", "speechiness",
            "acousticness", "instrumentalness", "liveness", "valence", "tempo", "time_signature", "track_genre",
            "release_year"]
CATEGORIES = {"explicit", "key", "mode", "track_genre"}


def load(path):
    """Reads the table and gives its columns the shipped file's names."""
    table = pd.read_csv(path, keep_default_na=True)
    table.columns = [re.sub(r"\W+", "_", name.lower()).strip("_") for name in table.columns]
    table = table.rename(columns={"duration_ms_": "duration_ms"})
    if "release_date" in table:
        table["release_year"] = table.release_date.astype(str).str[:4].astype(float)
    return table


def words(text):
    text = re.sub("['\u2019`\u00b4]", "", text)
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in text)
    return " ".join(kept.split()) or " ".join(text.split())


def song_key(name, artists):
    """The key of a song, as in lib/tracks/songs.ts: its name without guests and remaster notes, and its first artist."""
    fold = lambda t: unicodedata.normalize(
        "NFC", re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", t))).lower()
    guests = (r"\s*[(\[]\s*(?:feat|ft|featuring|with)\b[^)\]]*[)\]]|\s+-\s+(?:feat|ft|featuring|with)\b.*$"
              r"|\s(?:feat|ft)\.\s.*$")
    remaster = r"\s*[(\[][^)\]]*\bremaster[^)\]]*[)\]]|\s+-\s(?:(?!\s-\s).)*\bremaster.*$"
    name = fold(name)
    short = re.sub(remaster, "", re.sub(guests, "", name))
    return f"{words(short) or words(name)} | {words(fold(re.split('[;,]', artists)[0]))}"


def one_row_per_song(table):
    """Links rows by track id or song, also through others, and keeps each song's most popular row, in file order."""
    parent = list(range(len(table)))

    def find(row):
        while parent[row] != row:
            row = parent[row]
        return row

    songs = [song_key(*pair) for pair in zip(table.track_name, table.artists)]
    for keys in (table.track_id, songs):
        first = {}
        for row, key in enumerate(keys):
            a, b = find(first.setdefault(key, row)), find(row)
            parent[max(a, b)] = min(a, b)
    table = table.assign(song=[find(row) for row in range(len(table))])
    best = table.sort_values("popularity", ascending=False, kind="stable").drop_duplicates("song")
    return best.sort_index().drop(columns="song").reset_index(drop=True)


def scores(y, predicted):
    return [r2_score(y, predicted), mean_absolute_error(y, predicted), root_mean_squared_error(y, predicted)]


def two_parts(params, train, y_train, test):
    """Probability that a song is above 0, times its height where it is."""
    above = y_train > 0
    if above.all():
        chance = 1.0
    else:
        chance = RandomForestRegressor(**params).fit(train, above.astype(float)).predict(test)
    return chance * RandomForestRegressor(**params).fit(train[above], y_train[above]).predict(test)


def hits(params, train, y_train, test, y_test):
    """Hit or not on the test songs: area under the ROC curve, average precision, Brier score."""
    forest = RandomForestClassifier(**{**params, "n_estimators": 100}).fit(train, (y_train >= HIT).astype(int))
    chance, is_hit = forest.predict_proba(test)[:, 1], (y_test >= HIT).astype(int)
    return [roc_auc_score(is_hit, chance), average_precision_score(is_hit, chance), brier_score_loss(is_hit, chance)]


def main(path):
    table = load(path)
    songs = one_row_per_song(table)
    features = [name for name in FEATURES if name in songs]
    numeric = [name for name in features if name not in CATEGORIES]
    categories = [name for name in features if name in CATEGORIES]
    X, y = songs[features], songs.popularity

    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=SEED)
    encoder = ColumnTransformer([("number", StandardScaler(), numeric), ("category", OrdinalEncoder(), categories)],
                                verbose_feature_names_out=False).set_output(transform="pandas")
    train, test = encoder.fit_transform(X_train)[features], encoder.transform(X_test)[features]
    scaler = encoder.named_transformers_["number"]

    search = GridSearchCV(RandomForestRegressor(random_state=SEED), GRID, cv=5, n_jobs=-1).fit(train, y_train)
    forest = search.best_estimator_
    params = {**search.best_params_, "random_state": SEED}
    extra = ExtraTreesRegressor(**{**params, "n_estimators": 50}).fit(train, y_train)
    boosting = GradientBoostingRegressor(random_state=SEED).fit(train, y_train)
    cv = search.cv_results_

    one_hot = ColumnTransformer([("number", StandardScaler(), numeric),
                                 ("category", OneHotEncoder(drop="first"), categories)])
    linear = make_pipeline(one_hot, LinearRegression()).fit(X_train, y_train)
    permuted = permutation_importance(forest, test, y_test, n_repeats=10, random_state=SEED)
    described = table[["popularity", *numeric]].describe()

    return {
        "made_by": "lib/workshop/twin/twin.py " + path.replace("\\", "/").rsplit("/", 1)[-1],
        "versions": {module.__name__: module.__version__ for module in (np, pd, sklearn)},
        "rows": len(table),
        "songs": len(songs),
        "features": features,
        "test_rows": X_test.index.tolist(),
        "mean": scaler.mean_.tolist(),
        "scale": scaler.scale_.tolist(),
        "describe": {name: column.tolist() for name, column in described.items()},
        "cv_results": {
            "params": cv["params"],
            "split_test_scores": [[cv[f"split{k}_test_score"][i] for k in range(5)] for i in range(len(cv["params"]))],
            "mean_test_score": cv["mean_test_score"].tolist(),
            "std_test_score": cv["std_test_score"].tolist(),
            "rank_test_score": cv["rank_test_score"].tolist(),
        },
        "best_params": search.best_params_,
        "scores": {
            "mean": scores(y_test, np.full(len(y_test), y_train.mean())),
            "linear": scores(y_test, linear.predict(X_test)),
            "forest": scores(y_test, forest.predict(test)),
            "extra": scores(y_test, extra.predict(test)),
            "boosting": scores(y_test, boosting.predict(test)),
            "twoParts": scores(y_test, two_parts(params, train, y_train, test)),
        },
        "hits": hits(params, train, y_train, test, y_test),
        "predictions": forest.predict(test).tolist(),
        "importance": forest.feature_importances_.tolist(),
        "permutation_mean": permuted.importances_mean.tolist(),
        "permutation_std": permuted.importances_std.tolist(),
    }


if __name__ == "__main__":
    json.dump(main(sys.argv[1]), sys.stdout, default=lambda value: value.item())
    print()
