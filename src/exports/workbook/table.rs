//! What each sheet of the workbook holds, before any format.

use std::collections::BTreeMap;

use super::WorkbookInputs;
use crate::codebook::{Base, Question};
use crate::diffusion::Diffusion;
use crate::indicators::{Figure, Measure, Rounding, Unit, Value};
use crate::typography::{NARROW_SPACE, counted, integer, percent, quoted};

/// A sheet's table: a row a territory or an indicator, columns in groups.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// What the name of the sheet is made from.
    pub id: String,
    pub title: String,
    /// The title of the column of names.
    pub rows_are: String,
    pub groups: Vec<Group>,
    pub rows: Vec<Row>,
    /// Lines below the table.
    pub notes: Vec<String>,
    /// The group that a chart draws, from the first row.
    pub drawn: Option<usize>,
    /// The base of the first row, for the contents.
    pub base: Option<usize>,
    /// Whether its numbers come from the questionnaire's answers.
    pub from_answers: bool,
}

/// Columns under one title.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    pub title: String,
    pub columns: Vec<Column>,
}

/// A column and the shape of its numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub title: String,
    pub shape: Shape,
}

/// How a number is shown. What is written is the number itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shape {
    Count,
    /// With its decimals.
    Number(usize),
    /// A percentage out of 100, with its decimals.
    Percent(usize),
    Euros,
    MillionEuros,
    /// A few letters: a unit.
    Word,
    Text,
}

/// A row: its name and a cell a column, all groups in a row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    pub name: String,
    /// Whether it stands for all the others.
    pub total: bool,
    pub cells: Vec<Cell>,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Number(f64),
    /// A percentage, and how it is rounded where it is shown.
    Percent(f64, Rounding),
    Text(String),
    /// Hidden by disclosure control.
    Hidden,
    /// There is none: nobody answered, or the measure does not exist here.
    None,
}

/// The mark of a hidden cell, as in the tables of the national institute of
/// statistics: « secret ».
pub const HIDDEN: &str = "s";

/// The mark of a value that does not exist.
pub const NONE: &str = "–";

impl Cell {
    /// A number that may not be there.
    pub fn number(number: Option<f64>) -> Self {
        number.map_or(Self::None, Self::Number)
    }

    /// A count that may not be there.
    pub fn count(count: Option<usize>) -> Self {
        Self::number(count.map(|count| count as f64))
    }
}

impl Table {
    /// All columns, group after group.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.groups.iter().flat_map(|group| &group.columns)
    }

    /// Adds the lines that explain the marks which its cells show.
    pub(super) fn explain_marks(mut self) -> Self {
        let shows = |mark: &Cell| self.rows.iter().any(|row| row.cells.contains(mark));
        let lines = [
            (
                shows(&Cell::Hidden),
                HIDDEN,
                "chiffre masqué : trop peu de répondants, ou déductible d’un autre",
            ),
            (
                shows(&Cell::None),
                NONE,
                "pas de valeur : personne n’a répondu, ou la mesure n’existe pas ici",
            ),
        ];
        let shown = lines.into_iter().filter(|(shown, ..)| *shown);
        self.notes.extend(shown.map(|(_, mark, meaning)| format!("{mark} : {meaning}.")));
        self
    }
}

/// The national figures, one a row.
pub fn national(inputs: &WorkbookInputs<'_>) -> Table {
    let figures = &inputs.figures.figures;
    let column = |title: &str, shape: Shape| Column { title: title.to_string(), shape };
    let group = Group {
        title: String::new(),
        columns: vec![
            column("Libellé", Shape::Text),
            column("Unité", Shape::Word),
            column("Valeur", Shape::Number(2)),
            column("Effectif", Shape::Count),
            column("Base (n)", Shape::Count),
            column("Borne basse", Shape::Number(2)),
            column("Borne haute", Shape::Number(2)),
            column("Origine", Shape::Word),
        ],
    };
    let table = Table {
        id: "Indicateurs".to_string(),
        title: "Les chiffres nationaux".to_string(),
        rows_are: "Indicateur".to_string(),
        groups: vec![group],
        rows: figures.iter().map(national_row).collect(),
        from_answers: figures.iter().any(Figure::rests_on_answers),
        ..Table::default()
    };
    table.explain_marks()
}

fn national_row(figure: &Figure) -> Row {
    let definition = &figure.definition;
    let value = &figure.national;
    let of = |pick: fn(&Value) -> Option<f64>| cell(Some(value), pick);
    Row {
        name: definition.id.clone(),
        total: false,
        cells: vec![
            Cell::Text(definition.label.clone()),
            Cell::Text(definition.unit.symbol().to_string()),
            of(|value| value.value),
            of(|value| value.count.map(|count| count as f64)),
            Cell::count(value.base),
            of(|value| value.low),
            of(|value| value.high),
            Cell::Text(origin(&definition.measure).to_string()),
        ],
    }
}

fn origin(measure: &Measure) -> &'static str {
    match measure {
        Measure::Register(_) => "registre",
        Measure::Announced(_) => "annonce du programme",
        Measure::Expression(_) => "calcul",
        _ => "questionnaire",
    }
}

/// The register's figures by région; none where the catalogue has none.
pub fn register(inputs: &WorkbookInputs<'_>) -> Option<Table> {
    let of_register = |figure: &&Figure| {
        matches!(figure.definition.measure, Measure::Register(_)) && !figure.regions.is_empty()
    };
    let figures: Vec<&Figure> = inputs.figures.figures.iter().filter(of_register).collect();
    let first = figures.first()?;
    let table = Table {
        id: "Registre".to_string(),
        title: "Le registre des lauréats".to_string(),
        rows_are: "Territoire".to_string(),
        groups: vec![Group {
            title: String::new(),
            columns: figures.iter().map(|f| value_column(f, &f.definition.label)).collect(),
        }],
        rows: rows(inputs, |slug| {
            figures.iter().map(|figure| cell(at(figure, slug), |value| value.value)).collect()
        }),
        notes: vec![inputs.edition.sources.register_origin.clone()],
        from_answers: first.rests_on_answers(),
        ..Table::default()
    };
    Some(table.explain_marks())
}

/// A table a question of the catalogue, in the order of the catalogue.
pub fn questions(inputs: &WorkbookInputs<'_>) -> Vec<Table> {
    let mut order: Vec<&str> = Vec::new();
    let mut families: BTreeMap<&str, Vec<&Figure>> = BTreeMap::new();
    for figure in &inputs.figures.figures {
        let own = figure.definition.base.is_some();
        let Some(question) = asked(figure).filter(|_| !own) else { continue };
        if !order.contains(&question) {
            order.push(question);
        }
        families.entry(question).or_default().push(figure);
    }
    let table = |id: &&str| {
        let question = inputs.codebook.question(id)?;
        Some(question_table(inputs, question, families.get(id)?))
    };
    order.iter().filter_map(table).collect()
}

/// The question whose table a figure stands in: a ratio stands in none.
fn asked(figure: &Figure) -> Option<&str> {
    match &figure.definition.measure {
        Measure::Ratio { .. } => None,
        measure => measure.question(),
    }
}

/// What a cell takes from a value.
type Pick = fn(&Value) -> Option<f64>;

fn question_table(inputs: &WorkbookInputs<'_>, question: &Question, figures: &[&Figure]) -> Table {
    let parts = parts(inputs, question, figures);
    let cells = |slug: Option<&str>| {
        let of_part = |part: &Part| {
            let figures = figures.iter().take(part.group.columns.len());
            figures.map(|figure| part.cell(at(figure, slug))).collect::<Vec<_>>()
        };
        parts.iter().flat_map(of_part).collect()
    };
    let table = Table {
        id: question.id.clone(),
        title: question.label.clone(),
        rows_are: "Territoire".to_string(),
        rows: rows(inputs, cells),
        drawn: question.kind.is_choice().then_some(1),
        base: figures.first().and_then(|figure| figure.national.base),
        notes: notes(inputs, question),
        groups: parts.into_iter().map(|part| part.group).collect(),
        from_answers: true,
    };
    table.explain_marks()
}

/// A group of columns and what it takes from each figure.
struct Part {
    group: Group,
    pick: Pick,
    /// Whether it holds the percentages themselves.
    percentages: bool,
}

impl Part {
    fn cell(&self, value: Option<&Value>) -> Cell {
        match (cell(value, self.pick), value) {
            (Cell::Number(number), Some(value)) if self.percentages => {
                Cell::Percent(number, value.rounding)
            }
            (cell, _) => cell,
        }
    }
}

/// The groups of a question: the bases, the values, the counts of a choice,
/// and the bounds where there are some.
fn parts(inputs: &WorkbookInputs<'_>, question: &Question, figures: &[&Figure]) -> Vec<Part> {
    let choice = question.kind.is_choice();
    let label = |figure: &&Figure| option_label(question, figure);
    let columns = |shape: &dyn Fn(&Figure) -> Shape| -> Vec<Column> {
        figures.iter().map(|f| Column { title: label(f), shape: shape(f) }).collect()
    };
    let part = |title: &str, columns: Vec<Column>, pick: Pick| Part {
        group: Group { title: title.to_string(), columns },
        pick,
        percentages: false,
    };
    let bases = if same_base(inputs, figures) {
        vec![Column { title: "n".to_string(), shape: Shape::Count }]
    } else {
        columns(&|_| Shape::Count)
    };
    let has_interval = figures.iter().any(|figure| {
        let values = std::iter::once(&figure.national).chain(figure.regions.values());
        values.into_iter().any(|value| value.low.or(value.high).is_some())
    });
    let values = if choice { "Pourcentage" } else { "Valeur" };
    let mut parts = vec![
        part("Base", bases, |value| value.base.map(|base| base as f64)),
        Part { percentages: choice, ..part(values, columns(&shape), |value| value.value) },
    ];
    if choice {
        let count: Pick = |value| value.count.map(|count| count as f64);
        parts.push(part("Effectif", columns(&|_| Shape::Count), count));
    }
    if has_interval {
        let low: Pick = |value| value.low;
        let high: Pick = |value| value.high;
        parts.push(part("Borne basse de l’intervalle", columns(&shape), low));
        parts.push(part("Borne haute de l’intervalle", columns(&shape), high));
    }
    parts
}

/// Whether all figures of a question rest on the same respondents everywhere.
fn same_base(inputs: &WorkbookInputs<'_>, figures: &[&Figure]) -> bool {
    let territories = territories(inputs);
    let bases = |figure: &Figure| -> Vec<Option<usize>> {
        territories.iter().map(|(slug, _)| at(figure, *slug).and_then(|value| value.base)).collect()
    };
    let first = figures.first().map(|figure| bases(figure));
    figures.iter().all(|figure| Some(bases(figure)) == first)
}

fn option_label(question: &Question, figure: &Figure) -> String {
    match &figure.definition.measure {
        Measure::Share { option, .. } => question
            .option(option)
            .and_then(|rank| question.options.get(rank))
            .map_or_else(|| figure.definition.label.clone(), |option| option.label.clone()),
        _ => figure.definition.label.clone(),
    }
}

fn value_column(figure: &Figure, title: &str) -> Column {
    Column { title: title.to_string(), shape: shape(figure) }
}

/// Percentages and means are shown to a tenth at least: a table is read closer
/// than a page.
fn shape(figure: &Figure) -> Shape {
    let decimals = figure.definition.decimals;
    let measured = figure.definition.measure.is_of_numbers();
    match figure.definition.unit {
        Unit::Percent => Shape::Percent(decimals.max(1)),
        Unit::Euros => Shape::Euros,
        Unit::MillionEuros => Shape::MillionEuros,
        Unit::Things(_) if measured => Shape::Number(decimals.max(1)),
        Unit::Things(_) => Shape::Number(decimals),
    }
}

/// The country, then each région in the order of the register.
fn territories<'a>(inputs: &WorkbookInputs<'a>) -> Vec<(Option<&'a str>, &'a str)> {
    let regions = inputs.register.regions.iter();
    let regions = regions.map(|region| (Some(region.slug.as_str()), region.name.as_str()));
    std::iter::once((None, "Ensemble")).chain(regions).collect()
}

fn rows(inputs: &WorkbookInputs<'_>, cells: impl Fn(Option<&str>) -> Vec<Cell>) -> Vec<Row> {
    territories(inputs)
        .into_iter()
        .map(|(slug, name)| Row {
            name: name.to_string(),
            total: slug.is_none(),
            cells: cells(slug),
        })
        .collect()
}

/// The value of a figure in the country or in a région.
fn at<'a>(figure: &'a Figure, slug: Option<&str>) -> Option<&'a Value> {
    match slug {
        None => Some(&figure.national),
        Some(slug) => figure.regions.get(slug),
    }
}

/// A hidden value has a base and nothing else.
fn cell(value: Option<&Value>, pick: Pick) -> Cell {
    let Some(value) = value else { return Cell::None };
    match pick(value) {
        Some(number) => Cell::Number(number),
        None if value.hidden => Cell::Hidden,
        None => Cell::None,
    }
}

/// How the question was asked, and on whom its percentages rest.
fn notes(inputs: &WorkbookInputs<'_>, question: &Question) -> Vec<String> {
    use crate::codebook::{Kind, Location};
    let mut notes = Vec::new();
    if let Location::Column(column) | Location::Separated(column, _) = &question.location
        && let Some(title) = &column.title
    {
        notes.push(format!("Question posée : {}", quoted(title)));
    }
    let who = match question.base {
        Base::Respondents => "les projets qui ont répondu à la question",
        Base::Asked => "tous les projets à qui la question était posée",
    };
    notes.push(format!("Base (n) : {who}."));
    if let Some(condition) = &question.condition {
        let subject = inputs.codebook.question(&condition.subject);
        let subject = subject.map_or(condition.subject.as_str(), |question| &question.label);
        let values = condition.values.join(", ");
        notes.push(format!("Posée selon la réponse à {} : {values}.", quoted(subject)));
    }
    notes.push(match question.kind {
        Kind::Multiple => "Plusieurs réponses possibles : les pourcentages sont ceux des répondants, jamais des mentions ; leur somme peut dépasser 100.".to_string(),
        Kind::Single => "Une seule réponse possible : les pourcentages se complètent à 100.".to_string(),
        _ => "Mesures calculées sur les nombres répondus.".to_string(),
    });
    notes
}

/// The lines of the method sheet: a heading or a text each.
pub fn method(inputs: &WorkbookInputs<'_>) -> Vec<(bool, String)> {
    let edition = inputs.edition;
    let mut lines: Vec<(bool, String)> = Vec::new();
    let mut heading = |title: &str, texts: Vec<String>| {
        lines.push((true, title.to_string()));
        lines.extend(texts.into_iter().filter(|text| !text.is_empty()).map(|text| (false, text)));
    };
    heading("Les projets et les répondants", population(inputs));
    heading("Les pourcentages et leur base", vec![
        "Un pourcentage a toujours sa base (n), le nombre de répondants sur lesquels il repose.".to_string(),
        "À une question à plusieurs réponses, il rapporte les projets qui ont coché une modalité aux projets qui ont répondu : une modalité non cochée par un répondant est un non.".to_string(),
        "Les nombres de ce classeur ne sont pas arrondis : le format des cellules l’est. Un chiffre national pondéré l’est lui-même là où une région est masquée, et son intervalle est élargi. Ce sont ceux d’indicateurs.json.".to_string(),
    ]);
    heading("Les estimations et leurs intervalles", estimation(inputs));
    heading("Ce qui n’est pas diffusé", disclosure(&edition.diffusion));
    heading(
        "Les marques",
        vec![
            format!(
                "{HIDDEN} : chiffre masqué, parce qu’il repose sur trop peu de répondants ou qu’il permettrait d’en déduire un autre."
            ),
            format!("{NONE} : pas de valeur."),
        ],
    );
    heading(
        "Les sources",
        vec![
            edition.sources.register_origin.clone(),
            edition.sources.survey_origin.clone(),
            format!("Fait par bilan {}.", env!("CARGO_PKG_VERSION")),
        ],
    );
    lines
}

/// The weighting, the design, the level and the method of intervals.
fn estimation(inputs: &WorkbookInputs<'_>) -> Vec<String> {
    let plan = inputs.plan;
    let mut lines = vec![
        format!("Plan : {}.", plan.in_words()),
        format!("Pondération : « {} ».", plan.weighting.word()),
        format!(
            "Intervalles de confiance à {} ; méthode des pourcentages : « {} » ; moyennes et totaux : loi de Student.",
            percent(100.0 * plan.level, 0),
            plan.interval.word()
        ),
        "Là où une région est masquée, l’intervalle national est le plus large que ses réponses permettent.".to_string(),
    ];
    if let Some(calibrated) = &plan.calibration {
        let (margins, rounds) = (calibrated.margins.join(", "), calibrated.convergence.rounds);
        let rounds = counted(rounds, "tour");
        lines.push(format!("Calage sur les marges : {margins} ; atteint en {rounds}."));
    }
    lines.into_iter().map(|line| typographic(&line)).collect()
}

/// The thresholds of disclosure control, those that are on.
fn disclosure(diffusion: &Diffusion) -> Vec<String> {
    let (rules, dominance) = (&diffusion.rules, &diffusion.dominance);
    let mut lines = Vec::new();
    if rules.base_minimale > 1 {
        let least = counted(rules.base_minimale, "répondant");
        lines.push(format!("Un pourcentage ou une moyenne paraît à partir de {least}."));
    }
    if rules.effectif_minimal > 1 {
        let most = rules.effectif_minimal - 1;
        lines.push(format!(
            "Un effectif de 1 à {most}, ou qui en laisse 1 à {most} à sa base, est masqué."
        ));
    }
    if dominance.percent > 0.0 {
        let share = percent(dominance.percent, 0);
        let least = dominance.contributors;
        lines.push(format!("Un montant dont un seul projet fait {share} ou plus, ou qui repose sur moins de {least} projets, est masqué."));
    }
    if lines.is_empty() {
        lines.push("Aucun seuil de diffusion : rien n’est masqué.".to_string());
    } else {
        let protection = counted(rules.protection, "répondant");
        lines.push(format!("Ce qui permettrait de retrouver un effectif masqué à moins de {protection} près est masqué aussi."));
    }
    lines
}

/// A text with the narrow spaces that French puts before some signs.
fn typographic(text: &str) -> String {
    text.replace(" ;", &format!("{NARROW_SPACE};"))
}

/// How many projects there are and how many answered, where the catalogue
/// counts them.
fn population(inputs: &WorkbookInputs<'_>) -> Vec<String> {
    let laureates = inputs.register.laureates.len();
    let counts = |figure: &&Figure| figure.definition.measure == Measure::Respondents;
    let respondents = inputs.figures.figures.iter().find(counts).and_then(|f| f.national.value);
    let mut lines = vec![format!("Population : les {} du registre.", counted(laureates, "projet"))];
    if let Some(respondents) = respondents.filter(|_| laureates > 0) {
        let rate = percent(100.0 * respondents / laureates as f64, 0);
        lines.push(format!("Répondants : {}, soit {rate}.", integer(respondents as i64)));
    }
    lines.push(format!("Ce que le hasard explique est dans les intervalles{NARROW_SPACE}; ce que les non-répondants auraient dit n’y est pas."));
    lines
}
