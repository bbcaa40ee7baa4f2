//! F: each card against its project's entry in the list.
//!
//! A card bears no number: its project is the entry of the same région with
//! which it shares most members and words. Where the two disagree on a title
//! or on members, both are shown.

use std::collections::{HashMap, HashSet};

use super::lists::laureate_fact;
use super::organisations::{Letters, digits, pieces};
use super::territory::{card_fact, communes};
use super::totals::published_fact;
use super::{Fact, Facts, Family, Finding};
use crate::diagnostics::Severity;
use crate::geography::place_key;
use crate::matching;
use crate::published::PublishedFigure;
use crate::register::members::{members, organisation_key};
use crate::register::{Card, Laureate};
use crate::typography::{list, quoted};

const FAMILY: Family = Family::Cards;

/// Below this a card and an entry have too little in common.
const ENOUGH: f64 = 0.45;

/// Applies the rules of the family.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let said = said(facts);
    let mut findings = Vec::new();
    for region in &facts.register.regions {
        let cards: Vec<&Card> = facts.register.cards_of(&region.slug).collect();
        let laureates: Vec<&Laureate> = facts.register.laureates_of(&region.slug).collect();
        let entries = Entries::new(&laureates);
        let profiles: Vec<Profile> = cards.iter().map(|card| Profile::of_card(card)).collect();
        let pairs: HashMap<usize, usize> = entries.matched(&profiles).into_iter().collect();
        let taken: HashSet<usize> = pairs.values().copied().collect();
        for (rank, (card, profile)) in cards.iter().zip(&profiles).enumerate() {
            let entry = pairs.get(&rank).and_then(|laureate| laureates.get(*laureate));
            let said = said.get(&matching::key(&card.title)).map_or(&[][..], Vec::as_slice);
            findings.extend(said_members(facts, card, entry.copied(), said));
            match entry {
                Some(laureate) => findings.extend(compare(facts, card, laureate)),
                None => {
                    let near = entries.nearest(facts, card, profile, &taken);
                    findings.push(without_project(facts, card, near));
                }
            }
        }
    }
    findings
}

/// The organisations that the texts of cards name, by the title of the card.
fn said<'a>(facts: &Facts<'a>) -> HashMap<String, Vec<&'a PublishedFigure>> {
    let mut said: HashMap<String, Vec<&PublishedFigure>> = HashMap::new();
    for figure in facts.published {
        let title = figure.card.as_deref();
        if let Some(title) = title.filter(|_| figure.indicator.as_deref() == Some("structure")) {
            said.entry(matching::key(title)).or_default().push(figure);
        }
    }
    said
}

/// F4: organisations that the text of a card names, and neither the card's
/// blocks nor its entry.
fn said_members(
    facts: &Facts<'_>,
    card: &Card,
    entry: Option<&Laureate>,
    said: &[&PublishedFigure],
) -> Vec<Finding> {
    if said.is_empty() {
        return Vec::new();
    }
    let on_card = [&card.third_places, &card.training_organisations, &card.other_partners];
    let columns = ["Tiers-lieux", "Organismes de formation", "Autres partenaires"];
    let blocks: Vec<(&String, Fact)> = on_card
        .into_iter()
        .zip(columns)
        .map(|(text, column)| (text, card_fact(card, "fiche", text, column)))
        .chain(entry.into_iter().flat_map(|entry| {
            let lists = [&entry.third_places, &entry.training_organisations];
            lists
                .into_iter()
                .zip(columns)
                .map(|(text, column)| (text, laureate_fact(entry, "liste", text, column)))
        }))
        .collect();
    let named =
        |figure: &PublishedFigure| blocks.iter().any(|(text, _)| names_it(text, &figure.printed));
    let absent = said.iter().filter(|figure| !named(figure));
    absent
        .map(|figure| {
            let printed = quoted(&figure.printed);
            let message =
                format!("le texte nomme {printed}, que ni la liste ni la fiche ne nomment");
            let object = facts.object(&card.region).project(&card.title);
            let near =
                blocks.iter().filter(|(text, _)| names_another_number(text, &figure.printed));
            Finding::new("F-texte-et-membres", FAMILY, Severity::Warning, object, message)
                .fact(published_fact(figure))
                .facts(near.map(|(_, fact)| fact.clone()))
                .propose("donnez à cette structure un seul nom, aux trois endroits")
        })
        .collect()
}

/// Whether a list has the name with another number: « Casa 94 », « Casa 93 ».
fn names_another_number(list: &str, name: &str) -> bool {
    let bare = |name: &str| -> String {
        let key = organisation_key(name);
        key.chars().filter(|c| !c.is_ascii_digit()).collect::<String>().trim().to_string()
    };
    members(list).iter().any(|other| bare(other) == bare(name))
}

/// What a card and an entry are compared by, computed once.
struct Profile {
    title: Vec<Word>,
    members: Vec<Key>,
}

impl Profile {
    fn new(title: &str, lists: &[&String]) -> Self {
        let names = lists.iter().flat_map(|list| members(list));
        let keys = names.flat_map(|name| {
            let pieces = pieces(&name).iter().map(|piece| Key::new(piece)).collect::<Vec<_>>();
            std::iter::once(Key::new(&name)).chain(pieces)
        });
        Self { title: words(title), members: keys.collect() }
    }

    fn of_card(card: &Card) -> Self {
        let lists = [&card.third_places, &card.training_organisations, &card.other_partners];
        Self::new(&card.title, &lists)
    }

    fn of_laureate(laureate: &Laureate) -> Self {
        let lists = [&laureate.third_places, &laureate.training_organisations];
        Self::new(&laureate.name, &lists)
    }

    /// The beginnings of its words: whatever is alike shares one. Its whole
    /// names too, which are rarer where many begin alike.
    fn beginnings(&self) -> HashSet<String> {
        let members = self.members.iter().flat_map(|key| &key.words).map(String::as_str);
        let squeezed = || self.members.iter().map(|key| key.squeezed.as_str());
        let words = self.title.iter().map(|word| word.text.as_str());
        let title: String = self.title.iter().map(|word| word.text.as_str()).collect();
        let whole = squeezed().chain([title.as_str()]).filter(|name| !name.is_empty());
        let whole = whole.map(|name| format!("={name}"));
        words.chain(members).chain(squeezed()).map(beginning).chain(whole).collect()
    }
}

/// The first letters of a word, by which it is looked for.
fn beginning(word: &str) -> String {
    word.chars().take(4).collect()
}

/// The entries of a région, and in which of them words begin alike.
struct Entries<'a> {
    laureates: &'a [&'a Laureate],
    profiles: Vec<Profile>,
    begins: HashMap<String, Vec<usize>>,
}

/// How many occurrences of its words, the rarest first, a card is looked for
/// by.
const MOST_READ: usize = 300;
/// How many entries a card is compared with.
const MOST_COMPARED: usize = 20;

impl<'a> Entries<'a> {
    fn new(laureates: &'a [&'a Laureate]) -> Self {
        let profiles: Vec<Profile> = laureates.iter().map(|l| Profile::of_laureate(l)).collect();
        let mut begins: HashMap<String, Vec<usize>> = HashMap::new();
        for (rank, entry) in profiles.iter().enumerate() {
            for beginning in entry.beginnings() {
                begins.entry(beginning).or_default().push(rank);
            }
        }
        Self { laureates, profiles, begins }
    }

    /// The entries that share the rarest words with a card, those that share
    /// most first. The work for a card is bounded, so that it grows with their
    /// number.
    fn likeliest(&self, beginnings: &HashSet<String>) -> Vec<usize> {
        let mut blocks: Vec<&Vec<usize>> =
            beginnings.iter().filter_map(|beginning| self.begins.get(beginning)).collect();
        blocks.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        // Whole numbers: their sum is the same whatever the order of the blocks.
        let mut weights: HashMap<usize, usize> = HashMap::new();
        let mut read = 0;
        for block in blocks {
            read += block.len();
            if read > MOST_READ {
                break;
            }
            for rank in block {
                *weights.entry(*rank).or_default() += 10_000 / block.len();
            }
        }
        let mut ranked: Vec<(usize, usize)> = weights.into_iter().collect();
        ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.into_iter().take(MOST_COMPARED).map(|(rank, _)| rank).collect()
    }

    /// Cards with their entries, by rank: the best pairs first, each entry once.
    fn matched(&self, cards: &[Profile]) -> Vec<(usize, usize)> {
        let mut scored: Vec<(f64, usize, usize)> = Vec::new();
        for (card_rank, card) in cards.iter().enumerate() {
            for rank in self.likeliest(&card.beginnings()) {
                let score = self.profiles.get(rank).map_or(0.0, |entry| score(card, entry));
                if score >= ENOUGH {
                    scored.push((score, card_rank, rank));
                }
            }
        }
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        let (mut matched, mut taken) = (HashSet::new(), HashSet::new());
        let mut free = |(_, card, laureate): &(f64, usize, usize)| {
            let both = !matched.contains(card) && !taken.contains(laureate);
            both && matched.insert(*card) && taken.insert(*laureate)
        };
        scored
            .into_iter()
            .filter(|pair| free(pair))
            .map(|(_, card, laureate)| (card, laureate))
            .collect()
    }

    /// The entry that a card without one is nearest to, by its names and its
    /// place; none of those that are taken.
    fn nearest(
        &self,
        facts: &Facts<'_>,
        card: &Card,
        profile: &Profile,
        taken: &HashSet<usize>,
    ) -> Option<&'a Laureate> {
        let place = [&card.communes, card.department.as_ref().unwrap_or(&card.communes)];
        let place = place.map(|name| place_key(name)).join(" ");
        let mut beginnings = profile.beginnings();
        beginnings.extend(place.split(' ').filter(|word| word.len() > 4).map(beginning));
        let likeliest = self.likeliest(&beginnings).into_iter();
        likeliest
            .filter(|rank| !taken.contains(rank))
            .filter_map(|rank| self.laureates.get(rank).zip(self.profiles.get(rank)))
            .map(|(laureate, entry)| {
                (score(profile, entry) + place_in_common(facts, card, laureate), *laureate)
            })
            .filter(|(score, _)| *score > 0.0)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.id.cmp(&a.1.id)))
            .map(|(_, laureate)| laureate)
    }
}

/// Cards with their entries, by rank: the best pairs first, each entry once.
pub fn matched(cards: &[&Card], laureates: &[&Laureate]) -> Vec<(usize, usize)> {
    let profiles: Vec<Profile> = cards.iter().map(|card| Profile::of_card(card)).collect();
    Entries::new(laureates).matched(&profiles)
}

/// How much a card and an entry have in common, from 0 to 2: words of the
/// titles, and members whatever their role.
fn score(card: &Profile, entry: &Profile) -> f64 {
    let titles = shared_share(&card.title, &entry.title, same_word);
    // One word in common, and no member, is chance.
    let titles_alone = if titles >= 0.75 { titles } else { 0.0 };
    match shared_share(&card.members, &entry.members, same) {
        0.0 => titles_alone,
        members => titles + members,
    }
}

/// A word of a title, and its letters.
struct Word {
    text: String,
    letters: Letters,
}

/// The telling words of a title.
fn words(title: &str) -> Vec<Word> {
    const EMPTY: [&str; 15] = [
        "pour",
        "dans",
        "sur",
        "tiers",
        "lieu",
        "lieux",
        "projet",
        "formation",
        "formations",
        "deffinov",
        "ses",
        "son",
        "par",
        "tlc",
        "competences",
    ];
    matching::loose_key(title)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 1 && !matching::is_small_word(word) && !EMPTY.contains(word))
        .map(|word| Word { text: word.to_string(), letters: Letters::new(word) })
        .collect()
}

/// The share of the shorter list that the other has too.
fn shared_share<T>(left: &[T], right: &[T], same: impl Fn(&T, &T) -> bool) -> f64 {
    let shortest = left.len().min(right.len());
    if shortest == 0 {
        return 0.0;
    }
    let shared = left.iter().filter(|one| right.iter().any(|other| same(one, other))).count();
    shared.min(shortest) as f64 / shortest as f64
}

fn same_word(left: &Word, right: &Word) -> bool {
    let (a, b) = (left.text.as_str(), right.text.as_str());
    let stem = |word: &str| word.trim_end_matches(['s', 'x']).len();
    let same_stem = || a.get(..stem(a)) == b.get(..stem(b));
    let long = a.len() >= 5 && b.len() >= 5;
    same_stem() || long && nearly(a, &left.letters, b, &right.letters)
}

/// Whether two words differ by a letter in six, and not by their digits:
/// « Casa 94 » is not « Casa 89 ».
fn nearly(left: &str, left_letters: &Letters, right: &str, right_letters: &Letters) -> bool {
    const ALIKE: f64 = 0.82;
    let longest = left_letters.count().max(right_letters.count());
    let edits = ((1.0 - ALIKE) * longest as f64 + 1e-9) as usize;
    // What the letters rule out is not measured: that is nearly everything.
    left_letters.may_be(right_letters, edits)
        && digits(left) == digits(right)
        && strsim::normalized_damerau_levenshtein(left, right) >= ALIKE
}

/// A name in the forms it is compared by.
#[derive(Debug, Clone)]
struct Key {
    /// Its words without articles, accents and capitals, and their initials.
    words: Vec<String>,
    initials: String,
    /// The same words without spaces and final s, and its letters.
    squeezed: String,
    squeezed_letters: Letters,
    /// All its letters and digits, articles too.
    letters: String,
    /// All its words, articles too, and their initials: initials stand for
    /// « formation » too.
    spelled: Vec<String>,
    spelled_initials: String,
}

impl Key {
    fn new(name: &str) -> Self {
        let plain = organisation_key(name);
        let words: Vec<String> = plain.split(' ').map(str::to_string).collect();
        let squeezed: String = words.iter().map(|word| word.trim_end_matches('s')).collect();
        let loose = matching::loose_key(name);
        let letters = loose.chars().filter(|c| c.is_alphanumeric()).collect();
        let all = loose.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let spelled: Vec<String> = all.map(str::to_string).collect();
        let initials = |words: &[String]| words.iter().filter_map(|w| w.chars().next()).collect();
        Self {
            initials: initials(&words),
            words,
            squeezed_letters: Letters::new(&squeezed),
            squeezed,
            letters,
            spelled_initials: initials(&spelled),
            spelled,
        }
    }

    /// Whether it has all the words of another.
    fn has_words(&self, other: &Self) -> bool {
        other.words.iter().map(String::len).sum::<usize>() >= 4
            && other.words.iter().all(|word| self.words.contains(word))
    }

    /// Whether its letters go on where another's stand.
    fn holds(&self, other: &Self) -> bool {
        other.letters.len() >= 8 && self.letters.contains(&other.letters)
    }
}

/// Whether two names name the same thing: alike, or one with the initials of
/// the other.
fn same(left: &Key, right: &Key) -> bool {
    let spelled = |short: &Key, long: &Key| {
        spelled_out(&short.words, &long.words, &long.initials)
            || spelled_out(&short.words, &long.spelled, &long.spelled_initials)
    };
    alike(left, right) || spelled(left, right) || spelled(right, left)
}

/// Whether two names are equal, nearly so, or one the other with more words.
fn alike(left: &Key, right: &Key) -> bool {
    let (a, b) = (&left.squeezed, &right.squeezed);
    let long = a.len() >= 5 && b.len() >= 5;
    a == b
        || left.has_words(right)
        || right.has_words(left)
        || left.holds(right)
        || right.holds(left)
        || long && nearly(a, &left.squeezed_letters, b, &right.squeezed_letters)
}

/// Whether a name is another with initials for words: « CMA de Normandie »,
/// « Chambre de métiers et de l’artisanat Normandie ».
fn spelled_out(short: &[String], long: &[String], initials: &str) -> bool {
    let stands_for =
        |word: &str| (3..=6).contains(&word.chars().count()) && initials.contains(word);
    let plain = |word: &String| long.contains(word);
    short.iter().any(|word| stands_for(word) && !plain(word))
        && short.iter().all(|word| plain(word) || stands_for(word))
}

fn without_project(facts: &Facts<'_>, card: &Card, near: Option<&Laureate>) -> Finding {
    let message = "la fiche ne correspond à aucun projet de la liste";
    let object = facts.object(&card.region).project(&card.title);
    let finding = Finding::new("F-fiche-sans-projet", FAMILY, Severity::Warning, object, message)
        .fact(card_fact(card, "titre", &card.title, "Titre"))
        .fact(card_fact(card, "tiers-lieux", &card.third_places, "Tiers-lieux"));
    match near {
        Some(near) => finding
            .fact(laureate_fact(near, "nom", near.title(), "Nom"))
            .fact(laureate_fact(near, "tiers-lieux", &near.third_places, "Tiers-lieux"))
            .propose(format!(
                "est-ce {} {} ? Donnez alors le même titre aux deux endroits",
                near.id,
                quoted(near.title())
            )),
        None => finding.propose("dites de quel projet de la liste il s’agit"),
    }
}

/// How much an entry names of the place of a card: its communes count double
/// its département.
fn place_in_common(facts: &Facts<'_>, card: &Card, laureate: &Laureate) -> f64 {
    let texts = [&laureate.name, &laureate.third_places, &laureate.training_organisations];
    let key = place_key(&texts.map(String::as_str).join(" "));
    let names = |place: &str| key.contains(&place_key(place));
    let department = card.department.as_deref();
    let official = department.and_then(|name| facts.geography.department_named(name));
    let in_department = official.is_some_and(|d| d.name.contains('-') && names(&d.name));
    let in_commune = communes(&card.communes).iter().any(|commune| {
        // « Bagnères-de-Bigorre » is in Bigorre.
        let last = commune.rsplit([' ', '-']).next().unwrap_or(commune);
        last.len() > 4 && names(last)
    });
    0.1 * f64::from(u8::from(in_commune)) * 2.0 + 0.1 * f64::from(u8::from(in_department))
}

fn compare(facts: &Facts<'_>, card: &Card, laureate: &Laureate) -> Vec<Finding> {
    let mut findings: Vec<Finding> = titles(facts, card, laureate).into_iter().collect();
    let roles = [
        ("tiers-lieux", &card.third_places, &laureate.third_places, "Tiers-lieux"),
        (
            "organismes de formation",
            &card.training_organisations,
            &laureate.training_organisations,
            "Organismes de formation",
        ),
    ];
    for (what, on_card, listed, column) in roles {
        let sides = Sides { what, column, on_card, listed };
        findings.extend(sides.compare(facts, card, laureate));
    }
    findings
}

/// F2: the same project under two titles.
fn titles(facts: &Facts<'_>, card: &Card, laureate: &Laureate) -> Option<Finding> {
    let plain = |title: &str| -> String {
        matching::loose_key(title).chars().filter(|c| c.is_alphanumeric()).collect()
    };
    if plain(&card.title) == plain(&laureate.name) {
        return None;
    }
    let alike = are_variants(&words(&card.title), &words(&laureate.name));
    let severity = if alike { Severity::Information } else { Severity::Warning };
    let message = format!(
        "{} dans la liste, {} sur la fiche",
        if laureate.name.is_empty() { "sans nom".to_string() } else { quoted(&laureate.name) },
        quoted(&card.title)
    );
    let object = facts.object(&card.region).project(&laureate.id);
    Some(
        Finding::new("F-deux-titres", FAMILY, severity, object, message)
            .fact(laureate_fact(laureate, "nom", laureate.title(), "Nom"))
            .fact(card_fact(card, "titre de la fiche", &card.title, "Titre"))
            .propose("gardez un seul titre, le même dans la liste et sur la fiche"),
    )
}

/// Whether two titles are one with a few words more or less: one begins with
/// the other, or half the words of the longer are common.
fn are_variants(left: &[Word], right: &[Word]) -> bool {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if short.is_empty() {
        return long.is_empty();
    }
    let begins = short.iter().zip(long).all(|(a, b)| same_word(a, b));
    let shared =
        short.iter().filter(|word| long.iter().any(|other| same_word(word, other))).count();
    begins || shared * 2 >= long.len()
}

/// The members of one role in the list and on the card.
struct Sides<'a> {
    what: &'a str,
    column: &'a str,
    on_card: &'a str,
    listed: &'a str,
}

impl Sides<'_> {
    /// F3: members that only the list or only the card names.
    fn compare(&self, facts: &Facts<'_>, card: &Card, laureate: &Laureate) -> Option<Finding> {
        let elsewhere = self.other_blocks(card, laureate);
        let told = |names: Vec<String>, (blocks, where_): (Vec<(&str, &String)>, &str)| {
            let role = |name: &String| {
                let block = blocks.iter().find(|(_, list)| names_it(list, name));
                block
                    .map_or(quoted(name), |(role, _)| format!("{} ({role} {where_})", quoted(name)))
            };
            names.iter().map(role).collect::<Vec<_>>()
        };
        let [there, here] = elsewhere;
        let only_listed = told(missing_from(self.listed, self.on_card), (there, "sur la fiche"));
        let only_on_card = told(missing_from(self.on_card, self.listed), (here, "dans la liste"));
        let message = self.message(&only_listed, &only_on_card)?;
        let object = facts.object(&card.region).project(&laureate.id);
        let shown =
            |list: &str| if list.is_empty() { "(aucun)".to_string() } else { list.to_string() };
        Some(
            Finding::new("F-membres-differents", FAMILY, Severity::Warning, object, message)
                .fact(laureate_fact(laureate, self.what, &shown(self.listed), self.column))
                .fact(card_fact(
                    card,
                    &format!("fiche {}", card.title),
                    &shown(self.on_card),
                    self.column,
                ))
                .propose("gardez la même liste de membres aux deux endroits"),
        )
    }

    /// The other blocks of the card and of the entry: a member may stand there,
    /// in another role.
    fn other_blocks<'b>(
        &self,
        card: &'b Card,
        laureate: &'b Laureate,
    ) -> [Vec<(&'static str, &'b String)>; 2] {
        let card = vec![
            ("tiers-lieu", &card.third_places),
            ("organisme", &card.training_organisations),
            ("partenaire", &card.other_partners),
        ];
        let entry = vec![
            ("tiers-lieu", &laureate.third_places),
            ("organisme", &laureate.training_organisations),
        ];
        let own = if self.column == "Tiers-lieux" { "tiers-lieu" } else { "organisme" };
        [card, entry].map(|blocks| blocks.into_iter().filter(|(role, _)| *role != own).collect())
    }

    fn message(&self, only_listed: &[String], only_on_card: &[String]) -> Option<String> {
        let named = |names: &[String]| list(names);
        let what = self.what;
        match (only_listed, only_on_card) {
            ([], []) => None,
            (_, []) => Some(format!("{what} : {} dans la liste seulement", named(only_listed))),
            ([], _) => Some(format!("{what} : {} sur la fiche seulement", named(only_on_card))),
            _ => Some(format!(
                "{what} : {} dans la liste, {} sur la fiche",
                named(only_listed),
                named(only_on_card)
            )),
        }
    }
}

/// The members of a list that another does not name; of a name that holds
/// several, the part that is not there.
fn missing_from(list: &str, other: &str) -> Vec<String> {
    let others = members(other);
    let keys: Vec<Key> = others
        .iter()
        .flat_map(|name| std::iter::once(name.as_str()).chain(pieces(name)))
        .map(Key::new)
        .collect();
    let absent = |name: &str| {
        let key = Key::new(name);
        !keys.iter().any(|other| same(&key, other))
    };
    let missing = |name: String| -> Vec<String> {
        let parts: Vec<String> = pieces(&name).into_iter().map(str::to_string).collect();
        let missing: Vec<String> = parts.iter().filter(|part| absent(part)).cloned().collect();
        match missing.len() {
            0 if !parts.is_empty() => Vec::new(),
            // « Médiathèques de X et de Y »: a part may be no name by itself.
            some if some < parts.len() && !missing.iter().any(|part| goes_on(part)) => missing,
            _ if absent(&name) => vec![name],
            _ => Vec::new(),
        }
    };
    members(list).into_iter().flat_map(missing).collect()
}

/// Whether a list names an organisation, alone or in a longer name.
fn names_it(list: &str, name: &str) -> bool {
    let key = Key::new(name);
    members(list).iter().any(|other| {
        let names = std::iter::once(other.as_str()).chain(pieces(other));
        names.map(Key::new).any(|other| alike(&key, &other))
    })
}

fn goes_on(part: &str) -> bool {
    ["de ", "du ", "des ", "d’", "d'"].iter().any(|start| part.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn are_same(left: &str, right: &str) -> bool {
        same(&Key::new(left), &Key::new(right))
    }

    #[test]
    fn names_are_the_same_with_more_words_or_a_slip() {
        for (left, right) in [
            ("Le Dynamo", "la Dynamo"),
            ("GRETA CFA Bretagne Sud", "Le GRETA-CFA Bretagne Sud"),
            ("AFLOKAT", "Aflokkat"),
            ("Mednum", "Arnia Mednum BFC"),
            ("La MFR de la Brenne", "Maison familiale rurale de la Brenne"),
            ("CMA de Normandie", "la Chambre de Métiers et de l’Artisanat Normandie"),
            ("PERF", "Pôle Etude Recherche Formation"),
            ("Le tiers-lieu « Uchjosu dia vignarella » de Vico", "U chjosu di a vignarella"),
        ] {
            assert!(are_same(left, right), "{left}, {right}");
        }
        for (left, right) in [
            ("Ping", "Hyperlien"),
            ("Casa 94", "Casa 89"),
            ("Fabrique 101", "Fabrique 102"),
            ("Hyper", "HyperLieu"),
            ("B2B Formation", "B2F Formation"),
        ] {
            assert!(!are_same(left, right), "{left}, {right}");
        }
    }

    #[test]
    fn of_several_names_the_missing_one_is_told() {
        let missing = missing_from("Fore Iles du Nord et Jielle Formation", "Fores Iles du Nord");
        assert_eq!(missing, ["Jielle Formation"]);
        assert!(missing_from("L’École et ENTRECOM", "Entrecom, l’Ecole").is_empty());
    }

    #[test]
    fn titles_are_variants_or_two_titles() {
        let variants = |left: &str, right: &str| are_variants(&words(left), &words(right));
        assert!(variants("Le Shaker", "Shaker Lab"));
        assert!(variants("Les QPV réinventés", "Les QPV réinventés : des espaces d’avenir"));
        assert!(variants("Trajectoire numérique", "Trajectoires numériques"));
        assert!(!variants("DEFFINOV Arles", "La Verrerie d’Arles, se former dans un jardin"));
        assert!(!variants("", "Maison de l’accompagnement"));
    }
}
