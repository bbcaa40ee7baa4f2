# Differences between two years with R's survey package, for the module
# `change` of the room of statistics: writes change.csv.
#
#   Rscript change.R
#
# A row a project, its answers of both years side by side: the covariance of
# their totals is that of who answered both times (`panel`, and `panel-domaine`
# where some left the question out one year). For projects that are all others
# (`independants`) the variances add up.
#
# The bounds are those of Zou and Donner (Statistics in Medicine 27, 2008, the
# method of variance estimates recovery): each year's interval (`svyciprop`,
# method "beta", for an option; `confint` for a mean or a total) and the
# correlation of the two estimates.
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

row <- function(name, variable, statistic, value, se, bounds) {
  number <- function(x) sprintf("%.17g", x)
  data.frame(case = name, variable = variable, statistic = statistic, value = number(value),
             se = number(se), low = number(bounds[1]), high = number(bounds[2]))
}

# A year's estimate and its interval: estimate, low, high.
year_bounds <- function(variable, statistic, year, answered) {
  des <- design(panel)
  if (answered) des <- subset(des, des$variables[[paste0("a", year)]] == 1)
  formula <- as.formula(paste0("~", variable, year))
  if (variable == "h") {
    found <- svyciprop(formula, des, method = "beta", level = 0.95)
    return(c(coef(found)[[1]], attr(found, "ci")))
  }
  found <- if (statistic == "total") svytotal(formula, des) else svymean(formula, des)
  c(coef(found)[[1]], confint(found, df = degf(des)))
}

# The bounds of second - first, r being the correlation of the two.
mover <- function(first, second, r) {
  distance <- function(a, b) sqrt(a^2 + b^2 - 2 * r * a * b)
  difference <- second[1] - first[1]
  c(difference - distance(second[1] - second[2], first[3] - first[1]),
    difference + distance(second[3] - second[1], first[1] - first[2]))
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
  is_total <- statistic == "total"
  found <- svycontrast(totals, if (is_total) quote(t2 - t1) else quote(t2 / n2 - t1 / n1))
  both <- svycontrast(totals, if (is_total) list(quote(t1 + 0), quote(t2 + 0))
                              else list(quote(t1 / n1), quote(t2 / n2)))
  bounds <- lapply(1:2, function(year) year_bounds(variable, statistic, year, answered))
  name <- if (answered) "panel-domaine" else "panel"
  row(name, variable, statistic, coef(found)[[1]], SE(found)[[1]],
      mover(bounds[[1]], bounds[[2]], cov2cor(vcov(both))[1, 2]))
}

independent <- function(variable) {
  of <- function(year) svymean(as.formula(paste0("~", variable, year)), design(panel))
  found <- lapply(1:2, of)
  bounds <- lapply(1:2, function(year) year_bounds(variable, "mean", year, FALSE))
  row("independants", variable, "mean", coef(found[[2]])[[1]] - coef(found[[1]])[[1]],
      sqrt(SE(found[[1]])[[1]]^2 + SE(found[[2]])[[1]]^2), mover(bounds[[1]], bounds[[2]], 0))
}

cases <- rbind(
  paired("y", "mean", FALSE), paired("h", "mean", FALSE), paired("y", "total", FALSE),
  paired("y", "mean", TRUE), paired("h", "mean", TRUE), paired("y", "total", TRUE),
  independent("y"), independent("h"))
write.csv(cases, "change.csv", row.names = FALSE, quote = FALSE)
