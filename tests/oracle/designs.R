# The designs that the cases of oracle.R and functions.R name, and how numbers are
# written. Read by both.
suppressMessages(library(survey))
options(survey.lonely.psu = "adjust")
stopifnot(packageVersion("survey") >= "4.1", packageVersion("survey") < "4.2")

totals <- read.csv("totals.csv")
digits <- function(x) ifelse(is.na(x), "", sprintf("%.17g", x))

base_design <- function(name, data) {
  switch(name,
    strates = svydesign(ids = ~1, strata = ~region, fpc = ~N, data = data),
    unite = svydesign(ids = ~1, strata = ~region, fpc = ~N, weights = ~un, data = data),
    poids = svydesign(ids = ~1, strata = ~region, fpc = ~N, weights = ~poids, data = data),
    simple = svydesign(ids = ~1, weights = ~un, data = data),
    `simple-poids` = svydesign(ids = ~1, weights = ~poids, data = data))
}

population <- function(input, margin) {
  cells <- totals[totals$input == input & totals$margin == margin, ]
  setNames(data.frame(cells$cell, cells$total), c(margin, "Freq"))
}

calibrated <- function(design, input, calibration) {
  if (calibration == "") return(design)
  parts <- strsplit(calibration, ":")[[1]]
  margins <- strsplit(parts[2], "+", fixed = TRUE)[[1]]
  formulas <- lapply(margins, function(m) as.formula(paste0("~", m)))
  populations <- lapply(margins, function(m) population(input, m))
  switch(parts[1],
    post = postStratify(design, formulas[[1]], populations[[1]]),
    rake = rake(design, formulas, populations, control = list(maxit = 100, epsilon = 1e-10)),
    `rake-r` = rake(design, formulas, populations))
}
