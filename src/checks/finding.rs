//! A figure or a name that does not hold, and the facts that say so.

use std::path::Path;

use serde::{Serialize, Serializer};

use crate::diagnostics::{Place, Severity};
use crate::hash::sha256;

/// The families of rules, by the letter under which the guide documents them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// Announced totals against the sum of their parts.
    Totals,
    /// Envelopes against the number and the bounds of grants.
    Budgets,
    /// Settlement, départements, communes.
    Territory,
    /// Numbering, names, organisations of the lists.
    Lists,
    /// Blocks copied from one card to another.
    Copies,
    /// A card against its project's entry in the list.
    Cards,
    /// Spellings of options.
    Vocabulary,
    /// Shares that do not add up, classes that overlap.
    Distributions,
    /// Published figures against recomputed ones.
    Recomputed,
    /// What reading the questionnaire found.
    Answers,
    /// Figures and words in the texts.
    Texts,
}

impl Family {
    /// The families in their order.
    pub const ALL: [Family; 11] = [
        Self::Totals,
        Self::Budgets,
        Self::Territory,
        Self::Lists,
        Self::Copies,
        Self::Cards,
        Self::Vocabulary,
        Self::Distributions,
        Self::Recomputed,
        Self::Answers,
        Self::Texts,
    ];

    /// The letter of the guide.
    pub fn letter(self) -> char {
        let rank = Self::ALL.iter().position(|family| *family == self).unwrap_or(0);
        char::from(b'A' + rank as u8)
    }

    /// The French name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Totals => "totaux",
            Self::Budgets => "budgets",
            Self::Territory => "territoires",
            Self::Lists => "listes",
            Self::Copies => "copies",
            Self::Cards => "listes et fiches",
            Self::Vocabulary => "vocabulaire",
            Self::Distributions => "répartitions",
            Self::Recomputed => "publié et recalculé",
            Self::Answers => "questionnaire",
            Self::Texts => "textes",
        }
    }

    /// The family of a letter or a French name, as a person types it.
    pub fn parse(text: &str) -> Option<Self> {
        let key = crate::matching::loose_key(text);
        Self::ALL.into_iter().find(|family| {
            key == family.letter().to_ascii_lowercase().to_string()
                || key == crate::matching::loose_key(family.name())
        })
    }
}

impl Serialize for Family {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.letter().to_string())
    }
}

/// What a finding is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Object {
    /// The région's name; none for a national finding.
    #[serde(rename = "region", skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The project's identifier, or the card's title.
    #[serde(rename = "projet", skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The indicator's identifier, or the chart's.
    #[serde(rename = "indicateur", skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
}

impl Object {
    /// The whole programme.
    pub fn national() -> Self {
        Self::default()
    }

    /// A région, by its name.
    pub fn region(name: &str) -> Self {
        Self { region: Some(name.to_string()), ..Self::default() }
    }

    /// The same object, narrowed to a project or a card.
    pub fn project(mut self, name: &str) -> Self {
        self.project = Some(name.to_string());
        self
    }

    /// The same object, narrowed to an indicator or a chart.
    pub fn indicator(mut self, id: &str) -> Self {
        self.indicator = Some(id.to_string());
        self
    }
}

/// A fact as printed, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is: « enveloppe », « liste des lauréats ».
    #[serde(rename = "nature")]
    pub what: String,
    /// As printed.
    #[serde(rename = "valeur")]
    pub value: String,
    #[serde(rename = "lieu", skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The line of the source.
    #[serde(rename = "ligne_source", skip_serializing_if = "Option::is_none")]
    pub source_line: Option<String>,
    /// Whether the value is what one respondent answered, and for that reason
    /// no figure of the edition.
    #[serde(skip)]
    pub answer: bool,
}

impl Fact {
    /// A fact without a place: an official number, a computed one.
    pub fn new(what: impl Into<String>, value: impl Into<String>) -> Self {
        let (what, value) = (what.into(), value.into());
        Self { what, value, place: None, source_line: None, answer: false }
    }

    /// The number that a respondent answered.
    pub fn answer(value: impl Into<String>) -> Self {
        Self { answer: true, ..Self::new("réponse", value) }
    }

    /// The same fact, with its cell.
    pub fn at(mut self, place: &Place) -> Self {
        self.place = Some(place.clone());
        self
    }

    /// The same fact, with the line of the source it was transcribed from.
    pub fn line(mut self, line: Option<impl ToString>) -> Self {
        self.source_line = line.map(|line| line.to_string());
        self
    }
}

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable: `B-moyenne-hors-bornes`.
    pub code: &'static str,
    #[serde(rename = "famille")]
    pub family: Family,
    #[serde(rename = "gravite")]
    pub severity: Severity,
    #[serde(rename = "objet")]
    pub object: Object,
    /// One sentence.
    pub message: String,
    /// The facts that disagree.
    #[serde(rename = "faits")]
    pub facts: Vec<Fact>,
    /// The sum that shows it: « 4,5 M€ ÷ 15 = 300 000 € > 260 000 € ».
    #[serde(rename = "calcul", skip_serializing_if = "String::is_empty")]
    pub arithmetic: String,
    /// What to do.
    #[serde(rename = "proposition")]
    pub proposal: String,
    /// Why it is known and left, where somebody said so.
    #[serde(rename = "connu", skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<String>,
    /// Whether the answers that it rests on were taken out.
    #[serde(skip)]
    pub withheld: bool,
}

impl Finding {
    /// A finding of a family, to which the rest is added.
    pub fn new(
        code: &'static str,
        family: Family,
        severity: Severity,
        object: Object,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            family,
            severity,
            object,
            message: message.into(),
            facts: Vec::new(),
            arithmetic: String::new(),
            proposal: String::new(),
            acknowledged: None,
            withheld: false,
        }
    }

    /// Adds a fact.
    pub fn fact(mut self, fact: Fact) -> Self {
        self.facts.push(fact);
        self
    }

    /// Adds facts.
    pub fn facts(mut self, facts: impl IntoIterator<Item = Fact>) -> Self {
        self.facts.extend(facts);
        self
    }

    /// Says the arithmetic.
    pub fn sum(mut self, arithmetic: impl Into<String>) -> Self {
        self.arithmetic = arithmetic.into();
        self
    }

    /// Says what to do.
    pub fn propose(mut self, proposal: impl Into<String>) -> Self {
        self.proposal = proposal.into();
        self
    }

    /// The same finding, with its places told from a folder: what is written
    /// beside the documents does not depend on where the edition stands.
    pub fn within(mut self, folder: &Path) -> Self {
        for place in self.facts.iter_mut().filter_map(|fact| fact.place.as_mut()) {
            if let Ok(name) = Path::new(&place.file).strip_prefix(folder) {
                place.file = name.to_string_lossy().replace('\\', "/");
            }
        }
        self
    }

    /// The same finding without what respondents answered, for files: an answer
    /// far from the others is the largest or the smallest, which no table shows.
    pub fn without_answers(mut self) -> Self {
        for fact in self.facts.iter_mut().filter(|fact| fact.answer) {
            fact.value = "non diffusée : voir la cellule".to_string();
            self.withheld = true;
        }
        if self.withheld {
            self.proposal.push_str(" ; « bilan verifier » donne ces valeurs, et l’empreinte");
        }
        self
    }

    /// The fingerprint, where the finding is whole: from it alone the values of
    /// a finding could be tried one by one.
    pub fn public_fingerprint(&self) -> Option<String> {
        (!self.withheld).then(|| self.fingerprint())
    }

    /// Eight hexadecimal digits that stand for the code, the object and the
    /// values: another value makes another finding.
    pub fn fingerprint(&self) -> String {
        let object = &self.object;
        let parts = [&object.region, &object.project, &object.indicator]
            .map(|part| part.clone().unwrap_or_default());
        let values: Vec<&str> = self.facts.iter().map(|fact| fact.value.as_str()).collect();
        let text = format!("{}\n{}\n{}", self.code, parts.join("\n"), values.join("\n"));
        sha256(text.as_bytes()).chars().take(8).collect()
    }
}
