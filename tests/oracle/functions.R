# Functions of several estimates, computed with R's survey package: writes
# functions.csv from functions-cases.csv.
#
#   Rscript functions.R
#
# A part is statistic/variable/denominator or option/domain. All parts of a case
# are functions of totals of the whole design (a mean of a domain is the ratio of
# two), so that svytotal() gives their covariances and svycontrast() the
# linearised variance. `low` and `high` are made of the bounds of the parts and of
# their correlations (Zou and Donner, 2008); `t_low` and `t_high` are those of
# confint(svycontrast(…), df) where all parts have the same degrees of freedom.
source("designs.R")

cases <- read.csv("functions-cases.csv", colClasses = "character")

level <- 0.95
expected <- list()
for (i in seq_len(nrow(cases))) {
  case <- cases[i, ]
  data <- read.csv(file.path("inputs", paste0(case$input, ".csv")), na.strings = "")
  data$un <- 1
  names <- Filter(function(name) case[[name]] != "", c("a", "b", "c"))
  bounds <- list()
  keeps <- list()
  for (name in names) {
    field <- c(strsplit(case[[name]], "/", fixed = TRUE)[[1]], "", "")
    keep <- !is.na(data[[field[2]]])
    if (field[1] == "ratio") keep <- keep & !is.na(data[[field[3]]])
    if (field[4] != "") {
      condition <- strsplit(field[4], "=")[[1]]
      keep <- keep & data[[condition[1]]] == condition[2]
    }
    answer <- data[[field[2]]]
    y <- if (field[1] == "proportion") as.numeric(answer == field[3]) else answer
    data[[paste0(name, "_y")]] <- ifelse(keep, y, 0)
    data[[paste0(name, "_x")]] <- if (field[1] == "ratio") ifelse(keep, data[[field[3]]], 0) else as.numeric(keep)
    keeps[[name]] <- keep
  }
  design <- calibrated(base_design(case$design, data), case$input, case$calibration)
  # Each part as a function of the totals.
  part <- lapply(names, function(name) {
    statistic <- strsplit(case[[name]], "/", fixed = TRUE)[[1]][1]
    y <- as.name(paste0(name, "_y"))
    if (statistic == "total") bquote(.(y) + 0) else bquote(.(y) / .(as.name(paste0(name, "_x"))))
  })
  names(part) <- names
  sums <- svytotal(as.formula(paste0("~", paste0(names, "_y + ", names, "_x", collapse = " + "))), design)
  statistics <- svycontrast(sums, part)
  theta <- coef(statistics)
  covariance <- as.matrix(vcov(statistics))
  expression <- parse(text = case$expression)[[1]]
  whole <- svycontrast(sums, list(f = do.call(substitute, list(expression, part))))
  value <- coef(whole)[[1]]
  error <- sqrt(as.matrix(vcov(whole))[1, 1])
  # The interval of each part, in its domain.
  df <- numeric()
  for (name in names) {
    statistic <- strsplit(case[[name]], "/", fixed = TRUE)[[1]][1]
    domain <- subset(design, keeps[[name]])
    df[[name]] <- degf(domain)
    if (statistic == "proportion") {
      bounds[[name]] <- attr(svyciprop(as.formula(paste0("~I(", name, "_y == 1)")), domain, method = "beta", level = level), "ci")
    } else {
      bounds[[name]] <- theta[[name]] + c(-1, 1) * qt(1 - (1 - level) / 2, df[[name]]) * sqrt(covariance[name, name])
    }
  }
  slopes <- sapply(names, function(name) eval(D(expression, name), as.list(theta)))
  distance <- function(upper) {
    sapply(names, function(name) {
      up <- if (upper) slopes[[name]] > 0 else slopes[[name]] < 0
      slopes[[name]] * if (up) bounds[[name]][[2]] - theta[[name]] else theta[[name]] - bounds[[name]][[1]]
    })
  }
  errors <- sqrt(diag(covariance))
  correlation <- if (all(errors > 0)) covariance / outer(errors, errors) else diag(length(names))
  root <- function(d) sqrt(as.numeric(t(d) %*% correlation %*% d))
  low <- value - root(distance(FALSE))
  high <- value + root(distance(TRUE))
  same <- length(unique(df)) == 1 && !any(grepl("^proportion", unlist(case[names])))
  wald <- if (same) value + c(-1, 1) * qt(1 - (1 - level) / 2, df[[1]]) * error else c(NA, NA)
  if (same) stopifnot(abs(wald - c(low, high)) <= 1e-9 * max(1, abs(wald)))
  expected[[i]] <- data.frame(case = case$case, value = digits(value), se = digits(error),
    low = digits(low), high = digits(high), t_low = digits(wald[1]), t_high = digits(wald[2]),
    correlation = if (length(names) > 1) digits(correlation[1, 2]) else "",
    slopes = paste(digits(slopes), collapse = " "))
}
write.csv(do.call(rbind, expected), "functions.csv", row.names = FALSE, quote = FALSE)
