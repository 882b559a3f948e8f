"""An attacker who shares no code with the suppressor: what can be worked out from what is shown.

Cells have names, relations are lists of (total, parts). Intervals by linear programs and in whole numbers.
"""

import itertools

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp


class Attacker:
    """Knows the relations, what is shown, and what a hidden count is at least."""

    def __init__(self, relations, shown, at_least):
        self.names = sorted({name for total, parts in relations for name in (total, *parts)})
        self.at = {name: i for i, name in enumerate(self.names)}
        self.rows = np.zeros((len(relations), len(self.names)))
        for row, (total, parts) in enumerate(relations):
            for part in parts:
                self.rows[row, self.at[part]] += 1
            self.rows[row, self.at[total]] -= 1
        self.low = np.array([shown.get(n, at_least.get(n, 0)) for n in self.names], dtype=float)
        self.high = np.array([shown.get(n, 100_000) for n in self.names], dtype=float)

    def fractions(self, name):
        found = []
        for sign in (1, -1):
            goal = np.zeros(len(self.names))
            goal[self.at[name]] = sign
            bounds = np.column_stack([self.low, self.high])
            result = linprog(goal, A_eq=self.rows, b_eq=np.zeros(len(self.rows)), bounds=bounds)
            assert result.status == 0, "what is shown contradicts itself"
            found.append(sign * result.fun)
        return [round(x, 6) for x in found]

    def wholes(self, name):
        return [int(table[self.at[name]]) for table in self.witnesses(name)]

    def witnesses(self, name):
        """The two tables in whole numbers in which the cell is least and most."""
        for sign in (1, -1):
            goal = np.zeros(len(self.names))
            goal[self.at[name]] = sign
            result = milp(
                goal,
                constraints=LinearConstraint(self.rows, 0, 0),
                bounds=Bounds(self.low, self.high),
                integrality=np.ones(len(goal)),
            )
            assert result.x is not None
            yield np.rint(result.x).astype(int)


def two_way(rows, columns, inside):
    """A table with its totals: names, counts, relations."""
    inside = np.asarray(inside)
    counts = {
        f"{r}{c}": int(inside[i, j])
        for (i, r), (j, c) in itertools.product(enumerate(rows), enumerate(columns))
    }
    relations = []
    for i, r in enumerate(rows):
        counts[f"{r}+"] = int(inside[i].sum())
        relations.append((f"{r}+", [f"{r}{c}" for c in columns]))
    for j, c in enumerate(columns):
        counts[f"+{c}"] = int(inside[:, j].sum())
        relations.append((f"+{c}", [f"{r}{c}" for r in rows]))
    counts["++"] = int(inside.sum())
    relations.append(("++", [f"{r}+" for r in rows]))
    relations.append(("++", [f"+{c}" for c in columns]))
    return counts, relations


def plain_cost(name, count):
    """What the golden tables charge: 1 + a/100 inside, totals at least 10."""
    cost = 1 + count / 100
    return max(10.0, cost) if "+" in name else cost
