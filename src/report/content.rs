//! What each document shows.

use std::path::Path;

use rayon::prelude::*;
use serde_json::Value;

use super::captions::{self, Captions};
use super::control::control;
use super::data::{
    BrochureData, EditionData, Image, KeyFigure, PageData, RegionData, SectionData, TextData,
};
use super::pictures::{self, NamedPicture};
use super::polish::{Polish, drawable};
use crate::assets::Assets;
use crate::checks::Finding;
use crate::codebook::Codebook;
use crate::comparison::Comparison;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::edition::{Cited, Edition, Page};
use crate::geography::Geography;
use crate::indicators::{Figure, Figures, Measure, Unit};
use crate::maps::{self, Territory};
use crate::prose::{Book, Prose, suggestion};
use crate::quality::Quality;
use crate::register::{Region, Register};
use crate::typography::{decimal, integer, millions, quoted};

/// What documents are made from.
pub struct Inputs<'a> {
    pub edition: &'a Edition,
    pub register: &'a Register,
    pub figures: &'a Figures,
    pub geography: &'a Geography,
    pub quality: &'a Quality,
    /// What the questions are, for the captions.
    pub codebook: &'a Codebook,
    /// How respondents stand for all projects, in words.
    pub sampling: String,
    /// The year before, where the edition names one.
    pub comparison: Option<&'a Comparison>,
}

/// The name of the report of checks, and of its files.
pub const CONTROL: &str = "controle";

/// A document to typeset.
#[derive(Debug, Clone)]
pub struct Document {
    /// `bilan`, `controle`, or the slug of a région.
    pub name: String,
    /// The template that lays it out.
    pub template: &'static str,
    /// From the root of the output: `fiches/bretagne.pdf`.
    pub output: String,
    pub data: Value,
}

/// The documents of an edition, and the pictures they share.
#[derive(Debug, Clone, Default)]
pub struct Content {
    pub documents: Vec<Document>,
    pub pictures: Vec<NamedPicture>,
}

/// The brochure, which the other documents follow: it is the longest to
/// typeset, and shows no finding.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The brochure and its pictures.
    pub content: Content,
    /// What it says of each région, which the sheets say too.
    chapters: Vec<RegionData>,
}

impl Beginning {
    /// Gathers the content of the brochure.
    ///
    /// Pushes an error for each indicator that a page or a text names and that
    /// is not there.
    pub fn gather(inputs: &Inputs<'_>, polish: &mut Polish<'_>, found: &mut Diagnostics) -> Self {
        let mut writer = Writer::new(inputs);
        let regions = inputs.register.regions.par_iter();
        let chapters: Vec<(RegionData, Writer<'_>)> =
            regions.map(|region| apart(inputs, |own| own.region(region))).collect();
        let chapters: Vec<RegionData> =
            chapters.into_iter().map(|(chapter, own)| writer.take(chapter, own)).collect();
        let brochure = writer.brochure(&edition_data(inputs.edition), &chapters);
        let brochure = document("bilan", "bilan.typ", "bilan.pdf".to_string(), &brochure);
        found.extend(writer.found);
        let content = Content { documents: vec![brochure], pictures: writer.pictures };
        Self { content: content.polished(polish), chapters }
    }

    /// Gathers the rest: every région's fact sheet and the report of checks,
    /// and the pictures that the brochure has not.
    pub fn rest(
        &self,
        inputs: &Inputs<'_>,
        findings: &[Finding],
        polish: &mut Polish<'_>,
        found: &mut Diagnostics,
    ) -> Content {
        let edition = edition_data(inputs.edition);
        let regions = &inputs.register.regions;
        let sheet = |(region, chapter): (&Region, &RegionData)| {
            apart(inputs, |own| {
                let name = region.slug.clone();
                let data = own.sheet(&edition, region, chapter.clone(), findings);
                document(&name, "fiche.typ", format!("fiches/{name}.pdf"), &data)
            })
        };
        let sheets: Vec<(Document, Writer<'_>)> =
            regions.par_iter().zip(&self.chapters).map(sheet).collect();
        let mut writer = Writer::new(inputs);
        let mut documents: Vec<Document> =
            sheets.into_iter().map(|(sheet, own)| writer.take(sheet, own)).collect();
        let checked = control(edition, inputs.register, findings);
        documents.push(document(CONTROL, "controle.typ", format!("{CONTROL}.pdf"), &checked));
        found.extend(writer.found);
        let known = |name: &str| self.content.pictures.iter().any(|picture| picture.name == name);
        writer.pictures.retain(|picture| !known(&picture.name));
        Content { documents, pictures: writer.pictures }.polished(polish)
    }
}

impl Content {
    /// Gathers all documents.
    ///
    /// Pushes an error for each indicator that a page or a text names and that
    /// is not there; tells what could not be shown as it is.
    pub fn gather(
        inputs: &Inputs<'_>,
        findings: &[Finding],
        assets: &Assets,
        found: &mut Diagnostics,
    ) -> Self {
        let mut polish = Polish::new(assets);
        let brochure = Beginning::gather(inputs, &mut polish, found);
        let rest = brochure.rest(inputs, findings, &mut polish, found);
        found.extend(polish.told());
        brochure.content.and(rest)
    }

    /// Gives every text of every document its last look; what could not be
    /// shown as it is, is told by who polishes.
    fn polished(mut self, polish: &mut Polish<'_>) -> Self {
        self.documents.iter_mut().for_each(|document| polish.data(&mut document.data));
        self
    }

    /// The documents and the pictures of both.
    pub fn and(mut self, other: Self) -> Self {
        self.documents.extend(other.documents);
        self.pictures.extend(other.pictures);
        self
    }
}

fn document(
    name: &str,
    template: &'static str,
    output: String,
    data: &impl serde::Serialize,
) -> Document {
    // Only a map with keys that are not texts cannot be made JSON; there is none.
    let data = serde_json::to_value(data).unwrap_or_default();
    Document { name: name.to_string(), template, output, data }
}

fn edition_data(edition: &Edition) -> EditionData {
    EditionData {
        year: edition.year,
        title: edition.title.clone(),
        programme: edition.programme.clone(),
        publisher: edition.publisher.clone(),
        date: french_date(edition.date),
        demonstration: edition.demonstration,
        register_origin: edition.sources.register_origin.clone(),
        survey_origin: edition.sources.survey_origin.clone(),
        level: captions::level(edition.estimation.level),
        program: format!("bilan {}", env!("CARGO_PKG_VERSION")),
    }
}

/// « 30 juin 2025 », « 1er mars 2025 »
fn french_date(date: chrono::NaiveDate) -> String {
    use chrono::Datelike;
    const MONTHS: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    let month = MONTHS.get(date.month0() as usize).copied().unwrap_or_default();
    let day = if date.day() == 1 { "1er".to_string() } else { date.day().to_string() };
    format!("{day} {month} {}", date.year())
}

/// Gathers the content, with the pictures it needs and the faults it finds.
pub(super) struct Writer<'a> {
    pub(super) inputs: &'a Inputs<'a>,
    pictures: Vec<NamedPicture>,
    found: Diagnostics,
}

/// Writes a part of the content beside the others; with what it needed.
fn apart<'a, T>(
    inputs: &'a Inputs<'a>,
    write: impl FnOnce(&mut Writer<'a>) -> T,
) -> (T, Writer<'a>) {
    let mut writer = Writer::new(inputs);
    (write(&mut writer), writer)
}

impl<'a> Writer<'a> {
    fn new(inputs: &'a Inputs<'a>) -> Self {
        Self { inputs, pictures: Vec::new(), found: Diagnostics::new() }
    }

    /// Takes over a part that was written apart.
    fn take<T>(&mut self, part: T, own: Writer<'_>) -> T {
        own.pictures.into_iter().for_each(|picture| self.keep_once(picture));
        self.found.extend(own.found);
        part
    }

    fn keep_once(&mut self, picture: NamedPicture) {
        if !self.pictures.iter().any(|other| other.name == picture.name) {
            self.pictures.push(picture);
        }
    }

    /// What writes the captions of the charts.
    pub(super) fn captions(&self) -> Captions<'a> {
        let (codebook, edition) = (self.inputs.codebook, self.inputs.edition);
        Captions { codebook, level: edition.estimation.level }
    }
}

impl Writer<'_> {
    fn brochure(&mut self, edition: &EditionData, regions: &[RegionData]) -> BrochureData {
        let pages = self.inputs.edition.pages.clone();
        let back_cover = self.text("quatrieme.md").introduction;
        BrochureData {
            edition: edition.clone(),
            cover: self.cover(),
            programme: text_data(self.text("programme.md"), "Le programme"),
            key_figures: self.key_figures(&self.inputs.edition.key_figures.clone()),
            pages: pages.iter().map(|page| self.page(page)).collect(),
            map: self.national_map(),
            map_text: self.text("carte.md").introduction,
            regions_text: self.text("regions.md").introduction,
            regions: regions.to_vec(),
            total_projects: integer(self.inputs.register.laureates.len() as i64),
            total_envelope: total_envelope(self.inputs.register),
            quality: self.quality(),
            evolution: self.evolution(),
            precision: super::precision::precision(self.inputs),
            method: text_data(self.text("methode.md"), "Méthode"),
            back_cover,
        }
    }

    fn page(&mut self, page: &Page) -> PageData {
        let text = page.text.as_deref().map(|file| self.text(file)).unwrap_or_default();
        let charts = page.charts.len();
        let alone = charts == 1;
        PageData {
            title: page.title.clone(),
            text: text.introduction,
            figures: self.key_figures(&page.figures),
            charts: page.charts.iter().flat_map(|chart| self.chart(chart, charts)).collect(),
            values: page
                .charts
                .first()
                .filter(|_| alone)
                .map(|c| self.values(c))
                .unwrap_or_default(),
        }
    }

    /// The values of a chart, for a table below it.
    fn values(&self, chart: &crate::edition::Chart) -> Vec<[String; 4]> {
        let figures: Vec<&Figure> = self.inputs.figures.of_question(&chart.subject.id).collect();
        if figures.iter().all(|figure| figure.national.value.is_none()) {
            return Vec::new();
        }
        let dash = || "–".to_string();
        let told = |row: crate::charts::Row| {
            let mark = row.mark().to_string();
            let interval = row.whisker().map(|_| row.interval_shown.clone());
            let interval = interval.filter(|shown| !shown.is_empty());
            let count = row.count.filter(|_| !row.hidden).map(|count| integer(count as i64));
            [row.label, mark, interval.unwrap_or_else(dash), count.unwrap_or_else(dash)]
        };
        pictures::rows(chart, &figures).into_iter().map(told).collect()
    }

    fn chart(&mut self, chart: &crate::edition::Chart, charts: usize) -> Vec<Image> {
        let title = self.live(&chart.title, &chart.subject.place);
        let chart = &crate::edition::Chart { title, ..chart.clone() };
        let captions = self.captions();
        let pictures = pictures::chart(chart, self.inputs.figures, &captions, charts);
        if pictures.is_empty() {
            self.found.push(self.unknown_indicator(&chart.subject));
        }
        pictures.into_iter().map(|picture| self.keep(picture)).collect()
    }

    /// A title with its live figures told.
    fn live(&mut self, text: &str, place: &crate::diagnostics::Place) -> String {
        let book = Book { figures: self.inputs.figures, regions: &self.inputs.register.regions };
        let mut found = Diagnostics::new();
        let told = crate::prose::tell_line(text, &|request| book.tell(request), &mut found);
        // The place of a title is that of its chart.
        self.found.extend(
            found.into_iter().map(|fault| Diagnostic { places: vec![place.clone()], ..fault }),
        );
        told
    }

    fn key_figures(&mut self, cited: &[Cited]) -> Vec<KeyFigure> {
        let mut shown = Vec::new();
        for citation in cited {
            match self.inputs.figures.get(&citation.id) {
                Some(figure) => shown.extend(key_figure(figure, self.inputs.figures)),
                None => self.found.push(self.unknown_indicator(citation)),
            }
        }
        shown
    }

    fn unknown_indicator(&self, cited: &Cited) -> Diagnostic {
        let message = format!("l’indicateur {} n’existe pas", quoted(&cited.id));
        Diagnostic::error("indicateur-inconnu", message)
            .at(cited.place.clone())
            .help(suggestion(self.inputs.figures, &cited.id))
    }

    fn territories(&self) -> Vec<Territory> {
        let register = self.inputs.register;
        let territory = |region: &Region| Territory {
            name: drawable(&region.name),
            codes: region.codes.clone(),
            projects: register.laureates_of(&region.slug).count(),
            carrier: region.carrier,
        };
        register.regions.iter().map(territory).collect()
    }

    fn cover(&mut self) -> Image {
        let picture = maps::ornament(self.inputs.geography, &self.territories());
        self.keep(NamedPicture {
            name: "couverture".to_string(),
            title: String::new(),
            caption: String::new(),
            from_answers: false,
            reusable: false,
            picture,
        })
    }

    fn national_map(&mut self) -> Image {
        let territories = self.territories();
        let caption = "Nombre de projets du registre des lauréats, par région : l’aire d’un disque \
                       lui est proportionnelle. Les régions d’outre-mer sont chacune à leur échelle.";
        self.keep(NamedPicture {
            name: "carte".to_string(),
            title: "Les projets par région".to_string(),
            caption: caption.to_string(),
            from_answers: false,
            reusable: true,
            picture: maps::national(self.inputs.geography, &territories),
        })
    }

    /// Keeps a picture once, and gives what a template needs to show it.
    pub(super) fn keep(&mut self, picture: NamedPicture) -> Image {
        let image = picture.image();
        self.keep_once(picture);
        image
    }

    pub(super) fn text(&mut self, file: &str) -> Prose {
        let path = self.inputs.edition.sources.texts.join(Path::new(file));
        let inputs = self.inputs;
        let book = Book { figures: inputs.figures, regions: &inputs.register.regions };
        Prose::read(&path, &|request| book.tell(request), &mut self.found)
    }
}

fn key_figure(figure: &Figure, figures: &Figures) -> Option<KeyFigure> {
    Some(KeyFigure {
        value: figure.shown()?,
        label: figure.definition.label.clone(),
        note: ratio_note(figure, figures).unwrap_or_else(|| note(figure)),
        from_answers: figure.rests_on_answers(),
    })
}

/// The two numbers that a computed percentage is the ratio of: « 186 sur 202 ».
fn ratio_note(figure: &Figure, figures: &Figures) -> Option<String> {
    let definition = &figure.definition;
    let Measure::Expression(expression) = &definition.measure else { return None };
    let [part, whole] = expression.indicators()[..] else { return None };
    let value = |id: &str| figures.get(id).filter(|f| !f.national.hidden)?.national.value;
    let (part, whole) = (value(part)?, value(whole)?);
    let is_their_ratio = whole > 0.0
        && definition.unit == Unit::Percent
        && figure.national.value.is_some_and(|shown| (shown - 100.0 * part / whole).abs() < 1e-9);
    is_their_ratio.then(|| format!("{} sur {}", decimal(part, 0), decimal(whole, 0)))
}

/// What stands below a large figure: its base, and its interval where the
/// base is small.
fn note(figure: &Figure) -> String {
    let base = pictures::base_note(figure);
    match figure.national.aside(&figure.definition) {
        Some(aside) => format!("{base}\u{202F}; {aside}"),
        None => base,
    }
}

fn total_envelope(register: &Register) -> String {
    let sum: f64 = register.regions.iter().filter_map(|region| region.envelope).sum();
    millions(crate::typography::round_half_up(sum, 6))
}

fn text_data(prose: Prose, default_title: &str) -> TextData {
    let section = |section: crate::prose::Section| SectionData {
        title: section.title,
        blocks: section.blocks,
    };
    TextData {
        title: prose.title.filter(|t| !t.is_empty()).unwrap_or(default_title.to_string()),
        introduction: prose.introduction,
        sections: prose.sections.into_iter().map(section).collect(),
    }
}
