"""The Python project's demo: the peer that demo.ts measures. Arguments: table, port, comma-separated features.

The same forest (100 trees, min_samples_leaf 4, random_state 42, a split with seed 42), a slider per feature and
five examples.
"""
import sys

import gradio
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import train_test_split

path, port, names = sys.argv[1], int(sys.argv[2]), sys.argv[3].split(",")
table = pd.read_csv(path)
table.columns = [name.lower().replace(" ", "_") for name in table.columns]
X, y = table[names].astype(float), table["popularity"]
X_train, X_test, y_train, _ = train_test_split(X, y, test_size=0.25, random_state=42)
forest = RandomForestRegressor(n_estimators=100, min_samples_leaf=4, random_state=42).fit(X_train.values, y_train)


def predict(*values):
    return float(forest.predict([values])[0])


demo = gradio.Interface(
    predict,
    [gradio.Slider(X[name].min(), X[name].max(), value=X[name].median(), label=name) for name in names],
    gradio.Number(label="Popularity"),
    examples=X_test.head(5).values.tolist(),
    cache_examples=False,
    analytics_enabled=False,
    api_name="predict",
)
demo.launch(server_name="127.0.0.1", server_port=port, quiet=True)
