//! What a figure is and how it is computed, in French.

use super::{Explanation, Origin};
use crate::codebook::Question;
use crate::indicators::{
    Definition, Expression, Figure, Measure, NoInterval, RegisterMeasure, Statistic, Unit, Value,
    Wording, show,
};
use crate::statistics::sums::sum;
use crate::typography::{
    NOT_DISCLOSED, counted, decimal, integer, percent, quoted, round_half_up, shortest,
};

/// The most terms that a sum is written out with.
const TERMS: usize = 20;

impl Explanation<'_> {
    /// What the figure is, in a sentence.
    pub fn definition(&self) -> String {
        let definition = &self.figure.definition;
        let question = self.question.as_ref().map(|asked| asked.question);
        match &definition.measure {
            Measure::Share { option, .. } => share_definition(question, option),
            Measure::Number { statistic, .. } => number_definition(question, *statistic),
            Measure::Ratio { .. } => {
                let below = self.denominator.as_ref().map(|(asked, _)| asked.question);
                ratio_definition(question, below)
            }
            Measure::Register(measure) => register_definition(*measure).to_string(),
            Measure::Respondents => {
                "nombre de projets qui ont répondu au questionnaire".to_string()
            }
            Measure::Announced(name) => {
                format!("total annoncé par le programme : « {name} » d’edition.toml")
            }
            Measure::Expression(expression) => {
                format!("calcul sur d’autres chiffres : {}", expression.spelled(&str::to_string))
            }
        }
    }
}

/// Why a calculation has no interval, in words.
pub(super) fn no_interval(reason: &NoInterval) -> String {
    match reason {
        NoInterval::Known => "rien n’y est estimé sur un échantillon".to_string(),
        NoInterval::NoValue => "il n’a pas de valeur".to_string(),
        NoInterval::Extreme(id) => {
            format!("{} est la réponse d’un seul répondant", quoted(id))
        }
        NoInterval::Part(id) => format!("{} n’en a pas", quoted(id)),
    }
}

fn share_definition(question: Option<&Question>, option: &str) -> String {
    let label = question
        .and_then(|question| Some(question.options.get(question.option(option)?)?.label.clone()));
    let chosen = quoted(&label.unwrap_or_else(|| option.to_string()));
    format!("part de la base qui a répondu {chosen}")
}

fn number_definition(question: Option<&Question>, statistic: Statistic) -> String {
    let what = match statistic {
        Statistic::Mean => "moyenne",
        Statistic::Total => "total",
        Statistic::Median => "médiane",
        Statistic::Quantile(order) => return quantile_definition(question, order),
        Statistic::Minimum => "plus petit",
        Statistic::Maximum => "plus grand",
    };
    let label = question.map_or("", |question| &question.label);
    format!("{what} des nombres donnés à {}", quoted(label))
}

fn quantile_definition(question: Option<&Question>, order: f64) -> String {
    let label = question.map_or("", |question| &question.label);
    format!(
        "quantile d’ordre {} des nombres donnés à {} : au moins {} d’entre eux sont inférieurs ou \
         égaux",
        shortest(order, 6),
        quoted(label),
        percent(100.0 * order, decimals_of(order))
    )
}

/// The decimals of an order in per cent: 0.9 has none, 0.125 has one.
fn decimals_of(order: f64) -> usize {
    let exact =
        |decimals: &usize| (round_half_up(100.0 * order, *decimals) - 100.0 * order).abs() < 1e-9;
    (0..4).find(exact).unwrap_or(4)
}

fn ratio_definition(above: Option<&Question>, below: Option<&Question>) -> String {
    let label = |question: Option<&Question>| quoted(question.map_or("", |q| &q.label));
    format!(
        "total des nombres donnés à {} ÷ total de ceux donnés à {}, par les mêmes répondants",
        label(above),
        label(below)
    )
}

fn register_definition(measure: RegisterMeasure) -> &'static str {
    match measure {
        RegisterMeasure::Laureates => "nombre de projets de la feuille « Lauréats »",
        RegisterMeasure::Regions => "nombre de régions de la feuille « Régions »",
        RegisterMeasure::Cards => "nombre de projets de la feuille « Fiches »",
        RegisterMeasure::Envelope => "somme des enveloppes des régions, en millions d’euros",
        RegisterMeasure::Announced => "somme des projets annoncés par les régions",
        RegisterMeasure::Departments => "somme des départements couverts dans chaque région",
        RegisterMeasure::SmallestGrant => "plus petite subvention annoncée par une région",
        RegisterMeasure::LargestGrant => "plus grande subvention annoncée par une région",
        RegisterMeasure::ThirdPlaces => "tiers-lieux différents que nomment les listes de projets",
        RegisterMeasure::TrainingOrganisations => {
            "organismes de formation différents que nomment les listes de projets"
        }
    }
}

impl Origin<'_> {
    /// How a figure that may be shown is computed, a line a step.
    pub(super) fn arithmetic(
        &self,
        figure: &Figure,
        value: &Value,
        region: Option<&str>,
    ) -> Vec<String> {
        let definition = &figure.definition;
        let Some(result) = value.value else { return self.undefined(definition, region) };
        let shown = || precise(result, value, definition);
        let id = definition.table().unwrap_or_default();
        match &definition.measure {
            Measure::Share { option, .. } => self.share(&id, option, region, value, &shown()),
            Measure::Number { statistic, .. } => self.number(&id, *statistic, region, &shown()),
            Measure::Ratio { .. } => self.ratio(definition, region, &shown()),
            Measure::Register(measure) => self.register_lines(*measure, region, &shown()),
            Measure::Respondents => vec![format!("{} lignes comptées", shown())],
            Measure::Announced(_) => vec![format!("{}, repris tel quel", shown())],
            Measure::Expression(expression) => {
                vec![format!("{} = {}", self.spelled(expression, region), shown())]
            }
        }
    }

    /// Why a calculation whose parts all have a value has none.
    fn undefined(&self, definition: &Definition, region: Option<&str>) -> Vec<String> {
        let Measure::Expression(expression) = &definition.measure else { return Vec::new() };
        let value = |id: &str| self.figures.get(id)?.at(region)?.value;
        match expression.indicators().into_iter().find(|id| value(id).is_none()) {
            Some(id) => vec![format!("{} n’a pas de valeur", quoted(id))],
            None => vec![format!("{} : division par zéro", self.spelled(expression, region))],
        }
    }

    fn share(
        &self,
        question: &str,
        option: &str,
        region: Option<&str>,
        value: &Value,
        shown: &str,
    ) -> Vec<String> {
        let (Some(count), Some(base)) = (value.count, value.base) else { return Vec::new() };
        let counts = format!("{} ÷ {}", integer(count as i64), integer(base as i64));
        if !self.is_weighted() {
            return vec![format!("{counts} = {shown}")];
        }
        let Some(rank) = self.survey.rank(question) else { return Vec::new() };
        let weight = |who: u32| self.plan.design.weight(who as usize);
        let ticked: f64 = self.who_ticked(question, option, region).into_iter().map(weight).sum();
        let all: f64 = self.in_base(rank, region).into_iter().map(weight).sum();
        vec![
            format!("sans pondération : {counts}"),
            format!(
                "poids de ceux qui ont choisi ÷ poids de la base : {} ÷ {} = {shown}",
                decimal(ticked, 4),
                decimal(all, 4)
            ),
        ]
    }

    fn number(
        &self,
        question: &str,
        statistic: Statistic,
        region: Option<&str>,
        shown: &str,
    ) -> Vec<String> {
        let Some(rank) = self.survey.rank(question) else { return Vec::new() };
        let numbers = self.numbers(rank, region);
        let weight = |who: u32| self.plan.design.weight(who as usize);
        let sum: f64 = numbers.iter().map(|(who, number)| weight(*who) * number).sum();
        let weights: f64 = numbers.iter().map(|(who, _)| weight(*who)).sum();
        let answers = counted(numbers.len(), "réponse");
        let weighted = if self.is_weighted() { " pondérée" } else { "" };
        match statistic {
            Statistic::Mean if self.is_weighted() => vec![format!(
                "somme pondérée de {answers} ÷ somme des poids : {} ÷ {} = {shown}",
                shortest(sum, 4),
                decimal(weights, 4)
            )],
            Statistic::Mean => {
                vec![format!(
                    "somme de {answers} : {} ; {} ÷ {} = {shown}",
                    shortest(sum, 4),
                    shortest(sum, 4),
                    integer(numbers.len() as i64)
                )]
            }
            Statistic::Total => vec![format!("somme{weighted} de {answers} = {shown}")],
            Statistic::Median => {
                vec![format!("valeur qui partage en deux {answers} rangées : {shown}")]
            }
            Statistic::Quantile(order) => vec![format!(
                "de {answers} rangées, la première à laquelle {} {} sont atteints : {shown}",
                percent(100.0 * order, decimals_of(order)),
                if self.is_weighted() { "des poids" } else { "des réponses" }
            )],
            Statistic::Minimum => vec![format!("la plus petite de {answers} : {shown}")],
            Statistic::Maximum => vec![format!("la plus grande de {answers} : {shown}")],
        }
    }

    /// The two totals of a ratio.
    fn ratio(&self, definition: &Definition, region: Option<&str>, shown: &str) -> Vec<String> {
        let totals = definition.tables().into_iter().filter_map(|table| {
            let numbers = self.numbers(self.survey.rank(&table)?, region);
            let weight = |who: u32| self.plan.design.weight(who as usize);
            let terms = numbers.iter().map(|(who, number)| weight(*who) * number);
            Some((sum(terms), numbers.len()))
        });
        let totals: Vec<(f64, usize)> = totals.collect();
        let [(above, answers), (below, _)] = totals[..] else { return Vec::new() };
        let sums = if self.is_weighted() { "sommes pondérées" } else { "sommes" };
        vec![format!(
            "{sums} de {} aux deux questions : {} ÷ {} = {shown}",
            counted(answers, "réponse"),
            shortest(above, 4),
            shortest(below, 4)
        )]
    }

    /// The numbers that a total of the register adds up, in the order of the
    /// sheet.
    fn register_lines(
        &self,
        measure: RegisterMeasure,
        region: Option<&str>,
        shown: &str,
    ) -> Vec<String> {
        let cells = self.registered(measure, region);
        let numbers: Vec<f64> = cells.iter().filter_map(|cell| cell.number).collect();
        let added = matches!(
            measure,
            RegisterMeasure::Envelope | RegisterMeasure::Announced | RegisterMeasure::Departments
        );
        if added && (2..=TERMS).contains(&numbers.len()) {
            let terms: Vec<String> = numbers.iter().map(|number| shortest(*number, 4)).collect();
            return vec![format!("{} = {shown}", terms.join(" + "))];
        }
        let places = counted(cells.len(), "cellule");
        match measure {
            RegisterMeasure::ThirdPlaces | RegisterMeasure::TrainingOrganisations => vec![format!(
                "{shown} noms différents dans {places}, sans tenir compte des accents, des articles \
                 ni des majuscules"
            )],
            RegisterMeasure::SmallestGrant => vec![format!("le plus petit de {places} : {shown}")],
            RegisterMeasure::LargestGrant => vec![format!("le plus grand de {places} : {shown}")],
            _ if added => vec![format!("somme de {places} = {shown}")],
            _ => vec![format!("{places} comptées")],
        }
    }

    /// An expression with the values in place of the names.
    fn spelled(&self, expression: &Expression, region: Option<&str>) -> String {
        expression.spelled(&|id| {
            let figure = self.figures.get(id);
            let value = figure.and_then(|figure| match region {
                None => figure.national.value,
                Some(slug) => figure.regions.get(slug)?.value,
            });
            value.map_or(NOT_DISCLOSED.to_string(), |value| shortest(value, 4))
        })
    }

    /// Whether some respondents weigh more than others.
    fn is_weighted(&self) -> bool {
        let design = &self.plan.design;
        let first = (!design.is_empty()).then(|| design.weight(0));
        (0..design.len()).any(|unit| Some(design.weight(unit)) != first)
    }

    /// The respondents of a question's base.
    fn in_base(&self, rank: usize, region: Option<&str>) -> Vec<u32> {
        use crate::codebook::Base;
        use crate::survey::Status;
        let question = self.survey.codebook.questions.get(rank);
        let Some((question, answers)) = question.zip(self.survey.answers.get(rank)) else {
            return Vec::new();
        };
        let counts = |status: Status| match question.base {
            Base::Respondents => status == Status::Answered,
            Base::Asked => status != Status::NotAsked,
        };
        let own = answers.status.iter().enumerate();
        own.filter(|(who, status)| counts(**status) && self.is_of(*who, region))
            .map(|(who, _)| who as u32)
            .collect()
    }
}

/// A value with enough decimals to be checked, and as printed where that is
/// something else: `65,76 %, affiché 66 %`.
fn precise(number: f64, value: &Value, definition: &Definition) -> String {
    let more = Definition { decimals: definition.decimals + 2, ..definition.clone() };
    let printed = value.told(definition).unwrap_or_default();
    let long = match definition.unit {
        Unit::Percent | Unit::Things(_) => show(number, &more),
        _ => show(number, definition),
    };
    let rounded = value.rounded(definition.decimals);
    let same = rounded == Some(crate::typography::round_half_up(number, more.decimals));
    if same && value.wording == Wording::Plain {
        return printed;
    }
    match long == printed {
        true => long,
        false => format!("{long}, affiché {printed}"),
    }
}
