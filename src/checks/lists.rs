//! D: the lists of laureates: numbering, names, members.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::organisations::{
    Mention, Neighbours, Role, by_key, is_slip, mentions, near_pairs, networks,
};
use super::territory::{card_fact, named_in};
use super::totals::{published_fact, region_fact};
use super::{Fact, Facts, Family, Finding, Object};
use crate::diagnostics::Severity;
use crate::geography::place_key;
use crate::matching;
use crate::published::PublishedFigure;
use crate::register::members::{members, tells};
use crate::register::{Card, Laureate, Region};
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
    for card in &facts.register.cards {
        findings.extend(card_cut_short(facts, card));
    }
    findings.extend(twice_listed(facts));
    findings.extend(organisations(facts));
    findings.extend(facts.register.regions.iter().flat_map(|region| carriers(facts, region)));
    findings
}

/// D1: numbers run from one, without gap and without repetition.
fn numbering(facts: &Facts<'_>, region: &Region) -> Vec<Finding> {
    let numbered: Vec<(&Laureate, usize)> = facts
        .register
        .laureates_of(&region.slug)
        .filter_map(|laureate| Some((laureate, laureate.number?)))
        .collect();
    let numbers: BTreeSet<usize> =
        numbered.iter().map(|(_, number)| *number).filter(|number| *number > 0).collect();
    let last = numbers.last().copied().unwrap_or(0);
    let gaps = gaps(&numbers);
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
            .fact(Fact::new("projets numérotés", numbered.len().to_string()))
            .facts(numbered.last().map(|(laureate, number)| {
                laureate_fact(laureate, "dernier numéro", &number.to_string(), "Numéro")
            }))
            .sum(format!("{last} − {} = {}", last - numbers.len(), numbers.len()))
            .propose("renumérotez la liste, ou ajoutez les projets qui manquent"),
        );
    }
    let mut first: HashMap<usize, &Laureate> = HashMap::new();
    for (laureate, number) in &numbered {
        match first.get(number) {
            Some(earlier) => findings.push(repeated_number(region, earlier, laureate, *number)),
            None => {
                first.insert(*number, laureate);
            }
        }
    }
    findings
}

/// The numbers that are missing from one on: « 3 », « 7 à 9 ».
fn gaps(numbers: &BTreeSet<usize>) -> Vec<String> {
    let mut next = 1;
    let mut gaps = Vec::new();
    for number in numbers.iter().copied() {
        match number - next {
            0 => {}
            1 => gaps.push(next.to_string()),
            2 => gaps.extend([next, next + 1].map(|missing| missing.to_string())),
            _ => gaps.push(format!("{next} à {}", number - 1)),
        }
        next = number.saturating_add(1);
    }
    gaps
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

/// The same for a card: its title and its members.
fn card_cut_short(facts: &Facts<'_>, card: &Card) -> Vec<Finding> {
    let texts = [
        ("titre", &card.title, "Titre"),
        ("tiers-lieux", &card.third_places, "Tiers-lieux"),
        ("organismes de formation", &card.training_organisations, "Organismes de formation"),
        ("autres partenaires", &card.other_partners, "Autres partenaires"),
    ];
    texts
        .into_iter()
        .filter_map(|(what, text, column)| {
            let why = why_cut(facts, text)?;
            let message = format!("{} semble coupé : {why}", quoted(text));
            let object = facts.object(&card.region).project(&card.title);
            Some(
                Finding::new("D-nom-tronque", FAMILY, Severity::Warning, object, message)
                    .fact(card_fact(card, what, text, column))
                    .propose("reprenez le nom entier chez les porteurs du projet"),
            )
        })
        .collect()
}

fn why_cut(facts: &Facts<'_>, text: &str) -> Option<String> {
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
    without_subject(trimmed)
        .or_else(|| commune_alone(facts, trimmed))
        .or_else(|| completed_elsewhere(facts, trimmed))
}

/// The words that no name ends with.
const HANGING: [&str; 26] = [
    "le", "la", "les", "l", "de", "du", "des", "d", "et", "en", "au", "aux", "à", "pour", "par",
    "sur", "avec", "dans", "un", "une", "ce", "ou", "chez", "&", "-", "sous",
];

/// « X : de formation et… »: a word is missing after the colon.
fn without_subject(text: &str) -> Option<String> {
    let (_, after) = text.split_once(':')?;
    let first = after.split_whitespace().next()?;
    let missing = ["de", "du", "et"].contains(&first);
    missing.then(|| format!("il manque un mot entre {} et {}", quoted(":"), quoted(first)))
}

/// A member that is a commune and nothing else: a name cut in two by a comma.
fn commune_alone(facts: &Facts<'_>, text: &str) -> Option<String> {
    let (before, last) = text.rsplit_once(',')?;
    let last = last.trim();
    let places = facts.geography.communes_named(last);
    // Short names are common words too.
    let told = last.contains([' ', '-']) && !places.is_empty() && !before.is_empty();
    told.then(|| format!("{} est une commune, et non une structure", quoted(last)))
}

/// A network's name with the beginning of a région's: « le GRETA Grand » is
/// the beginning of « GRETA Grand … ».
fn completed_elsewhere(facts: &Facts<'_>, text: &str) -> Option<String> {
    let last_member = members(text).pop()?;
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

/// D6: two entries of one région under one name, or with the same members.
fn twice_listed(facts: &Facts<'_>) -> Vec<Finding> {
    let mut by_name: HashMap<(&str, String), &Laureate> = HashMap::new();
    let mut by_members: HashMap<(&str, String), &Laureate> = HashMap::new();
    let mut findings = Vec::new();
    for laureate in &facts.register.laureates {
        let name = matching::loose_key(&laureate.name);
        let lists = [&laureate.third_places, &laureate.training_organisations];
        let members = lists.map(|list| matching::loose_key(list)).join("|");
        let both = lists.iter().all(|list| !list.is_empty());
        let earlier = (!name.is_empty())
            .then(|| first_of(&mut by_name, (&laureate.region, name), laureate))
            .flatten();
        let copied = both
            .then(|| first_of(&mut by_members, (&laureate.region, members), laureate))
            .flatten();
        match (earlier, copied) {
            (Some(earlier), _) => findings.push(listed_twice(facts, earlier, laureate, "Nom")),
            (None, Some(earlier)) => {
                findings.push(listed_twice(facts, earlier, laureate, "Tiers-lieux"));
            }
            (None, None) => {}
        }
    }
    findings
}

/// The first laureate of a key; none where this one is the first.
fn first_of<'a, K: std::hash::Hash + Eq>(
    seen: &mut HashMap<K, &'a Laureate>,
    key: K,
    laureate: &'a Laureate,
) -> Option<&'a Laureate> {
    match seen.entry(key) {
        std::collections::hash_map::Entry::Occupied(entry) => Some(*entry.get()),
        std::collections::hash_map::Entry::Vacant(entry) => {
            entry.insert(laureate);
            None
        }
    }
}

fn listed_twice(
    facts: &Facts<'_>,
    earlier: &Laureate,
    laureate: &Laureate,
    column: &str,
) -> Finding {
    let (what, shown): (_, fn(&Laureate) -> &String) = match column {
        "Nom" => ("le même nom", |laureate| &laureate.name),
        _ => ("les mêmes membres", |laureate| &laureate.third_places),
    };
    let message = format!("deux projets ont {what} : {} et {}", earlier.id, laureate.id);
    Finding::new("D-projet-en-double", FAMILY, Severity::Warning, object(facts, laureate), message)
        .fact(laureate_fact(earlier, &column.to_lowercase(), shown(earlier), column))
        .fact(laureate_fact(laureate, &column.to_lowercase(), shown(laureate), column))
        .propose("retirez l’une des deux lignes, ou rendez-lui ce qui la distingue")
}

/// D7: organisations under two spellings, in two roles, or in distant régions.
fn organisations(facts: &Facts<'_>) -> Vec<Finding> {
    let mentions = mentions(facts);
    let groups = by_key(&mentions);
    let networks = networks(&groups);
    let neighbours = Neighbours::new(facts);
    let mut findings = spellings(facts, &groups);
    for (key, group) in &groups {
        let telling = !networks.contains(*key) && key.len() > 2 && tells(key);
        if telling {
            findings.extend(accents(facts, group));
            findings.extend(two_roles(facts, group));
            findings.extend(distant_regions(facts, &neighbours, group));
        }
    }
    findings.extend(foreign_territories(facts, &mentions));
    findings
}

fn spellings(facts: &Facts<'_>, groups: &[(&str, Vec<&Mention>)]) -> Vec<Finding> {
    // One word of a name is too little to be a name.
    let told = |key: &str, group: &[&Mention]| key.contains(' ') || group.iter().any(|m| !m.piece);
    let whole: Vec<&(&str, Vec<&Mention>)> =
        groups.iter().filter(|(key, group)| told(key, group)).collect();
    let keys: Vec<&str> = whole.iter().map(|(key, _)| *key).collect();
    let words = words(&keys);
    near_pairs(&keys)
        .into_iter()
        .filter_map(|(left, right)| {
            if are_other_words(facts, &words, keys.get(left)?, keys.get(right)?) {
                return None;
            }
            let (left, right) = (&whole.get(left)?.1, &whole.get(right)?.1);
            let (one, other) = (left.first()?, right.first()?);
            let keep = if left.len() >= right.len() { one } else { other };
            Some(two_spellings(facts, one, other, keep, Severity::Warning))
        })
        .collect()
}

/// In how many names each word stands.
fn words<'a>(keys: &[&'a str]) -> HashMap<&'a str, usize> {
    let mut words = HashMap::new();
    for word in keys.iter().flat_map(|key| key.split(' ')) {
        *words.entry(word).or_default() += 1;
    }
    words
}

/// Whether names differ by words that are words in both, and no slip: other names
/// have them, or they make a commune with their neighbours. « du Port » is not
/// « du Pont », « de Lens » is not « de Sens »; a plural is a slip.
fn are_other_words(
    facts: &Facts<'_>,
    words: &HashMap<&str, usize>,
    left: &str,
    right: &str,
) -> bool {
    let stem = |word: &str| word.trim_end_matches(['s', 'x']).to_string();
    let (left, right): (Vec<&str>, Vec<&str>) =
        (left.split(' ').collect(), right.split(' ').collect());
    let start = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let rest = left.len().min(right.len()) - start;
    let ends = left.iter().rev().zip(right.iter().rev()).take(rest);
    let end = ends.take_while(|(a, b)| a == b).count();
    let is_word = |name: &[&str]| {
        let differing = start..name.len() - end;
        let known = matches!(name.get(differing.clone()), Some([word])
            if words.get(word).is_some_and(|names| *names > 1));
        known || is_commune_at(facts, name, differing)
    };
    let plural = matches!((left.get(start..left.len() - end), right.get(start..right.len() - end)),
        (Some([a]), Some([b])) if stem(a) == stem(b));
    !plural && is_word(&left) && is_word(&right)
}

/// Whether words of a name are of a commune: « Sainte-Maxime ».
fn is_commune_at(facts: &Facts<'_>, name: &[&str], words: Range<usize>) -> bool {
    const AROUND: usize = 3;
    let is_commune = |run: &[&str]| !facts.geography.communes_named(&run.join(" ")).is_empty();
    !words.is_empty()
        && (words.start.saturating_sub(AROUND)..=words.start).any(|start| {
            let mut ends = words.end..=name.len().min(words.end + AROUND);
            ends.any(|end| name.get(start..end).is_some_and(is_commune))
        })
}

fn two_spellings(
    facts: &Facts<'_>,
    one: &Mention,
    other: &Mention,
    keep: &Mention,
    severity: Severity,
) -> Finding {
    let message = format!(
        "deux écritures d’un même nom, semble-t-il : {} et {}",
        quoted(&one.name),
        quoted(&other.name)
    );
    Finding::new("D-deux-ecritures", FAMILY, severity, facts.object(&one.region), message)
        .facts([one.fact(), other.fact()])
        .propose(format!("gardez une seule écriture, par exemple {}", quoted(&keep.name)))
}

/// One name with and without its accents: « Évaléco », « Evaleco ».
fn accents(facts: &Facts<'_>, group: &[&Mention]) -> Option<Finding> {
    if group.iter().all(|mention| mention.name.is_ascii()) {
        return None;
    }
    let accented = |name: &str| -> Vec<String> {
        let key = matching::key(name);
        let words = key.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| !word.is_empty() && !word.is_ascii()).map(str::to_string).collect()
    };
    let one = group.iter().find(|mention| !mention.piece)?;
    let mine = accented(&one.name);
    let differs = |mention: &&&Mention| {
        if mention.piece || mention.name == one.name {
            return false;
        }
        let theirs = accented(&mention.name);
        // Articles and generic words may come and go: only the same words count.
        let plain =
            |words: &[String]| words.iter().map(|w| matching::loose_key(w)).collect::<Vec<_>>();
        let said = matching::loose_key(&mention.name);
        let told = matching::loose_key(&one.name);
        mine != theirs
            && plain(&mine).iter().all(|word| said.contains(word))
            && plain(&theirs).iter().all(|word| told.contains(word))
    };
    let other = group.iter().find(differs)?;
    let keep = if mine.len() >= accented(&other.name).len() { one } else { other };
    Some(two_spellings(facts, one, other, keep, Severity::Information))
}

/// An organisation counted as a third place here and as a training organisation
/// there; on one card or in one entry it is counted twice.
fn two_roles(facts: &Facts<'_>, group: &[&Mention]) -> Option<Finding> {
    let of_role = |role: Role| group.iter().filter(move |mention| mention.role == role);
    // In the order of the lists: of one owner, the first counts.
    let training = of_role(Role::Training).rev().map(|mention| (mention.owner.as_str(), mention));
    let training: HashMap<&str, &&Mention> = training.collect();
    let together = of_role(Role::ThirdPlace)
        .find_map(|place| Some((place, *training.get(place.owner.as_str())?)));
    let apart = || of_role(Role::ThirdPlace).next().zip(of_role(Role::Training).next());
    let (severity, (place, training)) = match together {
        Some(pair) => (Severity::Warning, pair),
        None => (Severity::Information, apart()?),
    };
    let message = match severity {
        Severity::Warning => format!(
            "{} est à la fois {} et {} du même projet",
            quoted(&place.name),
            place.role.word(),
            training.role.word()
        ),
        _ => format!(
            "{} est {} ici, {} là",
            quoted(&place.name),
            place.role.word(),
            training.role.word()
        ),
    };
    let object = facts.object(&place.region);
    Some(
        Finding::new("D-deux-roles", FAMILY, severity, object, message)
            .facts([place.fact(), training.fact()])
            .propose("dites dans quel rôle cette structure est comptée"),
    )
}

/// D9: who runs the call of a région, as a text names it, against its box.
fn carriers(facts: &Facts<'_>, region: &Region) -> Vec<Finding> {
    let words = |text: &str| -> Vec<String> {
        let key = matching::loose_key(text);
        let words = key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_string).collect()
    };
    let boxed = words(&region.carrier_text);
    let differs = |said: &PublishedFigure| {
        !boxed.is_empty() && !words(&said.printed).iter().all(|word| boxed.contains(word))
    };
    let said = named_in(facts, region, "porteur").filter(|said| differs(said));
    said.map(|said| {
        let slip = boxed.iter().any(|word| is_slip(word, &matching::loose_key(&said.printed)));
        let (code, severity) = match slip {
            true => ("D-deux-ecritures", Severity::Information),
            false => ("D-deux-porteurs", Severity::Warning),
        };
        let message = format!(
            "le texte dit le dispositif porté par {}, l’encart par {}",
            quoted(&said.printed),
            quoted(&region.carrier_text)
        );
        Finding::new(code, FAMILY, severity, Object::region(&region.name), message)
            .fact(published_fact(said))
            .fact(region_fact(
                region,
                "encart",
                region.carrier_text.clone(),
                "Dispositif porté par",
            ))
            .propose("gardez un seul nom, aux deux endroits")
    })
    .collect()
}

fn distant_regions(
    facts: &Facts<'_>,
    neighbours: &Neighbours,
    group: &[&Mention],
) -> Option<Finding> {
    let mut slugs: Vec<&str> = Vec::new();
    for mention in group {
        if !slugs.contains(&mention.region.as_str()) {
            slugs.push(&mention.region);
        }
    }
    let [first, others @ ..] = slugs.as_slice() else { return None };
    let far = others.iter().find(|slug| neighbours.are_distant(first, slug))?;
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
        .facts([one.fact(), other.fact()])
        .propose("vérifiez qu’il s’agit de la même structure, et non d’une ligne copiée"),
    )
}

fn names(facts: &Facts<'_>, slugs: &[&str]) -> Vec<String> {
    slugs.iter().filter_map(|slug| facts.region(slug)).map(|region| region.name.clone()).collect()
}

/// D8: organisations that bear the name of another région than the project's.
fn foreign_territories(facts: &Facts<'_>, mentions: &[Mention]) -> Vec<Finding> {
    let territories = territories(facts);
    let whole = mentions.iter().filter(|mention| !mention.piece);
    let foreign = whole.filter_map(|mention| {
        let region = facts.region(&mention.region)?;
        let territory = foreign_territory(&territories, region, &mention.name)?;
        let of_commune = is_commune_named_so(facts, region, territory, &mention.name);
        (!of_commune).then(|| foreign_finding(mention, region, territory))
    });
    foreign.collect()
}

/// Whether it is a commune of the région that is named after another:
/// « Montoir-de-Bretagne » is in the Pays de la Loire.
fn is_commune_named_so(
    facts: &Facts<'_>,
    region: &Region,
    territory: &Territory,
    organisation: &str,
) -> bool {
    let name = format!(" {} ", place_key(organisation));
    facts.geography.communes_keyed(territory.key.trim()).any(|(key, commune)| {
        region.codes.contains(&commune.region) && name.contains(&format!(" {key} "))
    })
}

fn foreign_finding(mention: &Mention, region: &Region, territory: &Territory) -> Finding {
    let Territory { name, current, .. } = territory;
    let message = format!(
        "{} porte le nom d’une autre région, {name}{}",
        quoted(&mention.name),
        if name == current { String::new() } else { format!(" ({current})") }
    );
    let object = Object::region(&region.name);
    Finding::new("D-autre-territoire", FAMILY, Severity::Warning, object, message)
        .fact(mention.fact())
        .fact(Fact::new("région du projet", region.name.clone()))
        .sum(format!("{name} ≠ {}", region.name))
        .propose("vérifiez que cette structure est bien de ce projet, et non d’une ligne copiée")
}

/// A région under a name that organisations bear.
pub(super) struct Territory {
    /// As it is looked for, between spaces.
    key: String,
    code: String,
    name: String,
    /// Its name today.
    current: String,
}

impl Territory {
    /// Whether it is a région's, or a part of it.
    pub(super) fn is_of(&self, region: &Region) -> bool {
        region.codes.contains(&self.code)
    }
}

/// The territory that an organisation bears the name of, where it is not of a
/// région. The longest name counts: « Nouvelle-Aquitaine » is not « Aquitaine ».
pub(super) fn foreign_territory<'t>(
    territories: &'t [Territory],
    region: &Region,
    organisation: &str,
) -> Option<&'t Territory> {
    let key = format!(" {} ", place_key(organisation).replace(['(', ')', ','], " "));
    let named = territories.iter().find(|territory| key.contains(territory.key.as_str()))?;
    (!named.is_of(region)).then_some(named)
}

/// The régions, by the names that organisations bear: today's, and those of
/// before 2016, which many still do; the longest first.
pub(super) fn territories(facts: &Facts<'_>) -> Vec<Territory> {
    const FORMER: [(&str, &str); 16] = [
        ("Alsace", "44"),
        ("Champagne-Ardenne", "44"),
        ("Lorraine", "44"),
        ("Aquitaine", "75"),
        ("Limousin", "75"),
        ("Poitou-Charentes", "75"),
        ("Auvergne", "84"),
        ("Rhône-Alpes", "84"),
        ("Bourgogne", "27"),
        ("Franche-Comté", "27"),
        ("Languedoc-Roussillon", "76"),
        ("Midi-Pyrénées", "76"),
        ("Nord-Pas-de-Calais", "32"),
        ("Picardie", "32"),
        ("Basse-Normandie", "28"),
        ("Haute-Normandie", "28"),
    ];
    // A meeting is « la réunion » too.
    const COMMON: [&str; 1] = ["04"];
    let regions = || facts.geography.regions.iter().filter(|outline| outline.code.len() == 2);
    let today = |code: &str| regions().find(|outline| outline.code == code).map(|o| o.name.clone());
    let current = regions()
        .filter(|outline| !COMMON.contains(&outline.code.as_str()))
        .map(|outline| (outline.name.clone(), outline.code.clone()));
    let former = FORMER.iter().map(|(name, code)| (name.to_string(), code.to_string()));
    let mut territories: Vec<Territory> = current
        .chain(former)
        .filter_map(|(name, code)| {
            let current = today(&code)?;
            Some(Territory { key: format!(" {} ", place_key(&name)), code, name, current })
        })
        .collect();
    territories.sort_by_key(|territory| std::cmp::Reverse(territory.key.len()));
    territories
}
