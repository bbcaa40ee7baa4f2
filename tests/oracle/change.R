# Differences between two years with R's survey package, for the module
# `change` of the room of statistics: writes change.csv.
#
#   Rscript change.R
#
# A row a project, its answers of both years side by side: the covariance of
# their totals is that of who answered both times (`panel`, and `panel-domaine`
# where some left the question out one year). For projects that are all others
# (`independants`) the variances add up.
suppressMessages(library(survey))
options(survey.lonely.psu = "adjust")

# Eleven projects out of 20, 9 and 4; y1 and y2 are numbers, h1 and h2 options,
# a1 and a2 whether the question was answered.
panel <- data.frame(
  id = 1:11,
  stratum = c(1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3),
  N = c(rep(20, 6), rep(9, 4), 4),
  y1 = c(10, 12, 9, 15, 20, 22, 27, 31, 8, 14, 40),
  y2 = c(11, 15, 9, 16, 20, 25, 26, 36, 7, 19, 44),
  h1 = c(0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1),
  h2 = c(0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1),
  a1 = c(1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1),
  a2 = c(1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1))

design <- function(data) {
  svydesign(ids = ~1, strata = ~stratum, fpc = ~N, data = data)
}

row <- function(name, variable, statistic, value, se) {
  data.frame(case = name, variable = variable, statistic = statistic,
             value = sprintf("%.17g", value), se = sprintf("%.17g", se))
}

# The difference of two ratios of totals, by the delta method of svycontrast.
paired <- function(variable, statistic, answered) {
  data <- panel
  for (year in 1:2) {
    size <- if (answered) data[[paste0("a", year)]] else rep(1, nrow(data))
    data[[paste0("n", year)]] <- size
    data[[paste0("t", year)]] <- data[[paste0(variable, year)]] * size
  }
  totals <- svytotal(~t1 + n1 + t2 + n2, design(data))
  contrast <- if (statistic == "total") quote(t2 - t1) else quote(t2 / n2 - t1 / n1)
  found <- svycontrast(totals, contrast)
  name <- if (answered) "panel-domaine" else "panel"
  row(name, variable, statistic, coef(found)[[1]], SE(found)[[1]])
}

independent <- function(variable) {
  of <- function(year) svymean(as.formula(paste0("~", variable, year)), design(panel))
  found <- lapply(1:2, of)
  row("independants", variable, "mean", coef(found[[2]])[[1]] - coef(found[[1]])[[1]],
      sqrt(SE(found[[1]])[[1]]^2 + SE(found[[2]])[[1]]^2))
}

cases <- rbind(
  paired("y", "mean", FALSE), paired("h", "mean", FALSE), paired("y", "total", FALSE),
  paired("y", "mean", TRUE), paired("h", "mean", TRUE), paired("y", "total", TRUE),
  independent("y"), independent("h"))
write.csv(cases, "change.csv", row.names = FALSE, quote = FALSE)
