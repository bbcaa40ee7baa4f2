# Computes the cases of cases.csv with R's survey package and writes what the
# test suite compares with: expected.csv and weights.csv.
#
#   Rscript oracle.R
#
# Each line of cases.csv is one estimate:
#   input        a table of inputs/
#   design       strates   svydesign(ids = ~1, strata = ~region, fpc = ~N)
#                unite     the same with weights = ~1
#                poids     the same with weights = ~poids
#                simple    svydesign(ids = ~1, weights = ~1)
#                simple-poids  svydesign(ids = ~1, weights = ~poids)
#   calibration  post:MARGIN         postStratify() to totals.csv
#                rake:M1+M2          rake(), to convergence
#                rake-r:M1+M2        rake() with R's own stopping rule
#   statistic    mean, total, ratio, proportion, quantile, weights
#   domain       subset(design, column == value & …), and the answers not missing
source("designs.R")

cases <- read.csv("cases.csv", colClasses = "character")

# The interval of a proportion. Where R's own function gives no number, or a
# number that means nothing, the rule that bilan documents instead (README.md).
proportion_interval <- function(design, units, method, level) {
  m <- svymean(~as.numeric(hit), design)
  p <- coef(m)[[1]]
  v <- vcov(m)[[1]]
  n <- length(units)
  df <- degf(design)
  alpha <- 1 - level
  hits <- design$variables$hit[is.finite(design$prob)]
  full <- if (is.null(design$postStrata)) units else seq_len(nrow(design))
  census <- all(design$fpc$popsize[is.finite(design$prob) | !is.null(design$postStrata), 1] ==
                design$fpc$sampsize[is.finite(design$prob) | !is.null(design$postStrata), 1])
  if (is.null(design$fpc$popsize)) census <- FALSE
  if (census) return(list(p, 0, p, p, "census"))
  if (all(hits)) { p <- 1; v <- 0 }
  if (!any(hits)) { p <- 0; v <- 0 }
  if (sqrt(v) <= 1e-12 || df == 0) {
    size <- if (df == 0) 0 else n * (qt(alpha / 2, n - 1) / qt(alpha / 2, df))^2
    low <- if (size * p == 0) 0 else qbeta(alpha / 2, size * p, size * (1 - p) + 1)
    high <- if (size * (1 - p) == 0) 1 else qbeta(1 - alpha / 2, size * p + 1, size * (1 - p))
    return(list(p, if (n > 1) sqrt(v) else NA, low, high, "exact"))
  }
  if (method == "wilson") { # survey 4.5; 4.1 does not have it
    size <- p * (1 - p) / v
    t <- qt(1 - alpha / 2, df)
    root <- sqrt(4 * size * p * (1 - p) + t^2)
    ci <- (p + t^2 / (2 * size) + c(-1, 1) * t / (2 * size) * root) / (1 + t^2 / size)
  } else {
    ci <- attr(svyciprop(~hit, design, method = method, level = level), "ci")
  }
  list(p, sqrt(v), ci[[1]], ci[[2]], method)
}

mean_interval <- function(statistic, design, level) {
  df <- degf(design)
  ci <- if (df == 0) c(NA, NA) else confint(statistic, level = level, df = df)
  list(as.vector(coef(statistic)), as.vector(SE(statistic)), ci[[1]], ci[[2]], "student")
}

estimate <- function(case, design) {
  data <- design$variables
  level <- as.numeric(case$level)
  keep <- !is.na(data[[case$variable]])
  if (case$denominator != "") keep <- keep & !is.na(data[[case$denominator]])
  if (case$domain != "") {
    for (condition in strsplit(case$domain, "&")[[1]]) {
      parts <- strsplit(condition, "=")[[1]]
      keep <- keep & data[[parts[1]]] == parts[2]
    }
  }
  # A calibrated design keeps the rows it subsets, hence no NA in them.
  design <- update(design,
    hit = !is.na(data[[case$variable]]) & data[[case$variable]] == case$option,
    y = if (case$statistic %in% c("proportion", "weights")) 0 else ifelse(keep, data[[case$variable]], 0),
    x = if (case$denominator == "") 1 else ifelse(keep, data[[case$denominator]], 1))
  domain <- subset(design, keep)
  result <- switch(case$statistic,
    mean = mean_interval(svymean(~y, domain), domain, level),
    total = mean_interval(svytotal(~y, domain), domain, level),
    ratio = {
      r <- svyratio(~y, ~x, domain)
      mean_interval(structure(list(coef(r), SE(r)), class = "ratio_pair"), domain, level)
    },
    proportion = proportion_interval(domain, which(keep), case$method, level),
    quantile = {
      q <- svyquantile(~y, domain, as.numeric(case$p), alpha = 1 - level)[[1]]
      list(q[1], q[4], q[2], q[3], "woodruff")
    })
  c(sum(keep), degf(domain), result)
}
coef.ratio_pair <- function(object, ...) unclass(object)[[1]]
SE.ratio_pair <- function(object, ...) unclass(object)[[2]]
confint.ratio_pair <- function(object, level, df, ...) {
  object <- unclass(object)
  as.vector(object[[1]]) + c(-1, 1) * qt(1 - (1 - level) / 2, df) * as.vector(object[[2]])
}

expected <- list()
weights_out <- list()
for (i in seq_len(nrow(cases))) {
  case <- cases[i, ]
  data <- read.csv(file.path("inputs", paste0(case$input, ".csv")), na.strings = "")
  data$un <- 1
  design <- calibrated(base_design(case$design, data), case$input, case$calibration)
  if (case$statistic == "weights") {
    weights_out[[length(weights_out) + 1]] <-
      data.frame(case = case$case, unit = seq_len(nrow(data)), weight = digits(weights(design)))
    next
  }
  r <- estimate(case, design)
  expected[[length(expected) + 1]] <- data.frame(case = case$case, n = r[[1]], df = r[[2]],
    value = digits(r[[3]]), se = digits(r[[4]]), low = digits(r[[5]]), high = digits(r[[6]]), rule = r[[7]])
}
write.csv(do.call(rbind, expected), "expected.csv", row.names = FALSE, quote = FALSE)
write.csv(do.call(rbind, weights_out), "weights.csv", row.names = FALSE, quote = FALSE)
