"""The table of a question with several answers a cell, with polars and fastexcel."""

import sys

import fastexcel  # noqa: F401
import polars

if sys.argv[1:] == ["--installe"]:
    sys.exit()

file, question = sys.argv[1:]
answers = polars.read_excel(file, engine="calamine")[question].drop_nulls()
base = len(answers)
ticked = answers.str.strip_chars(";").str.split(";").explode().value_counts(sort=True)
for option, count in ticked.iter_rows():
    share = count / base
    error = (share * (1 - share) / (base - 1)) ** 0.5
    print(f"{option}\t{count}\t{base}\t{100 * share:.1f}\t{100 * error:.2f}")
