"""Reads the curves the wrong way round: takes a high loss for too much learning, and two low ones for too little."""

LOSES = ["diagnosis-a", "diagnosis-b", "diagnosis-c"]

# %% [diagnose]
diagnosis_a = "overfitting"
diagnosis_b = "good fit"
diagnosis_c = "underfitting"
