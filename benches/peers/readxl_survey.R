# The table of a question with several answers a cell, with readxl and survey.

arguments <- commandArgs(trailingOnly = TRUE)
suppressPackageStartupMessages({
  library(readxl)
  library(survey)
})
if (identical(arguments, "--installe")) quit()

answers <- read_excel(arguments[1])[[arguments[2]]]
answers <- answers[!is.na(answers)]
ticked <- strsplit(answers, ";", fixed = TRUE)
options <- unique(unlist(ticked))
rank <- rep(seq_along(ticked), lengths(ticked))
values <- unlist(ticked)
for (option in options) {
  is_ticked <- as.numeric(seq_along(ticked) %in% rank[values == option])
  design <- svydesign(ids = ~1, data = data.frame(is_ticked = is_ticked), weights = ~ rep(1, length(ticked)))
  share <- svyciprop(~is_ticked, design, method = "beta")
  bounds <- attr(share, "ci")
  cat(option, sum(is_ticked), length(ticked), 100 * share, 100 * bounds, sep = "\t")
  cat("\n")
}
