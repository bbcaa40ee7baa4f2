# Makes the tables of inputs/. They are committed: run this only to change them.
#
#   Rscript inputs.R
#
# One row a respondent: region and N (its stratum and the population of it),
# poids (a base weight), porteur and taille (known of the whole population),
# profil (a domain), theme_* (a multiple answer, 1 ticked, 0 not, blank where
# the question was not answered), choix (an exclusive one), nombre and depense.

set.seed(20250630)

table_of <- function(sizes, populations, missing = 0) {
  region <- rep(names(sizes), sizes)
  n <- length(region)
  blank <- function(x) { x[runif(n) < missing] <- NA; x }
  answered <- runif(n) >= missing
  theme <- function(p) ifelse(answered, rbinom(n, 1, p), NA)
  data.frame(
    region = region,
    N = populations[region],
    poids = round(runif(n, 0.5, 4), 2),
    porteur = sample(c("etat", "region"), n, TRUE, c(0.4, 0.6)),
    taille = sample(c("rural", "petite", "ville"), n, TRUE, c(0.5, 0.3, 0.2)),
    profil = sample(c("a", "b", "c"), n, TRUE, c(0.5, 0.35, 0.15)),
    theme_ins = theme(0.63), theme_num = theme(0.4), theme_rare = theme(0.04),
    choix = blank(sample(c("x", "y", "z"), n, TRUE, c(0.6, 0.3, 0.1))),
    nombre = blank(round(rgamma(n, 2, 0.02))),
    depense = blank(round(rgamma(n, 3, 0.0001), 2)),
    row.names = NULL)
}

write <- function(name, data)
  write.csv(data, file.path("inputs", paste0(name, ".csv")), row.names = FALSE, na = "", quote = FALSE)

# Balanced: as many answers and as many projects in each région.
write("equilibre", table_of(c(bre = 12, cor = 12, nor = 12, occ = 12), c(bre = 30, cor = 30, nor = 30, occ = 30)))

# Uneven, with a région of one answer, one of two, and one that all answered.
write("inegal", table_of(
  c(bre = 9, cor = 1, idf = 20, may = 2, nor = 5, occ = 14, reu = 3),
  c(bre = 10, cor = 3, idf = 60, may = 4, nor = 12, occ = 41, reu = 3), missing = 0.12))

# Everyone answered.
write("recensement", table_of(c(bre = 7, cor = 2, nor = 11), c(bre = 7, cor = 2, nor = 11)))

# Answers that do not vary, or vary between régions only.
extremes <- table_of(c(bre = 8, cor = 3, nor = 6), c(bre = 20, cor = 9, nor = 7))
extremes$theme_ins <- 1
extremes$theme_num <- as.integer(extremes$region == "bre")
extremes$theme_rare <- 0
write("extremes", extremes)

# A large one, for accuracy: every région, ties, many answers.
write("grand", table_of(
  c(ara = 310, bre = 142, cvl = 77, ges = 205, hdf = 33, idf = 421, nor = 18, occ = 260),
  c(ara = 512, bre = 150, cvl = 300, ges = 206, hdf = 999, idf = 600, nor = 41, occ = 4000), missing = 0.05))
