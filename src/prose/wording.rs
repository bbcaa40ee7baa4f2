//! Words for a share: « les deux tiers », « près de la moitié », « plus d’un
//! projet sur trois », and what such words claim.
//!
//! The same fractions serve to write a sentence that follows its figure and to
//! check one that was typed: whatever [`share_in_words`] writes, [`claims`]
//! reads back and finds true.

use crate::matching;

/// A fraction that French has a word for.
struct Fraction {
    /// Out of 100.
    share: f64,
    words: &'static str,
    /// « deux … sur trois »
    of: (usize, usize),
    /// How many points below it « près de » still holds.
    near: f64,
}

const fn fraction(share: f64, words: &'static str, of: (usize, usize), near: f64) -> Fraction {
    Fraction { share, words, of, near }
}

/// The fractions of « format=mots », in their order.
const PARTS: [Fraction; 8] = [
    fraction(10.0, "un dixième", (1, 10), 1.5),
    fraction(20.0, "un cinquième", (1, 5), 2.0),
    fraction(25.0, "un quart", (1, 4), 2.0),
    fraction(100.0 / 3.0, "un tiers", (1, 3), 3.0),
    fraction(50.0, "la moitié", (1, 2), 5.0),
    fraction(200.0 / 3.0, "les deux tiers", (2, 3), 4.0),
    fraction(75.0, "les trois quarts", (3, 4), 4.0),
    fraction(90.0, "les neuf dixièmes", (9, 10), 3.0),
];

/// The fractions of « format=sur », in their order.
const RATIOS: [Fraction; 11] = [
    fraction(10.0, "", (1, 10), 1.5),
    fraction(20.0, "", (1, 5), 2.0),
    fraction(25.0, "", (1, 4), 2.0),
    fraction(100.0 / 3.0, "", (1, 3), 3.0),
    fraction(40.0, "", (2, 5), 3.0),
    fraction(50.0, "", (1, 2), 3.0),
    fraction(60.0, "", (3, 5), 3.0),
    fraction(200.0 / 3.0, "", (2, 3), 3.0),
    fraction(75.0, "", (3, 4), 3.0),
    fraction(80.0, "", (4, 5), 3.0),
    fraction(90.0, "", (9, 10), 3.0),
];

/// Within a point of a fraction, the share is that fraction.
const EXACT: f64 = 1.0;
/// From here on it is « la quasi-totalité ».
const NEARLY_ALL: f64 = 95.0;

/// How a share stands to the fraction that names it.
enum Approach<'a> {
    Equal(&'a Fraction),
    Nearly(&'a Fraction),
    MoreThan(&'a Fraction),
    LessThan(&'a Fraction),
}

fn approach(share: f64, fractions: &[Fraction]) -> Option<Approach<'_>> {
    let equal = fractions.iter().find(|f| (share - f.share).abs() <= EXACT);
    let nearly = || {
        let below = |f: &&Fraction| f.share > share && f.share - share <= f.near;
        fractions.iter().find(below).map(Approach::Nearly)
    };
    let more = || fractions.iter().rfind(|f| f.share < share).map(Approach::MoreThan);
    let less = || fractions.first().map(Approach::LessThan);
    equal.map(Approach::Equal).or_else(nearly).or_else(more).or_else(less)
}

/// A share out of 100 in words that « des projets » can follow: « les deux
/// tiers », « près de la moitié », « plus d’un tiers », « la totalité ».
pub fn share_in_words(share: f64) -> String {
    match share {
        none if none <= 0.0 => return "aucun".to_string(),
        all if all >= 100.0 => return "la totalité".to_string(),
        most if most >= NEARLY_ALL => return "la quasi-totalité".to_string(),
        _ => {}
    }
    match approach(share, &PARTS) {
        Some(Approach::Equal(part)) => part.words.to_string(),
        Some(Approach::Nearly(part)) => format!("près {}", after("de", part.words)),
        Some(Approach::MoreThan(part)) => format!("plus {}", after("de", part.words)),
        Some(Approach::LessThan(part)) => format!("moins {}", after("de", part.words)),
        None => String::new(),
    }
}

/// A noun as a sentence needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noun {
    pub singular: String,
    pub plural: String,
    pub feminine: bool,
}

impl Noun {
    /// A noun; without a plural it takes an s.
    pub fn new(singular: &str, plural: Option<&str>, feminine: bool) -> Self {
        let ends_in_s = singular.ends_with(['s', 'x', 'z']);
        let default = if ends_in_s { singular.to_string() } else { format!("{singular}s") };
        Self {
            singular: singular.to_string(),
            plural: plural.map_or(default, str::to_string),
            feminine,
        }
    }

    fn counted(&self, count: usize) -> String {
        let noun = if count < 2 { &self.singular } else { &self.plural };
        format!("{} {noun}", in_letters(count as u64, self.feminine))
    }
}

/// A share out of 100 as so many out of so many: « deux projets sur trois »,
/// « plus d’un projet sur trois ».
pub fn share_out_of(share: f64, noun: &Noun) -> String {
    let (none, every) = if noun.feminine { ("aucune", "toutes") } else { ("aucun", "tous") };
    match share {
        zero if zero <= 0.0 => return format!("{none} {}", noun.singular),
        all if all >= 100.0 => return format!("{every} les {}", noun.plural),
        most if most >= NEARLY_ALL => return format!("presque {every} les {}", noun.plural),
        _ => {}
    }
    let ratio = |fraction: &Fraction| {
        let (top, bottom) = fraction.of;
        format!("{} sur {}", noun.counted(top), in_letters(bottom as u64, false))
    };
    match approach(share, &RATIOS) {
        Some(Approach::Equal(fraction)) => ratio(fraction),
        Some(Approach::Nearly(fraction)) => format!("près {}", after("de", &ratio(fraction))),
        Some(Approach::MoreThan(fraction)) => format!("plus {}", after("de", &ratio(fraction))),
        Some(Approach::LessThan(fraction)) => format!("moins {}", after("de", &ratio(fraction))),
        None => String::new(),
    }
}

/// On which side of the half a share stands: « la majorité », « une minorité ».
pub fn majority(share: f64) -> &'static str {
    const SIDES: [(f64, &str); 3] =
        [(10.0, "une petite minorité"), (50.0, "une minorité"), (75.0, "la majorité")];
    match share {
        none if none <= 0.0 => "aucun",
        all if all >= 100.0 => "la totalité",
        share if (share - 50.0).abs() < 1e-9 => "la moitié",
        share => {
            SIDES.iter().find(|(below, _)| share < *below).map_or("la grande majorité", |s| s.1)
        }
    }
}

/// A preposition and what follows it, contracted: « des deux tiers », « du
/// quart », « d’un tiers », « aux deux tiers ». Another preposition is put
/// before as it is.
pub fn after(preposition: &str, words: &str) -> String {
    let contracted = match preposition {
        "de" => [("les ", "des "), ("le ", "du ")],
        "à" => [("les ", "aux "), ("le ", "au ")],
        _ => return format!("{preposition} {words}"),
    };
    for (article, both) in contracted {
        if let Some(rest) = words.strip_prefix(article) {
            return format!("{both}{rest}");
        }
    }
    let vowel =
        words.chars().next().is_some_and(|first| "aeiouyàâéèêîïôûœAEIOUÉÈÀÎ".contains(first));
    if preposition == "de" && vowel && !words.starts_with("onz") {
        return format!("d’{words}");
    }
    format!("{preposition} {words}")
}

const SMALL: [&str; 17] = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
    "douze", "treize", "quatorze", "quinze", "seize",
];

/// A number in letters up to ninety-nine; larger ones keep their digits.
pub fn in_letters(number: u64, feminine: bool) -> String {
    let small = |number: u64| SMALL.get(number as usize).copied().unwrap_or_default();
    let letters = match number {
        0..=16 => small(number).to_string(),
        17..=19 => format!("dix-{}", small(number - 10)),
        20..=99 => tens_in_letters(number),
        _ => crate::typography::integer(number as i64),
    };
    match letters.strip_suffix("un") {
        Some(before) if feminine => format!("{before}une"),
        _ => letters,
    }
}

fn tens_in_letters(number: u64) -> String {
    let (base, name) = match number {
        20..=29 => (20, "vingt"),
        30..=39 => (30, "trente"),
        40..=49 => (40, "quarante"),
        50..=59 => (50, "cinquante"),
        60..=79 => (60, "soixante"),
        _ => (80, "quatre-vingt"),
    };
    match number - base {
        0 if base == 80 => "quatre-vingts".to_string(),
        0 => name.to_string(),
        1 if base < 80 => format!("{name} et un"),
        11 if base == 60 => "soixante et onze".to_string(),
        rest => format!("{name}-{}", in_letters(rest, false)),
    }
}

/// A rank in letters: « première », « deuxième », « 21e ».
pub fn rank_in_letters(rank: usize, feminine: bool) -> String {
    match (rank, feminine) {
        (1, true) => "première".to_string(),
        (1, false) => "premier".to_string(),
        (rank, _) if rank > 20 => format!("{rank}e"),
        (rank, _) => {
            let letters = in_letters(rank as u64, false);
            let stem = letters.strip_suffix('e').unwrap_or(&letters);
            match stem {
                "cinq" => "cinquième".to_string(),
                "neuf" => "neuvième".to_string(),
                "dix-neuf" => "dix-neuvième".to_string(),
                stem => format!("{stem}ième"),
            }
        }
    }
}

/// What words of quantity say of a share.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The words, without accents and capitals.
    pub words: String,
    /// The shares that bear them out, out of 100, both bounds included.
    pub low: f64,
    pub high: f64,
}

impl Claim {
    /// Whether a share bears the words out.
    pub fn holds(&self, share: f64) -> bool {
        (self.low - 1e-9..=self.high + 1e-9).contains(&share)
    }
}

/// The words of quantity of a sentence, and what each claims: « la majorité »,
/// « près de la moitié », « un projet sur trois ».
pub fn claims(sentence: &str) -> Vec<Claim> {
    let key = matching::loose_key(sentence);
    let words: Vec<&str> =
        key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
        match claim(rest) {
            Some((length, low, high)) => {
                let said = rest.get(..length).unwrap_or(rest).join(" ");
                found.push(Claim { words: said, low, high });
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// The claim that begins with the first word: how many words it takes, and its
/// bounds.
fn claim(words: &[&str]) -> Option<(usize, f64, f64)> {
    let (skipped, modifier) = modifier(words);
    let rest = words.get(skipped..).filter(|rest| skipped > 0 || rest.first() != Some(&"du"))?;
    if let Some((length, share)) = fraction_said(rest).or_else(|| ratio_said(rest)) {
        let (low, high) = modifier.bounds(share);
        return Some((skipped + length, low, high));
    }
    majority_said(words)
}

/// What stands before a fraction.
#[derive(Debug, Clone, Copy)]
enum Modifier {
    None,
    Nearly,
    About,
    MoreThan,
    LessThan,
}

impl Modifier {
    fn bounds(self, share: f64) -> (f64, f64) {
        let (low, high) = match self {
            Self::None => (share - 2.5, share + 2.5),
            Self::Nearly => (share - 7.0, share),
            Self::About => (share - 4.0, share + 4.0),
            Self::MoreThan => (share, share + 20.0),
            Self::LessThan => (share - 20.0, share),
        };
        (low.max(0.0), high.min(100.0))
    }
}

fn modifier(words: &[&str]) -> (usize, Modifier) {
    const MODIFIERS: [(&[&str], Modifier); 8] = [
        (&["a", "peu", "pres"], Modifier::About),
        (&["au", "moins"], Modifier::MoreThan),
        (&["pres"], Modifier::Nearly),
        (&["presque"], Modifier::Nearly),
        (&["environ"], Modifier::About),
        (&["autour"], Modifier::About),
        (&["plus"], Modifier::MoreThan),
        (&["moins"], Modifier::LessThan),
    ];
    let Some((said, modifier)) = MODIFIERS.iter().find(|(said, _)| words.starts_with(said)) else {
        return (0, Modifier::None);
    };
    // « du » stays: « plus du tiers » is « plus d’un tiers ».
    let joined = words.get(said.len()).is_some_and(|word| ["de", "d", "des"].contains(word));
    (said.len() + usize::from(joined), *modifier)
}

fn number_said(word: &str) -> Option<f64> {
    const NUMBERS: [(&str, f64); 13] = [
        ("un", 1.0),
        ("une", 1.0),
        ("deux", 2.0),
        ("trois", 3.0),
        ("quatre", 4.0),
        ("cinq", 5.0),
        ("six", 6.0),
        ("sept", 7.0),
        ("huit", 8.0),
        ("neuf", 9.0),
        ("dix", 10.0),
        ("le", 1.0),
        ("du", 1.0),
    ];
    NUMBERS.iter().find(|(said, _)| *said == word).map(|(_, number)| *number)
}

/// « la moitié », « les deux tiers », « un quart »; « tiers-lieu » is no third.
fn fraction_said(words: &[&str]) -> Option<(usize, f64)> {
    let article = usize::from(words.first().is_some_and(|word| ["la", "les"].contains(word)));
    if words.get(article) == Some(&"moitie") {
        return Some((article + 1, 50.0));
    }
    let numbered = words.get(article).and_then(|word| number_said(word));
    let at = article + usize::from(numbered.is_some());
    let bottom = match *words.get(at)? {
        "tiers" if words.get(at + 1).is_some_and(|next| next.starts_with("lieu")) => return None,
        "tiers" => 3.0,
        "quart" | "quarts" => 4.0,
        "cinquieme" | "cinquiemes" => 5.0,
        "dixieme" | "dixiemes" => 10.0,
        _ => return None,
    };
    // « le tiers » is one, a bare « tiers » or « quart » something else.
    let top = numbered.filter(|top| *top < bottom)?;
    Some((at + 1, 100.0 * top / bottom))
}

/// « deux projets sur trois », « un projet lauréat sur deux »; « un an sur
/// trois ans » is no ratio.
fn ratio_said(words: &[&str]) -> Option<(usize, f64)> {
    const SPANS: [&str; 8] = ["an", "ans", "annees", "mois", "jours", "semaines", "sites", "axes"];
    let top = words
        .first()
        .filter(|word| !["le", "du"].contains(*word))
        .and_then(|word| number_said(word))?;
    let at = (2..=3).find(|at| words.get(*at) == Some(&"sur"))?;
    let bottom = words.get(at + 1).and_then(|word| number_said(word)).filter(|b| *b > top)?;
    let goes_on = words.get(at + 2).is_some_and(|next| SPANS.contains(next));
    (!goes_on).then_some((at + 2, 100.0 * top / bottom))
}

fn majority_said(words: &[&str]) -> Option<(usize, f64, f64)> {
    const SAID: [(&[&str], f64, f64); 13] = [
        (&["grande", "majorite"], 65.0, 100.0),
        (&["large", "majorite"], 65.0, 100.0),
        (&["tres", "majoritairement"], 65.0, 100.0),
        (&["petite", "minorite"], 0.0, 20.0),
        (&["quasi", "totalite"], 90.0, 100.0),
        (&["presque", "tous"], 85.0, 100.0),
        (&["presque", "toutes"], 85.0, 100.0),
        (&["majorite"], 50.0, 100.0),
        (&["majoritairement"], 50.0, 100.0),
        (&["majoritaires"], 50.0, 100.0),
        (&["plupart"], 50.0, 100.0),
        (&["minorite"], 0.0, 50.0),
        (&["totalite"], 100.0, 100.0),
    ];
    let found = SAID.iter().find(|(said, ..)| words.starts_with(said));
    found.map(|(said, low, high)| {
        // Half is no majority; a hair above is.
        let low = if *low == 50.0 { 50.0 + 1e-6 } else { *low };
        let high = if *high == 50.0 { 50.0 - 1e-6 } else { *high };
        (said.len(), low, high)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> Noun {
        Noun::new("projet", None, false)
    }

    #[test]
    fn shares_have_words() {
        let said: Vec<String> = [
            0.0, 4.0, 10.4, 15.0, 19.5, 23.0, 27.0, 31.0, 33.9, 36.0, 46.0, 50.4, 55.0, 63.0, 66.1,
            70.0, 72.0, 75.0, 80.0, 88.0, 92.0, 97.0, 100.0,
        ]
        .iter()
        .map(|share| share_in_words(*share))
        .collect();
        assert_eq!(
            said,
            [
                "aucun",
                "moins d’un dixième",
                "un dixième",
                "plus d’un dixième",
                "un cinquième",
                "près d’un quart",
                "plus d’un quart",
                "près d’un tiers",
                "un tiers",
                "plus d’un tiers",
                "près de la moitié",
                "la moitié",
                "plus de la moitié",
                "près des deux tiers",
                "les deux tiers",
                "plus des deux tiers",
                "près des trois quarts",
                "les trois quarts",
                "plus des trois quarts",
                "près des neuf dixièmes",
                "plus des neuf dixièmes",
                "la quasi-totalité",
                "la totalité",
            ]
        );
    }

    #[test]
    fn shares_are_so_many_out_of_so_many() {
        let said = |share: f64| share_out_of(share, &project());
        assert_eq!(said(66.1), "deux projets sur trois");
        assert_eq!(said(36.0), "plus d’un projet sur trois");
        assert_eq!(said(58.0), "près de trois projets sur cinq");
        assert_eq!(said(3.0), "moins d’un projet sur dix");
        assert_eq!(said(96.0), "presque tous les projets");
        assert_eq!(share_out_of(50.0, &Noun::new("région", None, true)), "une région sur deux");
        assert_eq!(share_out_of(100.0, &Noun::new("région", None, true)), "toutes les régions");
    }

    /// The first duty of both directions: no sentence that the program writes
    /// is one that it would call false.
    #[test]
    fn what_is_written_is_read_back_and_true() {
        for tenths in 1..1000 {
            let share = f64::from(tenths) / 10.0;
            for words in [
                share_in_words(share),
                share_out_of(share, &project()),
                share_out_of(share, &Noun::new("région lauréate", Some("régions lauréates"), true)),
                majority(share).to_string(),
            ] {
                let said = claims(&format!("Au total, {words} des projets le disent."));
                let [claim] = said.as_slice() else { panic!("{share}: {words}: {said:?}") };
                assert!(claim.holds(share), "{share}: {words}: {claim:?}");
            }
        }
    }

    #[test]
    fn words_that_are_no_share_claim_nothing() {
        for sentence in [
            "Les tiers-lieux et un tiers-lieu de plus.",
            "L’estimation porte sur trois ans, une moyenne sur deux ans.",
            "Trois projets sont présentés.",
            "Le quartier et le premier quart d’heure.",
            "Plus de projets, moins de papier.",
        ] {
            assert_eq!(claims(sentence), [], "{sentence}");
        }
        let said = claims("La majorité, voire près des deux tiers, des projets.");
        assert_eq!(
            said.iter().map(|claim| claim.words.as_str()).collect::<Vec<_>>(),
            ["majorite", "pres des deux tiers"]
        );
    }

    #[test]
    fn a_half_is_no_majority() {
        let [claim] = claims("la majorité des projets").try_into().unwrap();
        assert!(!claim.holds(50.0) && claim.holds(50.1) && !claim.holds(48.0));
        assert_eq!(majority(50.0), "la moitié");
    }

    #[test]
    fn prepositions_are_contracted() {
        assert_eq!(after("de", "les deux tiers"), "des deux tiers");
        assert_eq!(after("de", "un tiers"), "d’un tiers");
        assert_eq!(after("à", "les deux tiers"), "aux deux tiers");
        assert_eq!(after("de", "près de la moitié"), "de près de la moitié");
        assert_eq!(after("pour", "la moitié"), "pour la moitié");
    }

    #[test]
    fn numbers_and_ranks_have_letters() {
        let said: Vec<String> =
            [0, 1, 16, 17, 21, 70, 71, 80, 81, 99].map(|n| in_letters(n, false)).into();
        assert_eq!(
            said,
            [
                "zéro",
                "un",
                "seize",
                "dix-sept",
                "vingt et un",
                "soixante-dix",
                "soixante et onze",
                "quatre-vingts",
                "quatre-vingt-un",
                "quatre-vingt-dix-neuf"
            ]
        );
        assert_eq!(in_letters(21, true), "vingt et une");
        assert_eq!(in_letters(202, false), "202");
        let ranks: Vec<String> = [1, 2, 4, 5, 9, 11, 21].map(|n| rank_in_letters(n, true)).into();
        assert_eq!(
            ranks,
            ["première", "deuxième", "quatrième", "cinquième", "neuvième", "onzième", "21e"]
        );
        assert_eq!(rank_in_letters(1, false), "premier");
    }
}
