//! The answers to one question.

use crate::codebook::words::{NOT_ASKED, TICKED, UNTICKED};
use crate::codebook::{Kind, Location, Match, OptionMatcher, Question, Separator};
use crate::matching;
use crate::spreadsheet::{Column, Position, Sheet, Value};

/// What a respondent did with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Answered, in the words of the codebook or in others.
    Answered,
    /// Left it blank.
    Blank,
    /// Was not asked it.
    NotAsked,
}

/// The answers to a question, by respondent. Respondents are ranks from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// One a respondent.
    pub status: Vec<Status>,
    pub entries: Entries,
    /// What was not recognised, with its cell.
    pub unknown: Vec<Unknown>,
}

/// What was answered: pairs of a respondent and a value, by respondent.
#[derive(Debug, Clone, PartialEq)]
pub enum Entries {
    /// Ranks of options.
    Options(Vec<(u32, u32)>),
    Numbers(Vec<(u32, f64)>),
    /// Texts, dates and identifiers: only whether there was an answer.
    Opaque,
}

/// An answer that is none of the options, or no number.
#[derive(Debug, Clone, PartialEq)]
pub struct Unknown {
    pub respondent: u32,
    pub position: Position,
    pub text: String,
    /// An error value of the spreadsheet: `#N/A`.
    pub fault: bool,
}

/// What one distinct cell of a column says.
#[derive(Debug, Clone, Default)]
struct Reading {
    blank: bool,
    not_asked: bool,
    options: Vec<u32>,
    number: Option<f64>,
    unknown: Vec<String>,
    fault: bool,
}

impl Answers {
    /// Reads the answers of the rows that count. `columns` are those of the
    /// question's location; `rows` are in rising order, one a respondent.
    pub fn read(question: &Question, sheet: &Sheet, columns: &[u32], rows: &[u32]) -> Self {
        let mut answers = Self {
            status: vec![Status::Blank; rows.len()],
            entries: Entries::new(question.kind),
            unknown: Vec::new(),
        };
        let reader = CellReader::new(question);
        for (rank, index) in columns.iter().enumerate() {
            if let Some(column) = sheet.column(*index) {
                answers.add_column(&reader, rank as u32, column, rows);
            }
        }
        answers.entries.sort();
        answers
    }

    fn add_column(&mut self, reader: &CellReader<'_>, rank: u32, column: &Column, rows: &[u32]) {
        let readings: Vec<Reading> =
            column.values().iter().map(|value| reader.read(value, rank)).collect();
        for (respondent, row, code) in joined(column, rows) {
            if let Some(reading) = readings.get(code) {
                let position = Position::new(row, column.index());
                self.add(respondent, position, reading);
            }
        }
    }

    fn add(&mut self, respondent: u32, position: Position, reading: &Reading) {
        if reading.blank {
            return;
        }
        match () {
            () if reading.not_asked => self.raise(respondent, Status::NotAsked),
            // An error of the spreadsheet is told, and is no answer.
            () if reading.fault => {}
            () => self.raise(respondent, Status::Answered),
        }
        self.entries.add(respondent, reading);
        let unknown = |text: &String| Unknown {
            respondent,
            position,
            text: text.clone(),
            fault: reading.fault,
        };
        self.unknown.extend(reading.unknown.iter().map(unknown));
    }

    /// An answer in any column of the question makes it answered; « not
    /// asked » counts only where nothing was answered.
    fn raise(&mut self, respondent: u32, status: Status) {
        if let Some(current) = self.status.get_mut(respondent as usize)
            && *current != Status::Answered
        {
            *current = status;
        }
    }

    /// Keeps the numbers of those who answered another question with a number
    /// too: asked is who was asked both, answered who answered both.
    pub fn keep_numbers_with(&mut self, other: &Self) {
        for (own, other) in self.status.iter_mut().zip(&other.status) {
            *own = match (*own, *other) {
                (Status::NotAsked, _) | (_, Status::NotAsked) => Status::NotAsked,
                (Status::Answered, Status::Answered) => Status::Answered,
                _ => Status::Blank,
            };
        }
        let Entries::Numbers(others) = &other.entries else { return };
        let status = &self.status;
        let answered =
            |who: u32| status.get(who as usize).is_some_and(|own| *own == Status::Answered);
        if let Entries::Numbers(numbers) = &mut self.entries {
            numbers.retain(|(who, _)| {
                let both = others.binary_search_by_key(who, |(other, _)| *other).is_ok();
                both && answered(*who)
            });
        }
        let both = |unknown: &Unknown| answered(unknown.respondent);
        self.unknown.retain(both);
    }

    /// Takes out the respondents who were not asked, and tells which of them
    /// had answered all the same.
    pub fn keep_asked(&mut self, asked: &[bool]) -> Vec<u32> {
        let mut uncalled = Vec::new();
        for (respondent, status) in self.status.iter_mut().enumerate() {
            if asked.get(respondent).copied().unwrap_or(true) {
                continue;
            }
            if *status == Status::Answered {
                uncalled.push(respondent as u32);
            }
            *status = Status::NotAsked;
        }
        let kept = |respondent: u32| asked.get(respondent as usize).copied().unwrap_or(true);
        self.entries.retain(kept);
        self.unknown.retain(|unknown| kept(unknown.respondent));
        uncalled
    }

    /// Whether each respondent ticked one of these options.
    pub fn ticked(&self, options: &[u32]) -> Vec<bool> {
        let mut ticked = vec![false; self.status.len()];
        if let Entries::Options(pairs) = &self.entries {
            for (respondent, _) in pairs.iter().filter(|(_, option)| options.contains(option)) {
                if let Some(flag) = ticked.get_mut(*respondent as usize) {
                    *flag = true;
                }
            }
        }
        ticked
    }
}

impl Entries {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Single | Kind::Multiple => Self::Options(Vec::new()),
            Kind::Number => Self::Numbers(Vec::new()),
            Kind::Date | Kind::Text | Kind::Identifier | Kind::Personal => Self::Opaque,
        }
    }

    fn add(&mut self, respondent: u32, reading: &Reading) {
        match self {
            Self::Options(pairs) => {
                pairs.extend(reading.options.iter().map(|option| (respondent, *option)));
            }
            Self::Numbers(pairs) => pairs.extend(reading.number.map(|n| (respondent, n))),
            Self::Opaque => {}
        }
    }

    fn sort(&mut self) {
        match self {
            Self::Options(pairs) => {
                pairs.sort_unstable();
                pairs.dedup();
            }
            Self::Numbers(pairs) => pairs.sort_by_key(|(respondent, _)| *respondent),
            Self::Opaque => {}
        }
    }

    fn retain(&mut self, kept: impl Fn(u32) -> bool) {
        match self {
            Self::Options(pairs) => pairs.retain(|(respondent, _)| kept(*respondent)),
            Self::Numbers(pairs) => pairs.retain(|(respondent, _)| kept(*respondent)),
            Self::Opaque => {}
        }
    }
}

/// Reads the cells of one question.
struct CellReader<'a> {
    question: &'a Question,
    matcher: OptionMatcher,
    ticked: Vec<String>,
    unticked: Vec<String>,
    not_asked: Vec<String>,
}

impl<'a> CellReader<'a> {
    fn new(question: &'a Question) -> Self {
        let keys = |own: &[String], common: &[&str]| {
            let own = own.iter().map(String::as_str);
            own.chain(common.iter().copied()).map(matching::key).collect()
        };
        let matcher = OptionMatcher::new(&question.options);
        Self {
            ticked: keys(&question.ticked, &TICKED),
            unticked: keys(&question.unticked, &UNTICKED),
            not_asked: keys(&question.not_asked, &NOT_ASKED),
            question,
            matcher,
        }
    }

    /// What a cell says; `rank` is that of its column among the question's.
    fn read(&self, value: &Value, rank: u32) -> Reading {
        let text = value.as_text();
        if value.is_blank() {
            return Reading { blank: true, ..Reading::default() };
        }
        if matches!(value, Value::Fault(_)) {
            return Reading { unknown: vec![text.to_string()], fault: true, ..Reading::default() };
        }
        match (&self.question.location, self.question.kind) {
            (Location::Options(_), _) => self.tick(&text, rank),
            (Location::Separated(_, separator), _) => self.several(&text, *separator),
            (_, Kind::Single | Kind::Multiple) => self.whole(&text),
            (_, Kind::Number) => self.number(value, &text),
            _ => Reading::default(),
        }
    }

    fn is_not_asked(&self, text: &str) -> bool {
        self.not_asked.contains(&matching::key(text))
    }

    fn whole(&self, text: &str) -> Reading {
        match self.matcher.whole(text) {
            Match::Option(option) => Reading { options: vec![option as u32], ..Reading::default() },
            Match::Unknown(_) if self.is_not_asked(text) => not_asked(),
            Match::Unknown(text) => Reading { unknown: vec![text], ..Reading::default() },
        }
    }

    fn several(&self, text: &str, separator: Separator) -> Reading {
        if self.is_not_asked(text) && matches!(self.matcher.whole(text), Match::Unknown(_)) {
            return not_asked();
        }
        let mut reading = Reading::default();
        for part in self.matcher.several(text, separator) {
            match part {
                Match::Option(option) => reading.options.push(option as u32),
                Match::Unknown(text) => reading.unknown.push(text),
            }
        }
        // « N/A » is no answer, beside others neither.
        let said = reading.unknown.len();
        reading.unknown.retain(|text| !self.is_not_asked(text));
        let nothing = reading.options.is_empty() && reading.unknown.is_empty();
        match nothing {
            true if said > 0 => not_asked(),
            true => Reading { blank: true, ..reading },
            false => reading,
        }
    }

    /// A cell of an option's own column: a yes, a no, or the option's label.
    fn tick(&self, text: &str, rank: u32) -> Reading {
        let key = matching::key(text);
        let option = self.question.options.get(rank as usize);
        let free = option.is_some_and(|option| option.free);
        // Two options may have the same label: the column says which is meant.
        let names_option = option.is_some_and(|option| option.is_called(&key));
        if self.unticked.contains(&key) {
            Reading::default()
        } else if self.ticked.contains(&key) || names_option {
            Reading { options: vec![rank], ..Reading::default() }
        } else if self.not_asked.contains(&key) {
            not_asked()
        } else if free {
            Reading { options: vec![rank], ..Reading::default() }
        } else {
            Reading { unknown: vec![text.trim().to_string()], ..Reading::default() }
        }
    }

    fn number(&self, value: &Value, text: &str) -> Reading {
        match value.as_number() {
            Some(number) => Reading { number: Some(number), ..Reading::default() },
            None if self.is_not_asked(text) => not_asked(),
            None => Reading { unknown: vec![text.trim().to_string()], ..Reading::default() },
        }
    }
}

fn not_asked() -> Reading {
    Reading { not_asked: true, ..Reading::default() }
}

/// The cells of a column that stand in rows that count: respondent, row, code.
///
/// Both are in rising order of rows, so that one walk over each is enough.
fn joined<'a>(column: &'a Column, rows: &'a [u32]) -> impl Iterator<Item = (u32, u32, usize)> + 'a {
    let mut respondent = 0;
    column.codes().filter_map(move |(row, code)| {
        while rows.get(respondent).is_some_and(|candidate| *candidate < row) {
            respondent += 1;
        }
        (rows.get(respondent) == Some(&row)).then_some((respondent as u32, row, code))
    })
}
