//! From groups of columns to the questions of a codebook.

use std::collections::{HashMap, HashSet};

use super::groups::{Group, Member, Role, TableColumn, last_segment, own_label};
use super::kinds::{Guess, answers, guess, ordered};
use super::letters;
use super::names::{Convention, Name};
use super::profile::Profile;
use super::vocabulary::{is_absent, is_comment, is_other, is_personal_title};
use crate::codebook::{Base, Choice, ColumnRef, Kind, Location, Question, Titles};
use crate::diagnostics::Place;
use crate::matching;

/// The questions of a draft, and what a person should look at.
#[derive(Default)]
pub struct Drafted {
    pub questions: Vec<Question>,
    pub notes: Vec<String>,
    ids: Ids,
}

/// Makes the questions of a table; `rows` is how many answers there are.
pub fn questions(groups: &[Group<'_>], titles: &Titles<'_>, rows: usize) -> Drafted {
    let mut drafted = Drafted::default();
    for group in groups {
        drafted.add(group, titles, rows);
    }
    drafted
}

/// Identifiers, each given once.
#[derive(Default)]
struct Ids {
    given: HashSet<String>,
    /// The last number added to an identifier that was taken.
    numbers: HashMap<String, usize>,
}

impl Ids {
    /// An identifier made from a name, that nothing else has.
    fn give(&mut self, name: &str, otherwise: &str) -> String {
        let slug = shortened(&matching::slug(name));
        let base = if slug.is_empty() { otherwise.to_string() } else { slug };
        let mut id = base.clone();
        while !self.given.insert(id.clone()) {
            let number = self.numbers.entry(base.clone()).or_insert(1);
            *number += 1;
            id = format!("{base}-{number}");
        }
        id
    }
}

impl Drafted {
    fn add(&mut self, group: &Group<'_>, titles: &Titles<'_>, rows: usize) {
        match group {
            Group::Alone(column) => self.add_alone(column, titles, rows),
            Group::Options { key, question, members } => {
                self.add_options(key, question, members, titles);
            }
            Group::Rows { key, question, members } => {
                self.add_rows(key, question.as_deref(), members, titles, rows);
            }
        }
    }

    fn add_alone(&mut self, column: &TableColumn, titles: &Titles<'_>, rows: usize) {
        let guess = guess(&column.name, &column.profile, rows);
        let id = self.id(&name_of(&column.name));
        self.note_doubts(column, &guess);
        let label = label_of(&column.name).to_string();
        self.push_column(id, label, reference(column, titles, true), guess);
    }

    /// Adds a question that stands in one column.
    fn push_column(&mut self, id: String, label: String, reference: ColumnRef, guess: Guess) {
        let kind = guess.kind();
        let (location, labels) = match guess {
            Guess::Single(labels) => (Location::Column(reference), labels),
            Guess::Several(several) => {
                let labels = several.options.into_iter().map(|(label, _)| label);
                let labels = labels.filter(|label| !is_absent(label)).collect();
                (Location::Separated(reference, several.separator), labels)
            }
            _ => (Location::Column(reference), Vec::new()),
        };
        let label = if label.is_empty() { id.clone() } else { label };
        self.questions.push(question(id, label, kind, location, choices(&labels)));
    }

    /// One column an option; free texts beside it are options that any text
    /// ticks, and comments are texts of their own.
    fn add_options(
        &mut self,
        key: &str,
        wording: &str,
        members: &[Member<'_>],
        titles: &Titles<'_>,
    ) {
        let id = self.id(key);
        let counted: Vec<&Member<'_>> =
            members.iter().filter(|member| member.role != Role::Comment).collect();
        let labels: Vec<String> = counted.iter().map(|member| member.label.clone()).collect();
        let mut options = choices(&labels);
        for (option, member) in options.iter_mut().zip(&counted) {
            option.free = member.role == Role::Free;
            // The one text that ticks a column may not be its title's.
            let own = own_label(&member.column.profile);
            let own = own.filter(|own| matching::key(own) != matching::key(&option.label));
            option.synonyms.extend(own.filter(|_| !option.free));
        }
        let columns =
            counted.iter().map(|member| reference(member.column, titles, false)).collect();
        let location = Location::Options(columns);
        self.questions.push(question(
            id.clone(),
            wording.into(),
            Kind::Multiple,
            location,
            options,
        ));
        for member in members.iter().filter(|member| member.role == Role::Comment) {
            let part = member.part.trim_end_matches("comment");
            let id = self.id(&format!("{id}-{part}-commentaire"));
            let column = reference(member.column, titles, false);
            self.push_column(id, member.column.name.title.clone(), column, Guess::Text);
        }
    }

    /// One column a row: each is a question by itself, on a common scale.
    fn add_rows(
        &mut self,
        key: &str,
        wording: Option<&str>,
        members: &[Member<'_>],
        titles: &Titles<'_>,
        rows: usize,
    ) {
        let guesses: Vec<Guess> = members
            .iter()
            .map(|member| row_guess(member, wording.unwrap_or_default(), rows))
            .collect();
        let scale = common_scale(members, &guesses);
        for (member, guess) in members.iter().zip(guesses) {
            let id = self.id(&format!("{key}-{}", member.part));
            let guess = match (&guess, &scale) {
                (Guess::Single(_), Some(scale)) => Guess::Single(scale.clone()),
                _ => guess,
            };
            let label = match wording {
                Some(wording) => format!("{wording} – {}", member.label),
                None => member.column.name.title.clone(),
            };
            self.push_column(id, label, reference(member.column, titles, false), guess);
        }
    }

    fn id(&mut self, name: &str) -> String {
        self.ids.give(name, "colonne")
    }

    fn note_doubts(&mut self, column: &TableColumn, guess: &Guess) {
        let place = letters(column.profile.index);
        let title = label_of(&column.name);
        let note = match guess {
            Guess::Empty => Some("cette colonne est vide"),
            Guess::Personal => {
                Some("semble contenir des données personnelles : ses réponses ne sont pas lues")
            }
            Guess::Number if is_weight(title, column) => {
                Some("ressemble à un poids : pour l’appliquer, ajoutez « poids » dans [table]")
            }
            Guess::Single(labels) if labels.len() > 40 => {
                Some("a beaucoup de modalités : vérifiez qu’il ne s’agit pas de texte libre")
            }
            _ => None,
        };
        if let Some(note) = note {
            self.notes.push(format!("colonne {place} « {title} » : {note}"));
        }
    }
}

/// What a row of a matrix asks; a personal word in a row's wording does not
/// make it personal.
fn row_guess(member: &Member<'_>, wording: &str, rows: usize) -> Guess {
    let guessed = guess(&member.column.name, &member.column.profile, rows);
    if guessed == Guess::Personal && !is_personal_title(wording) { Guess::Text } else { guessed }
}

/// The steps of all the rows of a matrix together; none where the rows have
/// little in common.
fn common_scale(members: &[Member<'_>], guesses: &[Guess]) -> Option<Vec<String>> {
    let scales = || {
        members.iter().zip(guesses).filter_map(|(member, guess)| match guess {
            Guess::Single(labels) => Some((&member.column.profile, labels.len())),
            _ => None,
        })
    };
    let whole = Profile::together(scales().map(|(profile, _)| profile));
    let largest = scales().map(|(_, steps)| steps).max().unwrap_or(0);
    let labels = answers(&whole);
    let alike = labels.len() <= largest + 3 && labels.len() < 2 * largest.max(1);
    (alike && !labels.is_empty()).then(|| ordered(labels, &whole))
}

/// What the identifier of a column by itself is made from: the code where
/// there is one, `statut[other]` beside `statut`.
fn name_of(name: &Name) -> String {
    let beside = name.of_convention(Convention::Coded);
    let beside = beside.filter(|split| is_other(&split.part) || is_comment(&split.part));
    match (beside, &name.code) {
        (Some(split), _) => format!("{}-{}", split.group, split.part),
        (None, Some(code)) => code.clone(),
        (None, None) => label_of(name).to_string(),
    }
}

/// What to call a column that is a question by itself.
fn label_of(name: &Name) -> &str {
    last_segment(name.wording.as_str())
}

fn is_weight(title: &str, column: &TableColumn) -> bool {
    let key = matching::loose_key(title);
    let words = ["weight", "weights", "poids", "ponderation", "pond", "wt", "coef", "coefficient"];
    let mut parts = key.split(|c: char| !c.is_alphanumeric());
    parts.any(|part| words.contains(&part)) && column.profile.smallest > 0.0
}

fn question(
    id: String,
    label: String,
    kind: Kind,
    location: Location,
    options: Vec<Choice>,
) -> Question {
    Question {
        id,
        label,
        kind,
        location,
        condition: None,
        base: Base::Respondents,
        options,
        ticked: Vec::new(),
        unticked: Vec::new(),
        not_asked: Vec::new(),
        place: Place::default(),
    }
}

/// Options from labels, each with an identifier of its own.
pub fn choices(labels: &[String]) -> Vec<Choice> {
    let mut ids = Ids::default();
    let choice = |label: &String| Choice {
        id: ids.give(label, "modalite"),
        label: label.clone(),
        synonyms: Vec::new(),
        free: false,
        place: Place::default(),
    };
    labels.iter().map(choice).collect()
}

/// How the codebook names a column: by its title, and by its letters too where
/// the title is repeated or missing.
fn reference(column: &TableColumn, titles: &Titles<'_>, alone: bool) -> ColumnRef {
    let index = column.profile.index;
    let name = &column.name;
    let short = Some(&name.lowest).filter(|lowest| alone && !lowest.is_empty());
    let title = short.filter(|short| titles.only(short) == Some(index)).unwrap_or(&name.title);
    ColumnRef {
        title: Some(title.clone()).filter(|title| !title.is_empty()),
        index: (titles.only(title) != Some(index)).then_some(index),
        place: Place::default(),
    }
}

/// A slug of at most forty characters, cut between words where it can be.
fn shortened(slug: &str) -> String {
    const LONGEST: usize = 40;
    if slug.len() <= LONGEST {
        return slug.to_string();
    }
    let cut = slug.get(..LONGEST).unwrap_or(slug);
    let end = cut.rfind('-').filter(|end| *end >= LONGEST / 2).unwrap_or(LONGEST);
    cut.get(..end).unwrap_or(cut).to_string()
}
