//! A: announced totals against the sum of their parts.

use std::collections::{HashMap, HashSet};

use super::territory::card_fact;
use super::{Fact, Facts, Family, Finding, Object};
use crate::diagnostics::Severity;
use crate::indicators::{Definition, Figures, Measure, RegisterMeasure, Unit, show};
use crate::published::PublishedFigure;
use crate::register::members::{count_range, organisation_key, uncut_members};
use crate::register::{Card, Laureate, Region};
use crate::typography::{decimal, integer, list, quoted, round_half_up, shortest};

const FAMILY: Family = Family::Totals;

/// Applies the rules of the family.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    [
        national_totals(facts),
        identities(facts),
        two_values(facts),
        map_totals(facts),
        regional_counts(facts),
        regional_figures(facts),
        cards(facts),
        alternatives(facts),
        departments_read_twice(facts),
        approximations(facts),
        missing_parts(facts),
        years(facts),
    ]
    .concat()
}

/// The parts of a total: their sum, or the range it falls in where they can be
/// counted in several ways.
struct Parts {
    low: f64,
    high: f64,
    /// What was added up.
    what: &'static str,
    /// « 4,5 + 3 + 2,9… »
    terms: String,
    /// Parts that the source does not print.
    missing: Vec<String>,
    /// Whether the parts can be counted without a doubt.
    sure: bool,
}

impl Parts {
    fn holds(&self, value: f64, half_unit: f64) -> bool {
        self.low - half_unit <= value + 1e-9 && value - half_unit <= self.high + 1e-9
    }

    fn shown(&self) -> String {
        if (self.high - self.low).abs() < 1e-9 {
            shortest(self.low, 2)
        } else {
            format!("entre {} et {}", shortest(self.low, 2), shortest(self.high, 2))
        }
    }
}

/// A1: each national total of the published figures whose indicator names its
/// parts.
fn national_totals(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for figure in distinct_values(facts) {
        let Some(definition) = definition(facts, figure) else { continue };
        let (Some(measure), Some(value)) = (definition.parts, figure.value) else { continue };
        let parts = parts(facts, measure);
        if !parts.holds(value, half_unit(figure)) {
            findings.push(total_finding(figure, value, &parts));
        }
    }
    findings
}

/// The national figures, one for each value of an indicator, the first place
/// it is printed at.
fn distinct_values<'a>(facts: &Facts<'a>) -> Vec<&'a PublishedFigure> {
    let mut seen: HashSet<(&str, String)> = HashSet::new();
    facts
        .published
        .iter()
        .filter(|figure| figure.is_national() && figure.chart.as_deref() != Some(MAP))
        .filter(|figure| {
            let (Some(id), Some(value)) = (figure.indicator.as_deref(), figure.value) else {
                return false;
            };
            seen.insert((id, value.to_string()))
        })
        .collect()
}

/// The chart whose values are the numbers on the map.
const MAP: &str = "carte";

fn definition<'a>(facts: &Facts<'a>, figure: &PublishedFigure) -> Option<&'a Definition> {
    facts.figures.get(figure.indicator.as_deref()?).map(|figure| &figure.definition)
}

/// Half the last printed digit: what rounding allows.
pub(super) fn half_unit(figure: &PublishedFigure) -> f64 {
    // A count is exact; a share or an amount was rounded.
    let rounded = matches!(figure.unit.as_str(), "%" | "M€") || figure.decimals() > 0;
    if rounded { 0.5 * 10_f64.powi(-(figure.decimals() as i32)) } else { 0.0 }
}

fn parts(facts: &Facts<'_>, measure: RegisterMeasure) -> Parts {
    let register = facts.register;
    match measure {
        RegisterMeasure::Laureates => by_region(facts, "projets des listes", |region| {
            Some(register.laureates_of(&region.slug).count() as f64)
        }),
        RegisterMeasure::Announced => {
            by_region(facts, "projets des encarts", |region| region.announced.map(|n| n as f64))
        }
        RegisterMeasure::Envelope => by_region(facts, "enveloppes régionales", |r| r.envelope),
        RegisterMeasure::Departments => departments(facts),
        RegisterMeasure::Regions => exact(register.regions.len(), "régions du registre"),
        RegisterMeasure::Cards => exact(register.cards.len(), "fiches"),
        RegisterMeasure::ThirdPlaces => {
            named(facts, "tiers-lieux nommés dans les listes", |laureate| &laureate.third_places)
        }
        RegisterMeasure::TrainingOrganisations => {
            named(facts, "organismes de formation nommés dans les listes", |laureate| {
                &laureate.training_organisations
            })
        }
        RegisterMeasure::SmallestGrant | RegisterMeasure::LargestGrant => {
            exact(register.regions.len(), "subventions")
        }
    }
}

fn exact(count: usize, what: &'static str) -> Parts {
    let value = count as f64;
    Parts { low: value, high: value, what, terms: String::new(), missing: Vec::new(), sure: true }
}

fn by_region(
    facts: &Facts<'_>,
    what: &'static str,
    value: impl Fn(&Region) -> Option<f64>,
) -> Parts {
    let regions = &facts.register.regions;
    let values: Vec<f64> = regions.iter().filter_map(&value).collect();
    let terms: Vec<String> = values.iter().map(|value| shortest(*value, 2)).collect();
    let sum = round_half_up(values.iter().sum(), 6);
    let missing = regions.iter().filter(|r| value(r).is_none()).map(|r| r.name.clone()).collect();
    Parts { low: sum, high: sum, what, terms: terms.join(" + "), missing, sure: true }
}

/// The départements covered. Where a box prints none the official number of
/// the territory bounds it; where a text gives another number both are read.
fn departments(facts: &Facts<'_>) -> Parts {
    let mut parts = by_region(facts, "départements couverts", |r| r.departments.map(|n| n as f64));
    let printed = parts.low;
    for region in &facts.register.regions {
        let official = official_departments(facts, region) as f64;
        match region.departments {
            None => {
                parts.low += 1.0_f64.min(official);
                parts.high += official;
            }
            Some(count) => {
                let others = published_for(facts, RegisterMeasure::Departments, region);
                let values = others.filter_map(|figure| figure.value);
                let (low, high) = values
                    .fold((count as f64, count as f64), |(low, high), value| {
                        (low.min(value), high.max(value))
                    });
                parts.low += low - count as f64;
                parts.high += high - count as f64;
            }
        }
    }
    if !parts.missing.is_empty() {
        parts.terms = format!("{} imprimés, et {}", integer(printed as i64), list(&parts.missing));
    }
    parts
}

/// How many départements the territory of a région has.
pub(super) fn official_departments(facts: &Facts<'_>, region: &Region) -> usize {
    region.codes.iter().map(|code| facts.geography.departments_of(code).count()).sum()
}

/// The published figures of a région whose indicator counts these parts.
fn published_for<'a>(
    facts: &Facts<'a>,
    parts: RegisterMeasure,
    region: &'a Region,
) -> impl Iterator<Item = &'a PublishedFigure> {
    let figures = facts.figures;
    facts
        .published
        .iter()
        .filter(move |figure| figure.card.is_none() && is_of(figure, region))
        .filter(move |figure| counts(figures, figure, parts))
}

/// Whether the indicator of a published figure counts these parts.
fn counts(figures: &Figures, figure: &PublishedFigure, parts: RegisterMeasure) -> bool {
    let indicator = figure.indicator.as_deref().and_then(|id| figures.get(id));
    indicator.is_some_and(|indicator| indicator.definition.parts == Some(parts))
}

/// Whether a published figure speaks of a région.
pub(super) fn is_of(figure: &PublishedFigure, region: &Region) -> bool {
    figure.region.as_deref().is_some_and(|name| crate::matching::slug(name) == region.slug)
}

/// The organisations that the lists name: at the least each different name
/// once, « A et B » being one unless A or B is named apart; at the most every
/// mention.
fn named(facts: &Facts<'_>, what: &'static str, text: impl Fn(&Laureate) -> &String) -> Parts {
    let laureates = &facts.register.laureates;
    let names: Vec<&str> = laureates.iter().flat_map(|l| uncut_members(text(l))).collect();
    let (joined, single): (Vec<&str>, Vec<&str>) =
        names.into_iter().partition(|name| name.contains(" et "));
    let mut keys: HashSet<String> = single.into_iter().map(organisation_key).collect();
    let apart: HashSet<String> = joined
        .into_iter()
        .filter(|name| !name.split(" et ").any(|part| keys.contains(&organisation_key(part))))
        .map(organisation_key)
        .collect();
    keys.extend(apart);
    let most: usize = laureates.iter().map(|laureate| count_range(text(laureate)).1).sum();
    Parts {
        low: keys.len() as f64,
        high: most as f64,
        what,
        terms: format!("{} noms différents, {} mentions au plus", keys.len(), most),
        missing: Vec::new(),
        sure: false,
    }
}

fn total_finding(figure: &PublishedFigure, value: f64, parts: &Parts) -> Finding {
    let id = figure.indicator.clone().unwrap_or_default();
    let severity = match parts.sure && figure.approximation.is_none() {
        true => Severity::Error,
        false => Severity::Warning,
    };
    let message = format!(
        "le total annoncé, {}, n’est pas la somme de ses parties ({})",
        figure.printed, parts.what
    );
    let terms = if parts.terms.is_empty() { String::new() } else { format!("{} = ", parts.terms) };
    let difference = if value > parts.high { value - parts.high } else { value - parts.low };
    let sum =
        format!("{terms}{} ≠ {} (écart {})", parts.shown(), shortest(value, 2), signed(difference));
    Finding::new("A-total-et-somme", FAMILY, severity, Object::national().indicator(&id), message)
        .fact(published_fact(figure))
        .fact(Fact::new(parts.what, parts.shown()))
        .sum(sum)
        .propose("corrigez le total, ou dites ce qu’il compte de plus ou de moins")
}

fn signed(value: f64) -> String {
    if value > 0.0 { format!("+{}", shortest(value, 2)) } else { shortest(value, 2) }
}

/// A published figure as a fact.
pub(super) fn published_fact(figure: &PublishedFigure) -> Fact {
    // A label of a map or of a chart is its own wording.
    let what = match figure.wording == figure.printed {
        true => "publié".to_string(),
        false => format!("publié : {}", quoted(&figure.wording)),
    };
    Fact::new(what, &figure.printed).at(&figure.place).line(figure.source_line)
}

/// A2: each published figure that should follow from others, computed from
/// the published values of those.
fn identities(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for figure in distinct_values(facts) {
        let Some(definition) = definition(facts, figure) else { continue };
        let (Some(identity), Some(value)) = (&definition.identity, figure.value) else { continue };
        let published = |id: &str| published_value(facts, id);
        let Some(expected) = identity.evaluate(&published) else { continue };
        let half = 0.5 * 10_f64.powi(-(figure.decimals() as i32));
        if (expected - value).abs() > half + 1e-9 {
            let shown = |id: &str| published(id).map_or(id.to_string(), |v| shortest(v, 2));
            let spelled = identity.spelled(&shown);
            // An indicator that is itself that calculation must follow from it; a
            // mere relation between figures may have exceptions.
            let same = matches!(&definition.measure, Measure::Expression(own) if own == identity);
            findings.push(identity_finding(figure, expected, &spelled, &definition.unit, same));
        }
    }
    findings
}

/// The first national value published for an indicator.
fn published_value(facts: &Facts<'_>, id: &str) -> Option<f64> {
    let is_it = |figure: &&PublishedFigure| {
        let on_map = figure.chart.as_deref() == Some(MAP);
        figure.indicator.as_deref() == Some(id) && figure.is_national() && !on_map
    };
    facts.published.iter().filter(is_it).find_map(|figure| figure.value)
}

fn identity_finding(
    figure: &PublishedFigure,
    expected: f64,
    spelled: &str,
    unit: &Unit,
    binding: bool,
) -> Finding {
    let id = figure.indicator.clone().unwrap_or_default();
    let shown = match unit {
        Unit::Things(_) if expected.fract() != 0.0 => decimal(expected, 2),
        _ => shortest(expected, 2),
    };
    let sure = binding && figure.approximation.is_none();
    let severity = if sure { Severity::Error } else { Severity::Warning };
    let message = format!(
        "le chiffre publié, {}, ne découle pas des autres chiffres publiés",
        figure.printed
    );
    Finding::new("A-produit", FAMILY, severity, Object::national().indicator(&id), message)
        .fact(published_fact(figure))
        .fact(Fact::new("calculé sur les chiffres publiés", shown.clone()))
        .sum(format!("{spelled} = {shown} ≠ {}", figure.printed))
        .propose("corrigez l’un des chiffres, ou dites comment celui-ci est obtenu")
}

/// What a published figure speaks of: indicator, région, card.
type Subject<'a> = (&'a str, Option<&'a str>, Option<&'a str>);

/// The published figures that have a value, by what they speak of, in their
/// order; the numbers on the map aside.
fn by_subject<'a>(facts: &Facts<'a>) -> Vec<(Subject<'a>, Vec<&'a PublishedFigure>)> {
    let mut ranks: HashMap<Subject<'a>, usize> = HashMap::new();
    let mut subjects: Vec<(Subject<'a>, Vec<&PublishedFigure>)> = Vec::new();
    let figures = facts.published.iter().filter(|figure| figure.chart.as_deref() != Some(MAP));
    for figure in figures.filter(|figure| figure.value.is_some()) {
        let Some(id) = figure.indicator.as_deref() else { continue };
        let subject = (id, figure.region.as_deref(), figure.card.as_deref());
        let next = subjects.len();
        let rank = *ranks.entry(subject).or_insert(next);
        match subjects.get_mut(rank) {
            Some((_, figures)) => figures.push(figure),
            None => subjects.push((subject, vec![figure])),
        }
    }
    subjects
}

/// A3: the same figure printed with two values.
fn two_values(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (subject, figures) in by_subject(facts) {
        let mut values: Vec<&PublishedFigure> = Vec::new();
        for figure in figures {
            if !values.iter().any(|other| other.value == figure.value) {
                values.push(figure);
            }
        }
        if values.len() > 1 {
            findings.push(two_values_finding(facts, subject, &values));
        }
    }
    findings
}

fn two_values_finding(
    facts: &Facts<'_>,
    (id, region, card): Subject<'_>,
    values: &[&PublishedFigure],
) -> Finding {
    let printed: Vec<String> = values.iter().map(|figure| figure.printed.clone()).collect();
    // Of a card it is not the national figure of that name.
    let figure = facts.figures.get(id).filter(|_| card.is_none());
    let label = figure.map_or(id.to_string(), |figure| figure.definition.label.clone());
    let object = region.map_or_else(Object::national, Object::region).indicator(id);
    let object = card.map_or(object.clone(), |card| object.project(card));
    let message =
        format!("{} est donné avec {} valeurs : {}", quoted(&label), values.len(), list(&printed));
    let numbers: Vec<f64> = values.iter().filter_map(|figure| figure.value).collect();
    let (low, high) = bounds(&numbers);
    let sure = values.iter().all(|figure| figure.certain && figure.approximation.is_none());
    let severity = if sure { Severity::Error } else { Severity::Warning };
    Finding::new("A-deux-valeurs", FAMILY, severity, object, message)
        .facts(values.iter().map(|figure| published_fact(figure)))
        .sum(format!(
            "{} ≠ {} (écart {})",
            shortest(low, 2),
            shortest(high, 2),
            shortest(high - low, 2)
        ))
        .propose("gardez une seule valeur, celle que le questionnaire ou le registre donne")
}

fn bounds(numbers: &[f64]) -> (f64, f64) {
    numbers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), number| {
        (low.min(*number), high.max(*number))
    })
}

/// A3 again: the same value printed as exact here and as approximate there.
fn approximations(facts: &Facts<'_>) -> Vec<Finding> {
    let differ = |figures: &[&PublishedFigure]| -> Option<Finding> {
        let about = figures.iter().find(|figure| figure.approximation.is_some())?;
        let exact = figures
            .iter()
            .find(|figure| figure.approximation.is_none() && figure.value == about.value)?;
        let word = about.approximation.as_deref().unwrap_or_default();
        let message = format!("{} est dit « {word} » ici, et exact là", about.printed);
        let id = about.indicator.as_deref().unwrap_or_default();
        Some(
            Finding::new(
                "A-exact-et-approche",
                FAMILY,
                Severity::Information,
                Object::national().indicator(id),
                message,
            )
            .facts([published_fact(about), published_fact(exact)])
            .propose(format!("retirez « {word} » si le nombre est exact, sinon arrondissez-le")),
        )
    };
    by_subject(facts).iter().filter_map(|(_, figures)| differ(figures)).collect()
}

/// A4: the numbers on the map against the national total, and against the
/// régions'.
fn map_totals(facts: &Facts<'_>) -> Vec<Finding> {
    let on_map: Vec<&PublishedFigure> =
        facts.published.iter().filter(|figure| figure.chart.as_deref() == Some(MAP)).collect();
    let Some(id) = on_map.first().and_then(|figure| figure.indicator.as_deref()) else {
        return Vec::new();
    };
    let total = facts.published.iter().find(|figure| {
        figure.indicator.as_deref() == Some(id)
            && figure.is_national()
            && figure.chart.as_deref() != Some(MAP)
    });
    let sum: f64 = on_map.iter().filter_map(|figure| figure.value).sum();
    let against_total = total
        .filter(|total| total.value.is_some_and(|value| (sum - value).abs() > 1e-9))
        .map(|total| map_and_total(id, &on_map, sum, total));
    against_total.into_iter().chain(map_and_regions(facts, id, &on_map)).collect()
}

fn map_and_total(
    id: &str,
    on_map: &[&PublishedFigure],
    sum: f64,
    total: &PublishedFigure,
) -> Finding {
    let terms: Vec<String> = on_map.iter().map(|figure| figure.printed.clone()).collect();
    let message = format!(
        "les nombres portés sur la carte font {}, et non {}",
        shortest(sum, 2),
        total.printed
    );
    let first = on_map.first().map(|figure| figure.place.clone()).unwrap_or_default();
    let object = Object::national().indicator(id);
    Finding::new("A-carte-et-total", FAMILY, Severity::Error, object, message)
        .fact(published_fact(total))
        .fact(Fact::new("somme des nombres de la carte", shortest(sum, 2)).at(&first))
        .sum(format!("{} = {} ≠ {}", terms.join(" + "), shortest(sum, 2), total.printed))
        .propose("corrigez le total, ou ajoutez à la carte les projets qui manquent")
}

/// The numbers on the map need no région beside them: sorted, they must be the
/// régions' own.
fn map_and_regions(facts: &Facts<'_>, id: &str, on_map: &[&PublishedFigure]) -> Option<Finding> {
    let definition = &facts.figures.get(id)?.definition;
    if definition.parts != Some(RegisterMeasure::Laureates) {
        return None;
    }
    let mut shown: Vec<i64> = on_map.iter().filter_map(|f| f.value).map(|v| v as i64).collect();
    let mut due: Vec<i64> =
        facts.register.regions.iter().filter_map(|r| r.announced).map(|n| n as i64).collect();
    let only_on_map = without(&shown, &due);
    let only_in_boxes = without(&due, &shown);
    if only_on_map.is_empty() && only_in_boxes.is_empty() {
        return None;
    }
    shown.sort_unstable();
    due.sort_unstable();
    let numbers = |numbers: &[i64]| -> String {
        match numbers {
            [] => "rien".to_string(),
            some => list(&some.iter().map(|n| integer(*n)).collect::<Vec<_>>()),
        }
    };
    let message = format!(
        "la carte porte {} que les encarts n’ont pas, et il y manque {}",
        numbers(&only_on_map),
        numbers(&only_in_boxes)
    );
    let place = on_map.first().map(|figure| figure.place.clone()).unwrap_or_default();
    let object = Object::national().indicator(id);
    Some(
        Finding::new("A-carte-et-encarts", FAMILY, Severity::Error, object, message)
            .fact(Fact::new("nombres de la carte", numbers(&shown)).at(&place))
            .fact(Fact::new("nombres des encarts", numbers(&due)))
            .sum(format!("{} ≠ {}", numbers(&only_on_map), numbers(&only_in_boxes)))
            .propose("corrigez le nombre de la carte, ou celui de l’encart"),
    )
}

/// What a list holds more often than another.
fn without(list: &[i64], other: &[i64]) -> Vec<i64> {
    let mut left = other.to_vec();
    let mut rest = Vec::new();
    for number in list {
        match left.iter().position(|other| other == number) {
            Some(rank) => {
                left.swap_remove(rank);
            }
            None => rest.push(*number),
        }
    }
    rest
}

/// A5: for each région, the announced projects against the list, and against
/// what the texts say.
fn regional_counts(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for region in &facts.register.regions {
        let listed = facts.register.laureates_of(&region.slug).count();
        if let Some(announced) = region.announced.filter(|announced| *announced != listed) {
            findings.push(count_finding(region, &announced.to_string(), listed, None));
        }
        for figure in published_for(facts, RegisterMeasure::Laureates, region) {
            if figure.value.is_some_and(|value| value != listed as f64) {
                findings.push(count_finding(region, &figure.printed, listed, Some(figure)));
            }
        }
        findings.extend(said_departments(facts, region));
    }
    findings
}

fn count_finding(
    region: &Region,
    announced: &str,
    listed: usize,
    figure: Option<&PublishedFigure>,
) -> Finding {
    let message = format!("{announced} projets annoncés, {listed} dans la liste");
    let fact = match figure {
        Some(figure) => published_fact(figure),
        None => region_fact(region, "projets annoncés", announced.to_string(), "Projets annoncés"),
    };
    Finding::new(
        "A-annonces-et-liste",
        FAMILY,
        Severity::Error,
        Object::region(&region.name),
        message,
    )
    .fact(fact)
    .fact(Fact::new("projets de la liste", listed.to_string()))
    .sum(format!("{announced} ≠ {listed}"))
    .propose("corrigez le nombre annoncé, ou complétez la liste")
}

/// A figure of a région's facts box, as a fact with its cell.
pub(super) fn region_fact(region: &Region, what: &str, value: String, column: &str) -> Fact {
    Fact::new(what, value).at(&region.cells.place(column)).line(region.source_lines.clone())
}

/// The départements that a text gives against those of the facts box.
fn said_departments(facts: &Facts<'_>, region: &Region) -> Vec<Finding> {
    let Some(boxed) = region.departments else { return Vec::new() };
    let official = official_departments(facts, region);
    published_for(facts, RegisterMeasure::Departments, region)
        .filter_map(|figure| {
            // « tous » is as many as the région has.
            let said = figure.value.unwrap_or(official as f64);
            (said != boxed as f64).then(|| {
                let message = format!(
                    "le texte dit {} départements, l’encart {boxed}",
                    if figure.value.is_none() {
                        format!("{} (soit {official})", figure.printed)
                    } else {
                        figure.printed.clone()
                    }
                );
                let id = figure.indicator.as_deref().unwrap_or_default();
                let object = Object::region(&region.name).indicator(id);
                // A word such as « tous » may be read otherwise.
                let number = figure.value.is_some() && figure.approximation.is_none();
                let severity = if number { Severity::Error } else { Severity::Warning };
                Finding::new("A-deux-valeurs", FAMILY, severity, object, message)
                    .fact(published_fact(figure))
                    .fact(region_fact(region, "encart", boxed.to_string(), "Départements couverts"))
                    .fact(Fact::new("départements officiels de la région", official.to_string()))
                    .sum(format!("{} ≠ {boxed}", shortest(said, 0)))
                    .propose("gardez une seule valeur, et vérifiez-la sur les projets")
            })
        })
        .collect()
}

/// A6: any other figure that a text gives of a région, against its box.
fn regional_figures(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for figure in facts.published.iter().filter(|figure| figure.card.is_none()) {
        let Some(definition) = definition(facts, figure) else { continue };
        let Measure::Register(measure) = definition.measure else { continue };
        let region = facts.register.regions.iter().find(|region| is_of(figure, region));
        let Some((region, said)) = region.zip(figure.value) else { continue };
        let Some((column, boxed)) = boxed(region, measure) else { continue };
        if (said - boxed).abs() > half_unit(figure) + 1e-9 {
            let shown = show(boxed, definition);
            let message = format!("le texte dit {}, l’encart {shown}", figure.printed);
            let object = Object::region(&region.name).indicator(&definition.id);
            let exact = figure.approximation.is_none();
            let severity = if exact { Severity::Error } else { Severity::Warning };
            findings.push(
                Finding::new("A-deux-valeurs", FAMILY, severity, object, message)
                    .fact(published_fact(figure))
                    .fact(region_fact(region, "encart", shown, column))
                    .sum(format!("{} ≠ {}", shortest(said, 2), shortest(boxed, 2)))
                    .propose("gardez une seule valeur, aux deux endroits"),
            );
        }
    }
    findings
}

/// What a box prints of a measure, and in which column.
fn boxed(region: &Region, measure: RegisterMeasure) -> Option<(&'static str, f64)> {
    match measure {
        RegisterMeasure::Envelope => Some(("Enveloppe (M€)", region.envelope?)),
        RegisterMeasure::SmallestGrant => Some(("Subvention minimale (€)", region.grant_min?)),
        RegisterMeasure::LargestGrant => Some(("Subvention maximale (€)", region.grant_max?)),
        _ => None,
    }
}

/// A7: how many members the text of a card speaks of, against those it names.
fn cards(facts: &Facts<'_>) -> Vec<Finding> {
    let cards = facts.cards_by_title();
    let of_cards = facts.published.iter().filter_map(|figure| {
        let card = cards.get(&crate::matching::key(figure.card.as_deref()?))?;
        members_said(facts, card, figure)
    });
    of_cards.collect()
}

fn members_said(facts: &Facts<'_>, card: &Card, figure: &PublishedFigure) -> Option<Finding> {
    let said = figure.value?;
    let (what, column, lists): (_, _, Vec<&String>) = match figure.indicator.as_deref()? {
        "tiers-lieux" => ("tiers-lieux nommés", "Tiers-lieux", vec![&card.third_places]),
        "membres" => (
            "structures nommées",
            "Tiers-lieux",
            vec![&card.third_places, &card.training_organisations, &card.other_partners],
        ),
        _ => return None,
    };
    let ranges = lists.iter().map(|list| count_range(list));
    let (low, high) = ranges.fold((0, 0), |(low, high), (l, h)| (low + l, high + h));
    let fits = (low as f64..=high as f64).contains(&said);
    (!fits).then(|| {
        let named = if low == high { low.to_string() } else { format!("{low} à {high}") };
        let message =
            format!("le texte dit {} {}, la fiche en nomme {named}", figure.printed, figure.unit);
        let object = facts.object(&card.region).project(&card.title);
        let text: Vec<&str> =
            lists.iter().map(|list| list.as_str()).filter(|list| !list.is_empty()).collect();
        Finding::new("A-fiche-et-texte", FAMILY, Severity::Warning, object, message)
            .fact(published_fact(figure))
            .fact(card_fact(card, what, &text.join(" ; "), column))
            .sum(format!("{} ≠ {named}", shortest(said, 0)))
            .propose("complétez les membres de la fiche, ou corrigez le nombre du texte")
    })
}

/// A8: a facts box that gives two readings of its number of projects, and what
/// each makes of the national total.
fn alternatives(facts: &Facts<'_>) -> Vec<Finding> {
    let total: usize = facts.register.regions.iter().filter_map(|region| region.announced).sum();
    let national = facts
        .published
        .iter()
        .find(|figure| figure.indicator.as_deref() == Some("laureats") && figure.is_national());
    let readings = facts
        .register
        .regions
        .iter()
        .filter_map(|region| Some((region, region.announced?, region.announced_of_which?)))
        .filter(|(_, announced, of_which)| announced != of_which);
    readings
        .map(|(region, announced, of_which)| {
            let other = total - announced.min(total) + of_which;
            let message = format!(
                "deux lectures du nombre de projets : {announced}, ou {of_which} lauréats du programme"
            );
            let neither = national
                .and_then(|figure| Some((figure, figure.value?)))
                .filter(|(_, value)| *value != total as f64 && *value != other as f64)
                .map(|(figure, _)| format!(" ; aucun des deux n’est le total publié, {}", figure.printed));
            let said = published_for(facts, RegisterMeasure::Laureates, region).map(published_fact);
            Finding::new(
                "A-deux-lectures",
                FAMILY,
                Severity::Warning,
                Object::region(&region.name),
                message,
            )
            .fact(region_fact(region, "encart", region.announced_text.clone(), "Projets (libellé)"))
            .facts(said)
            .sum(format!(
                "total national : {total} avec {announced}, {other} avec {of_which}{}",
                neither.unwrap_or_default()
            ))
            .propose("dites laquelle compte dans le total national, et tenez-vous-y")
        })
        .collect()
}

/// A9: a national number of départements that is reached only with more than
/// a région has.
fn departments_read_twice(facts: &Facts<'_>) -> Vec<Finding> {
    let excess = |region: &Region| {
        let official = official_departments(facts, region);
        region.departments.filter(|_| official > 0)?.checked_sub(official).filter(|n| *n > 0)
    };
    let over: Vec<(&Region, usize)> =
        facts.register.regions.iter().filter_map(|r| Some((r, excess(r)?))).collect();
    if over.is_empty() {
        return Vec::new();
    }
    let parts = departments(facts);
    let wrong = over.iter().map(|(_, excess)| excess).sum::<usize>() as f64;
    let named: Vec<String> = over.iter().map(|(region, _)| region.name.clone()).collect();
    distinct_values(facts)
        .into_iter()
        .filter(|figure| {
            let measure = definition(facts, figure).and_then(|definition| definition.parts);
            let value = figure.value.unwrap_or_default();
            measure == Some(RegisterMeasure::Departments) && parts.holds(value, 0.0)
        })
        .map(|figure| {
            let value = figure.value.unwrap_or_default();
            let official = value - wrong;
            let message = format!(
                "le total de {} départements compte un nombre impossible ({})",
                figure.printed,
                list(&named)
            );
            let id = figure.indicator.as_deref().unwrap_or_default();
            let object = Object::national().indicator(id);
            let boxes = over.iter().map(|(region, _)| {
                let count = region.departments.unwrap_or_default().to_string();
                region_fact(region, "départements couverts", count, "Départements couverts")
            });
            Finding::new("A-deux-lectures", FAMILY, Severity::Warning, object, message)
                .fact(published_fact(figure))
                .facts(boxes)
                .sum(format!(
                    "{} ; avec les nombres officiels, {} − {} = {}",
                    parts.terms,
                    shortest(value, 0),
                    shortest(wrong, 0),
                    shortest(official, 0)
                ))
                .propose("corrigez l’encart, puis refaites le total")
        })
        .collect()
}

/// A11: a year that the source says something began in (« depuis »), while it
/// prints earlier ones.
fn years(facts: &Facts<'_>) -> Vec<Finding> {
    let is = |text: &str, word: &str| crate::matching::loose_key(text) == word;
    let of_year: Vec<&PublishedFigure> =
        facts.published.iter().filter(|figure| is(&figure.unit, "annee")).collect();
    let since =
        |figure: &&&PublishedFigure| is(figure.approximation.as_deref().unwrap_or(""), "depuis");
    let finding = |figure: &&PublishedFigure| {
        let start = figure.value?;
        let before = |other: &&&PublishedFigure| other.value.is_some_and(|year| year < start);
        let earlier: Vec<&PublishedFigure> = of_year.iter().filter(before).copied().collect();
        let first = earlier.iter().filter_map(|other| other.value).reduce(f64::min)?;
        let message = format!(
            "un texte dit «\u{A0}depuis {}\u{A0}», d’autres donnent des années plus anciennes, dès {first:.0}",
            figure.printed
        );
        let id = figure.indicator.as_deref().unwrap_or_default();
        let object = Object::national().indicator(id);
        Some(
            Finding::new("A-annees", FAMILY, Severity::Warning, object, message)
                .fact(published_fact(figure))
                .facts(earlier.into_iter().map(published_fact))
                .sum(format!("{first:.0} < {start:.0}"))
                .propose("dites ce qui commence à chacune de ces dates"),
        )
    };
    let national = of_year.iter().filter(|figure| figure.is_national()).filter(since);
    let mut findings: Vec<Finding> = national.clone().filter_map(finding).collect();
    let starts: Vec<&PublishedFigure> = national.copied().collect();
    findings.extend(facts.published.iter().filter_map(|age| age_and_start(facts, age, &starts)));
    findings
}

/// A11 again: « moins d’un an » of what another sentence says began years ago.
fn age_and_start(
    facts: &Facts<'_>,
    age: &PublishedFigure,
    starts: &[&PublishedFigure],
) -> Option<Finding> {
    let is = |text: &str, word: &str| crate::matching::loose_key(text) == word;
    let below = is(age.approximation.as_deref().unwrap_or(""), "moins de");
    let years = ["an", "ans"].iter().any(|unit| is(&age.unit, unit));
    let most = age.value.filter(|_| years && below && age.is_national())?;
    let old = |start: &&&PublishedFigure| {
        start.value.is_some_and(|start| f64::from(facts.year) - start > most)
    };
    let start = starts.iter().find(old)?;
    let elapsed = f64::from(facts.year) - start.value?;
    let vowel = age.printed.starts_with(['u', 'o', 'a']);
    let less = if vowel { "moins d’" } else { "moins de " };
    let message = format!(
        "un texte dit «\u{A0}{less}{}\u{A0}», un autre «\u{A0}depuis {}\u{A0}»",
        age.printed, start.printed
    );
    let object = Object::national().indicator(age.indicator.as_deref().unwrap_or_default());
    Some(
        Finding::new("A-annees", FAMILY, Severity::Warning, object, message)
            .facts([published_fact(age), published_fact(start)])
            .sum(format!("{} − {} = {elapsed:.0} > {most:.0}", facts.year, start.printed))
            .propose("dites à quelle date la durée est comptée, ou ce qui commence à cette date"),
    )
}

/// A10: what a facts box does not print while the others do.
fn missing_parts(facts: &Facts<'_>) -> Vec<Finding> {
    type Part = (&'static str, &'static str, fn(&Region) -> bool);
    const PARTS: [Part; 5] = [
        ("le nombre de projets", "Projets annoncés", |r| r.announced.is_some()),
        ("l’enveloppe", "Enveloppe (M€)", |r| r.envelope.is_some()),
        ("la plus petite subvention", "Subvention minimale (€)", |r| r.grant_min.is_some()),
        ("la plus grande subvention", "Subvention maximale (€)", |r| r.grant_max.is_some()),
        ("le nombre de départements couverts", "Départements couverts", |r| {
            r.departments.is_some()
        }),
    ];
    let regions = &facts.register.regions;
    let mut findings = Vec::new();
    for (what, column, is_there) in PARTS {
        let absent: Vec<&Region> = regions.iter().filter(|region| !is_there(region)).collect();
        if absent.len() * 2 < regions.len() {
            findings.extend(absent.iter().map(|region| missing_finding(region, what, column)));
        }
    }
    findings
}

fn missing_finding(region: &Region, what: &str, column: &str) -> Finding {
    let message = format!("l’encart n’imprime pas {what}, que les autres régions donnent");
    Finding::new(
        "A-partie-absente",
        FAMILY,
        Severity::Information,
        Object::region(&region.name),
        message,
    )
    .fact(region_fact(region, column, "(absent)".to_string(), column))
    .propose("complétez l’encart, ou dites pourquoi il ne le donne pas")
}
