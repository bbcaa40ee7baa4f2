//! The codebook: what each column of a questionnaire's export means.
//!
//! `dictionnaire.toml` says once where each question stands (a column, a
//! column with several answers, one column an option), which options it has
//! and who was asked. [`Codebook::read`] turns it into a validated plan; the
//! survey room applies the plan to the cells.

mod condition;
mod options;
mod read;
mod titles;
pub mod words;

pub use condition::{Condition, NoCondition, Operator};
pub use options::{Match, OptionMatcher};
pub use titles::Titles;

use crate::diagnostics::Place;
use crate::matching;

/// The kind of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One option a respondent: shares sum to 100 %.
    Single,
    /// Any number of options a respondent.
    Multiple,
    Number,
    Date,
    Text,
    /// The identifier of the project that answers.
    Identifier,
    /// Names, addresses, telephone numbers: dropped on reading.
    Personal,
}

impl Kind {
    /// The words of `dictionnaire.toml`, and what they stand for.
    pub const WORDS: [(&'static str, Kind); 7] = [
        ("choix-unique", Kind::Single),
        ("choix-multiple", Kind::Multiple),
        ("nombre", Kind::Number),
        ("date", Kind::Date),
        ("texte", Kind::Text),
        ("identifiant", Kind::Identifier),
        ("personnel", Kind::Personal),
    ];

    /// The word of `dictionnaire.toml`.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }

    /// What one answers, in words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Single => "une seule réponse possible",
            Self::Multiple => "plusieurs réponses possibles",
            Self::Number => "un nombre",
            Self::Date => "une date",
            Self::Text | Self::Identifier | Self::Personal => "un texte libre",
        }
    }

    /// Whether answers are options of a list.
    pub fn is_choice(self) -> bool {
        matches!(self, Self::Single | Self::Multiple)
    }
}

/// Who stands in the denominator of a question's percentages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Base {
    /// Everyone who was asked, answered or not.
    Asked,
    /// Those who were asked and answered.
    Respondents,
}

/// A column, by its title or by its letters.
///
/// With both, the letters locate and the title is checked against them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ColumnRef {
    pub title: Option<String>,
    /// Counted from 0.
    pub index: Option<u32>,
    /// The line of the codebook, for messages.
    pub place: Place,
}

/// Where a question's answers stand.
#[derive(Debug, Clone, PartialEq)]
pub enum Location {
    /// One column, one answer a cell.
    Column(ColumnRef),
    /// One column, several answers a cell.
    Separated(ColumnRef, Separator),
    /// One column an option, in the order of the options.
    Options(Vec<ColumnRef>),
}

impl Location {
    /// The columns of the question.
    pub fn columns(&self) -> &[ColumnRef] {
        match self {
            Self::Column(column) | Self::Separated(column, _) => std::slice::from_ref(column),
            Self::Options(columns) => columns,
        }
    }
}

/// What stands between two answers of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    Character(char),
    /// A line feed.
    Line,
    /// Any run of spaces.
    Spaces,
}

/// One possible answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    pub id: String,
    pub label: String,
    /// Other wordings of the same answer.
    pub synonyms: Vec<String>,
    /// Whether any text in the option's own column ticks it: « Autre :
    /// précisez ».
    pub free: bool,
    /// The line of the codebook, for messages.
    pub place: Place,
}

/// A question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    pub id: String,
    pub label: String,
    pub kind: Kind,
    pub location: Location,
    /// Who was asked; everyone where there is none.
    pub condition: Option<Condition>,
    pub base: Base,
    /// In the order in which they are shown.
    pub options: Vec<Choice>,
    /// The answers that mean « ticked », where options have a column each.
    pub ticked: Vec<String>,
    /// The answers that mean « not ticked ».
    pub unticked: Vec<String>,
    /// The answers that mean « not asked ».
    pub not_asked: Vec<String>,
    /// The line of the codebook, for messages.
    pub place: Place,
}

impl Choice {
    /// Whether a text with this key (`matching::key`) is the option's label, one
    /// of its synonyms or its identifier.
    pub fn is_called(&self, key: &str) -> bool {
        let names = [&self.label, &self.id].into_iter().chain(&self.synonyms);
        names.into_iter().any(|name| matching::key(name) == key)
    }
}

impl Question {
    /// The names a person may call the question by: its identifier, its label
    /// and the titles of its columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let titles = self.location.columns().iter().filter_map(|column| column.title.as_deref());
        [self.id.as_str(), self.label.as_str()].into_iter().chain(titles)
    }

    /// Whether the answers can be counted or summed up.
    pub fn has_table(&self) -> bool {
        self.kind.is_choice() || self.kind == Kind::Number
    }

    /// The rank of an option by its identifier.
    pub fn option(&self, id: &str) -> Option<usize> {
        self.options.iter().position(|option| option.id == id)
    }
}

/// Where the table of answers stands in the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// The sheet, by name or by rank; the only one that fits where none is said.
    pub sheet: Option<String>,
    /// The rows of titles, counted from 0.
    pub title_rows: Vec<u32>,
    /// The first and the last row of answers, counted from 0.
    pub first_row: Option<u32>,
    pub last_row: Option<u32>,
    /// The rows that count; all where there is none.
    pub filters: Vec<Condition>,
    /// The column of weights.
    pub weight: Option<ColumnRef>,
}

/// Which of several answers of one project counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Duplicates {
    #[default]
    KeepLatest,
    KeepFirst,
    KeepAll,
}

/// How a row is attached to a project of the register. Each field is the
/// identifier of a question.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Respondent {
    pub id: Option<String>,
    pub name: Option<String>,
    pub region: Option<String>,
    /// The moment of the answer, which decides on the latest.
    pub moment: Option<String>,
    pub duplicates: Duplicates,
}

/// A validated codebook.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Codebook {
    pub file: String,
    pub layout: Layout,
    pub respondent: Respondent,
    pub questions: Vec<Question>,
}

impl Codebook {
    /// The question of an identifier.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// The questions that a person may mean by a word: an identifier, a title
    /// or the beginning of one, compared as labels are.
    ///
    /// An identifier as it is written comes alone, then exact matches; else all
    /// that begin with the word, or the one whose title the others only add to:
    /// `Votre statut ?` before `Votre statut ? [Autre]`.
    pub fn search(&self, word: &str) -> Vec<&Question> {
        if let Some(question) = self.question(word) {
            return vec![question];
        }
        let wanted = matching::loose_key(word);
        let exact = self.named(|name| name == wanted);
        if !exact.is_empty() || wanted.is_empty() {
            return exact;
        }
        // The path of a group of columns, from which its identifier was made.
        if let Some(question) = self.question(&matching::slug(word)) {
            return vec![question];
        }
        let begun = self.named(|name| name.starts_with(&wanted));
        match shortest_title(&begun, &wanted) {
            Some(question) => vec![question],
            None => begun,
        }
    }

    /// What [`Codebook::search`] finds; else, punctuation aside, the questions
    /// that the word names, begins, or names from the middle on: `Le suivi` for
    /// `Votre avis : Le suivi`, `statut` for `identite/statut`, `Partenaires` for
    /// `2. Partenaires`.
    pub fn search_kindly(&self, word: &str) -> Vec<&Question> {
        let found = self.search(word);
        let wanted = matching::slug(word);
        if !found.is_empty() || wanted.len() < SHORTEST_WORD {
            return found;
        }
        let by = |fits: &dyn Fn(&str) -> bool| -> Vec<&Question> {
            let named = |question: &&Question| question.names().any(fits);
            self.questions.iter().filter(named).collect()
        };
        let tiers: [&dyn Fn(&str) -> bool; 4] = [
            &|name| matching::slug(name) == wanted,
            &|name| matching::slug(name).starts_with(&wanted),
            &|name| ends(name).any(|end| matching::slug(end) == wanted),
            &|name| ends(name).any(|end| matching::slug(end).starts_with(&wanted)),
        ];
        tiers.into_iter().map(by).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Drops the questions that a person does not ask for, by any of their
    /// names, and that nothing else needs: conditions, filters, identities, and
    /// those of `ids`. Without one that has a table all are kept, so that
    /// suggestions can be made.
    pub fn keep_only(&mut self, words: &[&str], ids: &[&str]) {
        let asked: Vec<String> =
            words.iter().flat_map(|word| self.search_kindly(word)).map(|q| q.id.clone()).collect();
        let has_table = |id: &String| self.question(id).is_some_and(Question::has_table);
        if !asked.iter().any(has_table) {
            return;
        }
        let identity = &self.respondent;
        let identities = [&identity.id, &identity.name, &identity.region, &identity.moment];
        let mut needed: Vec<String> = asked;
        needed.extend(identities.into_iter().flatten().cloned());
        needed.extend(ids.iter().map(|id| id.to_string()));
        let subjects = self.layout.filters.iter().map(|filter| filter.subject.as_str());
        let named = subjects.flat_map(|subject| self.search_kindly(subject));
        needed.extend(named.map(|question| question.id.clone()));
        let mut rank = 0;
        while let Some(id) = needed.get(rank).cloned() {
            let condition = self.question(&id).and_then(|question| question.condition.as_ref());
            needed.extend(condition.map(|c| c.subject.clone()).filter(|s| !needed.contains(s)));
            rank += 1;
        }
        self.questions.retain(|question| needed.contains(&question.id));
    }

    fn named(&self, fits: impl Fn(&str) -> bool) -> Vec<&Question> {
        let named =
            |question: &&Question| question.names().any(|name| fits(&matching::loose_key(name)));
        self.questions.iter().filter(named).collect()
    }
}

/// The length of the shortest word that may stand in the middle of a title.
const SHORTEST_WORD: usize = 2;

/// What follows each delimiter of a title. Inside of a word, hyphens and
/// underscores delimit only the steps of a path: `identite-statut`, not
/// `tiers-lieu`.
fn ends(name: &str) -> impl Iterator<Item = &str> {
    let is_path = !name.contains(char::is_whitespace);
    let delimits = move |c: char| match c {
        '/' | '[' | ':' | '>' | '|' | '–' | '—' => true,
        '-' | '_' | '.' => is_path,
        _ => false,
    };
    let marks = name.char_indices().filter(move |(_, c)| delimits(*c)).map(|(at, _)| at + 1);
    let spaced = name.match_indices([' ', '\u{A0}']).filter_map(|(at, _)| {
        let before = name.get(..at)?;
        before.ends_with(['-', '.', ')', '?', '!']).then_some(at + 1)
    });
    marks.chain(spaced).filter_map(|at| name.get(name.ceil_char_boundary(at)..))
}

/// Among questions with titles that begin alike, the one whose title the others
/// repeat before adding to it.
fn shortest_title<'a>(begun: &[&'a Question], wanted: &str) -> Option<&'a Question> {
    let titles = |question: &Question| -> Vec<String> {
        let names = question.names().map(matching::loose_key);
        names.filter(|name| name.starts_with(wanted)).collect()
    };
    let shortest = |question: &&'a Question| titles(question).into_iter().min_by_key(String::len);
    let named = begun.iter().filter_map(|question| Some((*question, shortest(question)?)));
    let (first, title) = named.min_by_key(|(_, title)| title.len())?;
    let adds = |name: &String| {
        let rest = name.strip_prefix(&title);
        rest.is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric()))
    };
    let others = begun.iter().filter(|question| question.id != first.id);
    let mut repeated = others.map(|question| titles(question).iter().any(adds));
    (begun.len() > 1 && repeated.all(|repeated| repeated)).then_some(first)
}
