//! B: envelopes against the number of projects and the bounds of their grants.
//!
//! An envelope *E* printed to a tenth of a million stands for any amount
//! within half a tenth; so does everything computed from it. Shared among *n*
//! projects it gives a mean that must lie between the smallest and the largest
//! grant, and, if both are reached, a total between (n − 1)·min + max and
//! (n − 1)·max + min.

use super::totals::region_fact;
use super::{Facts, Family, Finding, Object};
use crate::diagnostics::Severity;
use crate::register::{Laureate, Region};
use crate::typography::{euros, integer, millions, shortest};

const FAMILY: Family = Family::Budgets;

/// Applies the rules of the family.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let unit = half_unit(&facts.register.regions);
    let mut findings: Vec<Finding> = Vec::new();
    for region in &facts.register.regions {
        findings.extend(inverted_bounds(region));
        for budget in budgets(facts, region, unit) {
            findings.extend(budget.findings());
        }
    }
    findings.extend(grants_outside(facts));
    findings.extend(identical_bounds(facts));
    findings.extend(outliers(facts));
    findings
}

/// Half the last digit to which the envelopes are printed, in euros.
fn half_unit(regions: &[Region]) -> f64 {
    let decimals = |value: f64| {
        let text = shortest(value, 6);
        text.split_once(',').map_or(0, |(_, fraction)| fraction.len())
    };
    let most = regions.iter().filter_map(|region| region.envelope).map(decimals).max();
    0.5e6 * 10_f64.powi(-(most.unwrap_or(0) as i32))
}

/// An envelope shared among a number of projects.
struct Budget<'a> {
    region: &'a Region,
    /// In euros: the least and the most that the printed amount stands for.
    low: f64,
    high: f64,
    printed: f64,
    projects: usize,
    /// Whether the number of projects is the facts box's second reading.
    second_reading: bool,
    min: f64,
    max: f64,
}

/// The readings of a région's budget: with the announced projects, and with
/// the laureates among them where the box tells them apart.
fn budgets<'a>(facts: &Facts<'_>, region: &'a Region, unit: f64) -> Vec<Budget<'a>> {
    let (Some(envelope), Some(min), Some(max)) =
        (region.envelope, region.grant_min, region.grant_max)
    else {
        return Vec::new();
    };
    // Inverted bounds are told as such; they bound nothing.
    if min > max {
        return Vec::new();
    }
    let listed = facts.register.laureates_of(&region.slug).count();
    let announced = region.announced.unwrap_or(listed);
    let readings = [(Some(announced), false), (region.announced_of_which, true)];
    readings
        .into_iter()
        .filter_map(|(projects, second)| Some((projects.filter(|n| *n > 0)?, second)))
        .map(|(projects, second_reading)| Budget {
            region,
            low: envelope * 1e6 - unit,
            high: envelope * 1e6 + unit,
            printed: envelope,
            projects,
            second_reading,
            min,
            max,
        })
        .collect()
}

impl Budget<'_> {
    fn findings(&self) -> Option<Finding> {
        let n = self.projects as f64;
        let (low, high) = (self.low / n, self.high / n);
        match () {
            () if low > self.max => {
                Some(self.mean_outside("dépasse la plus grande", self.max, ">"))
            }
            () if high < self.min => {
                Some(self.mean_outside("est inférieure à la plus petite", self.min, "<"))
            }
            () if self.second_reading => None,
            () => self.both_bounds_reached().or_else(|| self.mean_at_bound(low, high)),
        }
    }

    fn mean(&self) -> f64 {
        self.printed * 1e6 / self.projects as f64
    }

    fn division(&self) -> String {
        format!("{} ÷ {} = {}", millions(self.printed), self.projects, euros(self.mean()))
    }

    fn mean_outside(&self, relation: &str, bound: f64, symbol: &str) -> Finding {
        // A reading that the source leaves open proves nothing by itself.
        let severity = if self.second_reading { Severity::Warning } else { Severity::Error };
        let reading = if self.second_reading {
            format!(" (avec les {} seuls lauréats du programme)", self.projects)
        } else {
            String::new()
        };
        let message = format!(
            "la subvention moyenne, {}, {relation} subvention, {}{reading}",
            euros(self.mean()),
            euros(bound)
        );
        self.finding("B-moyenne-hors-bornes", severity, message)
            .sum(format!("{} {symbol} {}", self.division(), euros(bound)))
            .propose(
                "vérifiez l’enveloppe, le nombre de projets et les deux bornes auprès du financeur",
            )
    }

    /// One project has the smallest grant and another the largest: what the
    /// others can make of the total.
    fn both_bounds_reached(&self) -> Option<Finding> {
        if self.projects < 2 || self.max <= self.min {
            return None;
        }
        let others = (self.projects - 1) as f64;
        let (least, most) = (others * self.min + self.max, others * self.max + self.min);
        let (symbol, bound) = match () {
            () if self.low > most => (">", most),
            () if self.high < least => ("<", least),
            () => return None,
        };
        let (many, one) = if symbol == ">" { (self.max, self.min) } else { (self.min, self.max) };
        let message = format!(
            "l’enveloppe ne peut pas être atteinte si les subventions vont de {} à {}",
            euros(self.min),
            euros(self.max)
        );
        let sum = format!(
            "{} × {} + {} = {} ; {} {symbol} {}",
            self.projects - 1,
            euros(many),
            euros(one),
            euros(bound),
            millions(self.printed),
            millions(bound / 1e6)
        );
        Some(self.finding("B-enveloppe-et-bornes", Severity::Error, message).sum(sum).propose(
            "vérifiez l’enveloppe et les deux bornes : toutes trois ne peuvent pas être vraies",
        ))
    }

    fn mean_at_bound(&self, low: f64, high: f64) -> Option<Finding> {
        let touched =
            [self.min, self.max].into_iter().find(|bound| low <= *bound && *bound <= high)?;
        if self.min == self.max {
            return None;
        }
        let message = format!(
            "la subvention moyenne, {}, est égale à l’une des bornes, alors que celles-ci diffèrent",
            euros(self.mean())
        );
        Some(
            self.finding("B-moyenne-a-la-borne", Severity::Warning, message)
                .sum(format!("{} ≈ {}", self.division(), euros(touched)))
                .propose("vérifiez que la borne est bien une subvention versée, et non la moyenne"),
        )
    }

    fn finding(&self, code: &'static str, severity: Severity, message: String) -> Finding {
        let region = self.region;
        let column =
            if self.second_reading { "Dont lauréats DEFFINOV" } else { "Projets annoncés" };
        Finding::new(code, FAMILY, severity, Object::region(&region.name), message)
            .fact(region_fact(region, "enveloppe", millions(self.printed), "Enveloppe (M€)"))
            .fact(region_fact(region, "projets", integer(self.projects as i64), column))
            .facts(bounds(region))
    }
}

fn bounds(region: &Region) -> Vec<super::Fact> {
    let fact = |what: &str, value: Option<f64>, column: &str| {
        value.map(|value| region_fact(region, what, euros(value), column))
    };
    [
        fact("plus petite subvention", region.grant_min, "Subvention minimale (€)"),
        fact("plus grande subvention", region.grant_max, "Subvention maximale (€)"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn inverted_bounds(region: &Region) -> Option<Finding> {
    let (min, max) = (region.grant_min?, region.grant_max?);
    (min > max).then(|| {
        let message = "la plus petite subvention dépasse la plus grande";
        Finding::new(
            "B-bornes-inversees",
            FAMILY,
            Severity::Error,
            Object::region(&region.name),
            message,
        )
        .facts(bounds(region))
        .sum(format!("{} > {}", euros(min), euros(max)))
        .propose("intervertissez les deux bornes, ou corrigez l’une d’elles")
    })
}

/// A project's own grant outside the bounds that its région announces.
fn grants_outside(facts: &Facts<'_>) -> Vec<Finding> {
    let outside = |laureate: &&Laureate| {
        let region = facts.region(&laureate.region);
        let bounds = region.and_then(|region| region.grant_min.zip(region.grant_max));
        laureate
            .grant
            .zip(bounds.filter(|(min, max)| min <= max))
            .is_some_and(|(grant, (min, max))| grant < min || grant > max)
    };
    facts
        .register
        .laureates
        .iter()
        .filter(outside)
        .filter_map(|laureate| {
            let (region, grant) = (facts.region(&laureate.region)?, laureate.grant?);
            let message =
                format!("la subvention du projet, {}, sort des bornes de sa région", euros(grant));
            let place = laureate.cells.place("Subvention (€)");
            let fact = super::Fact::new("subvention du projet", euros(grant)).at(&place);
            let object = Object::region(&region.name).project(&laureate.id);
            Some(
                Finding::new("B-subvention-hors-bornes", FAMILY, Severity::Error, object, message)
                    .fact(fact.line(laureate.source_line))
                    .facts(bounds(region))
                    .propose("corrigez la subvention, ou les bornes de l’encart"),
            )
        })
        .collect()
}

/// Two régions with the same pair of bounds: perhaps a copied box.
fn identical_bounds(facts: &Facts<'_>) -> Vec<Finding> {
    let regions = &facts.register.regions;
    let pair = |region: &Region| region.grant_min.zip(region.grant_max);
    let mut findings = Vec::new();
    for (rank, region) in regions.iter().enumerate() {
        let Some(bounds_of) = pair(region) else { continue };
        let twin = regions.iter().take(rank).find(|other| pair(other) == Some(bounds_of));
        if let Some(twin) = twin {
            let message =
                format!("les bornes des subventions sont celles d’une autre région, {}", twin.name);
            findings.push(
                Finding::new(
                    "B-bornes-identiques",
                    FAMILY,
                    Severity::Warning,
                    Object::region(&region.name),
                    message,
                )
                .facts(bounds(region))
                .facts(bounds(twin))
                .sum(format!(
                    "{} et {} dans les deux régions",
                    euros(bounds_of.0),
                    euros(bounds_of.1)
                ))
                .propose("vérifiez que l’encart n’a pas été copié d’une région à l’autre"),
            );
        }
    }
    findings
}

/// Envelopes per project far from the others': more than twice or less than
/// half the mean of all, or beyond one and a half times the interquartile range
/// (Tukey's fences). Told with the ranking of all régions.
fn outliers(facts: &Facts<'_>) -> Vec<Finding> {
    let ranked = ranked(&facts.register.regions);
    if ranked.len() < 8 {
        return Vec::new();
    }
    let (low, high) = usual(&ranked);
    let shown = |(region, mean): &(&Region, f64)| format!("{} {}", region.name, euros(*mean));
    let ranking: Vec<String> = ranked.iter().map(shown).collect();
    let far = ranked.iter().enumerate().filter(|(_, (_, mean))| *mean < low || *mean > high);
    far.map(|(rank, (region, mean))| {
        let message = format!(
            "l’enveloppe par projet, {}, s’écarte de celles des autres régions (rang {} sur {})",
            euros(*mean),
            rank + 1,
            ranked.len()
        );
        let object = Object::region(&region.name);
        let envelope = region.envelope.map(millions).unwrap_or_default();
        let projects = region.announced.unwrap_or_default();
        Finding::new("B-enveloppe-par-projet", FAMILY, Severity::Information, object, message)
            .fact(region_fact(region, "enveloppe", envelope.clone(), "Enveloppe (M€)"))
            .fact(region_fact(region, "projets", projects.to_string(), "Projets annoncés"))
            .fact(super::Fact::new("rang de toutes les régions", ranking.join(" ; ")))
            .sum(format!(
                "{envelope} ÷ {projects} = {} ; d’ordinaire entre {} et {}",
                euros(*mean),
                euros(low),
                euros(high)
            ))
            .propose("vérifiez l’enveloppe et le nombre de projets")
    })
    .collect()
}

/// The régions and their envelopes per project, the largest first.
fn ranked(regions: &[Region]) -> Vec<(&Region, f64)> {
    let mean = |region: &Region| {
        let projects = region.announced.filter(|projects| *projects > 0)?;
        Some(region.envelope? * 1e6 / projects as f64)
    };
    let mut ranked: Vec<(&Region, f64)> =
        regions.iter().filter_map(|region| Some((region, mean(region)?))).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    ranked
}

/// Between what the envelopes per project usually are.
fn usual(ranked: &[(&Region, f64)]) -> (f64, f64) {
    let total: f64 = ranked.iter().filter_map(|(region, _)| region.envelope).sum();
    let projects: usize = ranked.iter().filter_map(|(region, _)| region.announced).sum();
    let mean = total * 1e6 / projects.max(1) as f64;
    let sorted: Vec<f64> = ranked.iter().rev().map(|(_, mean)| *mean).collect();
    let (first, third) = (quantile(&sorted, 0.25), quantile(&sorted, 0.75));
    let reach = 1.5 * (third - first);
    ((first - reach).max(mean / 2.0), (third + reach).min(mean * 2.0))
}

/// The quantile of sorted numbers, by linear interpolation (type 7 of Hyndman
/// & Fan, 1996).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let position = share * (sorted.len().saturating_sub(1)) as f64;
    let at = |rank: f64| sorted.get(rank as usize).copied().unwrap_or(0.0);
    let (low, high) = (at(position.floor()), at(position.ceil()));
    low + (high - low) * position.fract()
}
