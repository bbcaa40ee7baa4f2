"""The table of a question with several answers a cell, with pandas and openpyxl."""

import sys

import pandas
import openpyxl  # noqa: F401

if sys.argv[1:] == ["--installe"]:
    sys.exit()

file, question = sys.argv[1:]
answers = pandas.read_excel(file, engine="openpyxl")[question].dropna()
ticked = answers.str.strip(";").str.get_dummies(";")
base = len(answers)
for option, count in ticked.sum().sort_values(ascending=False).items():
    share = count / base
    error = (share * (1 - share) / (base - 1)) ** 0.5
    print(f"{option}\t{count}\t{base}\t{100 * share:.1f}\t{100 * error:.2f}")
