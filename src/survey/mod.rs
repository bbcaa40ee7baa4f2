//! The answers of a questionnaire, made tidy by its codebook.
//!
//! [`Survey::read`] applies a [`Codebook`] to a [`Sheet`]: it finds the
//! columns, keeps the rows that count, attaches them to projects and reads
//! each question. What it cannot read it tells, with the cell; nothing is
//! guessed and nothing is dropped in silence. [`Survey::frame`] hands the
//! answers to polars.

mod answers;
mod frames;
mod respondents;
mod stand_ins;

use std::path::Path;

pub use answers::{Answers, Entries, Status, Unknown};
pub use respondents::Respondent;

use crate::codebook::{
    Base, Choice, Codebook, ColumnRef, Condition, Location, Operator, Question, Titles,
};
use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::draft;
use crate::matching;
use crate::register::Register;
use crate::spreadsheet::{Position, Sheet, Workbook};
use crate::typography::{counted, list, quoted};
use respondents::{IdentityColumns, missing};

/// How many cells a message names before it only counts them.
const CELLS_NAMED: usize = 5;

/// How many values a message names.
const VALUES_NAMED: usize = 8;

/// With more columns than this, all absent, the table is of something else.
const FEW_COLUMNS: usize = 3;

/// A questionnaire's answers.
#[derive(Debug, Clone)]
pub struct Survey {
    pub codebook: Codebook,
    pub sheet: Sheet,
    /// In the order of the rows.
    pub respondents: Vec<Respondent>,
    /// One a question of the codebook, in its order.
    pub answers: Vec<Answers>,
    /// The columns of each question, in the order of its location.
    pub columns: Vec<Vec<u32>>,
    /// The rows of the table that do not count, and why, in their order.
    pub left_out: Vec<LeftOut>,
    /// The questions that [`Survey::add_base`] and [`Survey::add_pair`] added, and
    /// those they are made from, by rank.
    pub added: Vec<(usize, usize)>,
    /// Those that [`Survey::add_pair`] added, and the other question that was to be
    /// answered, by rank.
    pub paired: Vec<(usize, usize)>,
}

/// A row that holds something and does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Counted from 0.
    pub row: u32,
    pub reason: Reason,
}

/// Why a row does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A filter of the codebook or of the command line, as written.
    Filter(String),
    /// The project has another answer, which counts.
    Duplicate,
    /// It is no project's of the register.
    UnknownProject,
}

impl Survey {
    /// Opens a file and reads the sheet that the codebook names.
    pub fn open(
        path: &Path,
        codebook: Codebook,
        register: Option<&Register>,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        let mut workbook = found.take(Workbook::open(path))?;
        let wanted = codebook.layout.sheet.as_deref();
        let sheet = found.take(draft::answers_sheet(&mut workbook, wanted))?;
        Self::read(sheet, codebook, register, found)
    }

    /// Reads a sheet. With a register, every row must be a project of it.
    ///
    /// Pushes an error for each column, filter, weight or project that does not
    /// hold, a warning for each answer that is not recognised.
    pub fn read(
        sheet: Sheet,
        codebook: Codebook,
        register: Option<&Register>,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        let titles = Titles::new(&sheet, &codebook.layout);
        let columns = question_columns(&titles, &codebook, found)?;
        let (rows, mut left_out) = rows(&sheet, &titles, &codebook, found)?;
        let identity = identity(&titles, &codebook, &columns, found);
        let (respondents, others) = respondents::respondents(
            &sheet,
            identity,
            &rows,
            register,
            codebook.respondent.duplicates,
            found,
        );
        left_out.extend(others);
        left_out.sort_by_key(|left| left.row);
        let rows: Vec<u32> = respondents.iter().map(|respondent| respondent.row).collect();
        let answers = codebook
            .questions
            .iter()
            .zip(&columns)
            .map(|(question, columns)| Answers::read(question, &sheet, columns, &rows))
            .collect();
        let mut survey = Self {
            codebook,
            sheet,
            respondents,
            answers,
            columns,
            left_out,
            added: Vec::new(),
            paired: Vec::new(),
        };
        survey.apply_conditions(found);
        survey.report_unknown(found);
        Some(survey)
    }

    /// The respondents who pass some more filters: a domain of the survey, whose
    /// design remains that of all (see `Plan::within`).
    ///
    /// Pushes an error for a filter that looks at nothing.
    pub fn narrowed(&self, filters: &[Condition], found: &mut Diagnostics) -> Option<Self> {
        let (sheet, codebook) = (&self.sheet, &self.codebook);
        let titles = Titles::new(sheet, &codebook.layout);
        let mut rows: Vec<u32> = self.respondents.iter().map(|who| who.row).collect();
        let others = keep_passing(sheet, &titles, codebook, filters, &mut rows, found)?;
        let mut part = self.clone();
        part.respondents.retain(|who| rows.binary_search(&who.row).is_ok());
        part.left_out.extend(others);
        part.left_out.sort_by_key(|left| left.row);
        let questions = codebook.questions.iter().zip(&self.columns);
        part.answers = questions
            .map(|(question, columns)| Answers::read(question, sheet, columns, &rows))
            .collect();
        // What is wrong with the answers was told of the whole.
        part.apply_conditions(&mut Diagnostics::new());
        Some(part)
    }

    /// A question and its answers, by identifier.
    pub fn question(&self, id: &str) -> Option<(&Question, &Answers)> {
        let rank = self.rank(id)?;
        Some((self.codebook.questions.get(rank)?, self.answers.get(rank)?))
    }

    /// The rank of a question in the codebook.
    pub fn rank(&self, id: &str) -> Option<usize> {
        self.codebook.questions.iter().position(|question| question.id == id)
    }

    /// The cells of a respondent's answer to a question, filled or not.
    pub fn cells(&self, respondent: u32, question: usize) -> Vec<Position> {
        let row = self.respondents.get(respondent as usize).map(|respondent| respondent.row);
        let columns = self.columns.get(question).into_iter().flatten();
        row.into_iter()
            .flat_map(|row| columns.clone().map(move |c| Position::new(row, *c)))
            .collect()
    }

    /// Adds a question: one that is there, counted on another base, or on those
    /// only who meet a condition. Its rank is the last.
    pub fn add_base(
        &mut self,
        question: usize,
        id: String,
        base: Base,
        condition: Option<Condition>,
    ) {
        let original = self.codebook.questions.get(question).cloned();
        let answers = self.answers.get(question).cloned();
        let columns = self.columns.get(question).cloned();
        let (Some(original), Some(mut answers), Some(columns)) = (original, answers, columns)
        else {
            return;
        };
        if let Some(asked) = condition.as_ref().and_then(|condition| self.meeting(condition)) {
            answers.keep_asked(&asked);
        }
        let condition = condition.or_else(|| original.condition.clone());
        self.added.push((self.codebook.questions.len(), question));
        self.codebook.questions.push(Question { id, base, condition, ..original });
        self.answers.push(answers);
        self.columns.push(columns);
    }

    /// Adds a question: the numbers answered to one by those who answered another
    /// with a number too, and who meet a condition. Its rank is the last.
    pub fn add_pair(
        &mut self,
        question: usize,
        other: usize,
        id: String,
        condition: Option<Condition>,
    ) {
        let rank = self.codebook.questions.len();
        self.paired.push((rank, other));
        let Some(other) = self.answers.get(other).cloned() else { return };
        self.add_base(question, id, Base::Respondents, condition);
        if let Some(answers) = self.answers.get_mut(rank) {
            answers.keep_numbers_with(&other);
        }
    }

    /// Takes out of each conditional question those who were not asked it, the
    /// questions that conditions depend on first.
    fn apply_conditions(&mut self, found: &mut Diagnostics) {
        for rank in in_order_of_dependence(&self.codebook) {
            let Some(asked) = self.asked(rank) else { continue };
            let Some(answers) = self.answers.get_mut(rank) else { continue };
            let uncalled = answers.keep_asked(&asked);
            if !uncalled.is_empty() {
                found.push(self.uncalled(rank, &uncalled));
            }
        }
    }

    /// Whether each respondent was asked a question; none where all were.
    fn asked(&self, rank: usize) -> Option<Vec<bool>> {
        self.meeting(self.codebook.questions.get(rank)?.condition.as_ref()?)
    }

    /// Whether each respondent meets a condition on a question.
    fn meeting(&self, condition: &Condition) -> Option<Vec<bool>> {
        let subject = self.rank(&condition.subject)?;
        let question = self.codebook.questions.get(subject)?;
        let answers = self.answers.get(subject)?;
        if question.kind.is_choice() {
            return Some(passing(condition, question, answers));
        }
        let value = |respondent: usize| {
            let cell = self.cells(respondent as u32, subject).into_iter().next();
            let value = cell.and_then(|cell| self.sheet.value(cell));
            condition.accepts(&value.map(|value| value.as_text()).unwrap_or_default())
        };
        Some((0..self.respondents.len()).map(value).collect())
    }

    fn uncalled(&self, rank: usize, respondents: &[u32]) -> Diagnostic {
        let cells = respondents.iter().filter_map(|r| self.cells(*r, rank).into_iter().next());
        let label = self.codebook.questions.get(rank).map_or("", |question| &question.label);
        let message = format!(
            "{} à {} de qui n’avait pas à y répondre : sans effet sur les comptes",
            counted(respondents.len(), "réponse"),
            quoted(label)
        );
        self.with_cells(Diagnostic::warning("reponse-non-demandee", message), cells)
            .help("vérifiez la condition de la question dans le dictionnaire")
    }

    /// One warning for each distinct answer that is not recognised.
    fn report_unknown(&self, found: &mut Diagnostics) {
        for (question, answers) in self.codebook.questions.iter().zip(&self.answers) {
            let mut groups: Vec<(&str, bool, Vec<Position>)> = Vec::new();
            for unknown in &answers.unknown {
                match groups.iter_mut().find(|(text, ..)| *text == unknown.text) {
                    Some((_, _, cells)) => cells.push(unknown.position),
                    None => groups.push((&unknown.text, unknown.fault, vec![unknown.position])),
                }
            }
            let told = groups.into_iter().map(|(text, fault, cells)| {
                self.with_cells(unknown_answer(question, text, fault, cells.len()), cells)
            });
            found.extend(told);
        }
    }

    /// Adds the places of cells, the first few by name.
    fn with_cells(
        &self,
        diagnostic: Diagnostic,
        cells: impl IntoIterator<Item = Position>,
    ) -> Diagnostic {
        let cells: Vec<String> = cells.into_iter().map(|cell| cell.to_string()).collect();
        let named = cells.iter().take(CELLS_NAMED).cloned().collect::<Vec<_>>().join(", ");
        let more = cells.len().saturating_sub(CELLS_NAMED);
        let text = if more > 0 { format!("{named} et {more} autres") } else { named };
        diagnostic.at(self.sheet.place().at(text))
    }
}

/// The columns of every question; none where one is missing.
fn question_columns(
    titles: &Titles<'_>,
    codebook: &Codebook,
    found: &mut Diagnostics,
) -> Option<Vec<Vec<u32>>> {
    let mut faults = Diagnostics::new();
    let mut resolve = |question: &Question| -> Vec<Option<u32>> {
        let columns = question.location.columns();
        let column = |column: &ColumnRef| match by_label(titles, question, column) {
            Some(index) => Some(index),
            None => titles.resolve(column, &mut faults),
        };
        columns.iter().map(column).collect()
    };
    let columns: Vec<Vec<Option<u32>>> = codebook.questions.iter().map(&mut resolve).collect();
    let wanted = columns.iter().flatten().count();
    if wanted > FEW_COLUMNS && columns.iter().flatten().all(Option::is_none) {
        found.push(foreign(titles, codebook, wanted));
    } else {
        found.extend(faults);
    }
    columns.into_iter().map(|columns| columns.into_iter().collect()).collect()
}

/// One message for a table that has none of the codebook's columns.
fn foreign(titles: &Titles<'_>, codebook: &Codebook, wanted: usize) -> Diagnostic {
    let message = format!("aucune des {wanted} colonnes du dictionnaire n’est dans ce tableau");
    Diagnostic::error("dictionnaire-etranger", message)
        .at(titles.place())
        .at(Place::file(&codebook.file))
        .help(
            "vérifiez que c’est le bon fichier et la bonne feuille, ou faites le dictionnaire \
             de cet export : « bilan dictionnaire FICHIER -o dictionnaire.toml »",
        )
}

/// The column that bears a question's label, where none bears the title that
/// the codebook gives: a form's questions have both, and exports show either.
fn by_label(titles: &Titles<'_>, question: &Question, column: &ColumnRef) -> Option<u32> {
    let title = column.title.as_deref().filter(|_| column.index.is_none())?;
    let own = !matches!(question.location, Location::Options(_));
    let absent = own && !titles.has(title);
    absent.then(|| titles.only(&question.label)).flatten()
}

fn identity(
    titles: &Titles<'_>,
    codebook: &Codebook,
    columns: &[Vec<u32>],
    found: &mut Diagnostics,
) -> IdentityColumns {
    let column = |id: &Option<String>| {
        let id = id.as_ref()?;
        let rank = codebook.questions.iter().position(|question| question.id == *id)?;
        columns.get(rank)?.first().copied()
    };
    IdentityColumns {
        id: column(&codebook.respondent.id),
        name: column(&codebook.respondent.name),
        moment: column(&codebook.respondent.moment),
        weight: codebook.layout.weight.as_ref().and_then(|w| weight_column(titles, w, found)),
    }
}

/// The column of weights, as kindly as a person names it.
fn weight_column(titles: &Titles<'_>, wanted: &ColumnRef, found: &mut Diagnostics) -> Option<u32> {
    let meant = wanted.title.as_deref().filter(|_| wanted.index.is_none());
    meant.and_then(|title| titles.meant(title)).or_else(|| titles.resolve(wanted, found))
}

/// The rows that count: below the titles, not blank, accepted by the filters;
/// and those that the filters leave out.
fn rows(
    sheet: &Sheet,
    titles: &Titles<'_>,
    codebook: &Codebook,
    found: &mut Diagnostics,
) -> Option<(Vec<u32>, Vec<LeftOut>)> {
    let layout = &codebook.layout;
    let first = layout.first_row.unwrap_or_else(|| titles.next_row());
    let last = layout.last_row.or_else(|| sheet.last_row()).unwrap_or(0);
    let mut rows = filled_rows(sheet, first, last);
    let repeated = titles.repeated_rows();
    rows.retain(|row| repeated.binary_search(row).is_err());
    let left_out = keep_passing(sheet, titles, codebook, &layout.filters, &mut rows, found)?;
    Some((rows, left_out))
}

/// Takes out the rows that filters do not accept, and tells which they are.
fn keep_passing(
    sheet: &Sheet,
    titles: &Titles<'_>,
    codebook: &Codebook,
    filters: &[Condition],
    rows: &mut Vec<u32>,
    found: &mut Diagnostics,
) -> Option<Vec<LeftOut>> {
    let tests: Vec<Option<RowTest<'_>>> =
        filters.iter().map(|filter| row_test(sheet, titles, codebook, filter, found)).collect();
    let mut left_out = Vec::new();
    for (test, filter) in tests.into_iter().collect::<Option<Vec<_>>>()?.iter().zip(filters) {
        let before = rows.clone();
        test.retain(sheet, rows);
        if rows.is_empty() && !before.is_empty() {
            found.push(test.keeps_nobody(sheet, filter, before.len()));
        }
        let reason = Reason::Filter(filter.to_string());
        left_out.extend(missing(&before, rows, &reason));
    }
    Some(left_out)
}

/// The rows between two that hold something that shows.
fn filled_rows(sheet: &Sheet, first: u32, last: u32) -> Vec<u32> {
    let mut filled = vec![false; (last + 1).saturating_sub(first) as usize];
    for column in sheet.columns() {
        let shows: Vec<bool> = column.values().iter().map(|value| !value.is_blank()).collect();
        for (row, code) in column.codes().filter(|(row, _)| *row >= first) {
            let flag = filled.get_mut((row - first) as usize);
            if let Some(flag) = flag.filter(|_| shows.get(code) == Some(&true)) {
                *flag = true;
            }
        }
    }
    (first..).zip(filled).filter(|(_, filled)| *filled).map(|(row, _)| row).collect()
}

/// A filter, and what it looks at.
enum RowTest<'a> {
    /// The cell of a column.
    Cell(u32, &'a Condition),
    /// The options that a respondent ticked.
    Options(&'a Question, Vec<u32>, &'a Condition),
    /// The cell of a column, or the options that it names.
    Either(u32, &'a Question, &'a Condition),
}

impl RowTest<'_> {
    fn retain(&self, sheet: &Sheet, rows: &mut Vec<u32>) {
        match self {
            Self::Cell(column, filter) => rows.retain(|row| {
                let value = sheet.value(Position::new(*row, *column));
                filter.accepts(&value.map(|value| value.as_text()).unwrap_or_default())
            }),
            Self::Options(question, columns, filter) => {
                let answers = Answers::read(question, sheet, columns, rows);
                let mut accepted = passing(filter, question, &answers).into_iter();
                rows.retain(|_| accepted.next().unwrap_or(false));
            }
            Self::Either(column, question, filter) => {
                let inverse = filter.operator == Operator::Different;
                let operator = if inverse { Operator::Equal } else { filter.operator };
                let named = Condition { operator, ..(*filter).clone() };
                let answers = Answers::read(question, sheet, &[*column], rows);
                let mut ticked = answers.ticked(&named_options(&named, question)).into_iter();
                rows.retain(|row| {
                    let value = sheet.value(Position::new(*row, *column));
                    let text = value.map(|value| value.as_text()).unwrap_or_default();
                    let one = ticked.next().unwrap_or(false) || named.accepts(&text);
                    one != inverse
                });
            }
        }
    }

    /// Tells a filter that no answer passes, with the values there are.
    fn keeps_nobody(&self, sheet: &Sheet, filter: &Condition, before: usize) -> Diagnostic {
        let labels = |question: &Question| -> Vec<String> {
            question.options.iter().map(|option| option.label.clone()).collect()
        };
        let (values, place) = match self {
            Self::Options(question, columns, _) => (labels(question), columns.first()),
            Self::Either(column, question, _) => (labels(question), Some(column)),
            Self::Cell(column, _) => {
                let held = sheet.column(*column).map(|c| c.values()).unwrap_or_default();
                let titles = usize::from(held.len() > 1);
                let texts = held.iter().skip(titles).filter(|value| !value.is_blank());
                (texts.map(|value| value.as_text().trim().to_string()).collect(), Some(column))
            }
        };
        let known: Vec<String> = values.iter().take(VALUES_NAMED).map(|v| quoted(v)).collect();
        let wanted = filter.values.first().map(String::as_str).unwrap_or_default();
        let near = matching::nearest(wanted, values.iter().map(String::as_str));
        let help = match near.first() {
            Some(near) => format!("vouliez-vous dire {} ?", quoted(near)),
            None if known.is_empty() => "vérifiez la colonne du filtre".to_string(),
            None if values.len() > known.len() => {
                format!("parmi les valeurs connues : {}", known.join(", "))
            }
            None => format!("les valeurs connues sont {}", list(&known)),
        };
        let message = format!(
            "le filtre {} ne retient aucune réponse, sur {before}",
            quoted(&filter.to_string())
        );
        let place = place.map_or_else(|| sheet.place(), |column| sheet.place_of_column(*column));
        Diagnostic::warning("filtre-sans-reponse", message).at(place).help(help)
    }
}

/// What a filter looks at: a question by its identifier, a column by its title
/// or the beginning of it, a question by the beginning of any of its names.
fn row_test<'a>(
    sheet: &Sheet,
    titles: &Titles<'_>,
    codebook: &'a Codebook,
    filter: &'a Condition,
    found: &mut Diagnostics,
) -> Option<RowTest<'a>> {
    let question = codebook.question(&filter.subject);
    let column = titles.meant(&filter.subject).filter(|_| question.is_none());
    if let Some(column) = column {
        let ordered =
            !matches!(filter.operator, Operator::Equal | Operator::Different | Operator::In);
        let holds = |question: &&Question| {
            let own = !matches!(question.location, Location::Options(_));
            let first = question.location.columns().first().filter(|_| own);
            let place = first.and_then(|first| titles.resolve(first, &mut Diagnostics::new()));
            question.kind.is_choice() && place == Some(column)
        };
        let options = codebook.questions.iter().find(holds).filter(|_| !ordered);
        // KoboToolbox puts all answers in a column before those of the options.
        // The column of an option is a column: `publics[SQ001] = Oui`.
        let apart = |question: &&Question| {
            let place = |own: &ColumnRef| titles.resolve(own, &mut Diagnostics::new());
            let own = question.location.columns().iter().any(|own| place(own) == Some(column));
            matches!(question.location, Location::Options(_)) && !own
        };
        let joined = meant(codebook, filter).filter(apart).filter(|_| !ordered);
        let named = options.filter(|question| !named_options(filter, question).is_empty());
        match (named, joined) {
            (Some(question), _) => return Some(RowTest::Either(column, question, filter)),
            (None, None) => return Some(RowTest::Cell(column, filter)),
            (None, Some(_)) => {}
        }
    }
    let meant = meant(codebook, filter);
    match question.or(meant) {
        Some(question) => {
            let columns = question.location.columns().iter();
            let columns: Option<Vec<u32>> =
                columns.map(|column| titles.resolve(column, found)).collect();
            match (columns?.as_slice(), question.kind.is_choice()) {
                ([column], false) => Some(RowTest::Cell(*column, filter)),
                (columns, _) => Some(RowTest::Options(question, columns.to_vec(), filter)),
            }
        }
        None => {
            let title = Some(filter.subject.clone());
            let wanted = ColumnRef { title, index: None, place: sheet.place() };
            titles.resolve(&wanted, found).map(|column| RowTest::Cell(column, filter))
        }
    }
}

/// The one question that a filter's subject names.
fn meant<'a>(codebook: &'a Codebook, filter: &Condition) -> Option<&'a Question> {
    match codebook.search_kindly(&filter.subject).as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// The questions with a condition, those they depend on first.
fn in_order_of_dependence(codebook: &Codebook) -> Vec<usize> {
    let depth = |rank: usize| {
        let subject = |rank: usize| {
            let condition = codebook.questions.get(rank)?.condition.as_ref()?;
            codebook.questions.iter().position(|question| question.id == condition.subject)
        };
        std::iter::successors(Some(rank), |rank| subject(*rank))
            .take(codebook.questions.len() + 1)
            .count()
    };
    let mut ranks: Vec<usize> = (0..codebook.questions.len()).collect();
    ranks.sort_by_key(|rank| depth(*rank));
    ranks
}

/// Whether the answers of each respondent pass a condition on the options of a
/// question. Who ticked none of the named options passes ≠; an empty value
/// means that nothing was answered.
fn passing(condition: &Condition, question: &Question, answers: &Answers) -> Vec<bool> {
    let inverse = condition.operator == Operator::Different;
    let blank = condition.values.iter().any(String::is_empty);
    let ticked = answers.ticked(&named_options(condition, question));
    let passes = |(ticked, status): (bool, &Status)| {
        (ticked || blank && *status != Status::Answered) != inverse
    };
    ticked.into_iter().zip(&answers.status).map(passes).collect()
}

/// The options that a condition names, be it to ask for them or to rule them
/// out.
pub fn named_options(condition: &Condition, question: &Question) -> Vec<u32> {
    let operator = match condition.operator {
        Operator::Different => Operator::Equal,
        other => other,
    };
    let positive = Condition { operator, ..condition.clone() };
    let named = |option: &Choice| {
        let synonyms = option.synonyms.iter().map(String::as_str);
        let mut names = [option.id.as_str(), option.label.as_str()].into_iter().chain(synonyms);
        names.any(|name| positive.accepts(name))
    };
    let options = question.options.iter().enumerate().filter(|(_, option)| named(option));
    options.map(|(rank, _)| rank as u32).collect()
}

fn unknown_answer(question: &Question, text: &str, fault: bool, count: usize) -> Diagnostic {
    if fault {
        let message = format!(
            "{} : erreur du tableur {text} à {}",
            quoted(&question.label),
            counted(count, "cellule")
        );
        return Diagnostic::warning("cellule-en-erreur", message)
            .help("corrigez la formule, ou videz la cellule");
    }
    let message = format!("réponse non reconnue à {} : {}", quoted(&question.label), quoted(text));
    let labels = question.options.iter().map(|option| option.label.as_str());
    let near: Vec<String> = matching::nearest(text, labels).into_iter().map(quoted).collect();
    let help = match near.as_slice() {
        [] if question.options.is_empty() => "écrivez un nombre".to_string(),
        [] => "ajoutez la modalité ou un synonyme au dictionnaire".to_string(),
        near => format!("si elle dit {}, ajoutez-la à ses synonymes", near.join(" ou ")),
    };
    Diagnostic::warning("reponse-non-reconnue", message).help(help)
}

#[cfg(test)]
mod tests;
