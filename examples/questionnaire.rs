//! Makes the demonstration questionnaire of an edition.
//!
//! ```text
//! cargo run --example questionnaire -- inputs/2025
//! ```
//!
//! The answers are made up, as the real ones are not public. What is not made
//! up is their totals: for each question, the number of respondents who tick
//! an option is the one whose percentage, rounded, is the published one. The
//! file is what a form tool would export: long titles, technical and contact
//! columns, several answers in a cell, spelling variants, blanks, a project
//! that answered twice. With the same seed the file is the same.
//!
//! `--lignes` and `--colonnes` make large files for the benchmarks. The edition
//! of the year before is made from that of a year:
//!
//! ```text
//! cargo run --example questionnaire -- inputs/2024 --depuis inputs/2025 --graine 2024
//! ```

// Ranks come from the same lists that they index.
#![allow(clippy::indexing_slicing)]

#[path = "questionnaire/earlier.rs"]
mod earlier;

use std::path::PathBuf;

use bilan::codebook::{Codebook, Kind, Question};
use bilan::diagnostics::Diagnostics;
use bilan::edition::Edition;
use bilan::published::{self, PublishedFigure};
use bilan::register::{Laureate, Register};
use bilan::typography::round_half_up;
use chrono::{Duration, NaiveDate, NaiveDateTime};
use clap::Parser;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

type Failure = Box<dyn std::error::Error>;

/// Makes a demonstration questionnaire.
#[derive(Parser)]
struct Arguments {
    /// The folder of the edition.
    #[arg(default_value = "inputs/2025")]
    edition: PathBuf,
    /// Where to write; the edition's questionnaire by default.
    #[arg(long)]
    sortie: Option<PathBuf>,
    /// How many rows; the respondents and their oddities by default.
    #[arg(long)]
    lignes: Option<usize>,
    /// How many columns; those of the codebook by default.
    #[arg(long)]
    colonnes: Option<usize>,
    /// The edition of the year after, whose answers this one's resemble.
    #[arg(long)]
    depuis: Option<PathBuf>,
    #[arg(long, default_value_t = 2025)]
    graine: u64,
}

/// How many of the laureates answer.
const RESPONDENTS: usize = 186;

/// How many respondents leave a question blank. The published 6.7 % of adults
/// with few qualifications is a share of 180, not of 186.
const BLANKS: [(&str, usize); 6] = [
    ("themes", 2),
    ("profils", 6),
    ("formations", 6),
    ("filieres", 4),
    ("apprenants", 5),
    ("membres", 3),
];

/// The shares, in percent, of the options that no source publishes.
const UNPUBLISHED: [(&str, f64); 13] = [
    ("themes.entrepreneuriat", 34.0),
    ("themes.jeunesse", 28.0),
    ("themes.economie-circulaire", 26.0),
    ("themes.fablab", 24.0),
    ("themes.media", 20.0),
    ("themes.learning-lab", 9.0),
    ("partenaires.aucun", 16.0),
    ("organismes.autre", 11.0),
    ("apports.aucun", 3.0),
    ("profils.autre", 1.5),
    ("formations.autres", 17.0),
    ("filieres.autre", 10.0),
    ("qpv.non", 0.0),
];

/// The means of the questions that ask for a number.
const MEANS: [(&str, f64, (f64, f64)); 2] =
    [("membres", 5.0, (2.0, 12.0)), ("apprenants", 100.0, (8.0, 420.0))];

fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    let inputs = Inputs::read(&arguments.edition)?;
    let output = arguments.sortie.unwrap_or(arguments.edition.join("questionnaire.xlsx"));
    let mut rng = ChaCha8Rng::seed_from_u64(arguments.graine);
    let later = arguments.depuis.as_deref().map(earlier::Later::read).transpose()?;
    let chosen = match (&later, arguments.lignes) {
        (Some(later), _) => later.people(&inputs.register, &mut rng),
        (None, Some(rows)) => made_up(rows),
        (None, None) => respondents(&inputs.register, &mut rng),
    };
    let people = people(chosen, inputs.year, &mut rng);
    let answers = match &later {
        Some(later) => earlier_answers(&inputs, later, &people, &mut rng),
        None => answers(&inputs, people.len(), &mut rng)?,
    };
    let sheet = Sheet { inputs: &inputs, people, answers };
    sheet.write(&output, arguments.lignes.is_none(), arguments.colonnes, &mut rng)?;
    println!("{} : {} répondants", output.display(), sheet.people.len());
    Ok(())
}

/// What the questionnaire is made from.
struct Inputs {
    year: i32,
    register: Register,
    codebook: Codebook,
    published: Vec<PublishedFigure>,
}

impl Inputs {
    fn read(folder: &std::path::Path) -> Result<Self, Failure> {
        let mut found = Diagnostics::new();
        let inputs = Edition::read(folder, &mut found).and_then(|edition| {
            let sources = &edition.sources;
            Some(Self {
                year: edition.year,
                register: Register::read(&sources.register, &mut found),
                codebook: Codebook::read(&sources.codebook, &mut found)?,
                published: published::read(&sources.published, &mut found),
            })
        });
        inputs.filter(|_| !found.has_errors()).ok_or_else(|| {
            found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n").into()
        })
    }

    /// The published share of an option, with its decimals: the one of the
    /// chart where a sentence says otherwise.
    fn share(&self, question: &Question, option: &str) -> Option<(f64, usize)> {
        let family = format!("{}.{option}", question.id);
        let alone = option == "oui";
        let is_it = |figure: &&PublishedFigure| {
            let id = figure.indicator.as_deref();
            id == Some(&family) || (alone && id == Some(&question.id))
        };
        let figures = self.published.iter().filter(is_it).filter(|figure| figure.unit == "%");
        let figure = figures.max_by_key(|figure| figure.chart.is_some())?;
        Some((figure.value?, figure.decimals()))
    }
}

/// Who answers: a laureate, or a made-up project in a large file.
struct Person {
    id: String,
    name: String,
    finished: NaiveDateTime,
}

/// The respondents, in the order of their answers.
fn people(mut chosen: Vec<(String, String)>, year: i32, rng: &mut ChaCha8Rng) -> Vec<Person> {
    chosen.shuffle(rng);
    let opening = NaiveDate::from_ymd_opt(year, 3, 3).and_then(|day| day.and_hms_opt(8, 30, 0));
    let mut moment = opening.unwrap_or_default();
    let step = 39 * 24 * 60 / chosen.len().max(1) as i64;
    chosen
        .into_iter()
        .map(|(id, name)| {
            moment += Duration::seconds(rng.random_range(30..=120.max(2 * step * 60 - 30)));
            Person { id, name, finished: moment }
        })
        .collect()
}

/// The projects of a large file, which do not exist.
fn made_up(rows: usize) -> Vec<(String, String)> {
    (1..=rows).map(|n| (format!("ESSAI-{n:06}"), format!("Projet {n}"))).collect()
}

/// The laureates who answer, at least one in each région.
fn respondents(register: &Register, rng: &mut ChaCha8Rng) -> Vec<(String, String)> {
    let mut laureates: Vec<&Laureate> = register.laureates.iter().collect();
    laureates.shuffle(rng);
    let mut regions = std::collections::HashSet::new();
    let (first, rest): (Vec<&Laureate>, Vec<&Laureate>) =
        laureates.into_iter().partition(|laureate| regions.insert(&laureate.region));
    let chosen = first.into_iter().chain(rest).take(RESPONDENTS);
    chosen.map(|laureate| (laureate.id.clone(), laureate.name.clone())).collect()
}

/// The answers to a question, one a respondent.
enum Answers {
    /// The options ticked, by rank; none for a blank.
    Options(Vec<Vec<usize>>),
    Numbers(Vec<Option<f64>>),
    None,
}

/// The answers to each question of the codebook.
fn answers(inputs: &Inputs, people: usize, rng: &mut ChaCha8Rng) -> Result<Vec<Answers>, Failure> {
    let mut all: Vec<Answers> = Vec::new();
    for question in &inputs.codebook.questions {
        let asked = asked(&inputs.codebook, &all, question, people);
        let blanks = BLANKS.iter().find(|(id, _)| *id == question.id).map_or(0, |(_, n)| *n);
        let blanks = blanks * people / RESPONDENTS;
        let mut base: Vec<usize> = asked;
        base.shuffle(rng);
        base.truncate(base.len() - blanks.min(base.len()));
        all.push(match question.kind {
            Kind::Single | Kind::Multiple => {
                Answers::Options(ticks(inputs, question, &base, people, rng)?)
            }
            Kind::Number => Answers::Numbers(numbers(question, &base, people, rng)),
            _ => Answers::None,
        });
    }
    Ok(all)
}

/// The answers of the year before, to each question of the codebook.
fn earlier_answers(
    inputs: &Inputs,
    later: &earlier::Later,
    people: &[Person],
    rng: &mut ChaCha8Rng,
) -> Vec<Answers> {
    let ids: Vec<String> = people.iter().map(|person| person.id.clone()).collect();
    let mut all: Vec<Answers> = Vec::new();
    for question in &inputs.codebook.questions {
        let mut asked = asked(&inputs.codebook, &all, question, people.len());
        asked.retain(|_| rng.random_bool(0.97));
        all.push(later.answers(question, &ids, &asked, rng));
    }
    all
}

/// The respondents who are asked a question.
fn asked(
    codebook: &Codebook,
    before: &[Answers],
    question: &Question,
    people: usize,
) -> Vec<usize> {
    let everyone = (0..people).collect();
    let Some(condition) = &question.condition else { return everyone };
    let subject = codebook.questions.iter().position(|q| q.id == condition.subject);
    let Some(rank) = subject else { return everyone };
    let (Some(Answers::Options(ticks)), Some(subject)) =
        (before.get(rank), codebook.questions.get(rank))
    else {
        return everyone;
    };
    let accepted = |option: &usize| {
        subject.options.get(*option).is_some_and(|option| condition.accepts(&option.id))
    };
    (0..people).filter(|person| ticks[*person].iter().any(accepted)).collect()
}

/// Who ticks what, so that each option has its count and each respondent has
/// ticked something.
fn ticks(
    inputs: &Inputs,
    question: &Question,
    base: &[usize],
    people: usize,
    rng: &mut ChaCha8Rng,
) -> Result<Vec<Vec<usize>>, Failure> {
    let mut counts = counts(inputs, question, base.len())?;
    let mut ticks = vec![Vec::new(); people];
    let mut open: Vec<usize> = base.to_vec();
    for (rank, option) in question.options.iter().enumerate() {
        if option.id == "aucun" {
            let alone: Vec<usize> = open.split_off(open.len() - counts[rank].min(open.len()));
            alone.iter().for_each(|person| ticks[*person].push(rank));
            counts[rank] = 0;
        }
    }
    for person in &open {
        let rank = draw(&counts, rng);
        ticks[*person].push(rank);
        counts[rank] = counts[rank].saturating_sub(1);
    }
    if question.kind == Kind::Multiple {
        for (rank, count) in counts.iter().enumerate() {
            open.shuffle(rng);
            let free = open.iter().filter(|p| !ticks[**p].contains(&rank)).copied().take(*count);
            let free: Vec<usize> = free.collect();
            free.iter().for_each(|person| ticks[*person].push(rank));
        }
    }
    ticks.iter_mut().for_each(|options| options.sort_unstable());
    Ok(ticks)
}

/// How many respondents tick each option: the published share of the base, to
/// the printed precision.
fn counts(inputs: &Inputs, question: &Question, base: usize) -> Result<Vec<usize>, Failure> {
    let published: Vec<Option<usize>> = question
        .options
        .iter()
        .map(|option| match inputs.share(question, &option.id) {
            Some((share, decimals)) => count_of(share, decimals, base)
                .map(Some)
                .ok_or(format!("{} : {share} % de {base}", question.id)),
            None => Ok(None),
        })
        .collect::<Result<_, String>>()?;
    let known: usize = published.iter().flatten().sum();
    let left = base.saturating_sub(known);
    let missing = published.iter().filter(|count| count.is_none()).count();
    let unpublished = |id: &str| {
        let family = format!("{}.{id}", question.id);
        let share = UNPUBLISHED.iter().find(|(id, _)| *id == family).map_or(0.0, |(_, s)| *s);
        (share * base as f64 / 100.0).round() as usize
    };
    let count = |(option, count): (&bilan::codebook::Choice, Option<usize>)| match count {
        Some(count) => count,
        None if question.kind == Kind::Single && missing == 1 => left,
        None => unpublished(&option.id),
    };
    Ok(question.options.iter().zip(published).map(count).collect())
}

/// The count whose percentage of a base, rounded, is a share.
fn count_of(share: f64, decimals: usize, base: usize) -> Option<usize> {
    let nearest = (share * base as f64 / 100.0).round() as usize;
    let candidates = [nearest, nearest + 1, nearest.saturating_sub(1)];
    let percent = |count: usize| round_half_up(100.0 * count as f64 / base as f64, decimals);
    candidates.into_iter().find(|count| (percent(*count) - share).abs() < 1e-9)
}

/// Draws a rank with chances in proportion to what is left of each.
fn draw(left: &[usize], rng: &mut ChaCha8Rng) -> usize {
    let total: usize = left.iter().sum();
    let mut target = if total == 0 { 0 } else { rng.random_range(0..total) };
    for (rank, count) in left.iter().enumerate() {
        if target < *count {
            return rank;
        }
        target -= count;
    }
    0
}

/// Whole numbers spread around the question's mean, which they have exactly.
fn numbers(
    question: &Question,
    base: &[usize],
    people: usize,
    rng: &mut ChaCha8Rng,
) -> Vec<Option<f64>> {
    let (_, mean, (low, high)) = MEANS
        .iter()
        .find(|(id, ..)| *id == question.id)
        .copied()
        .unwrap_or(("", 10.0, (0.0, 20.0)));
    let mut numbers = vec![None; people];
    let mut left = mean * base.len() as f64;
    for (rank, person) in base.iter().enumerate() {
        let others = (base.len() - rank - 1) as f64;
        let spread: f64 = rng.random_range(0.35..1.65) * rng.random_range(0.6..1.4);
        let (floor, ceiling) = (left - others * high, left - others * low);
        let number =
            (mean * spread).round().clamp(low, high).clamp(floor.max(low), ceiling.min(high));
        numbers[*person] = Some(number);
        left -= number;
    }
    numbers
}

/// The sheet to write.
struct Sheet<'a> {
    inputs: &'a Inputs,
    people: Vec<Person>,
    answers: Vec<Answers>,
}

/// The first names and names of people who do not exist.
const FIRST_NAMES: [&str; 8] =
    ["Camille", "Dominique", "Claude", "Sacha", "Alix", "Noé", "Maé", "Élie"];
const LAST_NAMES: [&str; 8] =
    ["Exemple", "Modèle", "Spécimen", "Témoin", "Essai", "Fictif", "Démo", "Maquette"];

/// Remarks at the end of the form.
const REMARKS: [&str; 4] = [
    "Merci pour ce questionnaire !",
    "Nos parcours démarrent en septembre ;\nles chiffres sont des estimations.",
    "RAS",
    "Le nombre d’apprenants est celui de la première année.",
];

impl Sheet<'_> {
    fn write(
        &self,
        path: &std::path::Path,
        oddities: bool,
        columns: Option<usize>,
        rng: &mut ChaCha8Rng,
    ) -> Result<(), Failure> {
        let mut workbook = Workbook::new();
        let made = ExcelDateTime::from_ymd(self.inputs.year as u16, 4, 14)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let sheet = if oddities {
            workbook.add_worksheet()
        } else {
            workbook.add_worksheet_with_low_memory()?
        };
        sheet.set_name("Réponses")?;
        self.titles(sheet, columns)?;
        let order = self.order(oddities);
        for (row, (person, twice)) in order.iter().enumerate() {
            self.row(sheet, row as u32 + 1, *person, *twice, oddities, columns, rng)?;
        }
        workbook.save(path)?;
        Ok(())
    }

    /// The rows: each respondent once, and one of them an earlier time too.
    fn order(&self, oddities: bool) -> Vec<(usize, bool)> {
        let mut order: Vec<(usize, bool)> = (0..self.people.len()).map(|p| (p, false)).collect();
        if oddities {
            order.insert(40, (120, true));
        }
        order
    }

    fn titles(&self, sheet: &mut Worksheet, columns: Option<usize>) -> Result<(), XlsxError> {
        let own = self.inputs.codebook.questions.iter();
        let titles = own.filter_map(|question| question.location.columns().first()?.title.clone());
        let more = (1..).map(|n| format!("Question supplémentaire {n}"));
        let count = self.inputs.codebook.questions.len();
        for (column, title) in titles.chain(more).take(columns.unwrap_or(count)).enumerate() {
            sheet.write(0, column as u16, title)?;
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    fn row(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        person: usize,
        twice: bool,
        oddities: bool,
        columns: Option<usize>,
        rng: &mut ChaCha8Rng,
    ) -> Result<(), Failure> {
        let count = columns.unwrap_or(self.inputs.codebook.questions.len());
        for (column, question) in self.inputs.codebook.questions.iter().enumerate().take(count) {
            let cell = self.cell(question, column, row, person, twice, rng);
            write(sheet, row, column as u16, self.odd(cell, question, row, oddities, rng))?;
        }
        for column in self.inputs.codebook.questions.len()..count {
            let answer = ["Oui", "Non", "Ne sait pas"][rng.random_range(0..3)];
            sheet.write(row, column as u16, answer)?;
        }
        Ok(())
    }

    fn cell(
        &self,
        question: &Question,
        rank: usize,
        row: u32,
        person: usize,
        twice: bool,
        rng: &mut ChaCha8Rng,
    ) -> Cell {
        let who = &self.people[person];
        // The earlier of two answers was given eight days before.
        let finished = who.finished - Duration::days(if twice { 8 } else { 0 });
        match question.id.as_str() {
            "numero-de-reponse" => Cell::Number(f64::from(row)),
            "debut" => Cell::Moment(finished - Duration::seconds(rng.random_range(300..2400))),
            "fin" => Cell::Moment(finished),
            "courriel" => Cell::Text(format!("{}@example.org", who.id.to_lowercase())),
            "projet" => Cell::Text(who.id.clone()),
            "nom-du-projet" => Cell::Text(who.name.clone()),
            "repondant" => Cell::Text(format!(
                "{} {}",
                FIRST_NAMES[rng.random_range(0..8)],
                LAST_NAMES[rng.random_range(0..8)]
            )),
            // Numbers that the regulator keeps for works of fiction.
            "telephone" if rng.random_bool(0.6) => Cell::Text(format!(
                "01 99 00 {:02} {:02}",
                rng.random_range(0..100),
                rng.random_range(0..100)
            )),
            "remarques" if rng.random_bool(0.12) => {
                Cell::Text(REMARKS[rng.random_range(0..4)].into())
            }
            _ => self.answer(question, rank, person),
        }
    }

    fn answer(&self, question: &Question, rank: usize, person: usize) -> Cell {
        match &self.answers[rank] {
            Answers::Options(ticks) if ticks[person].is_empty() => Cell::Blank,
            Answers::Options(ticks) => {
                let labels: Vec<String> = ticks[person]
                    .iter()
                    .map(|option| question.options[*option].label.clone())
                    .collect();
                match question.kind {
                    Kind::Single => Cell::Text(labels.concat()),
                    _ => Cell::Text(labels.iter().map(|label| format!("{label};")).collect()),
                }
            }
            Answers::Numbers(numbers) => numbers[person].map_or(Cell::Blank, Cell::Number),
            Answers::None => Cell::Blank,
        }
    }

    /// The oddities of real files: other wordings, no-break spaces, a missing
    /// identifier, an answer that is on no list.
    fn odd(
        &self,
        cell: Cell,
        question: &Question,
        row: u32,
        oddities: bool,
        rng: &mut ChaCha8Rng,
    ) -> Cell {
        match cell {
            Cell::Text(text) if oddities => match question.id.as_str() {
                "projet" if row == 77 => Cell::Blank,
                "projet" if row.is_multiple_of(23) => {
                    Cell::Text(format!(" {} ", text.to_lowercase()))
                }
                "themes" if row == 15 => Cell::Text(format!("{text}Permaculture;")),
                "filieres" if row == 91 => Cell::Text(format!("{text}Aéronautique;")),
                _ if question.kind.is_choice() => Cell::Text(variant(&text, question, rng)),
                _ => Cell::Text(text),
            },
            cell => cell,
        }
    }
}

/// A text as another hand would have typed it.
fn variant(text: &str, question: &Question, rng: &mut ChaCha8Rng) -> String {
    match rng.random_range(0..40) {
        0 => text.replace(' ', "\u{A0}"),
        1 => text.replace('’', "'"),
        2 => text.to_uppercase(),
        3 => format!("{text} "),
        4..=6 => question.options.iter().fold(text.to_string(), |text, option| {
            option.synonyms.first().map_or(text.clone(), |s| text.replace(&option.label, s))
        }),
        _ => text.to_string(),
    }
}

/// What is written in a cell.
enum Cell {
    Blank,
    Text(String),
    Number(f64),
    Moment(NaiveDateTime),
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: Cell) -> Result<(), Failure> {
    match cell {
        Cell::Blank => {}
        Cell::Text(text) => {
            sheet.write(row, column, text)?;
        }
        Cell::Number(number) => {
            sheet.write(row, column, number)?;
        }
        Cell::Moment(moment) => {
            let moment =
                ExcelDateTime::parse_from_str(&moment.format("%Y-%m-%dT%H:%M:%S").to_string())?;
            let format = Format::new().set_num_format("dd/mm/yyyy hh:mm:ss");
            sheet.write_with_format(row, column, &moment, &format)?;
        }
    }
    Ok(())
}
