//! The charts and maps of the documents, with their captions, and what is
//! needed to use them elsewhere.

use super::captions::Captions;
use super::data::Image;
use super::polish::drawable;
use crate::charts::{
    self, Compared, FULL_WIDTH, HALF_WIDTH, Picture, Row, Sizes, bars, parts, points, strip,
    waffle, waffles,
};
use crate::edition::{Chart, ChartForm};
use crate::indicators::{Figure, Figures, Measure, Unit, Value, Wording};
use crate::typography;

/// The folder of the pictures, in the work folder and in the output.
pub const FOLDER: &str = "graphiques";

/// A picture, its words, and the name of its files, without extension.
#[derive(Debug, Clone)]
pub struct NamedPicture {
    pub name: String,
    pub title: String,
    /// The base and the method.
    pub caption: String,
    /// Whether it shows figures computed from the answers.
    pub from_answers: bool,
    /// Whether it makes sense outside the documents.
    pub reusable: bool,
    pub picture: Picture,
}

impl NamedPicture {
    /// The file that the templates read, from the root of the work folder.
    pub fn file(&self) -> String {
        self.file_as("svg")
    }

    /// A file for re-use, from the root of the output.
    pub fn file_as(&self, extension: &str) -> String {
        format!("{FOLDER}/{}.{extension}", self.name)
    }

    /// What a template needs to show it.
    pub fn image(&self) -> Image {
        Image {
            path: format!("/{}", self.file()),
            title: self.title.clone(),
            caption: self.caption.clone(),
            alternative: self.picture.alternative.clone(),
            width: self.picture.width,
            height: self.picture.height,
            from_answers: self.from_answers,
        }
    }

    /// The drawing for re-use: it bears its title and its alternative, and
    /// names a family of fonts that every machine has.
    pub fn svg(&self) -> String {
        let described = format!(
            "<title>{}</title><desc>{}</desc>",
            escaped(&self.title),
            escaped(&self.picture.alternative)
        );
        let svg = self.picture.svg.replace(
            "font-family=\"Noto Sans\"",
            "font-family=\"'Noto Sans', 'Open Sans', sans-serif\"",
        );
        match svg.split_once('>') {
            Some((head, rest)) => format!("{head} role=\"img\">{described}{rest}"),
            None => svg,
        }
    }

    /// The data shown, as CSV: commas, decimal points, UTF-8.
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for line in &self.picture.table {
            // A vector cannot fail to be written to.
            let _ = writer.write_record(line.iter().map(|cell| plain_cell(cell)));
        }
        let bytes = writer.into_inner().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The title, the caption and the alternative, for who uses the picture.
    pub fn words(&self, source: &str) -> String {
        let caption = match self.caption.as_str() {
            "" => String::new(),
            caption => format!("Légende\n{caption}\n\n"),
        };
        let source = match (self.from_answers, source) {
            (true, source) if !source.is_empty() => format!("\n\nSource\n{source}"),
            _ => String::new(),
        };
        let title = &self.title;
        format!(
            "Titre\n{title}\n\n{caption}Texte de remplacement\n{}{source}\n",
            self.picture.alternative
        )
    }
}

/// A cell that a spreadsheet would run as a formula is written as text.
fn plain_cell(cell: &str) -> String {
    let number = cell.parse::<f64>().is_ok();
    if !number && cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_string()
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Draws a chart of a page that has so many, in as many pictures as pages need;
/// none where its subject has no figure. A chart that has a page to itself is
/// roomy, one of three or more is tight.
pub fn chart(
    chart: &Chart,
    figures: &Figures,
    captions: &Captions<'_>,
    charts: usize,
) -> Vec<NamedPicture> {
    let id = &chart.subject.id;
    let options: Vec<&Figure> = figures.of_question(id).collect();
    let (first, drawn) = match (figures.get(id), options.as_slice()) {
        (Some(figure), _) => (figure, share(figure, captions)),
        (None, [first, ..]) => (*first, question(chart, &options, first, captions, charts)),
        (None, []) => return Vec::new(),
    };
    let named = |(rank, picture): (usize, Picture)| {
        let (suffix, more) = match rank {
            0 => (String::new(), ""),
            rank => (format!("-{}", rank + 1), " (suite)"),
        };
        NamedPicture {
            name: format!("{}{suffix}", id.replace('.', "-")),
            title: format!("{}{more}", chart.title),
            caption: drawn.caption.clone(),
            from_answers: first.rests_on_answers(),
            reusable: true,
            picture,
        }
    };
    drawn.pictures.into_iter().enumerate().map(named).collect()
}

/// The pictures of a chart and their caption.
struct Drawn {
    pictures: Vec<Picture>,
    caption: String,
}

/// The options of a question, in the form asked for, or as bars where their
/// number or their values do not suit it.
fn question(
    chart: &Chart,
    figures: &[&Figure],
    first: &Figure,
    captions: &Captions<'_>,
    charts: usize,
) -> Drawn {
    let rows = rows(chart, figures);
    let subject = format!("{}. {}", chart.title, captions.told(first, &rows));
    let sizes = match charts {
        1 if rows.len() <= 12 => Sizes::roomy(rows.len()),
        1 | 2 => Sizes::COMPACT,
        _ => Sizes::TIGHT,
    };
    let form = fitting(chart.form, &rows);
    let pictures = match form {
        ChartForm::Strip => vec![strip(&subject, &rows, FULL_WIDTH)],
        ChartForm::Parts => vec![parts(&subject, &rows, FULL_WIDTH)],
        ChartForm::Waffle => vec![waffles(&subject, &rows, FULL_WIDTH)],
        ChartForm::Points => anywhere(&rows, |rows| points(&subject, rows, sizes, FULL_WIDTH)),
        ChartForm::Bars => anywhere(&rows, |rows| bars(&subject, rows, sizes, FULL_WIDTH)),
    };
    Drawn { pictures, caption: captions.chart(first, &rows, form) }
}

/// The options of a question in the order in which a chart shows them.
pub fn rows(chart: &Chart, figures: &[&Figure]) -> Vec<Row> {
    let mut rows: Vec<Row> = figures.iter().map(|figure| row(figure, &figure.national)).collect();
    if !is_ordered(figures) && chart.form != ChartForm::Strip {
        charts::sort_rows(&mut rows);
    }
    rows
}

/// The form that rows are drawn in.
fn fitting(asked: ChartForm, rows: &[Row]) -> ChartForm {
    let suits = match asked {
        ChartForm::Strip => charts::fits_strip(rows),
        ChartForm::Parts => charts::fits_parts(rows),
        ChartForm::Waffle => charts::fits_waffles(rows),
        ChartForm::Points | ChartForm::Bars => true,
    };
    if suits { asked } else { ChartForm::Bars }
}

/// Draws rows in pictures that are not taller than a page allows, each with its
/// rows: cut in halves, between two rows that do not belong `together` where
/// there are such.
pub fn in_pieces<T>(
    rows: &[T],
    together: fn(&T, &T) -> bool,
    draw: impl Fn(&[T]) -> Picture,
) -> Vec<(&[T], Picture)> {
    let whole = draw(rows);
    if whole.height <= charts::TALLEST || rows.len() < 2 {
        return vec![(rows, whole)];
    }
    let half = rows.len() / 2;
    let seams = rows.windows(2).enumerate();
    let seams = seams.filter(|(_, pair)| matches!(pair, [one, other] if !together(one, other)));
    let seam = seams.map(|(rank, _)| rank + 1).min_by_key(|at| at.abs_diff(half));
    let (left, right) = rows.split_at(seam.unwrap_or(half));
    let mut pieces = in_pieces(left, together, &draw as &dyn Fn(&[T]) -> Picture);
    pieces.extend(in_pieces(right, together, &draw as &dyn Fn(&[T]) -> Picture));
    pieces
}

/// The same, for rows that may be cut anywhere.
fn anywhere(rows: &[Row], draw: impl Fn(&[Row]) -> Picture) -> Vec<Picture> {
    in_pieces(rows, |_, _| false, draw).into_iter().map(|(_, picture)| picture).collect()
}

/// Options that are classes of a number (ages, sizes) keep their order.
fn is_ordered(figures: &[&Figure]) -> bool {
    let begins_with_digit =
        |figure: &&Figure| figure.definition.label.starts_with(|c: char| c.is_ascii_digit());
    !figures.is_empty() && figures.iter().all(begins_with_digit)
}

fn share(figure: &Figure, captions: &Captions<'_>) -> Drawn {
    let row = row(figure, &figure.national);
    let sentence = format!("{}. {}", told_first(&row, captions), captions.base(figure, 1));
    let caption = captions.share(figure, &row);
    Drawn { pictures: vec![waffle(&sentence, &row, HALF_WIDTH)], caption }
}

/// « 47 % des projets touchent des publics en QPV (intervalle de confiance à
/// 95 % : 43 % à 51 %) »
fn told_first(row: &Row, captions: &Captions<'_>) -> String {
    let interval = match row.whisker() {
        Some(_) if row.aside.is_empty() && !row.interval_shown.is_empty() => {
            format!(" ({} : {})", captions.interval(), row.interval_shown)
        }
        _ => String::new(),
    };
    match row.value {
        Some(_) => format!("{} {}{interval}", row.mark_and_aside(), row.label),
        None => format!("{} : {}", typography::capitalised(&row.label), row.mark()),
    }
}

/// A figure as a row of a chart: its value, nationally or in a région.
pub fn row(figure: &Figure, value: &Value) -> Row {
    let definition = &figure.definition;
    let counted = value.wording == Wording::AsCount;
    let residual =
        matches!(&definition.measure, Measure::Share { option, .. } if is_residual(option));
    Row {
        label: drawable(&definition.label),
        value: value.value,
        shown: value.mark(definition).unwrap_or_default(),
        counted,
        aside: value.aside(definition).unwrap_or_default(),
        interval: value.interval(),
        interval_shown: value.interval_shown(definition).filter(|_| !counted).unwrap_or_default(),
        count: value.count,
        base: value.base,
        hidden: value.hidden,
        residual,
    }
}

fn is_residual(option: &str) -> bool {
    ["autre", "autres", "aucun", "aucune", "ne-sait-pas"].contains(&option)
}

/// The lines of a région's profile: the shares that both have.
pub fn compared(title: &str, figures: &[&Figure], slug: &str) -> Vec<Compared> {
    let is_share = |figure: &&&Figure| figure.definition.unit == Unit::Percent;
    figures
        .iter()
        .filter(is_share)
        .filter_map(|figure| {
            let own = row(figure, figure.regions.get(slug)?);
            let national = row(figure, &figure.national);
            // « 33 % des projets touchent… » is a line « Touchent… » of shares.
            let label = own.label.strip_prefix("des projets ").unwrap_or(&own.label);
            let label = typography::capitalised(label);
            let own = Row { label, ..own };
            (!own.residual).then(|| Compared { group: drawable(title), own, national })
        })
        .collect()
}

/// The base of a large figure: « n = 186 ».
pub fn base_note(figure: &Figure) -> String {
    match figure.national.base {
        Some(base) => typography::base_size(base),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named() -> NamedPicture {
        let rows = [Row {
            label: "=A1".to_string(),
            value: Some(-1.5),
            shown: "−1,5".to_string(),
            ..Row::default()
        }];
        NamedPicture {
            name: "essai".to_string(),
            title: "R & D".to_string(),
            caption: "En %.".to_string(),
            from_answers: true,
            reusable: true,
            picture: bars("Essai", &rows, Sizes::COMPACT, FULL_WIDTH),
        }
    }

    #[test]
    fn a_picture_for_re_use_bears_its_words() {
        let svg = named().svg();
        assert!(svg.contains("<title>R &amp; D</title><desc>Diagramme en barres. Essai."));
        assert!(svg.contains("role=\"img\">"));
        let words = named().words("Démonstration.");
        assert!(words.starts_with("Titre\nR & D\n\nLégende\nEn %.\n\nTexte de remplacement\n"));
        assert!(words.ends_with("Source\nDémonstration.\n"));
    }

    #[test]
    fn a_table_for_re_use_runs_no_formula() {
        let csv = named().csv();
        let mut lines = csv.lines();
        assert!(lines.next().unwrap().starts_with("modalite,pourcentage,effectif"));
        assert!(lines.next().unwrap().starts_with("'=A1,-1.5000,"));
    }
}
