//! The sampling plan: how those who answered stand for the programme's projects.
//!
//! The register says how many projects each région has; the respondents of a
//! région are taken for a sample of them without replacement, and what the
//! edition asks for weighs them. The plan is that of all respondents: a table's
//! base, a région, the answers to another question are domains of it.
//!
//! A file of answers without a register is a simple random sample of an
//! unbounded population.

mod margins;
mod strata;

use std::borrow::Cow;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::edition::{Estimation, IntervalMethod, Weighting};
use crate::register::Register;
use crate::statistics::{
    Convergence, Design, DesignFault, Margin, ProportionMethod, RakingControl, expansion_weights,
};
use crate::survey::Survey;
use crate::typography::{counted, integer, percent, quoted};
use margins::NamedMargin;
use strata::Strata;

/// The design of the respondents, and how estimates are made from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub design: Design,
    pub interval: IntervalMethod,
    /// The confidence level: 0.95.
    pub level: f64,
    pub weighting: Weighting,
    /// Whether the questionnaire gives a weight to each respondent.
    pub own_weights: bool,
    /// How many projects the register has; none without a register.
    pub population: Option<usize>,
    pub calibration: Option<Calibrated>,
    /// Whether régions are put together in strata.
    pub merged: bool,
    /// The respondents of the design that the survey's are, where the survey is
    /// a domain of it; none where it is the whole.
    pub domain: Option<Vec<usize>>,
}

/// How the weights were calibrated.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibrated {
    /// The names of the margins.
    pub margins: Vec<String>,
    /// The questions that are margins: their shares are known.
    pub questions: Vec<String>,
    /// When raking was to stop.
    pub control: RakingControl,
    pub convergence: Convergence,
    /// Where the largest gap is: « porteur : État ».
    pub widest: String,
}

impl Plan {
    /// Whether answers weigh differently from one another.
    pub fn is_weighted(&self) -> bool {
        self.own_weights || self.weighting != Weighting::None
    }

    /// The plan of a file of answers: a simple random sample.
    pub fn of_answers(survey: &Survey) -> Self {
        let weights = own_weights(survey);
        // Weights are checked as they are read; others would be equal.
        let design = Design::simple(weights).or_else(|_| Design::simple(equal_weights(survey)));
        let usual = Estimation::default();
        Self {
            design: design.unwrap_or_default(),
            interval: usual.interval,
            level: usual.level,
            weighting: Weighting::None,
            own_weights: survey.codebook.layout.weight.is_some(),
            population: None,
            calibration: None,
            merged: false,
            domain: None,
        }
    }

    /// The plan of some of the respondents (see [`Survey::narrowed`]): the design
    /// of all, of which they are a domain. R: `subset(design, …)`.
    #[must_use]
    pub fn within(self, whole: &Survey, part: &Survey) -> Self {
        let rows: Vec<u32> = whole.respondents.iter().map(|who| who.row).collect();
        let ranks = part.respondents.iter().filter_map(|who| rows.binary_search(&who.row).ok());
        Self { domain: Some(ranks.collect()), ..self }
    }

    /// The units of the design that some respondents of the survey are.
    pub fn units<'a>(&self, respondents: &'a [usize]) -> Cow<'a, [usize]> {
        match &self.domain {
            None => Cow::Borrowed(respondents),
            Some(domain) => {
                respondents.iter().filter_map(|who| domain.get(*who)).copied().collect()
            }
        }
    }

    /// The plan of an edition: stratified by région, with the finite population
    /// correction, and weighted as the edition asks.
    ///
    /// Pushes an error where the weights cannot be made: a région without an
    /// answer, a margin that does not hold, raking that does not converge.
    pub fn of_edition(
        survey: &Survey,
        register: &Register,
        estimation: &Estimation,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        found.extend(unused_margins(estimation));
        let strata = Strata::new(survey, register, estimation, found)?;
        let usual = Self {
            interval: estimation.interval,
            level: estimation.level,
            weighting: estimation.weighting,
            population: Some(register.laureates.len()),
            merged: !estimation.merged.is_empty(),
            ..Self::of_answers(survey)
        };
        match estimation.weighting {
            Weighting::None => {
                let design = found.take(strata.design(own_weights(survey)))?;
                Some(Self { design, ..usual })
            }
            Weighting::Region => {
                let design = found.take(strata.weighted(survey))?;
                Some(Self { design, ..usual })
            }
            Weighting::Calibration => {
                let margins = margins::read(survey, register, estimation, found)?;
                let design = found.take(strata.base(survey))?;
                let (design, calibrated) = rake(design, margins, estimation, found)?;
                Some(Self { design, calibration: Some(calibrated), ..usual })
            }
        }
    }

    /// Whether the shares of a question are the totals that the weights were
    /// calibrated to: those of all respondents, where it is a margin.
    pub fn fixes(&self, question: &str, units: &[usize]) -> bool {
        let margins = self.calibration.iter().flat_map(|calibrated| &calibrated.questions);
        units.len() == self.design.len() && margins.into_iter().any(|margin| margin == question)
    }

    /// The method of `statistics` for the interval of a proportion.
    pub fn method(&self) -> ProportionMethod {
        match self.interval {
            IntervalMethod::Beta => ProportionMethod::Beta,
            IntervalMethod::Logit => ProportionMethod::Logit,
            IntervalMethod::Wilson => ProportionMethod::Wilson,
        }
    }

    /// The design as R's `survey` writes it; `poids` are the questionnaire's
    /// weights and N the projects of a région.
    pub fn in_r(&self) -> String {
        let whole = self.whole_in_r();
        if self.domain.is_some() { format!("subset({whole}, filtre)") } else { whole }
    }

    fn whole_in_r(&self) -> String {
        let strata = if self.merged { "regroupement" } else { "region" };
        let stratified = format!("svydesign(ids = ~1, strata = ~{strata}, fpc = ~N");
        let own = if self.own_weights { ", weights = ~poids" } else { "" };
        let one = if self.own_weights { "~poids" } else { "~1" };
        match (self.population, self.weighting) {
            (None, _) => format!("svydesign(ids = ~1, weights = {one})"),
            (_, Weighting::None) => format!("{stratified}, weights = {one})"),
            (_, Weighting::Region) if self.own_weights => {
                format!("postStratify({stratified}{own}), ~{strata}, population)")
            }
            (_, Weighting::Region) => format!("{stratified})"),
            (_, Weighting::Calibration) => {
                let margins = self.calibration.as_ref().map(|c| c.margins.join(", ~"));
                let margins = margins.unwrap_or_default();
                let control = self.calibration.as_ref().map(|c| c.control);
                let control = control.map_or(String::new(), |control| {
                    let (rounds, tolerance) = (control.rounds, control.tolerance);
                    format!(", control = list(maxit = {rounds}, epsilon = {tolerance:e})")
                });
                format!("rake({stratified}{own}), list(~{margins}), populations{control})")
            }
        }
    }

    /// The plan in words, for tables and the pages on method.
    pub fn in_words(&self) -> String {
        let whole = self.whole_in_words();
        match &self.domain {
            None => whole,
            Some(domain) => {
                let kept = counted(domain.len(), "réponse");
                format!("{whole}, dont le filtre retient {kept}")
            }
        }
    }

    fn whole_in_words(&self) -> String {
        let Some(population) = self.population else {
            return "sondage aléatoire simple, sans correction de population finie".to_string();
        };
        let weights = match self.weighting {
            Weighting::None if self.own_weights => "pondéré par le questionnaire",
            Weighting::None => "sans pondération",
            Weighting::Region => "pondéré par région",
            Weighting::Calibration => "calé sur marges",
        };
        format!(
            "stratifié par région, avec correction de population finie ({} sur {}), {weights}",
            counted(self.design.len(), "réponse"),
            counted(population, "projet"),
        )
    }
}

/// The weights of the questionnaire; 1 each where there are none.
fn own_weights(survey: &Survey) -> Vec<f64> {
    survey.respondents.iter().map(|respondent| respondent.weight).collect()
}

fn equal_weights(survey: &Survey) -> Vec<f64> {
    vec![1.0; survey.respondents.len()]
}

impl Strata {
    fn design(&self, weights: Vec<f64>) -> Result<Design, Diagnostic> {
        let design = Design::new(self.of.clone(), &self.populations, weights);
        design.map_err(|fault| impossible(fault, self))
    }

    /// The respondents weigh N/n, or their own weight: what calibration begins
    /// with.
    fn base(&self, survey: &Survey) -> Result<Design, Diagnostic> {
        if survey.codebook.layout.weight.is_some() {
            return self.design(own_weights(survey));
        }
        let expanded = expansion_weights(&self.of, &self.populations);
        self.design(expanded.unwrap_or_else(|| equal_weights(survey)))
    }

    /// The same, with the weights of each région summing to its projects.
    fn weighted(&self, survey: &Survey) -> Result<Design, Diagnostic> {
        let base = self.base(survey)?;
        if survey.codebook.layout.weight.is_none() {
            return Ok(base);
        }
        let totals = self.populations.iter().map(|population| population.unwrap_or(0.0)).collect();
        let margin = Margin { cells: self.of.clone(), totals };
        base.post_stratify(&margin).map_err(|_| impossible(DesignFault::Shape, self))
    }
}

/// Margins that no weighting uses.
fn unused_margins(estimation: &Estimation) -> Option<Diagnostic> {
    let first = estimation.calibration.margins.first()?;
    (estimation.weighting != Weighting::Calibration).then(|| {
        let word = estimation.weighting.word();
        Diagnostic::warning("marges-sans-calage", "les marges de [calage] ne servent pas")
            .at(first.place.clone())
            .help(format!(
                "écrivez ponderation = \"calage\" dans [estimation] (elle est « {word} »), ou \
                 retirez ces marges"
            ))
    })
}

fn rake(
    design: Design,
    margins: Vec<NamedMargin>,
    estimation: &Estimation,
    found: &mut Diagnostics,
) -> Option<(Design, Calibrated)> {
    let calibration = &estimation.calibration;
    let control = RakingControl { rounds: calibration.rounds, tolerance: calibration.tolerance };
    let plain: Vec<Margin> = margins.iter().map(|named| named.margin.clone()).collect();
    let raked = design.rake(&plain, control).map_err(|fault| margins::fault(fault, &margins));
    let (design, convergence) = found.take(raked)?;
    let widest = margins::name_of(&margins, convergence.widest);
    let names = margins.iter().map(|named| named.name.clone()).collect();
    let questions = margins.iter().filter(|named| named.of_question);
    let questions = questions.map(|named| named.name.clone()).collect();
    let calibrated = Calibrated { margins: names, questions, control, convergence, widest };
    found.push(report(&design, &calibrated, estimation));
    convergence.converged.then_some((design, calibrated))
}

/// A relative gap from which a calibration has not reached its margins.
const WIDE_GAP: f64 = 0.01;

/// « 3,2 % », « moins de 0,01 % ».
fn gap_in_words(gap: f64) -> String {
    match gap {
        gap if gap >= 1e-4 => percent(100.0 * gap, if gap < 1e-2 { 2 } else { 1 }),
        _ => format!("moins de {}", percent(0.01, 2)),
    }
}

/// What calibration came to: an information, or an error where it did not
/// converge.
fn report(design: &Design, calibrated: &Calibrated, estimation: &Estimation) -> Diagnostic {
    let Convergence { rounds, converged, largest_gap, .. } = calibrated.convergence;
    let gap = gap_in_words(largest_gap);
    let widest = quoted(&calibrated.widest);
    if !converged {
        let message = format!(
            "le calage n’a pas convergé en {} ; l’écart relatif le plus grand, {gap}, est à {widest}",
            counted(rounds, "tour")
        );
        return Diagnostic::error("calage-sans-convergence", message)
            .at(estimation.place.clone())
            .help(
                "vérifiez que les totaux des marges peuvent être atteints ensemble ; retirez une \
                 marge, regroupez ses modalités, ou augmentez « tours » de [calage]",
            );
    }
    if largest_gap > WIDE_GAP {
        let message = format!(
            "le calage s’est arrêté en {} loin de ses totaux : l’écart relatif le plus grand, \
             {gap}, est à {widest}",
            counted(rounds, "tour")
        );
        return Diagnostic::warning("calage-imparfait", message)
            .at(estimation.place.clone())
            .help("baissez « tolerance » de [calage] (1e-10 sans elle), ou retirez une marge");
    }
    let weights = design.weights().iter().copied();
    let low = weights.clone().fold(f64::INFINITY, f64::min);
    let high = weights.fold(0.0, f64::max);
    let message = format!(
        "calage atteint en {} ; écart relatif le plus grand : {gap} ({}) ; poids de {} à {}",
        counted(rounds, "tour"),
        calibrated.widest,
        crate::typography::decimal(low, 2),
        crate::typography::decimal(high, 2),
    );
    Diagnostic::information("calage", message).at(estimation.place.clone())
}

/// A design that statistics refuses, though every part of it was checked.
fn impossible(fault: DesignFault, strata: &Strata) -> Diagnostic {
    let message = match fault {
        DesignFault::SampleExceedsPopulation { stratum } => format!(
            "{} a plus de réponses que de projets",
            quoted(strata.names.get(stratum).map_or("", String::as_str))
        ),
        DesignFault::Weight { unit } => {
            format!("le poids de la réponse {} n’est pas utilisable", integer(unit as i64 + 1))
        }
        DesignFault::Shape => "les poids ne peuvent pas être ramenés aux régions".to_string(),
    };
    Diagnostic::error("plan-impossible", message)
        .help("vérifiez les poids du questionnaire et les projets du registre")
}

#[cfg(test)]
mod tests;
