//! The cells that counted.

use super::Origin;
use crate::codebook::Location;
use crate::diagnostics::Place;
use crate::indicators::{Definition, Measure, RegisterMeasure};
use crate::register::{Card, Laureate, Region};
use crate::spreadsheet::Position;
use crate::spreadsheet::table::Cells;
use crate::survey::Entries;

/// A cell that counted, and what it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceCell {
    pub place: Place,
    /// The number, where the figure is made of numbers.
    pub number: Option<f64>,
}

impl SourceCell {
    /// The cell as spreadsheets write it: `Réponses!N12`, `'Feuille 1'!B3`; the
    /// line of a text file.
    pub fn reference(&self) -> String {
        let cell = self.place.cell.clone().or(self.place.line.map(|line| format!("ligne {line}")));
        let cell = cell.unwrap_or_default();
        match &self.place.sheet {
            Some(sheet) if sheet.chars().all(|c| c.is_alphanumeric() || c == '_') => {
                format!("{sheet}!{cell}")
            }
            Some(sheet) => format!("'{}'!{cell}", sheet.replace('\'', "''")),
            None => cell,
        }
    }
}

impl Origin<'_> {
    /// The cells that a figure was counted from.
    pub(super) fn cells(&self, definition: &Definition, region: Option<&str>) -> Vec<SourceCell> {
        let id = definition.table().unwrap_or_default();
        match &definition.measure {
            Measure::Share { option, .. } => self.ticked(&id, option, region),
            Measure::Number { .. } | Measure::Ratio { .. } => self.answered(&id, region),
            Measure::Respondents => self.identities(region),
            Measure::Register(measure) => self.registered(*measure, region),
            Measure::Announced(_) => {
                vec![SourceCell { place: Place::file(self.edition_file), number: None }]
            }
            Measure::Expression(_) => Vec::new(),
        }
    }

    /// The cells of the numbers answered to a question.
    pub(super) fn answered(&self, question: &str, region: Option<&str>) -> Vec<SourceCell> {
        let Some(rank) = self.survey.rank(question) else { return Vec::new() };
        let numbers = self.numbers(rank, region).into_iter();
        numbers.filter_map(|(who, number)| self.cell(who, rank, 0, Some(number))).collect()
    }

    /// The numbers answered to a question, by respondent.
    pub(super) fn numbers(&self, rank: usize, region: Option<&str>) -> Vec<(u32, f64)> {
        let entries = self.survey.answers.get(rank).map(|answers| &answers.entries);
        let Some(Entries::Numbers(pairs)) = entries else { return Vec::new() };
        pairs.iter().copied().filter(|(who, _)| self.is_of(*who as usize, region)).collect()
    }

    /// The respondents who ticked an option.
    pub(super) fn who_ticked(
        &self,
        question: &str,
        option: &str,
        region: Option<&str>,
    ) -> Vec<u32> {
        let Some((definition, answers)) = self.survey.question(question) else {
            return Vec::new();
        };
        let (Some(option), Entries::Options(pairs)) = (definition.option(option), &answers.entries)
        else {
            return Vec::new();
        };
        let own = pairs.iter().filter(|(who, ticked)| {
            *ticked as usize == option && self.is_of(*who as usize, region)
        });
        own.map(|(who, _)| *who).collect()
    }

    fn ticked(&self, question: &str, option: &str, region: Option<&str>) -> Vec<SourceCell> {
        let Some(rank) = self.survey.rank(question) else { return Vec::new() };
        let Some(definition) = self.survey.codebook.questions.get(rank) else { return Vec::new() };
        let column = match definition.location {
            Location::Options(_) => definition.option(option).unwrap_or(0),
            _ => 0,
        };
        let who = self.who_ticked(question, option, region).into_iter();
        who.filter_map(|who| self.cell(who, rank, column, None)).collect()
    }

    /// The cell of a respondent in one of a question's columns.
    fn cell(
        &self,
        respondent: u32,
        question: usize,
        column: usize,
        number: Option<f64>,
    ) -> Option<SourceCell> {
        let row = self.survey.respondents.get(respondent as usize)?.row;
        let column = *self.survey.columns.get(question)?.get(column)?;
        let place = self.survey.sheet.place_of(Position::new(row, column));
        Some(SourceCell { place, number })
    }

    /// The cells by which respondents are known: their identifier, or the
    /// number of their row.
    fn identities(&self, region: Option<&str>) -> Vec<SourceCell> {
        let survey = self.survey;
        let id = survey.codebook.respondent.id.as_deref().and_then(|id| survey.rank(id));
        let own = (0..survey.respondents.len()).filter(|who| self.is_of(*who, region));
        let cell = |who: usize| match id {
            Some(rank) => self.cell(who as u32, rank, 0, None),
            None => {
                let row = survey.respondents.get(who)?.row;
                let place = survey.sheet.place().at(format!("ligne {}", row + 1));
                Some(SourceCell { place, number: None })
            }
        };
        own.filter_map(cell).collect()
    }

    /// The cells of the register.
    pub(super) fn registered(
        &self,
        measure: RegisterMeasure,
        region: Option<&str>,
    ) -> Vec<SourceCell> {
        let register = self.register;
        let of = |slug: &str| region.is_none_or(|region| region == slug);
        let cell = |cells: &Cells, title: &str, number: Option<f64>| SourceCell {
            place: cells.place(title),
            number,
        };
        let laureates = |title: &'static str| -> Vec<SourceCell> {
            let own = register.laureates.iter().filter(|laureate| of(&laureate.region));
            own.map(|laureate: &Laureate| cell(&laureate.cells, title, None)).collect()
        };
        let cards = || -> Vec<SourceCell> {
            let own = register.cards.iter().filter(|card| of(&card.region));
            own.map(|card: &Card| cell(&card.cells, "Titre", None)).collect()
        };
        let regions = |title: &'static str, number: &dyn Fn(&Region) -> Option<f64>| {
            let own = register.regions.iter().filter(|region| of(&region.slug));
            own.filter_map(|region| Some(cell(&region.cells, title, Some(number(region)?))))
                .collect::<Vec<SourceCell>>()
        };
        match measure {
            RegisterMeasure::Laureates => laureates("Identifiant"),
            RegisterMeasure::ThirdPlaces => laureates("Tiers-lieux"),
            RegisterMeasure::TrainingOrganisations => laureates("Organismes de formation"),
            RegisterMeasure::Cards => cards(),
            RegisterMeasure::Regions => {
                let own = register.regions.iter().filter(|region| of(&region.slug));
                own.map(|region| cell(&region.cells, "Région", None)).collect()
            }
            RegisterMeasure::Envelope => regions("Enveloppe (M€)", &|r| r.envelope),
            RegisterMeasure::Announced => {
                regions("Projets annoncés", &|r| r.announced.map(|n| n as f64))
            }
            RegisterMeasure::Departments => {
                regions("Départements couverts", &|r| r.departments.map(|n| n as f64))
            }
            RegisterMeasure::SmallestGrant => {
                regions("Subvention minimale (€)", &|r| r.grant_min)
            }
            RegisterMeasure::LargestGrant => regions("Subvention maximale (€)", &|r| r.grant_max),
        }
    }
}
