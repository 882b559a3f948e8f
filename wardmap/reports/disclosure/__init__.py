"""What may be shown: small counts of sensitive themes, and whatever would tell them, are hidden or rounded.

`rule` is the policy, `release` the verbs. `linear_model`, `attack`, `exact`, `heuristic`, `suppress` and
`rounding` are arithmetic on arrays; `dimension`, `months`, `cells`, `primary` and `history` make their one
linear model out of a ward table; `derived` says which columns would tell a hidden count.
"""
