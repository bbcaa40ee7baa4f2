//! The words under a chart: on whom its percentages rest, how the question was
//! put, how an interval is drawn and at which level.

use crate::charts::Row;
use crate::codebook::{Base, Codebook, Condition, Operator, Question};
use crate::edition::ChartForm;
use crate::indicators::{Figure, Measure, OwnBase, Wording};
use crate::matching;
use crate::typography::{NARROW_SPACE, alternatives, counted, counted_as, quoted, shortest};

/// Writes captions from what the codebook says of a question.
#[derive(Debug, Clone, Copy)]
pub struct Captions<'a> {
    pub codebook: &'a Codebook,
    /// The confidence level: 0.95.
    pub level: f64,
}

impl Captions<'_> {
    /// The caption of a chart of rows, drawn in a form: the base, the way to
    /// answer, and the interval as it is drawn, or in words where the form
    /// draws none.
    pub fn chart(&self, first: &Figure, rows: &[Row], form: ChartForm) -> String {
        let base = self.base(first, rows.len());
        let interval = match form {
            _ if !any_interval(rows) => String::new(),
            ChartForm::Points => format!("Bande : {}.", self.interval()),
            ChartForm::Bars | ChartForm::Strip => format!("Trait : {}.", self.interval()),
            ChartForm::Parts | ChartForm::Waffle => self.bounds(rows),
        };
        format!("{base} {interval}").trim().to_string()
    }

    /// The caption of one share.
    pub fn share(&self, figure: &Figure, row: &Row) -> String {
        let base = self.base(figure, 1);
        match row.whisker() {
            Some(_) if !row.interval_shown.is_empty() => {
                let interval = crate::typography::capitalised(&self.interval());
                format!("{base} {interval} : {}.", row.interval_shown)
            }
            _ => base,
        }
    }

    /// What a chart of rows says before its values, for who does not see it.
    pub fn told(&self, first: &Figure, rows: &[Row]) -> String {
        let base = self.base(first, rows.len());
        let base = base.trim_end_matches('.');
        match any_interval(rows) {
            true => format!("{base}. Entre parenthèses, l’{}", self.interval()),
            false => base.to_string(),
        }
    }

    /// « intervalle de confiance à 95 % »
    pub fn interval(&self) -> String {
        format!("intervalle de confiance à {}", self.level())
    }

    /// « 95 % »
    pub fn level(&self) -> String {
        level(self.level)
    }

    /// « Intervalles de confiance à 95 % : zone rurale, 47 % à 51 % ; … »
    fn bounds(&self, rows: &[Row]) -> String {
        let told: Vec<String> = rows
            .iter()
            .filter(|row| row.whisker().is_some() && !row.interval_shown.is_empty())
            .map(|row| format!("{}, {}", row.label, row.interval_shown))
            .collect();
        let separator = format!("{NARROW_SPACE}; ");
        match told.as_slice() {
            [] => String::new(),
            told => {
                format!("Intervalles de confiance à {} : {}.", self.level(), told.join(&separator))
            }
        }
    }

    /// The base of a figure that is shown with others of its question, and how
    /// the question was answered: « En % des 186 répondants à la question ;
    /// plusieurs réponses possibles. »
    pub fn base(&self, figure: &Figure, options: usize) -> String {
        let Some(base) = figure.national.base else { return String::new() };
        let question = self.question(figure);
        let whom = self.whom(base, figure, question);
        match &figure.definition.measure {
            Measure::Share { .. } if figure.national.wording != Wording::AsCount => {
                let article = if base < 2 { "de" } else { "des" };
                format!("En % {article} {whom}{}.", ways_to_answer(question, options))
            }
            _ => format!("Sur {whom}."),
        }
    }

    fn question(&self, figure: &Figure) -> Option<&Question> {
        self.codebook.question(figure.definition.measure.question()?)
    }

    /// Who stands in the denominator: « 186 répondants à la question ».
    fn whom(&self, base: usize, figure: &Figure, question: Option<&Question>) -> String {
        let (own_base, own_condition) = match &figure.definition.base {
            Some(OwnBase::Counted(base)) => (Some(*base), None),
            Some(OwnBase::Condition(condition)) => (None, Some(condition)),
            None => (None, None),
        };
        let asked = question.and_then(|question| question.condition.as_ref());
        let conditions: Vec<String> =
            asked.into_iter().chain(own_condition).map(|c| self.condition(c)).collect();
        let counts = own_base.or(question.map(|question| question.base));
        match (conditions.as_slice(), counts) {
            ([], Some(Base::Asked)) => counted_as(base, "projet interrogé", "projets interrogés"),
            ([], _) if matches!(figure.definition.measure, Measure::Ratio { .. }) => {
                format!("{} aux deux questions", counted(base, "répondant"))
            }
            ([], _) => format!("{} à la question", counted(base, "répondant")),
            (conditions, _) => format!(
                "{} ({})",
                counted_as(base, "répondant concerné", "répondants concernés"),
                conditions.join(&format!("{NARROW_SPACE}; "))
            ),
        }
    }

    /// A condition as a reader says it: « « Type de formation » : Pré-qualifiante ».
    fn condition(&self, condition: &Condition) -> String {
        let question = self.codebook.search(&condition.subject).into_iter().next();
        let subject = quoted(question.map_or(&condition.subject, |question| &question.label));
        let label = |value: &String| label_of(question, value);
        let values: Vec<String> = condition.values.iter().map(label).collect();
        match condition.operator {
            Operator::Equal | Operator::In => format!("{subject} : {}", alternatives(&values)),
            Operator::Different if values.iter().all(String::is_empty) => {
                format!("{subject} : renseigné")
            }
            Operator::Different => format!("{subject} : autre que {}", alternatives(&values)),
            Operator::Less => format!("{subject} < {}", values.join(", ")),
            Operator::LessOrEqual => format!("{subject} ≤ {}", values.join(", ")),
            Operator::Greater => format!("{subject} > {}", values.join(", ")),
            Operator::GreaterOrEqual => format!("{subject} ≥ {}", values.join(", ")),
        }
    }
}

/// A confidence level as printed: « 95 % ».
pub fn level(level: f64) -> String {
    format!("{}{NARROW_SPACE}%", shortest(100.0 * level, 2))
}

fn any_interval(rows: &[Row]) -> bool {
    rows.iter().any(|row| row.whisker().is_some())
}

/// The label of an option, given by its identifier or by its label.
fn label_of(question: Option<&Question>, value: &str) -> String {
    let key = matching::key(value);
    let options = question.into_iter().flat_map(|question| &question.options);
    let mut found =
        options.filter(|option| option.id == value || matching::key(&option.label) == key);
    found.next().map_or(value, |option| &option.label).to_string()
}

/// « ; plusieurs réponses possibles »: where several options are shown.
fn ways_to_answer(question: Option<&Question>, options: usize) -> String {
    let kind = question.map(|question| question.kind).filter(|kind| kind.is_choice());
    match kind.filter(|_| options > 1) {
        Some(kind) => format!("{NARROW_SPACE}; {}", kind.in_words()),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Diagnostics, Place};
    use crate::indicators::{Definition, Unit, Value};

    const CODEBOOK: &str = "
[[question]]
id = 'type'
libelle = 'Type de formation'
type = 'choix-unique'
colonne = 'Type'
modalites = [{ id = 'pre', libelle = 'Pré-qualifiante' }, { id = 'autre', libelle = 'Autre' }]

[[question]]
id = 'but'
libelle = 'But'
type = 'choix-multiple'
colonne = 'But'
separateur = ';'
base = 'type = pre'
modalites = [{ id = 'metiers', libelle = 'Métiers' }, { id = 'emploi', libelle = 'Emploi' }]
";

    fn codebook() -> Codebook {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dictionnaire.toml");
        std::fs::write(&path, CODEBOOK).unwrap();
        let mut found = Diagnostics::new();
        let codebook = Codebook::read(&path, &mut found).unwrap();
        assert!(!found.has_errors(), "{found:?}");
        codebook
    }

    fn figure(question: &str, base: usize) -> Figure {
        Figure {
            definition: Definition {
                id: question.to_string(),
                label: "Part".to_string(),
                unit: Unit::Percent,
                decimals: 0,
                measure: Measure::Share { question: question.to_string(), option: "x".to_string() },
                parts: None,
                identity: None,
                base: None,
                diffusion: None,
                place: Place::file("indicateurs.toml"),
            },
            national: Value { base: Some(base), ..Value::default() },
            regions: Default::default(),
        }
    }

    /// Without its no-break spaces.
    fn plain(text: &str) -> String {
        text.replace(['\u{202F}', '\u{A0}'], " ")
    }

    fn uncertain() -> Row {
        Row {
            label: "Métiers".to_string(),
            value: Some(66.0),
            shown: "66 %".to_string(),
            interval: Some((60.0, 72.0)),
            interval_shown: "60 % à 72 %".to_string(),
            ..Row::default()
        }
    }

    #[test]
    fn a_caption_gives_the_base_the_method_and_the_level() {
        let codebook = codebook();
        let captions = Captions { codebook: &codebook, level: 0.95 };
        let rows = [uncertain(), uncertain()];
        let told = [
            captions.chart(&figure("type", 186), &rows, ChartForm::Bars),
            captions.chart(&figure("but", 90), &rows, ChartForm::Points),
            captions.chart(&figure("type", 186), &rows[..1], ChartForm::Parts),
            captions.share(&figure("type", 186), &uncertain()),
            captions.told(&figure("ailleurs", 1), &rows),
        ];
        assert_eq!(
            told.map(|text| plain(&text)),
            [
                "En % des 186 répondants à la question ; une seule réponse possible. Trait : \
                 intervalle de confiance à 95 %.",
                "En % des 90 répondants concernés (« Type de formation » : Pré-qualifiante) ; \
                 plusieurs réponses possibles. Bande : intervalle de confiance à 95 %.",
                "En % des 186 répondants à la question. Intervalles de confiance à 95 % : \
                 Métiers, 60 % à 72 %.",
                "En % des 186 répondants à la question. Intervalle de confiance à 95 % : 60 % à \
                 72 %.",
                "En % de 1 répondant à la question. Entre parenthèses, l’intervalle de confiance \
                 à 95 %",
            ]
        );
    }

    #[test]
    fn a_level_is_written_with_the_decimals_it_needs() {
        let codebook = Codebook::default();
        let at = |level: f64| Captions { codebook: &codebook, level }.level();
        assert_eq!([at(0.95), at(0.975), at(0.9)], ["95\u{202F}%", "97,5\u{202F}%", "90\u{202F}%"]);
    }

    #[test]
    fn conditions_and_bases_are_told() {
        let codebook = codebook();
        let captions = Captions { codebook: &codebook, level: 0.95 };
        let of = |base: OwnBase| {
            let mut figure = figure("type", 186);
            figure.definition.base = Some(base);
            captions.base(&figure, 1)
        };
        assert_eq!(of(OwnBase::Counted(Base::Asked)), "En % des 186\u{A0}projets interrogés.");
        let condition = |text: &str| OwnBase::Condition(Condition::parse(text).unwrap());
        let told = ["type ≠ autre", "type ≠", "âge >= 18", "but parmi metiers, emploi"]
            .map(|text| plain(&of(condition(text))));
        assert_eq!(
            told,
            [
                "En % des 186 répondants concernés (« Type de formation » : autre que Autre).",
                "En % des 186 répondants concernés (« Type de formation » : renseigné).",
                "En % des 186 répondants concernés (« âge » ≥ 18).",
                "En % des 186 répondants concernés (« But » : Métiers ou Emploi).",
            ]
        );
    }
}
