use std::collections::BTreeMap;

use crate::codebook::Codebook;
use crate::diagnostics::Diagnostics;
use crate::diffusion::Diffusion;
use crate::disclosure::{Cell, Dominance, Kind, Mark, Mask, Place, Rules, Table, attack};
use crate::indicators::{Catalogue, Context, Data, Figure, Figures, outward};
use crate::register::Register;
use crate::spreadsheet::testing::sheet;
use crate::survey::Survey;
use crate::tabulation::{Grouping, count_answers};

use super::{Masker, Thresholds};

const CODEBOOK: &str = r#"
[[question]]
id = "themes"
type = "choix-multiple"
colonne = "Thèmes"
separateur = ";"
modalites = [{ id = "ins", libelle = "Insertion" }, { id = "num", libelle = "Numérique" }]
[[question]]
id = "qpv"
type = "choix-unique"
colonne = "QPV"
modalites = [{ id = "oui", libelle = "Oui" }, { id = "non", libelle = "Non" }]
[[question]]
id = "suite"
type = "choix-unique"
colonne = "Suite"
base = "qpv = oui"
modalites = [{ id = "a", libelle = "A" }, { id = "b", libelle = "B" }]
[[question]]
id = "apprenants"
type = "nombre"
colonne = "Apprenants"
[[question]]
id = "depense"
type = "nombre"
colonne = "Dépense"
"#;

/// Respondents of régions of these sizes, whose answers go round.
fn survey(regions: &[(&str, usize)]) -> Survey {
    let mut found = Diagnostics::new();
    let codebook = Codebook::parse("dictionnaire.toml", CODEBOOK, &mut found).unwrap();
    let everyone: Vec<&str> =
        regions.iter().flat_map(|(slug, size)| std::iter::repeat_n(*slug, *size)).collect();
    let numbers: Vec<String> = (0..everyone.len()).map(|who| (20 + who % 7).to_string()).collect();
    let mut rows: Vec<Vec<&str>> = vec![vec!["Thèmes", "QPV", "Suite", "Apprenants", "Dépense"]];
    for (who, number) in numbers.iter().enumerate() {
        let themes = ["Insertion", "Insertion;Numérique", "Numérique", "Numérique"][who % 4];
        let qpv = ["Oui", "Non", "Oui"][who % 3];
        let more = if qpv == "Oui" { ["A", "B"][who % 2] } else { "" };
        // One respondent spends nearly all that its région does; one says nothing.
        let spent = if who == 16 { "900000" } else { ["700", "900", "1100"][who % 3] };
        rows.push(vec![themes, qpv, more, number, if who == 40 { "" } else { spent }]);
    }
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let mut survey = Survey::read(sheet(&rows), codebook, None, &mut found).unwrap();
    for (respondent, region) in survey.respondents.iter_mut().zip(everyone) {
        respondent.region = Some(region.to_string());
    }
    survey
}

const REGIONS: &[(&str, usize)] = &[("corse", 3), ("bretagne", 12), ("normandie", 20)];

const CATALOGUE: &str = "[themes]\nquestion = 'themes'\n[qpv]\nquestion = 'qpv'\n\
    [suite]\nquestion = 'suite'\n[apprenants]\nquestion = 'apprenants'\n\
    [apprenants.total]\ncalcul = 'apprenants * 3'\n";

fn compute(survey: &Survey, catalogue: &str, diffusion: Diffusion) -> Figures {
    let mut found = Diagnostics::new();
    let context = Context { codebook: &survey.codebook, announced: &[] };
    let catalogue = Catalogue::parse("indicateurs.toml", catalogue, &context, &mut found);
    assert!(found.is_empty(), "{found:?}");
    let register = Register::default();
    let plan = crate::sampling::Plan::of_answers(survey);
    let register = &register;
    let display = crate::edition::Display::PLAIN;
    let data =
        Data { survey, register, plan: &plan, announced: &[], diffusion: &diffusion, display };
    Figures::compute(&catalogue, &data).unwrap()
}

/// `themes.ins`: `corse bretagne`, the régions where each figure is hidden.
fn hidden(figures: &Figures) -> BTreeMap<&str, String> {
    let regions = |figure: &Figure| {
        let national = figure.national.hidden.then_some("France");
        let hidden = figure.regions.iter().filter(|(_, value)| value.hidden);
        let names: Vec<&str> = hidden.map(|(slug, _)| slug.as_str()).chain(national).collect();
        names.join(" ")
    };
    figures.figures.iter().map(|f| (f.definition.id.as_str(), regions(f))).collect()
}

#[test]
fn a_small_region_and_one_more_are_hidden_in_every_figure() {
    let survey = survey(REGIONS);
    let figures = compute(&survey, CATALOGUE, Diffusion::default());
    let hidden = hidden(&figures);
    for id in ["themes.ins", "themes.num", "qpv.oui", "qpv.non", "apprenants"] {
        assert_eq!(hidden[id], "bretagne corse", "{id}");
    }
    let corse = &figures.get("themes.ins").unwrap().regions["corse"];
    assert_eq!((corse.value, corse.count, corse.interval()), (None, None, None));
    assert_eq!((corse.base, corse.standard_error), (Some(3), None));
}

#[test]
fn what_is_computed_from_a_hidden_figure_is_hidden() {
    let survey = survey(REGIONS);
    let figures = compute(&survey, CATALOGUE, Diffusion::default());
    assert_eq!(hidden(&figures)["apprenants.total"], "bretagne corse");
    let total = figures.get("apprenants.total").unwrap();
    assert!(total.regions["normandie"].value.is_some());
    assert_eq!(total.regions["corse"].value, None);
}

const COST: &str = "[cout]\nmesure = 'ratio'\nnumerateur = 'depense'\n\
    denominateur = 'apprenants'\n";

#[test]
fn a_ratio_is_hidden_with_its_base_and_with_who_dominates_it() {
    let survey = survey(REGIONS);
    let figures = compute(&survey, COST, Diffusion::default());
    // The largest spender is in the last région, hence in the national figure.
    assert_eq!(hidden(&figures)["cout"], "bretagne corse normandie France");
    let rules = Diffusion { dominance: Dominance::OFF, ..Diffusion::default() };
    assert_eq!(hidden(&compute(&survey, COST, rules))["cout"], "bretagne corse");
    // The other way round, the denominators are those that one respondent dominates.
    let upside = "[cout]\nmesure = 'ratio'\nnumerateur = 'apprenants'\ndenominateur = 'depense'\n";
    let figures = compute(&survey, upside, Diffusion::default());
    assert_eq!(hidden(&figures)["cout"], "bretagne corse normandie France");
    assert_eq!(hidden(&compute(&survey, upside, Diffusion::OFF))["cout"], "");
}

#[test]
fn a_ratio_that_few_did_not_answer_would_tell_what_they_did() {
    let survey = survey(&[("bretagne", 12), ("normandie", 30)]);
    let rules = Diffusion { dominance: Dominance::OFF, ..Diffusion::default() };
    // Who spent nothing gave a number of learners: one less than all of them.
    assert!(compute(&survey, COST, rules).get("cout").unwrap().national.hidden);
}

#[test]
fn a_quantile_whose_tail_is_few_respondents_is_hidden() {
    let survey = survey(REGIONS);
    let catalogue = "[haut]\nquestion = 'apprenants'\nmesure = 'quantile'\nordre = 0.9\n\
        [bas]\nquestion = 'apprenants'\nmesure = 'quantile'\nordre = 0.25\n";
    let figures = compute(&survey, catalogue, Diffusion::default());
    assert_eq!(hidden(&figures)["haut"], "bretagne corse normandie France");
    assert_eq!(hidden(&figures)["bas"], "bretagne corse");
}

/// Where a région is hidden, the interval of a calculation is what its parts'
/// published ones leave possible.
#[test]
fn a_published_calculation_tells_no_more_than_its_published_parts() {
    let survey = survey(REGIONS);
    // A chain of calculations, however long, is followed to its parts.
    let link = |n: usize| format!("[c{n}]\ncalcul = 'c{} * 1'\nunite = '%'\n", n - 1);
    let chain: String = (1..=12).map(link).collect();
    let catalogue = format!(
        "{CATALOGUE}[ecart]\ncalcul = 'themes.ins - themes.num'\nunite = '%'\n\
         [connu]\ncalcul = 'ecart * 2'\n[c0]\ncalcul = 'ecart * 1'\nunite = '%'\n{chain}"
    );
    let published = |diffusion: Diffusion| {
        let exact = compute(&survey, &catalogue, diffusion);
        let plan = crate::sampling::Plan::of_answers(&survey);
        let data = Data {
            survey: &survey,
            register: &Register::default(),
            plan: &plan,
            announced: &[],
            diffusion: &diffusion,
            display: crate::edition::Display::PLAIN,
        };
        (exact.published(&data), exact)
    };
    let (cautious, exact) = published(Diffusion::default());
    let value = |figures: &Figures, id: &str| figures.get(id).unwrap().national;
    let bounds = |id: &str| value(&cautious, id).interval().unwrap();
    let (one, other) = (bounds("themes.ins"), bounds("themes.num"));
    let expected = outward((one.0 - other.1, one.1 - other.0), 0);
    assert_eq!(bounds("ecart"), expected);
    assert_eq!(bounds("c12"), expected);
    assert_eq!(value(&cautious, "ecart").standard_error, None);
    let narrow = value(&exact, "ecart").interval().unwrap();
    assert!(expected.0 < narrow.0 && narrow.1 < expected.1);
    assert_eq!(bounds("connu"), outward((2.0 * (one.0 - other.1), 2.0 * (one.1 - other.0)), 0));
    // Nothing hidden: the exact one, with what the two have in common.
    let (open, exact) = published(Diffusion::OFF);
    assert_eq!(value(&open, "ecart"), value(&exact, "ecart"));
}

#[test]
fn a_base_that_tells_a_hidden_count_is_hidden_too() {
    let survey = survey(REGIONS);
    let figures = compute(&survey, CATALOGUE, Diffusion::default());
    for id in ["suite.a", "suite.b"] {
        assert_eq!(hidden(&figures)[id], "bretagne corse", "{id}");
        assert_eq!(figures.get(id).unwrap().regions["bretagne"].base, None, "{id}");
    }
}

#[test]
fn with_every_threshold_at_zero_nothing_is_hidden() {
    let survey = survey(&[("corse", 1), ("bretagne", 2), ("normandie", 20)]);
    let figures = compute(&survey, CATALOGUE, Diffusion::OFF);
    assert!(hidden(&figures).values().all(String::is_empty));
}

#[test]
fn a_public_indicator_is_never_hidden_and_what_it_gives_away_is_told() {
    let survey = survey(REGIONS);
    let text = "[themes]\nquestion = 'themes'\n[oui]\nquestion = 'qpv'\nmodalite = 'oui'\n\
                diffusion = false\n[non]\nquestion = 'qpv'\nmodalite = 'non'\n";
    let figures = compute(&survey, text, Diffusion::default());
    assert_eq!(hidden(&figures)["oui"], "");
    assert!(figures.exposed.contains(&("non".to_string(), Some("corse".to_string()))));
    assert!(!figures.exposed.iter().any(|(id, _)| id.starts_with("themes")));
}

#[test]
fn an_indicator_has_thresholds_of_its_own() {
    let survey = survey(&[("bretagne", 12), ("corse", 9), ("normandie", 20)]);
    let text = "[themes]\nquestion = 'themes'\n[apprenants]\nquestion = 'apprenants'\n\
                [apprenants.diffusion]\nbase_minimale = 10\n";
    let figures = compute(&survey, text, Diffusion::default());
    assert_eq!(hidden(&figures)["themes.ins"], "");
    assert_eq!(hidden(&figures)["apprenants"], "bretagne corse");
}

#[test]
fn an_amount_that_one_project_makes_is_hidden() {
    let mut survey = survey(&[("bretagne", 12), ("corse", 8), ("normandie", 20)]);
    let rank = survey.rank("apprenants").unwrap();
    if let crate::survey::Entries::Numbers(pairs) = &mut survey.answers[rank].entries {
        pairs[15].1 = 50_000.0;
    }
    let text = "[apprenants]\nquestion = 'apprenants'\n";
    let figures = compute(&survey, text, Diffusion::default());
    assert_eq!(hidden(&figures)["apprenants"], "corse France");
    let off = Diffusion { rules: Rules::default(), dominance: Dominance::OFF };
    assert_eq!(hidden(&compute(&survey, text, off))["apprenants"], "");
}

fn cross(survey: &Survey, question: &str, by: &str) -> Vec<String> {
    let thresholds = Thresholds { edition: Diffusion::default(), changes: Vec::new() };
    let masker = Masker { survey, thresholds: &thresholds, edition: true };
    let by = Grouping::Question(survey.rank(by).unwrap());
    let rank = survey.rank(question).unwrap();
    let mask = masker.mask(rank, by).unwrap();
    let table = count_answers(survey, rank, by).unwrap();
    let drawn = |(group, mask): (&crate::tabulation::Group, &super::GroupMask)| {
        let options: String =
            mask.options.iter().map(|hidden| if *hidden { 'x' } else { '.' }).collect();
        format!("{} {}{options}", group.key.as_deref().unwrap_or("France"), group.base)
    };
    table.groups.iter().zip(&mask.groups).map(drawn).collect()
}

#[test]
fn a_cross_hides_small_groups_and_what_would_give_them_away() {
    let mut survey = survey(&[("bretagne", 40)]);
    let rank = survey.rank("qpv").unwrap();
    // Three say no, everybody else yes.
    if let crate::survey::Entries::Options(pairs) = &mut survey.answers[rank].entries {
        pairs.iter_mut().for_each(|(who, option)| *option = u32::from(*who < 3));
    }
    assert_eq!(cross(&survey, "themes", "qpv"), ["France 40..", "oui 37xx", "non 3xx"]);
    // Those who did not answer the other question are so few that the sum of
    // the groups, taken from the total, would tell what they said.
    if let crate::survey::Entries::Options(pairs) = &mut survey.answers[rank].entries {
        pairs.iter_mut().for_each(|(who, option)| *option = *who % 2);
        pairs.retain(|(who, _)| *who >= 3);
    }
    let crossed = cross(&survey, "themes", "qpv");
    assert!(crossed[0].starts_with("France 40.."), "{crossed:?}");
    assert_eq!(crossed[1..].iter().filter(|line| line.ends_with("xx")).count(), 1, "{crossed:?}");
}

#[test]
fn overlapping_groups_are_protected_from_what_is_left_of_the_total() {
    let mut survey = survey(&[("bretagne", 40)]);
    let rank = survey.rank("themes").unwrap();
    // Everybody ticked « num », all but two « ins ».
    if let crate::survey::Entries::Options(pairs) = &mut survey.answers[rank].entries {
        *pairs = (0..40)
            .flat_map(|who| [(who, 1), (who, 0)])
            .filter(|(who, option)| *option == 1 || *who >= 2)
            .collect();
        pairs.sort_unstable();
    }
    let crossed = cross(&survey, "qpv", "themes");
    assert_eq!(crossed, ["France 40..", "ins 38xx", "num 40.."]);
}

#[test]
fn an_extreme_is_one_respondents_answer_and_hidden_unless_public() {
    let survey = survey(&[("bretagne", 12), ("corse", 8), ("normandie", 20)]);
    let text = "[moyenne]\nquestion = 'apprenants'\nmesure = 'moyenne'\n\
                [plus]\nquestion = 'apprenants'\nmesure = 'maximum'\n\
                [moins]\nquestion = 'apprenants'\nmesure = 'minimum'\n";
    let hidden_at = |text: &str, diffusion| {
        let figures = compute(&survey, text, diffusion);
        let hidden = hidden(&figures);
        ["moyenne", "plus", "moins"].map(|id| hidden[id].clone())
    };
    let all = "bretagne corse normandie France".to_string();
    assert_eq!(hidden_at(text, Diffusion::default()), [String::new(), all.clone(), all]);
    assert_eq!(hidden_at(text, Diffusion::OFF), [String::new(), String::new(), String::new()]);
    let public = text.replace("um'", "um'\ndiffusion = false");
    let public = public.replace("'moyenne'\n", "'moyenne'\ndiffusion = false\n");
    assert_eq!(hidden_at(&public, Diffusion::default())[1], "", "declared public");
}

/// Random crosses under any thresholds: whatever is hidden, an attacker who has the
/// margins, the bases and the shown cells is left with an interval.
#[test]
fn random_crosses_leave_every_hidden_count_in_an_interval() {
    let mut state = 7_u64;
    let mut roll = |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let (mut attacked, mut crosses) = (0, 0);
    for turn in 0..300 {
        let among = |list: &[usize], roll: u64| list[roll as usize % list.len()];
        let rules = match turn % 2 {
            0 => Rules::default(),
            _ => Rules {
                base_minimale: among(&[0, 3, 5, 10], roll(4)),
                effectif_minimal: among(&[0, 2, 3, 5], roll(4)),
                protection: among(&[1, 2, 3, 5], roll(4)),
            },
        };
        let size = 8 + roll(40) as usize;
        let mut survey = survey(&[("bretagne", size)]);
        let rare = 2 + roll(9);
        for id in ["themes", "qpv"] {
            let rank = survey.rank(id).unwrap();
            let crate::survey::Entries::Options(pairs) = &mut survey.answers[rank].entries else {
                panic!("options")
            };
            *pairs = (0..size as u32).map(|who| (who, u32::from(roll(rare) == 0))).collect();
        }
        let thresholds = Thresholds {
            edition: Diffusion { rules, ..Diffusion::default() },
            changes: Vec::new(),
        };
        let masker = Masker { survey: &survey, thresholds: &thresholds, edition: true };
        let (rank, by) = (survey.rank("themes").unwrap(), survey.rank("qpv").unwrap());
        let mask = masker.mask(rank, Grouping::Question(by)).unwrap();
        let table = count_answers(&survey, rank, Grouping::Question(by)).unwrap();
        // Nobody has two options of qpv: the groups add up to the total.
        let groups = &table.groups[1..];
        let counts: Vec<Vec<usize>> = (0..2)
            .map(|option| groups.iter().map(|group| group.options[option].count).collect())
            .collect();
        let bases = groups.iter().map(|group| group.base).collect();
        let attacked_table = Table::new(Kind::AtLeastOne, counts, bases).unwrap();
        let mut shown = Mask::shown(2, groups.len());
        for (option, group) in (0..2).flat_map(|option| (0..3).map(move |group| (option, group))) {
            let place = if group == 0 { Place::National } else { Place::Region(group - 1) };
            if mask.hides_option(group, option) {
                shown.set(Cell { row: option, place }, Mark::Primary);
            }
        }
        for interval in attack(&attacked_table, &shown) {
            let least = rules.protection.min(attacked_table.reach(interval.cell.place));
            assert!(
                interval.width() >= least,
                "{interval:?} {rules:?} {attacked_table:?} {shown:?}"
            );
            attacked += 1;
        }
        crosses += 1;
    }
    assert_eq!(crosses, 300);
    assert!(attacked > 150, "{attacked}");
}
