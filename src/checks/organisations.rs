//! The organisations that lists and cards name, and which names may be one.

use std::collections::{HashMap, HashSet};

use super::{Fact, Facts};
use crate::diagnostics::Place;
use crate::register::members::{members, organisation_key};

/// The role in which an organisation is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    ThirdPlace,
    Training,
    Partner,
    /// A text names it.
    Said,
}

impl Role {
    /// The French word.
    pub fn word(self) -> &'static str {
        match self {
            Self::ThirdPlace => "tiers-lieu",
            Self::Training => "organisme de formation",
            Self::Partner => "partenaire",
            Self::Said => "structure d’un texte",
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
    /// The project or the card that names it.
    pub owner: String,
    /// Whether it is only a piece of a name: of « Ressources et Développement »,
    /// or between parentheses.
    pub piece: bool,
    place: Place,
    line: Option<usize>,
}

impl Mention {
    /// The mention as a fact, with its cell.
    pub fn fact(&self) -> Fact {
        Fact::new(self.owner.clone(), &self.name).at(&self.place).line(self.line)
    }
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
            let place = || laureate.cells.place(column);
            let owner = laureate.id.clone();
            add(&mut mentions, text, role, &laureate.region, owner, place, laureate.source_line);
        }
    }
    for card in &facts.register.cards {
        let lists = [
            (Role::ThirdPlace, &card.third_places, "Tiers-lieux"),
            (Role::Training, &card.training_organisations, "Organismes de formation"),
            (Role::Partner, &card.other_partners, "Autres partenaires"),
        ];
        for (role, text, column) in lists {
            let place = || card.cells.place(column);
            let owner = format!("fiche {}", card.title);
            add(&mut mentions, text, role, &card.region, owner, place, card.source_line);
        }
    }
    // What the text of a card names is held against that card.
    let said = facts.published.iter().filter(|figure| figure.card.is_none());
    for figure in said.filter(|figure| figure.indicator.as_deref() == Some("structure")) {
        let Some(region) = figure.region.as_deref().map(crate::matching::slug) else { continue };
        let (place, line) = (|| figure.place.clone(), figure.source_line);
        let owner = "texte".to_string();
        add(&mut mentions, &figure.printed, Role::Said, &region, owner, place, line);
    }
    mentions
}

fn add(
    mentions: &mut Vec<Mention>,
    text: &str,
    role: Role,
    region: &str,
    owner: String,
    place: impl Fn() -> Place,
    line: Option<usize>,
) {
    for name in members(text) {
        let mut push = |name: &str, piece: bool| {
            mentions.push(Mention {
                key: organisation_key(name),
                name: name.to_string(),
                role,
                region: region.to_string(),
                owner: owner.clone(),
                piece,
                place: place(),
                line,
            });
        };
        push(&name, false);
        pieces(&name).iter().for_each(|piece| push(piece, true));
    }
}

/// The names that a name may hold: both sides of « et », what stands between
/// parentheses and before them. None where it holds one only.
pub fn pieces(name: &str) -> Vec<&str> {
    let parts = name.split([')', '(']).flat_map(|part| part.split(" et "));
    let parts: Vec<&str> = parts.map(str::trim).filter(|part| !part.is_empty()).collect();
    // « Conseil et formation » is one: a word without a capital is no name.
    let goes_on = |part: &str| ["ses ", "son ", "sa ", "leur"].iter().any(|w| part.starts_with(w));
    let name = |part: &str| part.contains(' ') || part.starts_with(char::is_uppercase);
    let names = parts.iter().all(|part| name(part) && !goes_on(part));
    if parts.len() > 1 && names { parts } else { Vec::new() }
}

/// The mentions of each organisation, by its key, in order of appearance. A
/// piece of a name counts where it has two words at least, or is just the name
/// that another list gives.
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
    for (key, group) in &mut groups {
        let names: HashSet<String> =
            group.iter().filter(|mention| !mention.piece).map(|m| bare(&m.name)).collect();
        group.retain(|m| !m.piece || key.contains(' ') || names.contains(&bare(&m.name)));
    }
    groups.retain(|(_, group)| !group.is_empty());
    groups
}

/// A name without its article.
fn bare(name: &str) -> String {
    let key = crate::matching::loose_key(name);
    let articles = ["le ", "la ", "les ", "l'"];
    articles.iter().find_map(|article| key.strip_prefix(article)).unwrap_or(&key).to_string()
}

/// The networks that many different establishments belong to: their name
/// alone tells no organisation. A key is one when it is the first word of
/// several others.
pub fn networks(groups: &[(&str, Vec<&Mention>)]) -> HashSet<String> {
    let mut starts: HashMap<&str, usize> = HashMap::new();
    for (key, _) in groups {
        if let Some((first, _)) = key.split_once(' ') {
            *starts.entry(first).or_default() += 1;
        }
    }
    starts.into_iter().filter(|(_, count)| *count >= 3).map(|(word, _)| word.to_string()).collect()
}

/// Which régions touch: their outlines have a point in common.
pub struct Neighbours {
    touching: HashSet<(String, String)>,
}

impl Neighbours {
    /// Compares the outlines of the register's régions, once.
    pub fn new(facts: &Facts<'_>) -> Self {
        let rounded = |x: f64| (x * 1000.0).round() as i64;
        let mut at: HashMap<(i64, i64), Vec<&str>> = HashMap::new();
        for region in &facts.register.regions {
            let outlines = facts.geography.regions.iter();
            let own = outlines.filter(|outline| region.codes.contains(&outline.code));
            for point in own.flat_map(|outline| outline.rings.iter().flatten()) {
                let here = at.entry((rounded(point.0), rounded(point.1))).or_default();
                if !here.contains(&region.slug.as_str()) {
                    here.push(&region.slug);
                }
            }
        }
        let shared = at.values().filter(|here| here.len() > 1);
        let pairs = shared.flat_map(|here| {
            let pair = move |left: &&str| {
                here.iter().map(|right| (left.to_string(), right.to_string())).collect::<Vec<_>>()
            };
            here.iter().flat_map(pair)
        });
        Self { touching: pairs.collect() }
    }

    /// Whether two régions lie apart.
    pub fn are_distant(&self, left: &str, right: &str) -> bool {
        left != right && !self.touching.contains(&(left.to_string(), right.to_string()))
    }
}

/// Pairs of keys that differ by a slip of the pen (see [`is_slip`]).
pub fn near_pairs(keys: &[&str]) -> Vec<(usize, usize)> {
    let mut pairs = candidates(keys);
    pairs.retain(|(left, right)| match (keys.get(*left), keys.get(*right)) {
        (Some(left), Some(right)) => is_slip(left, right),
        _ => false,
    });
    pairs
}

/// How often each letter occurs in a text, the others together.
#[derive(Debug, Clone)]
pub struct Letters {
    counts: [u8; 27],
    count: usize,
}

impl Letters {
    /// The letters of a text without accents and capitals; spaces count with
    /// the other characters.
    pub fn new(text: &str) -> Self {
        let mut letters = Self { counts: [0; 27], count: 0 };
        for letter in text.chars() {
            let rank = letter.is_ascii_lowercase().then(|| letter as usize - 'a' as usize);
            if let Some(count) = letters.counts.get_mut(rank.unwrap_or(26)) {
                *count = count.saturating_add(1);
            }
            letters.count += 1;
        }
        letters
    }

    /// How many characters there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether so many edits could make one text of the other: each changes the
    /// length by one and two counts at most.
    pub fn may_be(&self, other: &Self, edits: usize) -> bool {
        self.count.abs_diff(other.count) <= edits && {
            let pairs = self.counts.iter().zip(&other.counts);
            pairs.map(|(a, b)| a.abs_diff(*b) as usize).sum::<usize>() <= 2 * edits
        }
    }
}

/// A key as [`candidates`] compares it.
struct Compact {
    characters: Vec<char>,
    /// A slip leaves the first letter and the digits alone: names that differ
    /// by them need not meet.
    sort: (Option<char>, String),
    letters: Letters,
}

impl Compact {
    fn new(key: &str) -> Self {
        let compact: String = key.chars().filter(|c| *c != ' ').collect();
        Self {
            sort: (compact.chars().next(), digits(key)),
            letters: Letters::new(&compact),
            characters: compact.chars().collect(),
        }
    }
}

/// A piece that so many names share tells none of them.
const MOST_IN_BLOCK: usize = 40;
/// Longer keys may differ by two letters.
const LONG: usize = 12;

/// Pairs of keys that may be a letter apart (two in long ones), so that the
/// work grows with the number of keys and not with its square.
///
/// A key cut in one part more than there are slips keeps one part whole, a
/// place or two aside at most (Li, Deng, Wang, Feng, *Pass-Join*, 2011). A swap
/// of two letters across a cut may escape.
pub fn candidates(keys: &[&str]) -> Vec<(usize, usize)> {
    let compact: Vec<Compact> = keys.iter().map(|key| Compact::new(key)).collect();
    type Block<'a> = (&'a (Option<char>, String), usize, usize, usize, &'a [char]);
    let mut blocks: HashMap<Block<'_>, Vec<usize>> = HashMap::new();
    for (rank, key) in compact.iter().enumerate() {
        let length = key.characters.len();
        for count in [2, 3].into_iter().filter(|count| cut_in(*count, length)) {
            for (part, (start, end)) in cuts(length, count).enumerate() {
                if let Some(letters) = key.characters.get(start..end) {
                    blocks.entry((&key.sort, length, count, part, letters)).or_default().push(rank);
                }
            }
        }
    }
    let mut pairs = Vec::new();
    for (rank, key) in compact.iter().enumerate().filter(|(_, key)| key.characters.len() > 2) {
        let own = key.characters.len();
        let reach = if own <= LONG { 1 } else { 2 };
        for length in own..=own + reach {
            for (part, (start, end)) in cuts(length, reach + 1).enumerate() {
                for from in start.saturating_sub(reach)..=start + reach {
                    let Some(letters) = key.characters.get(from..from + end - start) else {
                        continue;
                    };
                    let block = blocks.get(&(&key.sort, length, reach + 1, part, letters));
                    let block = block.filter(|block| block.len() <= MOST_IN_BLOCK);
                    let near = |other: &&usize| {
                        **other != rank
                            && compact
                                .get(**other)
                                .is_some_and(|other| key.letters.may_be(&other.letters, reach))
                    };
                    let others = block.into_iter().flatten().filter(near);
                    pairs.extend(others.map(|other| (rank.min(*other), rank.max(*other))));
                }
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Whether keys of a length are looked for in so many parts.
fn cut_in(count: usize, length: usize) -> bool {
    if count == 2 { length <= LONG + 1 } else { length > LONG }
}

/// The parts of a length, as even as can be.
fn cuts(length: usize, count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).map(move |part| (part * length / count, (part + 1) * length / count))
}

/// Whether two keys differ by a letter or two as a slip makes them: the same
/// first letter, the same digits, one edit (two in more than twelve letters);
/// in short names only a letter too many or too few.
pub fn is_slip(left: &str, right: &str) -> bool {
    let compact = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
    let (a, b) = (compact(left), compact(right));
    let shortest = a.chars().count().min(b.chars().count());
    if a == b {
        return true;
    }
    // Numbers tell names apart: « LAB01 », « LAB02 ».
    if digits(&a) != digits(&b) || a.chars().next() != b.chars().next() {
        return false;
    }
    let distance = strsim::damerau_levenshtein(&a, &b);
    let same_length = a.chars().count() == b.chars().count();
    // Another last letter makes another word: « atelier », « atelien ».
    let other_ending = same_length && a.chars().next_back() != b.chars().next_back();
    match shortest {
        0..=4 => false,
        5..=6 => distance == 1 && !same_length,
        7..=LONG => distance == 1 && !other_ending,
        _ => distance <= 2 && !(distance == 1 && other_ending),
    }
}

/// The digits of a name, which tell it from its neighbours.
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
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

    /// Slips at the beginning, the middle and the end, in short and long names.
    #[test]
    fn slips_are_found_wherever_they_are() {
        for (one, other) in [
            ("greta cote normande", "greta cotes normandes"),
            ("fores iles nord", "fore iles nord"),
            ("toqueville", "tocqueville"),
            ("interprofesionnelle", "interprofessionnelle"),
            ("inter made", "intermade"),
            ("pole ressource iae bfc", "pole ressources iae bfc"),
            ("mediatheque dzoumogne", "mediateque dzoumogne"),
        ] {
            assert_eq!(near_pairs(&[one, "tout autre chose", other]), [(0, 2)], "{one}");
        }
    }

    /// The blocks lose no pair that comparing all would find, swaps aside.
    #[test]
    fn blocks_find_what_comparing_all_finds() {
        let words = ["halle", "hale", "halles", "moulin bleu", "moulins bleus", "moulin blanc"];
        let words: Vec<String> = words
            .iter()
            .flat_map(|word| [word.to_string(), format!("{word} du port"), format!("la {word}")])
            .collect();
        let keys: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut all = Vec::new();
        for left in 0..keys.len() {
            for right in left + 1..keys.len() {
                if is_slip(keys[left], keys[right]) {
                    all.push((left, right));
                }
            }
        }
        assert!(!all.is_empty());
        assert_eq!(near_pairs(&keys), all);
    }

    #[test]
    fn names_may_hold_names() {
        assert_eq!(pieces("Ressources et Développement"), ["Ressources", "Développement"]);
        assert_eq!(pieces("la Manufacture (SCIC TETRIS)"), ["la Manufacture", "SCIC TETRIS"]);
        assert!(pieces("L’Atelier").is_empty() && pieces("Éducation et formation").is_empty());
        assert!(pieces("La Halle et ses amis").is_empty());
    }
}
