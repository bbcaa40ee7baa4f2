//! Disclosure control on the shipped edition: what its products show is not
//! enough to work out what they hide.

use std::collections::BTreeMap;

use bilan::codebook::Kind;
use bilan::diagnostics::Diagnostics;
use bilan::diffusion::Diffusion;
use bilan::disclosure::{self, Cell, Mark, Mask, Place, Table};
use bilan::edition::{Display, Estimation, Weighting};
use bilan::indicators::{Catalogue, Context, Data, Figures};
use bilan::sampling::Plan;
use bilan::survey::{Entries, Respondent, Status, Survey};
use bilan::tabulation::{Concealed, Grouping, cautious_share, count_answers, tabulate};
use serde_json::Value;

use crate::shipped::{Shipped, read};
use crate::support::{SHIPPED_OUTPUT, bilan, project};

/// The figures of the shipped edition's `indicateurs.json`, by identifier.
fn indicators() -> BTreeMap<String, Value> {
    let text = std::fs::read_to_string(SHIPPED_OUTPUT.join("indicateurs.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let figures = document["indicateurs"].as_array().unwrap().clone();
    figures.into_iter().map(|f| (f["id"].as_str().unwrap().to_string(), f)).collect()
}

/// What the file says of an option in a place: its count, or that it is hidden.
fn cell(figure: &Value, region: Option<&str>) -> Option<u64> {
    let value = match region {
        None => figure,
        Some(slug) => &figure["regions"][slug],
    };
    if value["diffusable"] == false {
        for key in ["valeur", "effectif", "erreur_type", "borne_basse", "borne_haute"] {
            assert!(value[key].is_null(), "{key} of {value}");
        }
        return None;
    }
    Some(value["effectif"].as_u64().unwrap())
}

#[test]
fn nobody_can_work_out_what_the_shipped_edition_hides() {
    let Shipped { survey, .. } = read();
    let figures = indicators();
    let (mut attacked, mut widths) = (0, Vec::new());
    for (rank, question) in survey.codebook.questions.iter().enumerate() {
        let ids: Vec<String> = question
            .options
            .iter()
            .map(|option| format!("{}.{}", question.id, option.id))
            .collect();
        let Some(shown) = ids.iter().map(|id| figures.get(id)).collect::<Option<Vec<_>>>() else {
            continue;
        };
        if ids.is_empty() {
            continue;
        }
        let table = count_answers(&survey, rank, Grouping::Region).unwrap();
        let regions = &table.groups[1..];
        let counts: Vec<Vec<usize>> = (0..ids.len())
            .map(|row| regions.iter().map(|group| group.options[row].count).collect())
            .collect();
        let mut mask = Mask::shown(ids.len(), regions.len());
        for (row, figure) in shown.iter().enumerate() {
            let places = regions.iter().enumerate().map(|(rank, group)| {
                (Place::Region(rank), group.key.as_deref(), counts[row][rank])
            });
            let total = (Place::National, None, table.groups[0].options[row].count);
            for (place, key, truth) in places.chain([total]) {
                match cell(figure, key) {
                    Some(count) => assert_eq!(count, truth as u64, "{figure}"),
                    None => mask.set(Cell { row, place }, Mark::Primary),
                }
            }
        }
        let bases = regions.iter().map(|group| group.base).collect();
        let relation = match question.kind {
            Kind::Single => disclosure::Kind::Exclusive,
            _ => disclosure::Kind::AtLeastOne,
        };
        let table = Table::new(relation, counts, bases).unwrap();
        for interval in disclosure::attack(&table, &mask) {
            let least = 2.min(table.reach(interval.cell.place));
            assert!(interval.width() >= least, "{} {interval:?}", question.id);
            widths.push(interval.width());
        }
        attacked += 1;
    }
    assert_eq!(attacked, 10, "questions attacked");
    assert!(widths.len() > 150, "{} cells are hidden", widths.len());
}

/// Two small régions, and what covers them: no more than that.
#[test]
fn little_is_hidden_and_the_same_everywhere() {
    let figures = indicators();
    let hidden = |figure: &Value| -> Vec<String> {
        let regions = figure["regions"].as_object().into_iter().flatten();
        regions.filter(|(_, v)| v["diffusable"] == false).map(|(slug, _)| slug.clone()).collect()
    };
    assert_eq!(hidden(&figures["qpv"]), ["corse", "guadeloupe-et-saint-martin", "mayotte"]);
    assert!(hidden(&figures["laureats"]).is_empty());
    assert!(hidden(&figures["prequalification.soft-skills"]).len() > 3);
    for figure in figures.values() {
        assert_ne!(figure["diffusable"], false, "a national figure is hidden: {figure}");
        assert!(hidden(figure).len() <= 8, "{figure}");
    }
    let table = bilan(&project())
        .args(["tableau", "inputs/2025", "qpv", "--par", "region", "--format", "json", "--quiet"])
        .assert()
        .success();
    let table: Value = serde_json::from_slice(&table.get_output().stdout).unwrap();
    for group in table["groupes"].as_array().unwrap() {
        let slug = group["groupe"].as_str().unwrap_or("France").to_string();
        let shown = group["modalites"][0]["diffusable"].as_bool().unwrap();
        assert_eq!(!shown, hidden(&figures["qpv"]).contains(&slug), "{slug}");
        assert_eq!(group["modalites"][0]["effectif"].is_null(), !shown, "{slug}");
        assert!(group["base"].is_u64(), "{slug}");
    }
}

#[test]
fn a_cross_says_which_cells_may_be_shown() {
    let table = bilan(&project())
        .args(["tableau", "inputs/2025", "zrr", "--par", "profils", "--quiet"])
        .assert()
        .success();
    let text = String::from_utf8(table.get_output().stdout.clone()).unwrap();
    insta::assert_snapshot!(text);
}

/// A national interval must not depend on what the hidden régions answered:
/// every set of their counts that agrees with the rest gives the published one.
#[test]
fn national_intervals_tell_nothing_of_hidden_regions() {
    let Shipped { survey, plan, .. } = read();
    let (mut attacked, mut told) = (0, 0);
    for (id, figure) in &indicators() {
        let mut parts = id.split('.');
        let Some(rank) = survey.rank(parts.next().unwrap()) else { continue };
        let question = &survey.codebook.questions[rank];
        if question.kind != Kind::Multiple && !["qpv", "zrr"].contains(&id.as_str()) {
            continue;
        }
        let option = question.option(parts.next().unwrap_or("oui")).unwrap();
        let is_hidden =
            |slug: Option<&str>| figure["regions"][slug.unwrap()]["diffusable"] == false;
        let hidden = |respondent: &Respondent| is_hidden(respondent.region.as_deref());
        let no_base =
            |who: &Respondent| figure["regions"][who.region.as_deref().unwrap()]["base"].is_null();
        let bounds = |survey: &Survey| {
            let concealed = |who: &Respondent| match hidden(who) {
                true if no_base(who) => Concealed::Base,
                true => Concealed::Answer,
                false => Concealed::Nothing,
            };
            let share =
                cautious_share(survey, rank, option, &plan, plan.level, concealed).unwrap().share;
            (share.low.unwrap() * 100.0, share.high.unwrap() * 100.0)
        };
        let published = ["bas", "haut"].map(|bound| figure["intervalle"][bound].as_f64().unwrap());
        for other in other_answers(&survey, rank, option, &hidden) {
            let found = bounds(&other);
            assert!((found.0 - published[0]).abs() < 1e-9, "{id}: {found:?} {published:?}");
            assert!((found.1 - published[1]).abs() < 1e-9, "{id}: {found:?} {published:?}");
            // The exact interval would tell: this is what the test guards.
            let table = tabulate(&other, rank, Grouping::None, &plan).unwrap();
            let exact = table.groups[0].options[option].share.unwrap().low.unwrap() * 100.0;
            told += usize::from((exact - published[0]).abs() > 0.01);
            attacked += 1;
        }
    }
    assert!(attacked > 20 && told > 20, "{attacked} attacked, {told} would tell");
}

/// The same answers, but for one tick of an option that has gone from a hidden
/// région to another.
fn other_answers(
    survey: &Survey,
    question: usize,
    option: usize,
    hidden: &impl Fn(&Respondent) -> bool,
) -> Vec<Survey> {
    let Entries::Options(ticks) = &survey.answers[question].entries else { panic!() };
    let tick = |unit: u32| ticks.contains(&(unit, option as u32));
    let answered = |unit: &u32| {
        survey.answers[question].status[*unit as usize] == Status::Answered
            && hidden(&survey.respondents[*unit as usize])
    };
    let units: Vec<u32> = (0..survey.respondents.len() as u32).filter(answered).collect();
    let region = |unit: u32| survey.respondents[unit as usize].region.clone();
    let mut others = Vec::new();
    for from in units.iter().filter(|unit| tick(**unit)) {
        let elsewhere = |to: &&u32| !tick(**to) && region(**to) != region(*from);
        if let Some(to) = units.iter().find(elsewhere) {
            let mut moved: Vec<(u32, u32)> = ticks.clone();
            moved.retain(|pair| *pair != (*from, option as u32));
            moved.push((*to, option as u32));
            moved.sort_unstable();
            let mut other = survey.clone();
            other.answers[question].entries = Entries::Options(moved);
            others.push(other);
        }
    }
    others
}

/// Under weights, whatever the hidden régions answered, what is published of the
/// country is the same: value, standard error and bounds.
#[test]
fn weighted_national_figures_tell_nothing_of_hidden_regions() {
    let Shipped { survey, register, .. } = read();
    let estimation = Estimation { weighting: Weighting::Region, ..Estimation::default() };
    let mut found = Diagnostics::new();
    let plan = Plan::of_edition(&survey, &register, &estimation, &mut found).unwrap();
    let (mut attacked, mut told) = (0, 0);
    // Ticks of a question with one answer cannot move alone.
    for id in ["themes", "ages"] {
        let context = Context { codebook: &survey.codebook, announced: &[] };
        let text = format!(
            "[{id}]\nquestion = '{id}'\n[{id}-fois-mille]\ncalcul = '{id}.{} * 1000'\n",
            match id {
                "themes" => "insertion",
                _ => "16-25",
            }
        );
        let catalogue = Catalogue::parse("indicateurs.toml", &text, &context, &mut found);
        let rank = survey.rank(id).unwrap();
        let question = &survey.codebook.questions[rank];
        let compute = |survey: &Survey| {
            let diffusion = Diffusion::default();
            let (register, plan) = (&register, &plan);
            let display = Display::default();
            let announced = &[];
            let data = Data { survey, register, plan, announced, diffusion: &diffusion, display };
            let figures = Figures::compute(&catalogue, &data).unwrap();
            (figures.published(&data), figures)
        };
        let (published, exact) = compute(&survey);
        let option = question.option(if id == "themes" { "insertion" } else { "16-25" }).unwrap();
        let figure = exact.get(&format!("{id}.{}", question.options[option].id)).unwrap();
        let hidden = |respondent: &Respondent| {
            let region = respondent.region.as_deref();
            region.is_some_and(|slug| figure.regions.get(slug).is_some_and(|value| value.hidden))
        };
        for other in other_answers(&survey, rank, option, &hidden) {
            let (again, otherwise) = compute(&other);
            // Another pattern of hidden cells is another publication.
            let pattern = |figures: &Figures| {
                let figure = figures.get(&figure.definition.id).unwrap();
                let marks = figure.regions.iter().map(|(slug, v)| (slug.clone(), v.hidden, v.base));
                marks.collect::<Vec<_>>()
            };
            if pattern(&again) != pattern(&published) {
                continue;
            }
            for (one, same) in published.figures.iter().zip(&again.figures) {
                let own = [&figure.definition.id, &format!("{id}-fois-mille")];
                if own.contains(&&one.definition.id) {
                    assert_eq!(one.national, same.national, "{}", one.definition.id);
                }
            }
            let value =
                |figures: &Figures| figures.get(&figure.definition.id).unwrap().national.value;
            told += usize::from(value(&exact) != value(&otherwise));
            attacked += 1;
        }
    }
    assert!(attacked > 5 && told > 3, "{attacked} attacked, {told} would tell");
}
