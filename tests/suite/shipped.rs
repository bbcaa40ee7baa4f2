//! The shipped edition: its demonstration answers give the published figures.

use bilan::codebook::Codebook;
use bilan::diagnostics::Diagnostics;
use bilan::edition::Edition;
use bilan::indicators::{Catalogue, Context, Data, Figures};
use bilan::published;
use bilan::register::Register;
use bilan::sampling::Plan;
use bilan::survey::Survey;
use bilan::typography::round_half_up;

use crate::support::shipped;

/// What the shipped edition holds.
pub struct Shipped {
    pub survey: Survey,
    pub register: Register,
    pub figures: Figures,
    pub plan: Plan,
}

pub fn read() -> Shipped {
    let mut found = Diagnostics::new();
    let edition = Edition::read(&shipped(), &mut found).unwrap();
    let register = Register::read(&edition.sources.register, &mut found);
    let codebook = Codebook::read(&edition.sources.codebook, &mut found).unwrap();
    let context = Context { codebook: &codebook, announced: &edition.announced };
    let catalogue = Catalogue::read(&edition.sources.indicators, &context, &mut found);
    let survey = Survey::open(&edition.sources.survey, codebook, Some(&register), &mut found);
    let survey = survey.unwrap();
    assert!(!found.has_errors(), "{found:?}");
    let plan = Plan::of_edition(&survey, &register, &edition.estimation, &mut found).unwrap();
    let announced = &edition.announced;
    let diffusion = &edition.diffusion;
    let display = edition.display;
    let data =
        Data { survey: &survey, register: &register, plan: &plan, announced, diffusion, display };
    let figures = Figures::compute(&catalogue, &data).unwrap();
    Shipped { survey, register, figures, plan }
}

/// Every percentage that a chart of the brochure prints, and the two means.
#[test]
fn the_demonstration_gives_the_published_figures() {
    let shipped_edition = read();
    let mut found = Diagnostics::new();
    let published = published::read(&shipped().join("chiffres-publies.xlsx"), &mut found);
    let mut compared = 0;
    for figure in &published {
        let in_chart =
            figure.chart.is_some() || figure.unit == "membres" || figure.unit == "apprenants";
        let alone = ["qpv", "zrr"].contains(&figure.indicator.as_deref().unwrap_or_default());
        let (Some(id), Some(printed)) = (&figure.indicator, figure.value) else { continue };
        if !(in_chart || alone)
            || figure.chart.as_deref() == Some("carte")
            || id == "apprenants.total"
        {
            continue;
        }
        let computed = shipped_edition.figures.get(id).and_then(|f| f.national.value).unwrap();
        assert_eq!(round_half_up(computed, figure.decimals()), printed, "{id}");
        compared += 1;
    }
    assert_eq!(compared, 48, "published figures compared");
}

#[test]
fn one_hundred_and_eighty_six_projects_answer_from_every_region() {
    let Shipped { survey, register, .. } = read();
    assert_eq!(survey.respondents.len(), 186);
    for region in &register.regions {
        let answers = |slug: &str| {
            survey.respondents.iter().filter(|r| r.region.as_deref() == Some(slug)).count()
        };
        assert!(answers(&region.slug) > 0, "{}", region.name);
    }
}

/// The generator that is committed makes the files that are committed.
#[test]
fn the_questionnaires_are_what_the_generator_makes() {
    let later = ["--depuis", "inputs/2025", "--graine", "2024"];
    for (edition, more) in [("inputs/2025", &[][..]), ("inputs/2024", &later[..])] {
        let folder = tempfile::tempdir().unwrap();
        let again = folder.path().join("questionnaire.xlsx");
        let status = std::process::Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--example", "questionnaire", "--", edition, "--sortie"])
            .arg(&again)
            .args(more)
            .current_dir(crate::support::project())
            .status()
            .unwrap();
        assert!(status.success());
        let path = crate::support::project().join(edition).join("questionnaire.xlsx");
        let same = std::fs::read(&again).unwrap() == std::fs::read(path).unwrap();
        assert!(same, "run the generator and commit its file for {edition}");
    }
}

/// Contact columns hold nothing that could be somebody's.
#[test]
fn addresses_are_examples() {
    let Shipped { survey, .. } = read();
    for column in survey.sheet.columns() {
        for (position, value) in column.cells() {
            let text = value.as_text();
            assert!(!text.contains('@') || text.ends_with("@example.org"), "{position}: {text}");
        }
    }
}
