//! `[estimation]` and `[calage]` of `edition.toml`: how figures are estimated.
//!
//! ```toml
//! [estimation]
//! niveau = 0.95
//! intervalle = "beta"          # beta, logit, wilson
//! ponderation = "calage"       # aucune, region, calage
//!
//! [[estimation.regroupement]]  # régions that stand for each other
//! regions = ["Corse", "Provence-Alpes-Côte d’Azur"]
//!
//! [calage]
//! tours = 100
//! tolerance = 1e-10
//!
//! [[calage.marge]]
//! registre = "region"          # region, porteur, or a column of « Lauréats »
//!
//! [[calage.marge]]
//! question = "implantation"
//! totaux = { rural = 90, ville = 112 }
//! ```

#[cfg(test)]
use crate::diagnostics::Diagnostics;
use crate::diagnostics::Place;
#[cfg(test)]
use crate::settings::Document;
use crate::settings::Section;

/// How the figures of an edition are estimated.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimation {
    /// The confidence level: 0.95.
    pub level: f64,
    pub interval: IntervalMethod,
    pub weighting: Weighting,
    /// Régions that make one stratum together.
    pub merged: Vec<Merged>,
    pub calibration: Calibration,
    /// The line of `ponderation`, or of the file.
    pub place: Place,
}

/// How the interval of a proportion is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IntervalMethod {
    #[default]
    Beta,
    Logit,
    Wilson,
}

impl IntervalMethod {
    const WORDS: [(&'static str, Self); 3] =
        [("beta", Self::Beta), ("logit", Self::Logit), ("wilson", Self::Wilson)];

    /// The word of `edition.toml`.
    pub fn word(self) -> &'static str {
        word(&Self::WORDS, self)
    }

    /// The method that a word names.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(name, _)| *name == word).map(|(_, method)| *method)
    }

    /// The words there are.
    pub fn words() -> [&'static str; 3] {
        Self::WORDS.map(|(word, _)| word)
    }
}

/// What respondents weigh.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Weighting {
    /// One each, or their weight in the questionnaire.
    #[default]
    None,
    /// As many projects as their région has for each respondent.
    Region,
    /// What makes several margins equal to their known totals.
    Calibration,
}

impl Weighting {
    const WORDS: [(&'static str, Self); 3] =
        [("aucune", Self::None), ("region", Self::Region), ("calage", Self::Calibration)];

    /// The word of `edition.toml`.
    pub fn word(self) -> &'static str {
        word(&Self::WORDS, self)
    }
}

fn word<T: PartialEq + Copy>(words: &[(&'static str, T)], wanted: T) -> &'static str {
    words.iter().find(|(_, value)| *value == wanted).map_or("", |(word, _)| word)
}

/// Régions merged into one stratum, by name or slug as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    pub regions: Vec<String>,
    pub place: Place,
}

/// The margins of a calibration, and when it stops.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    pub margins: Vec<CalibrationMargin>,
    /// The rounds over the margins, at most.
    pub rounds: usize,
    /// As `epsilon` of R's `rake()`: below 1, a share of the sum of weights.
    pub tolerance: f64,
}

impl Default for Calibration {
    fn default() -> Self {
        Self { margins: Vec::new(), rounds: 100, tolerance: 1e-10 }
    }
}

/// A variable whose population totals are known.
#[derive(Debug, Clone, PartialEq)]
pub struct CalibrationMargin {
    pub variable: Variable,
    pub place: Place,
}

/// Where the cells and the totals of a margin come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Variable {
    /// `region`, `porteur` or the title of a column of the register; the totals
    /// are counted there.
    Register(String),
    /// An exclusive question, with the total of each option.
    Question { id: String, totals: Vec<(String, f64)> },
}

impl Default for Estimation {
    fn default() -> Self {
        Self {
            level: 0.95,
            interval: IntervalMethod::default(),
            weighting: Weighting::default(),
            merged: Vec::new(),
            calibration: Calibration::default(),
            place: Place::default(),
        }
    }
}

impl Estimation {
    /// Reads both sections of a text; `file` is its name in messages. For tests
    /// of what stands to the right.
    ///
    /// # Errors
    ///
    /// Every fault of the text.
    #[cfg(test)]
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostics> {
        let document = Document::parse(file, text)?;
        let estimation = read(&document.root());
        let found = document.into_diagnostics();
        if found.has_errors() { Err(found) } else { Ok(estimation) }
    }

    /// The questions that the weights depend on.
    pub fn questions(&self) -> Vec<&str> {
        let margins = self.calibration.margins.iter().filter_map(|margin| match &margin.variable {
            Variable::Question { id, .. } => Some(id.as_str()),
            Variable::Register(_) => None,
        });
        margins.filter(|_| self.weighting == Weighting::Calibration).collect()
    }
}

/// Reads both sections; what is not said takes its usual value.
pub(super) fn read(root: &Section<'_>) -> Estimation {
    let mut estimation = Estimation { place: root.place("estimation"), ..Estimation::default() };
    if let Some(section) = root.section("estimation") {
        estimation.level = level(&section).unwrap_or(estimation.level);
        estimation.interval =
            section.choice("intervalle", &IntervalMethod::WORDS).unwrap_or_default();
        estimation.weighting = section.choice("ponderation", &Weighting::WORDS).unwrap_or_default();
        estimation.place = section.place("ponderation");
        estimation.merged = section.sections("regroupement").iter().filter_map(merged).collect();
        section.finish();
    }
    if let Some(section) = root.section("calage") {
        estimation.calibration = calibration(&section);
    }
    estimation
}

fn level(section: &Section<'_>) -> Option<f64> {
    let level = section.number("niveau")?;
    if (0.5..1.0).contains(&level) {
        return Some(level);
    }
    let help = if (50.0..100.0).contains(&level) {
        format!("vouliez-vous dire {} ?", level / 100.0)
    } else {
        "écrivez 0.95 pour 95 % : un nombre d’au moins 0.5 et de moins de 1".to_string()
    };
    let message = format!("« niveau » ne peut pas être {level}");
    section.fault("niveau", "valeur-invalide", message, help);
    None
}

fn merged(section: &Section<'_>) -> Option<Merged> {
    let regions = section.texts("regions").unwrap_or_default();
    let place = section.place("regions");
    if regions.len() < 2 {
        let message = "un regroupement nomme au moins deux régions".to_string();
        let help = "écrivez regions = [\"Corse\", \"Bretagne\"]".to_string();
        section.fault("regions", "valeur-invalide", message, help);
    }
    section.finish();
    (regions.len() > 1).then_some(Merged { regions, place })
}

fn calibration(section: &Section<'_>) -> Calibration {
    let usual = Calibration::default();
    let calibration = Calibration {
        rounds: rounds(section).unwrap_or(usual.rounds),
        tolerance: tolerance(section).unwrap_or(usual.tolerance),
        margins: section.sections("marge").iter().filter_map(margin).collect(),
    };
    section.finish();
    calibration
}

fn rounds(section: &Section<'_>) -> Option<usize> {
    let rounds = section.count("tours")?;
    if rounds > 0 {
        return Some(rounds);
    }
    let message = "« tours » doit être au moins 1".to_string();
    section.fault("tours", "valeur-invalide", message, "écrivez 100".to_string());
    None
}

fn tolerance(section: &Section<'_>) -> Option<f64> {
    let tolerance = section.number("tolerance")?;
    if tolerance > 0.0 {
        return Some(tolerance);
    }
    let message = "« tolerance » doit être supérieure à zéro".to_string();
    section.fault("tolerance", "valeur-invalide", message, "écrivez 1e-10".to_string());
    None
}

fn margin(section: &Section<'_>) -> Option<CalibrationMargin> {
    let register = section.text("registre");
    let question = section.text("question");
    let variable = match (register, question) {
        (Some(register), None) => Some(Variable::Register(register)),
        (None, Some(id)) => Some(Variable::Question { id, totals: totals(section) }),
        _ => {
            let message = "une marge a soit une « question », soit « registre »".to_string();
            let help = "écrivez registre = \"region\", ou question = \"…\" avec ses totaux";
            section.fault("question", "marge-invalide", message, help.to_string());
            None
        }
    };
    section.finish();
    Some(CalibrationMargin { variable: variable?, place: section.place_of_section() })
}

/// The totals of a question's options, which must be there.
fn totals(section: &Section<'_>) -> Vec<(String, f64)> {
    let Some(table) = section.section("totaux") else {
        if !section.has("totaux") {
            let message = "les totaux de cette marge sont absents".to_string();
            let help = "ajoutez totaux = { option = 12, … } : combien de projets par modalité";
            section.fault("question", "cle-absente", message, help.to_string());
        }
        return Vec::new();
    };
    let total = |key: &str| {
        let number = table.number(key)?;
        if number < 0.0 {
            let message = format!("le total de « {key} » est négatif");
            let help = "écrivez le nombre de projets de cette modalité".to_string();
            table.fault(key, "valeur-invalide", message, help);
        }
        Some((key.to_string(), number))
    };
    table.keys().into_iter().filter_map(total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Estimation, String) {
        let document = Document::parse("edition.toml", text).unwrap();
        let root = document.root();
        let estimation = read(&root);
        root.finish();
        let found = document.into_diagnostics();
        (estimation, found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn nothing_said_is_no_weighting_at_95_percent() {
        let (estimation, messages) = read_text("");
        assert_eq!(messages, "");
        assert_eq!((estimation.level, estimation.weighting), (0.95, Weighting::None));
        assert_eq!(estimation.interval.word(), "beta");
    }

    #[test]
    fn everything_can_be_said() {
        let (estimation, messages) = read_text(
            "[estimation]\nniveau = 0.9\nintervalle = 'wilson'\nponderation = 'calage'\n\
             [[estimation.regroupement]]\nregions = ['Corse', 'bretagne']\n\
             [calage]\ntours = 10\ntolerance = 1\n\
             [[calage.marge]]\nregistre = 'porteur'\n\
             [[calage.marge]]\nquestion = 'taille'\ntotaux = { rural = 3, ville = 4.5 }\n",
        );
        assert_eq!(messages, "");
        assert_eq!((estimation.level, estimation.interval.word()), (0.9, "wilson"));
        assert_eq!(estimation.merged[0].regions, ["Corse", "bretagne"]);
        let calibration = &estimation.calibration;
        assert_eq!((calibration.rounds, calibration.tolerance), (10, 1.0));
        assert_eq!(calibration.margins[0].variable, Variable::Register("porteur".into()));
        let totals = vec![("rural".to_string(), 3.0), ("ville".to_string(), 4.5)];
        assert_eq!(
            calibration.margins[1].variable,
            Variable::Question { id: "taille".into(), totals }
        );
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        let (_, messages) = read_text(
            "[estimation]\nniveau = 95\nintervalle = 'betta'\nponderation = 'regions'\nseuil = 5\n\
             [[estimation.regroupement]]\nregions = ['Corse']\n\
             [calage]\ntours = 10\ntolerance = 0\n\
             [[calage.marge]]\nquestion = 'taille'\n\
             [[calage.marge]]\nquestion = 'taille'\ntotaux = { rural = -3 }\n\
             [[calage.marge]]\nregistre = 'region'\nquestion = 'taille'\n\
             [[calage.marge]]\nregister = 'region'\n",
        );
        insta::assert_snapshot!(messages);
    }
}
