//! What each document shows.

use std::path::Path;

use serde_json::Value;

use super::data::{
    BrochureData, CardData, EditionData, Fact, Image, KeyFigure, LaureateData, PageData,
    RegionData, SectionData, SheetData, TextData,
};
use super::pictures::{self, NamedPicture};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::edition::{Cited, Edition, Page};
use crate::geography::Geography;
use crate::indicators::{Figure, Figures};
use crate::maps::{self, Territory};
use crate::prose::{Book, Prose, suggestion};
use crate::register::{Card, Laureate, Region, Register};
use crate::typography::{counted, counted_as, euros, millions, of, quoted};

/// What documents are made from.
pub struct Inputs<'a> {
    pub edition: &'a Edition,
    pub register: &'a Register,
    pub figures: &'a Figures,
    pub geography: &'a Geography,
}

/// A document to typeset.
#[derive(Debug, Clone)]
pub struct Document {
    /// `bilan`, or the slug of a région.
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

impl Content {
    /// Gathers the content of the brochure and of every région's fact sheet.
    ///
    /// Pushes an error for each indicator that a page or a text names and that
    /// is not there.
    pub fn gather(inputs: &Inputs<'_>, found: &mut Diagnostics) -> Self {
        let mut writer = Writer { inputs, pictures: Vec::new(), found };
        let edition = edition_data(inputs.edition);
        let regions: Vec<RegionData> =
            inputs.register.regions.iter().map(|region| writer.region(region)).collect();
        let brochure = writer.brochure(&edition, &regions);
        let mut documents =
            vec![document("bilan", "bilan.typ", "bilan.pdf".to_string(), &brochure)];
        documents.extend(regions.into_iter().map(|region| {
            let name = region.slug.clone();
            let sheet = SheetData { edition: edition.clone(), region };
            document(&name, "fiche.typ", format!("fiches/{name}.pdf"), &sheet)
        }));
        Self { documents, pictures: writer.pictures }
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

struct Writer<'a> {
    inputs: &'a Inputs<'a>,
    pictures: Vec<NamedPicture>,
    found: &'a mut Diagnostics,
}

impl Writer<'_> {
    fn brochure(&mut self, edition: &EditionData, regions: &[RegionData]) -> BrochureData {
        let pages = self.inputs.edition.pages.clone();
        let back_cover = self.text("quatrieme.md").introduction;
        BrochureData {
            edition: edition.clone(),
            programme: text_data(self.text("programme.md")),
            key_figures: self.key_figures(&self.inputs.edition.key_figures.clone()),
            pages: pages.iter().map(|page| self.page(page)).collect(),
            map: self.national_map(),
            map_text: self.text("carte.md").introduction,
            regions_text: self.text("regions.md").introduction,
            regions: regions.to_vec(),
            method: text_data(self.text("methode.md")),
            back_cover,
        }
    }

    fn page(&mut self, page: &Page) -> PageData {
        let text = page.text.as_deref().map(|file| self.text(file)).unwrap_or_default();
        PageData {
            title: page.title.clone(),
            text: text.introduction,
            figures: self.key_figures(&page.figures),
            charts: page.charts.iter().filter_map(|chart| self.chart(chart)).collect(),
        }
    }

    fn chart(&mut self, chart: &crate::edition::Chart) -> Option<Image> {
        match pictures::chart(chart, self.inputs.figures) {
            Some((picture, image)) => {
                self.pictures.push(picture);
                Some(image)
            }
            None => {
                self.found.push(self.unknown_indicator(&chart.subject));
                None
            }
        }
    }

    fn key_figures(&mut self, cited: &[Cited]) -> Vec<KeyFigure> {
        let mut shown = Vec::new();
        for citation in cited {
            match self.inputs.figures.get(&citation.id) {
                Some(figure) => shown.extend(key_figure(figure)),
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

    fn region(&mut self, region: &Region) -> RegionData {
        let text = self.text(&format!("regions/{}.md", region.slug));
        let register = self.inputs.register;
        RegionData {
            slug: region.slug.clone(),
            name: region.name.clone(),
            of_name: of(&region.name),
            carrier: region.carrier.label().to_string(),
            facts: facts(region, register),
            map: self.regional_map(region),
            laureates: register.laureates_of(&region.slug).map(laureate_data).collect(),
            cards: register.cards_of(&region.slug).map(|card| card_data(card, &text)).collect(),
            text: text.introduction,
        }
    }

    fn regional_map(&mut self, region: &Region) -> Image {
        let picture = maps::regional(self.inputs.geography, &region.name, &region.codes);
        let named = NamedPicture { name: format!("carte-{}", region.slug), picture };
        let image = named.image(&region.name, String::new(), false);
        self.pictures.push(named);
        image
    }

    fn national_map(&mut self) -> Image {
        let register = self.inputs.register;
        let territory = |region: &Region| Territory {
            name: region.name.clone(),
            codes: region.codes.clone(),
            projects: register.laureates_of(&region.slug).count(),
            carrier: region.carrier,
        };
        let territories: Vec<Territory> = register.regions.iter().map(territory).collect();
        let picture = maps::national(self.inputs.geography, &territories);
        let named = NamedPicture { name: "carte".to_string(), picture };
        let caption = "Nombre de projets du registre des lauréats, par région.".to_string();
        let image = named.image("Les projets par région", caption, false);
        self.pictures.push(named);
        image
    }

    fn text(&mut self, file: &str) -> Prose {
        let path = self.inputs.edition.sources.texts.join(Path::new(file));
        let inputs = self.inputs;
        let book = Book { figures: inputs.figures, regions: &inputs.register.regions };
        Prose::read(&path, &|request| book.tell(request), self.found)
    }
}

fn key_figure(figure: &Figure) -> Option<KeyFigure> {
    Some(KeyFigure {
        value: figure.shown()?,
        label: figure.definition.label.clone(),
        note: pictures::base_note(figure),
        from_answers: figure.rests_on_answers(),
    })
}

fn text_data(prose: Prose) -> TextData {
    let section = |section: crate::prose::Section| SectionData {
        title: section.title,
        blocks: section.blocks,
    };
    TextData {
        title: prose.title.unwrap_or_default(),
        introduction: prose.introduction,
        sections: prose.sections.into_iter().map(section).collect(),
    }
}

/// The facts box of a région, as printed in the source.
fn facts(region: &Region, register: &Register) -> Vec<Fact> {
    let listed = register.laureates_of(&region.slug).count();
    let grants = match (region.grant_min, region.grant_max) {
        (Some(min), Some(max)) => Some(format!("de {} à {}", euros(min), euros(max))),
        _ => None,
    };
    let settlement: Vec<String> = region
        .settlement
        .classes()
        .into_iter()
        .map(|(label, count)| format!("{} en {label}", counted(count, "projet")))
        .collect();
    let departments =
        region.departments.map(|count| counted_as(count, "département", "départements"));
    let fact = |label: &str, value: Option<String>| {
        value.filter(|v| !v.is_empty()).map(|value| Fact { label: label.to_string(), value })
    };
    [
        fact("Dispositif porté par", Some(region.carrier_text.clone())),
        fact("Projets annoncés", Some(region.announced_text.clone())),
        fact("Projets de la liste", Some(counted(listed, "projet"))),
        fact("Enveloppe", region.envelope.map(millions)),
        fact("Subvention par projet", grants),
        fact("Départements couverts", departments),
        fact("Implantation", Some(settlement.join(" ; "))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn laureate_data(laureate: &Laureate) -> LaureateData {
    LaureateData {
        number: laureate.number.map(|number| number.to_string()).unwrap_or_default(),
        name: laureate.name.clone(),
        third_places: laureate.third_places.clone(),
        training_organisations: laureate.training_organisations.clone(),
    }
}

fn card_data(card: &Card, text: &Prose) -> CardData {
    let place = match &card.department {
        Some(department) => format!("{} ({department})", card.communes),
        None => card.communes.clone(),
    };
    CardData {
        title: card.title.clone(),
        place,
        third_places: card.third_places.clone(),
        training_organisations: card.training_organisations.clone(),
        other_partners: card.other_partners.clone(),
        publics: card.publics.clone(),
        themes: card.themes.clone(),
        text: text.section(&card.title).map(|section| section.blocks.clone()).unwrap_or_default(),
    }
}
