//! The table of a question as text, CSV and JSON.

use serde_json::{Value, json};

use super::plain;
use crate::codebook::{Choice, Question};
use crate::disclosure::Rules;
use crate::edition::Weighting;
use crate::indicators::{GroupMask, QuestionMask, Rounding, roundings};
use crate::register::Register;
use crate::sampling::Plan;
use crate::survey::Survey;
use crate::tabulation::{Count, Estimated, Group, Grouping, Summary, Tabulation, basis_word};
use crate::typography::{NOT_DISCLOSED, counted, decimal, integer, percent};

/// A table and the names of what it holds.
pub struct QuestionTable<'a> {
    pub survey: &'a Survey,
    pub register: Option<&'a Register>,
    pub plan: &'a Plan,
    pub table: &'a Tabulation,
    pub by: Grouping,
    /// What is hidden of it; nothing in a file that is no edition's.
    pub mask: Option<&'a QuestionMask>,
}

impl QuestionTable<'_> {
    fn question(&self) -> Option<&Question> {
        self.survey.codebook.questions.get(self.table.question)
    }

    /// The name of a group: a région's, an option's label, or « Ensemble ».
    fn group_name(&self, group: &Group) -> String {
        let Some(key) = &group.key else { return "Ensemble".to_string() };
        let region =
            || self.register.and_then(|register| register.region(key)).map(|r| r.name.clone());
        let option = |rank: usize| {
            let question = self.survey.codebook.questions.get(rank)?;
            Some(question.options.get(question.option(key)?)?.label.clone())
        };
        let name = match self.by {
            Grouping::None => None,
            Grouping::Region => region(),
            Grouping::Question(rank) => option(rank),
        };
        name.unwrap_or_else(|| key.clone())
    }

    /// The groups, each with what is hidden of it.
    fn groups(&self) -> impl Iterator<Item = (&Group, GroupMask)> {
        let groups = self.table.groups.iter().enumerate();
        groups.map(|(rank, group)| (group, self.hidden(rank)))
    }

    fn hidden(&self, rank: usize) -> GroupMask {
        self.mask.and_then(|mask| mask.group(rank)).cloned().unwrap_or_default()
    }

    /// For a person who reads a terminal.
    pub fn text(&self) -> String {
        let title = self.question().map(|question| question.label.clone()).unwrap_or_default();
        let groups: Vec<String> =
            self.groups().map(|(group, hidden)| self.block(group, &hidden)).collect();
        format!("{title}\n\n{}\n{}\n", groups.join("\n"), self.method())
    }

    /// How the percentages and their intervals were made.
    fn method(&self) -> String {
        format!(
            "Intervalles de confiance à {} ; {}.",
            percent(100.0 * self.plan.level, 0),
            self.plan.in_words()
        )
    }

    /// A group as text: its name and base, then a line an option.
    fn block(&self, group: &Group, hidden: &GroupMask) -> String {
        if hidden.base {
            return format!("{} ({NOT_DISCLOSED})\n", self.group_name(group));
        }
        let extreme = |value: f64| match hidden.extremes {
            true => NOT_DISCLOSED.to_string(),
            false => decimal(value, 1),
        };
        let mut lines =
            vec![format!("{} (n = {})", self.group_name(group), integer(group.base as i64))];
        match &group.numbers {
            Some(_) if hidden.numbers => lines.push(format!("  {NOT_DISCLOSED}")),
            Some(numbers) => lines.extend([
                format!("  moyenne  {}", estimate(&numbers.mean, 1)),
                format!("  médiane  {}", estimate(&numbers.median, 1)),
                format!("  minimum  {}", extreme(numbers.min)),
                format!("  maximum  {}", extreme(numbers.max)),
                format!("  total    {}", self.total(&numbers.sum)),
            ]),
            None => lines.extend(self.option_lines(group, hidden)),
        }
        lines.extend(remainder(group));
        lines.join("\n") + "\n"
    }

    /// A total; without weights it is that of the answers, which is known.
    fn total(&self, sum: &Estimated) -> String {
        if self.plan.is_weighted() { estimate(sum, 0) } else { decimal(sum.value, 0) }
    }

    /// The options of a group with their counts; none where it is hidden.
    fn options<'g>(
        &self,
        group: &'g Group,
        hidden: &GroupMask,
    ) -> Vec<(&Choice, Option<&'g Count>)> {
        let options = self.question().map(|question| question.options.as_slice());
        let pairs = options.unwrap_or_default().iter().zip(&group.options).enumerate();
        let shown = |rank: usize| !hidden.hides(Some(rank));
        pairs.map(|(rank, (option, count))| (option, shown(rank).then_some(count))).collect()
    }

    fn option_lines(&self, group: &Group, hidden: &GroupMask) -> Vec<String> {
        let options = self.options(group, hidden);
        let width = options.iter().map(|(option, _)| option.label.chars().count()).max();
        let width = width.unwrap_or(0);
        let roundings = self.question().map(|question| roundings(question, group, hidden));
        let roundings = roundings.unwrap_or_default();
        let line = |((option, count), rounding): (&(&Choice, Option<&Count>), &Rounding)| {
            let Some(count) = count else {
                return format!("  {:<width$}  {NOT_DISCLOSED:>16}", option.label);
            };
            let share = share_shown(count, *rounding);
            let bounds = count.share.and_then(|share| bounds(&share, 100.0, 1));
            let bounds = bounds.map(|bounds| format!("  {bounds}")).unwrap_or_default();
            let number = integer(count.count as i64);
            format!("  {:<width$}  {number:>6}  {share:>8}{bounds}", option.label)
        };
        options.iter().zip(&roundings).map(line).collect()
    }

    /// A row an option, or a statistic, of each group.
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let header = [
            "groupe",
            "modalite",
            "libelle",
            "effectif",
            "base",
            "pourcentage",
            "valeur",
            "diffusable",
            "erreur_type",
            "borne_basse",
            "borne_haute",
            "methode",
        ];
        let rows = self.groups().flat_map(|(group, hidden)| self.records(group, &hidden));
        for record in std::iter::once(header.map(str::to_string)).chain(rows) {
            // Writing to memory does not fail, and all records are as long.
            let _ = writer.write_record(&record);
        }
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }

    fn records(&self, group: &Group, hidden: &GroupMask) -> Vec<[String; 12]> {
        let key = group.key.clone().unwrap_or_default();
        let base = if hidden.base { String::new() } else { group.base.to_string() };
        let record = |id: &str, label: &str, cells: [Option<String>; 3], end: [String; 4]| {
            let shown = if cells.first().is_some_and(Option::is_some) { "oui" } else { "non" };
            let [count, share, value] = cells.map(Option::unwrap_or_default);
            let (id, label, base) = (id.to_string(), plain(label), base.clone());
            let [error, low, high, method] = end;
            let shown = shown.to_string();
            let key = key.clone();
            [key, id, label, count, base, share, value, shown, error, low, high, method]
        };
        if let Some(numbers) = &group.numbers {
            let of = |(name, value, estimate): (&str, f64, Option<&Estimated>)| {
                let shown = shows(hidden, estimate);
                let count = shown.then(|| numbers.count.to_string());
                let end = uncertainty(estimate.filter(|_| shown), 1.0);
                record(name, name, [count, None, shown.then(|| value.to_string())], end)
            };
            return statistics(numbers).map(of).to_vec();
        }
        let of = |(option, count): (&Choice, Option<&Count>)| {
            let share = count.and_then(|count| count.share);
            let percentage = share.map(|share| (100.0 * share.value).to_string());
            let count = count.map(|count| count.count.to_string());
            let end = uncertainty(share.as_ref(), 100.0);
            record(&option.id, &option.label, [count, percentage, None], end)
        };
        self.options(group, hidden).into_iter().map(of).collect()
    }

    /// Unrounded, with the method and what may be shown.
    pub fn json(&self) -> Value {
        let Some(question) = self.question() else { return Value::Null };
        let total = self.table.total().cloned().unwrap_or_default();
        let hidden = self.groups().next().is_some_and(|(_, hidden)| hidden.base);
        let shown = |count: usize| (!hidden).then_some(count);
        json!({
            "question": question.id,
            "libelle": question.label,
            "type": question.kind.word(),
            "base": shown(total.base),
            "sans_reponse": shown(total.unanswered),
            "non_reconnu": shown(total.unknown),
            "methode": self.json_method(),
            "groupes": (0..self.table.groups.len()).map(|rank| self.json_group(rank)).collect::<Vec<_>>(),
        })
    }

    /// How the estimates were made; `r` is the design as R's `survey` writes it.
    fn json_method(&self) -> Value {
        let plan = self.plan;
        let calibration = plan.calibration.as_ref().map(|calibrated| {
            json!({
                "marges": calibrated.margins,
                "tours": calibrated.convergence.rounds,
                "ecart_relatif": calibrated.convergence.largest_gap,
                "ecart_a": calibrated.widest,
            })
        });
        // Weights of the questionnaire's own are no choice of the plan's.
        let column = self.survey.codebook.layout.weight.as_ref();
        let weighting = match plan.weighting {
            Weighting::None if column.is_some() => "colonne",
            weighting => weighting.word(),
        };
        json!({
            "ponderation": weighting,
            "colonne_de_poids": column.and_then(|column| column.title.as_deref()),
            "intervalle": plan.interval.word(),
            "niveau": plan.level,
            "plan": plan.in_words(),
            "r": plan.in_r(),
            "repondants": plan.design.len(),
            "population": plan.population,
            "calage": calibration,
        })
    }

    fn json_group(&self, rank: usize) -> Value {
        let Some(group) = self.table.groups.get(rank) else { return Value::Null };
        let hidden = self.hidden(rank);
        let base = (!hidden.base).then_some(group.base);
        let weighted = (!hidden.base).then_some(group.weighted_base);
        let mut entry = json!({"groupe": group.key, "base": base, "base_ponderee": weighted});
        let content = match &group.numbers {
            Some(numbers) => ("nombres", json_numbers(numbers, &hidden)),
            None => ("modalites", self.json_options(group, &hidden)),
        };
        if let Some(fields) = entry.as_object_mut() {
            fields.insert(content.0.to_string(), content.1);
        }
        entry
    }

    fn json_options(&self, group: &Group, hidden: &GroupMask) -> Value {
        // A file that is no edition's hides nothing, and says what one would.
        let small = self.mask.is_none() && Rules::default().base_too_small(group.base);
        let entry = |(choice, count): (&Choice, Option<&Count>)| {
            let share = count.and_then(|count| count.share);
            let percent = |of: fn(&Estimated) -> Option<f64>| {
                share.as_ref().and_then(of).map(|value| 100.0 * value)
            };
            json!({
                "id": choice.id,
                "libelle": choice.label,
                "effectif": count.map(|count| count.count),
                "pourcentage": percent(|share| Some(share.value)),
                "erreur_type": percent(|share| share.standard_error),
                "borne_basse": percent(|share| share.low),
                "borne_haute": percent(|share| share.high),
                "methode": share.and_then(|share| share.basis).map(basis_word),
                "diffusable": count.is_some() && !small,
            })
        };
        self.options(group, hidden).into_iter().map(entry).collect()
    }
}

/// The share of an option as it is printed in a table, to a tenth.
fn share_shown(count: &Count, rounding: Rounding) -> String {
    const DECIMALS: usize = 1;
    let shown = |share: Estimated| percent(rounding.apply(100.0 * share.value, DECIMALS), DECIMALS);
    count.share.map_or("–".to_string(), shown)
}

/// The statistics of numbers, by the names they have in files, with the
/// uncertainty of those that are estimates.
fn statistics(numbers: &Summary) -> [(&'static str, f64, Option<&Estimated>); 5] {
    [
        ("moyenne", numbers.mean.value, Some(&numbers.mean)),
        ("mediane", numbers.median.value, Some(&numbers.median)),
        ("minimum", numbers.min, None),
        ("maximum", numbers.max, None),
        ("total", numbers.sum.value, Some(&numbers.sum)),
    ]
}

/// Whether a statistic appears: an estimate, or (none given) an extreme, which is
/// one respondent's answer.
fn shows(hidden: &GroupMask, estimate: Option<&Estimated>) -> bool {
    !if estimate.is_some() { hidden.numbers } else { hidden.extremes }
}

fn json_numbers(numbers: &Summary, hidden: &GroupMask) -> Value {
    let shown = !hidden.numbers;
    let mut entry = serde_json::Map::new();
    let mut estimates = serde_json::Map::new();
    entry.insert("effectif".to_string(), json!(shown.then_some(numbers.count)));
    for (name, value, estimate) in statistics(numbers) {
        let value = shows(hidden, estimate).then_some(value);
        entry.insert(name.to_string(), json!(value));
        if let Some(estimate) = estimate.filter(|_| shown) {
            let detail = json!({
                "valeur": estimate.value,
                "erreur_type": estimate.standard_error,
                "borne_basse": estimate.low,
                "borne_haute": estimate.high,
                "methode": estimate.basis.map(basis_word),
            });
            estimates.insert(name.to_string(), detail);
        }
    }
    entry.insert("estimations".to_string(), Value::Object(estimates));
    entry.insert("diffusable".to_string(), json!(shown));
    Value::Object(entry)
}

/// The standard error, the bounds and the method of an estimate, as text.
fn uncertainty(estimate: Option<&Estimated>, scale: f64) -> [String; 4] {
    let text = |value: Option<f64>| value.map(|v| (scale * v).to_string()).unwrap_or_default();
    [
        text(estimate.and_then(|estimate| estimate.standard_error)),
        text(estimate.and_then(|estimate| estimate.low)),
        text(estimate.and_then(|estimate| estimate.high)),
        estimate.and_then(|e| e.basis).map(basis_word).unwrap_or_default().to_string(),
    ]
}

/// An estimate and its bounds, as text.
fn estimate(estimate: &Estimated, decimals: usize) -> String {
    let value = decimal(estimate.value, decimals);
    match bounds(estimate, 1.0, decimals) {
        Some(bounds) => format!("{value}  {bounds}"),
        None => value,
    }
}

/// The bounds of an estimate, as text: « [61,8 ; 69,6] »; none without either.
fn bounds(estimate: &Estimated, scale: f64, decimals: usize) -> Option<String> {
    estimate.low.or(estimate.high)?;
    let text =
        |bound: Option<f64>| bound.map_or("…".to_string(), |b| decimal(scale * b, decimals));
    Some(format!("[{}\u{202F}; {}]", text(estimate.low), text(estimate.high)))
}

/// The lines for those who are not in the table.
fn remainder(group: &Group) -> Vec<String> {
    [
        (group.unanswered, "sans réponse"),
        (group.not_asked, "à qui la question n’était pas posée"),
        (group.unknown, "dont une réponse n’est pas reconnue"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("  ({} {what})", counted(count, "répondant")))
    .collect()
}
