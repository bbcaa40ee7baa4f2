//! D: the lists of laureates: numbering, names, members.

use std::collections::BTreeSet;

use super::organisations::{Mention, Role, are_distant, by_key, mentions, near_pairs, networks};
use super::{Fact, Facts, Family, Finding, Object};
use crate::diagnostics::Severity;
use crate::matching;
use crate::register::{Laureate, Region};
use crate::typography::{list, quoted};

const FAMILY: Family = Family::Lists;

/// Applies the rules of the family.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for region in &facts.register.regions {
        findings.extend(numbering(facts, region));
    }
    for laureate in &facts.register.laureates {
        findings.extend(missing_name(facts, laureate));
        findings.extend(one_kind_only(facts, laureate));
        findings.extend(cut_short(facts, laureate));
    }
    findings.extend(organisations(facts));
    findings
}

/// D1: numbers run from one, without gap and without repetition.
fn numbering(facts: &Facts<'_>, region: &Region) -> Vec<Finding> {
    let numbered: Vec<(&Laureate, usize)> = facts
        .register
        .laureates_of(&region.slug)
        .filter_map(|laureate| Some((laureate, laureate.number?)))
        .collect();
    let numbers: BTreeSet<usize> = numbered.iter().map(|(_, number)| *number).collect();
    let last = numbers.last().copied().unwrap_or(0);
    let gaps: Vec<String> =
        (1..=last).filter(|number| !numbers.contains(number)).map(|n| n.to_string()).collect();
    let mut findings = Vec::new();
    if !gaps.is_empty() {
        let message = format!("la numérotation saute : {}", list(&gaps));
        findings.push(
            Finding::new(
                "D-numerotation",
                FAMILY,
                Severity::Error,
                Object::region(&region.name),
                message,
            )
            .fact(Fact::new(
                "numéros de la liste",
                format!("1 à {last}, {} projets", numbered.len()),
            ))
            .sum(format!("{last} − {} = {}", gaps.len(), numbers.len()))
            .propose("renumérotez la liste, ou ajoutez les projets qui manquent"),
        );
    }
    for (rank, (laureate, number)) in numbered.iter().enumerate() {
        let earlier = numbered.iter().take(rank).find(|(_, other)| other == number);
        if let Some((earlier, _)) = earlier {
            findings.push(repeated_number(region, earlier, laureate, *number));
        }
    }
    findings
}

fn repeated_number(
    region: &Region,
    earlier: &Laureate,
    laureate: &Laureate,
    number: usize,
) -> Finding {
    let message = format!("deux projets portent le numéro {number}");
    let object = Object::region(&region.name).project(&laureate.id);
    Finding::new("D-numerotation", FAMILY, Severity::Error, object, message)
        .fact(laureate_fact(earlier, "numéro", &number.to_string(), "Numéro"))
        .fact(laureate_fact(laureate, "numéro", &number.to_string(), "Numéro"))
        .propose("renumérotez la liste")
}

/// A cell of a laureate as a fact.
pub(super) fn laureate_fact(laureate: &Laureate, what: &str, value: &str, column: &str) -> Fact {
    Fact::new(format!("{}, {what}", laureate.id), value)
        .at(&laureate.cells.place(column))
        .line(laureate.source_line)
}

fn object(facts: &Facts<'_>, laureate: &Laureate) -> Object {
    facts.object(&laureate.region).project(&laureate.id)
}

/// D2: every project has a name.
fn missing_name(facts: &Facts<'_>, laureate: &Laureate) -> Option<Finding> {
    laureate.name.is_empty().then(|| {
        let number = laureate.number.map_or(String::new(), |number| format!(" n° {number}"));
        let message = format!("le projet{number} n’a pas de nom");
        Finding::new("D-nom-absent", FAMILY, Severity::Error, object(facts, laureate), message)
            .fact(laureate_fact(laureate, "nom", "(absent)", "Nom"))
            .fact(laureate_fact(laureate, "tiers-lieux", &laureate.third_places, "Tiers-lieux"))
            .propose("demandez le nom du projet à ses porteurs")
    })
}

/// D3: a consortium has both kinds of members.
fn one_kind_only(facts: &Facts<'_>, laureate: &Laureate) -> Option<Finding> {
    let (there, missing, column) = match () {
        () if laureate.training_organisations.is_empty() && !laureate.third_places.is_empty() => {
            (&laureate.third_places, "organisme de formation", "Tiers-lieux")
        }
        () if laureate.third_places.is_empty() && !laureate.training_organisations.is_empty() => {
            (&laureate.training_organisations, "tiers-lieu", "Organismes de formation")
        }
        () => return None,
    };
    let message = format!("le projet n’a aucun {missing}");
    Some(
        Finding::new(
            "D-un-seul-type-de-membre",
            FAMILY,
            Severity::Warning,
            object(facts, laureate),
            message,
        )
        .fact(laureate_fact(laureate, column, there, column))
        .propose(format!("complétez la liste : un consortium compte au moins un {missing}")),
    )
}

/// D4: names that were cut short: they end with an article, a preposition or a
/// comma, or with a word that another name of the register completes.
fn cut_short(facts: &Facts<'_>, laureate: &Laureate) -> Vec<Finding> {
    let texts = [
        ("nom", &laureate.name, "Nom"),
        ("tiers-lieux", &laureate.third_places, "Tiers-lieux"),
        ("organismes de formation", &laureate.training_organisations, "Organismes de formation"),
    ];
    texts
        .into_iter()
        .filter_map(|(what, text, column)| {
            let why = why_cut(facts, text)?;
            let message = format!("{} semble coupé : {why}", quoted(text));
            Some(
                Finding::new(
                    "D-nom-tronque",
                    FAMILY,
                    Severity::Warning,
                    object(facts, laureate),
                    message,
                )
                .fact(laureate_fact(laureate, what, text, column))
                .propose("reprenez le nom entier chez les porteurs du projet"),
            )
        })
        .collect()
}

fn why_cut(facts: &Facts<'_>, text: &str) -> Option<String> {
    const HANGING: [&str; 26] = [
        "le", "la", "les", "l", "de", "du", "des", "d", "et", "en", "au", "aux", "à", "pour",
        "par", "sur", "avec", "dans", "un", "une", "ce", "ou", "chez", "&", "-", "sous",
    ];
    let trimmed = text.trim_end();
    let last = trimmed.split_whitespace().last()?;
    if trimmed.ends_with([',', ';', ':', '-', '&', '(', '/']) {
        let sign = trimmed.chars().last().unwrap_or(',');
        return Some(format!("il finit par {}", quoted(&sign.to_string())));
    }
    let bare = matching::key(last);
    if HANGING.contains(&bare.trim_end_matches(['\'', '’'])) {
        return Some(format!("il finit par {}", quoted(last)));
    }
    let open = trimmed.matches('(').count() > trimmed.matches(')').count();
    if open {
        return Some("une parenthèse n’est pas fermée".to_string());
    }
    completed_elsewhere(facts, trimmed)
}

/// A network's name with the beginning of a région's: « le GRETA Grand » is
/// the beginning of « GRETA Grand … ».
fn completed_elsewhere(facts: &Facts<'_>, text: &str) -> Option<String> {
    let last_member = crate::register::members::members(text).pop()?;
    let words: Vec<&str> = last_member.split_whitespace().collect();
    let [.., before, last] = words.as_slice() else { return None };
    let is_network =
        before.chars().all(|c| c.is_uppercase() || c.is_ascii_digit()) && before.len() > 2;
    let begins = |name: &str| {
        let mut parts = name.split([' ', '-']);
        parts.next() == Some(*last) && parts.next().is_some()
    };
    let completing: Vec<String> = facts
        .geography
        .regions
        .iter()
        .map(|outline| outline.name.clone())
        .filter(|name| begins(name))
        .map(|name| quoted(&name))
        .collect();
    (is_network && !completing.is_empty())
        .then(|| format!("{} commence un nom tel que {}", quoted(last), list(&completing)))
}

/// D5: organisations under two spellings, in two roles, or in distant régions.
fn organisations(facts: &Facts<'_>) -> Vec<Finding> {
    let mentions = mentions(facts);
    let groups = by_key(&mentions);
    let networks = networks(&groups);
    let mut findings = spellings(facts, &groups);
    for (key, group) in &groups {
        let telling = !networks.iter().any(|network| network == key) && key.len() > 2;
        if telling {
            findings.extend(two_roles(facts, group));
            findings.extend(distant_regions(facts, group));
        }
    }
    findings
}

fn spellings(facts: &Facts<'_>, groups: &[(&str, Vec<&Mention>)]) -> Vec<Finding> {
    let keys: Vec<&str> = groups.iter().map(|(key, _)| *key).collect();
    near_pairs(&keys)
        .into_iter()
        .filter_map(|(left, right)| {
            let (left, right) = (&groups.get(left)?.1, &groups.get(right)?.1);
            let (one, other) = (left.first()?, right.first()?);
            let keep = if left.len() >= right.len() { one } else { other };
            let message = format!(
                "deux écritures d’un même nom, semble-t-il : {} et {}",
                quoted(&one.name),
                quoted(&other.name)
            );
            Some(
                Finding::new(
                    "D-deux-ecritures",
                    FAMILY,
                    Severity::Warning,
                    facts.object(&one.region),
                    message,
                )
                .facts([one.fact.clone(), other.fact.clone()])
                .propose(format!("gardez une seule écriture, par exemple {}", quoted(&keep.name))),
            )
        })
        .collect()
}

fn two_roles(facts: &Facts<'_>, group: &[&Mention]) -> Option<Finding> {
    let listed = || group.iter().filter(|mention| mention.role != Role::Partner);
    let place = listed().find(|mention| mention.role == Role::ThirdPlace)?;
    let training = listed().find(|mention| mention.role == Role::Training)?;
    let message = format!(
        "{} est {} ici, {} là",
        quoted(&place.name),
        place.role.word(),
        training.role.word()
    );
    Some(
        Finding::new(
            "D-deux-roles",
            FAMILY,
            Severity::Information,
            facts.object(&place.region),
            message,
        )
        .facts([place.fact.clone(), training.fact.clone()])
        .propose("dites dans quel rôle cette structure est comptée"),
    )
}

fn distant_regions(facts: &Facts<'_>, group: &[&Mention]) -> Option<Finding> {
    let mut slugs: Vec<&str> = Vec::new();
    for mention in group {
        if !slugs.contains(&mention.region.as_str()) {
            slugs.push(&mention.region);
        }
    }
    let [first, others @ ..] = slugs.as_slice() else { return None };
    let here = facts.region(first)?;
    let far = others
        .iter()
        .find(|slug| facts.region(slug).is_some_and(|there| are_distant(facts, here, there)))?;
    let mention = |slug: &str| group.iter().find(|mention| mention.region == slug);
    let (one, other) = (mention(first)?, mention(far)?);
    let message = format!(
        "{} est nommé dans des régions éloignées : {}",
        quoted(&one.name),
        list(&names(facts, &slugs))
    );
    Some(
        Finding::new(
            "D-regions-eloignees",
            FAMILY,
            Severity::Information,
            facts.object(&other.region),
            message,
        )
        .facts([one.fact.clone(), other.fact.clone()])
        .propose("vérifiez qu’il s’agit de la même structure, et non d’une ligne copiée"),
    )
}

fn names(facts: &Facts<'_>, slugs: &[&str]) -> Vec<String> {
    slugs.iter().filter_map(|slug| facts.region(slug)).map(|region| region.name.clone()).collect()
}
