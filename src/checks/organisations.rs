//! The organisations that lists and cards name, and which names may be one.

use std::collections::HashMap;

use super::{Fact, Facts};
use crate::register::Region;
use crate::register::members::{members, organisation_key};

/// The role in which an organisation is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    ThirdPlace,
    Training,
    Partner,
}

impl Role {
    /// The French word.
    pub fn word(self) -> &'static str {
        match self {
            Self::ThirdPlace => "tiers-lieu",
            Self::Training => "organisme de formation",
            Self::Partner => "partenaire",
        }
    }
}

/// An organisation named somewhere.
#[derive(Debug, Clone)]
pub struct Mention {
    /// As printed.
    pub name: String,
    /// Without articles, accents and capitals.
    pub key: String,
    pub role: Role,
    /// The slug of the région.
    pub region: String,
    pub fact: Fact,
}

/// Every mention of the lists and the cards.
pub fn mentions(facts: &Facts<'_>) -> Vec<Mention> {
    let mut mentions = Vec::new();
    for laureate in &facts.register.laureates {
        let lists = [
            (Role::ThirdPlace, &laureate.third_places, "Tiers-lieux"),
            (Role::Training, &laureate.training_organisations, "Organismes de formation"),
        ];
        for (role, text, column) in lists {
            let fact = |name: &str| {
                Fact::new(laureate.id.clone(), name)
                    .at(&laureate.cells.place(column))
                    .line(laureate.source_line)
            };
            mentions.extend(named(text, role, &laureate.region, fact));
        }
    }
    for card in &facts.register.cards {
        let lists = [
            (Role::ThirdPlace, &card.third_places, "Tiers-lieux"),
            (Role::Training, &card.training_organisations, "Organismes de formation"),
            (Role::Partner, &card.other_partners, "Autres partenaires"),
        ];
        for (role, text, column) in lists {
            let fact = |name: &str| {
                Fact::new(format!("fiche {}", card.title), name)
                    .at(&card.cells.place(column))
                    .line(card.source_line)
            };
            mentions.extend(named(text, role, &card.region, fact));
        }
    }
    mentions
}

fn named<'a>(
    text: &'a str,
    role: Role,
    region: &'a str,
    fact: impl Fn(&str) -> Fact + 'a,
) -> impl Iterator<Item = Mention> + 'a {
    members(text).into_iter().map(move |name| Mention {
        key: organisation_key(&name),
        role,
        region: region.to_string(),
        fact: fact(&name),
        name,
    })
}

/// The mentions of each organisation, by its key, in order of appearance.
pub fn by_key(mentions: &[Mention]) -> Vec<(&str, Vec<&Mention>)> {
    let mut ranks: HashMap<&str, usize> = HashMap::new();
    let mut groups: Vec<(&str, Vec<&Mention>)> = Vec::new();
    for mention in mentions {
        let next = groups.len();
        let rank = *ranks.entry(&mention.key).or_insert(next);
        match groups.get_mut(rank) {
            Some((_, group)) => group.push(mention),
            None => groups.push((&mention.key, vec![mention])),
        }
    }
    groups
}

/// The networks that many different establishments belong to: their name
/// alone tells no organisation. A key is one when it is the first word of
/// several others.
pub fn networks(groups: &[(&str, Vec<&Mention>)]) -> Vec<String> {
    let mut starts: HashMap<&str, usize> = HashMap::new();
    for (key, _) in groups {
        if let Some((first, _)) = key.split_once(' ') {
            *starts.entry(first).or_default() += 1;
        }
    }
    let mut networks: Vec<String> =
        starts.into_iter().filter(|(_, count)| *count >= 3).map(|(w, _)| w.to_string()).collect();
    networks.sort();
    networks
}

/// Whether two régions lie apart: their outlines have no point in common.
pub fn are_distant(facts: &Facts<'_>, left: &Region, right: &Region) -> bool {
    let points = |region: &Region| -> Vec<(i64, i64)> {
        let outlines = facts.geography.regions.iter().filter(|o| region.codes.contains(&o.code));
        let rounded = |x: f64| (x * 1000.0).round() as i64;
        outlines
            .flat_map(|outline| outline.rings.iter().flatten())
            .map(|point| (rounded(point.0), rounded(point.1)))
            .collect()
    };
    let here: std::collections::HashSet<(i64, i64)> = points(left).into_iter().collect();
    !points(right).iter().any(|point| here.contains(point))
}

/// Pairs of keys that differ by a slip of the pen (see [`is_slip`]). Found
/// through shared pieces of the keys, so that the work grows with the number of
/// names and not with its square.
pub fn near_pairs(keys: &[&str]) -> Vec<(usize, usize)> {
    let mut blocks: HashMap<String, Vec<usize>> = HashMap::new();
    for (rank, key) in keys.iter().enumerate() {
        let compact: String = key.chars().filter(|c| *c != ' ').collect();
        for piece in pieces(&compact) {
            blocks.entry(piece).or_default().push(rank);
        }
    }
    let mut pairs: Vec<(usize, usize)> = blocks
        .values()
        .filter(|block| block.len() <= MOST_IN_BLOCK)
        .flat_map(|block| {
            block.iter().enumerate().flat_map(move |(at, left)| {
                block.iter().skip(at + 1).map(move |right| (*left.min(right), *left.max(right)))
            })
        })
        .filter(|(left, right)| left != right)
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs.retain(|(left, right)| match (keys.get(*left), keys.get(*right)) {
        (Some(left), Some(right)) => is_slip(left, right),
        _ => false,
    });
    pairs
}

/// A piece that so many names share tells none of them.
const MOST_IN_BLOCK: usize = 40;

/// The first and the last letters, and both halves: two names a slip apart
/// share one of them.
fn pieces(key: &str) -> Vec<String> {
    let letters: Vec<char> = key.chars().collect();
    let length = letters.len();
    let take = |from: usize, to: usize| letters.get(from..to).map(|l| l.iter().collect::<String>());
    let quarter = (length / 3).max(3).min(length);
    let first = take(0, quarter).map(|piece| format!("<{piece}"));
    let last = take(length - quarter, length).map(|piece| format!("{piece}>"));
    let middle = take(length / 3, (length / 3 + quarter).min(length)).map(|p| format!("-{p}"));
    [first, last, middle].into_iter().flatten().collect()
}

/// Whether two keys differ by a letter or two as a slip makes them: the same
/// first letter, the same digits, one edit (two in more than twelve letters);
/// in short names only a letter too many or too few.
fn is_slip(left: &str, right: &str) -> bool {
    let compact = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
    let (a, b) = (compact(left), compact(right));
    let shortest = a.chars().count().min(b.chars().count());
    if a == b {
        return true;
    }
    // Numbers tell names apart: « LAB01 », « LAB02 ».
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    if digits(&a) != digits(&b) {
        return false;
    }
    if a.chars().next() != b.chars().next() {
        return false;
    }
    let distance = strsim::damerau_levenshtein(&a, &b);
    let same_length = a.chars().count() == b.chars().count();
    // Another last letter makes another word: « atelier », « atelien ».
    let other_ending = same_length && a.chars().next_back() != b.chars().next_back();
    match shortest {
        0..=4 => false,
        5..=6 => distance == 1 && !same_length,
        7..=12 => distance == 1 && !other_ending,
        _ => distance <= 2 && !(distance == 1 && other_ending),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_found_and_a_number_is_not_one() {
        let keys = ["instep", "insteep", "openclassrooms", "lab01", "lab02", "aflokat", "aflokkat"];
        assert_eq!(near_pairs(&keys), [(0, 1), (5, 6)]);
        assert!(near_pairs(&["atelier", "atelien", "cesam", "resam", "adess", "adens"]).is_empty());
    }
}
