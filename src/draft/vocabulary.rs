//! The words of form tools: what means yes, no, not asked; which titles are
//! technical or personal.

use crate::codebook::words;
use crate::matching;

/// What a cell of an option's own column can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    Yes,
    No,
    NotAsked,
    /// Another text: the option's own label, or free text.
    Other,
}

/// Reads a cell of an option's own column.
pub fn tick(text: &str) -> Tick {
    let key = matching::key(text);
    let is = |words: &[&str]| words.contains(&key.as_str());
    match () {
        () if is(&words::TICKED) => Tick::Yes,
        () if is(&words::UNTICKED) => Tick::No,
        () if is(&words::NOT_ASKED) => Tick::NotAsked,
        () => Tick::Other,
    }
}

/// Whether a cell is what exports write for a question that was not asked;
/// « Sans objet » may be an answer that the question offers.
pub fn is_absent(text: &str) -> bool {
    words::ABSENT.contains(&matching::key(text).as_str())
}

/// The pairs of words that one export uses for yes and no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    Oui,
    Yes,
    Digits,
    Truth,
    /// A mark, or nothing.
    Cross,
    Selected,
}

/// The vocabulary of a yes or a no; none for another text.
pub fn family(text: &str) -> Option<Family> {
    let key = matching::key(text);
    if !matches!(tick(&key), Tick::Yes | Tick::No) {
        return None;
    }
    Some(match key.as_str() {
        "oui" | "non" | "o" => Family::Oui,
        "yes" | "no" | "y" | "n" => Family::Yes,
        "0" | "1" | "0.0" | "1.0" => Family::Digits,
        "vrai" | "faux" | "true" | "false" => Family::Truth,
        "x" | "✓" | "✔" | "-" | "–" | "☐" => Family::Cross,
        _ => Family::Selected,
    })
}

/// Whether a column has no title of its own: none at all, or the name that a
/// program gave for want of one.
pub fn is_unnamed(title: &str) -> bool {
    let key = matching::loose_key(title);
    let rest = ["unnamed:", "unnamed", "column", "colonne", "field", "champ"]
        .iter()
        .find_map(|start| key.strip_prefix(start));
    let numbered = |rest: &str| {
        let rest = rest.trim_matches(|c: char| c == '_' || c.is_whitespace());
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit())
    };
    key.is_empty() || rest.is_some_and(numbered)
}

/// The words before the number of an interval without a lower bound, without an
/// upper one, or with both.
pub const BELOW: [&str; 6] = ["moins de", "jusqu'a", "less than", "under", "up to", "below"];
pub const ABOVE: [&str; 5] = ["plus de", "more than", "over", "above", "au moins"];
pub const BETWEEN: [&str; 4] = ["de", "entre", "from", "between"];

/// The scales that questionnaires use, in their order, as loose keys.
pub const SCALES: [&[&str]; 16] = [
    &[
        "tout a fait d'accord",
        "plutot d'accord",
        "d'accord",
        "ni d'accord ni pas d'accord",
        "ni d'accord, ni pas d'accord",
        "neutre",
        "plutot pas d'accord",
        "pas d'accord",
        "pas du tout d'accord",
        "sans opinion",
        "ne sait pas",
        "je ne sais pas",
    ],
    &[
        "tres satisfait",
        "satisfait",
        "plutot satisfait",
        "assez satisfait",
        "ni satisfait ni insatisfait",
        "neutre",
        "peu satisfait",
        "plutot insatisfait",
        "insatisfait",
        "pas satisfait",
        "pas du tout satisfait",
        "tres insatisfait",
        "sans opinion",
        "je ne sais pas",
    ],
    &[
        "tres satisfaisant",
        "satisfaisant",
        "peu satisfaisant",
        "insatisfaisant",
        "pas du tout satisfaisant",
        "tres insatisfaisant",
    ],
    &[
        "jamais",
        "tres rarement",
        "rarement",
        "parfois",
        "de temps en temps",
        "occasionnellement",
        "regulierement",
        "souvent",
        "tres souvent",
        "toujours",
        "je ne sais pas",
    ],
    &[
        "pas du tout",
        "tres peu",
        "un peu",
        "peu",
        "moyennement",
        "moderement",
        "assez",
        "fort",
        "beaucoup",
        "tout a fait",
        "tres fort",
        "enormement",
        "je ne sais pas",
    ],
    &[
        "tout a fait",
        "plutot",
        "plutot oui",
        "plutot non",
        "pas vraiment",
        "pas du tout",
        "je ne sais pas",
    ],
    &[
        "oui, tout a fait",
        "oui tout a fait",
        "oui, plutot",
        "oui plutot",
        "oui",
        "non, plutot pas",
        "non plutot pas",
        "non, pas vraiment",
        "non",
        "non, pas du tout",
        "non pas du tout",
        "je ne sais pas",
    ],
    &[
        "oui",
        "peut-etre",
        "non",
        "je ne sais pas",
        "ne sait pas",
        "nsp",
        "sans objet",
        "non concerne",
    ],
    &[
        "tres bien",
        "bien",
        "assez bien",
        "moyen",
        "passable",
        "mal",
        "mauvais",
        "tres mal",
        "tres mauvais",
    ],
    &[
        "tres important",
        "important",
        "assez important",
        "plutot important",
        "peu important",
        "pas important",
        "pas du tout important",
    ],
    &[
        "nul",
        "nulle",
        "faible",
        "moyen",
        "moyenne",
        "fort",
        "forte",
        "eleve",
        "elevee",
        "tres eleve",
        "tres elevee",
    ],
    &[
        "strongly agree",
        "agree",
        "somewhat agree",
        "rather agree",
        "neither agree nor disagree",
        "neutral",
        "rather disagree",
        "somewhat disagree",
        "disagree",
        "strongly disagree",
        "don't know",
        "no answer",
    ],
    &[
        "never",
        "never, and not open to it",
        "never, but open to it",
        "rarely",
        "sometimes",
        "often",
        "always",
        "no answer",
    ],
    &[
        "very satisfied",
        "satisfied",
        "somewhat satisfied",
        "neither satisfied nor dissatisfied",
        "neutral",
        "somewhat dissatisfied",
        "dissatisfied",
        "very dissatisfied",
    ],
    &[
        "very important",
        "important",
        "somewhat important",
        "not too important",
        "not very important",
        "not important",
        "not at all important",
        "no answer",
    ],
    &["yes", "maybe", "no", "don't know", "not sure", "no answer", "prefer not to answer"],
];

/// The titles, or beginnings of titles, of the columns that tools add.
const TECHNICAL: [&str; 42] = [
    "id",
    "id de la reponse",
    "response id",
    "reponse",
    "sid",
    "serial",
    "numero de serie",
    "#",
    "lastpage",
    "derniere page",
    "startlanguage",
    "langue de depart",
    "seed",
    "tete de serie",
    "refurl",
    "url de reference",
    "_id",
    "_uuid",
    "_index",
    "_status",
    "_validation_status",
    "_notes",
    "_tags",
    "__version__",
    "_submitted_by",
    "meta/instanceid",
    "formhub/uuid",
    "network id",
    "token",
    "browser",
    "uuid",
    "ticket",
    "brouillon",
    "uri",
    "respondentid",
    "respondent id",
    "collectorid",
    "id reponse",
    "numero",
    "n°",
    "uid",
    "identifiant",
];

/// Whether a title is that of a column that a form tool adds by itself.
pub fn is_technical(title: &str) -> bool {
    let key = matching::loose_key(title);
    TECHNICAL.contains(&key.as_str()) || key.ends_with("time") && key.starts_with("group")
}

/// The words that announce a person's particulars, where a title says nothing
/// else: « Nom », but not « Nom du projet ».
const PARTICULARS: [&str; 37] = [
    "nom",
    "noms",
    "prenom",
    "prenoms",
    "patronyme",
    "surname",
    "firstname",
    "lastname",
    "name",
    "first",
    "last",
    "full",
    "email",
    "e-mail",
    "mail",
    "courriel",
    "mel",
    "telephone",
    "tel",
    "phone",
    "mobile",
    "portable",
    "telephonique",
    "adresse",
    "address",
    "postale",
    "electronique",
    "messagerie",
    "ip",
    "ipaddr",
    "username",
    "utilisateur",
    "deviceid",
    "phonenumber",
    "latitude",
    "longitude",
    "naissance",
];

/// The words that may stand beside them.
const BESIDE: [&str; 45] = [
    "quel",
    "quelle",
    "quels",
    "quelles",
    "est",
    "sont",
    "votre",
    "vos",
    "le",
    "la",
    "les",
    "l",
    "de",
    "du",
    "des",
    "d",
    "et",
    "ou",
    "a",
    "en",
    "famille",
    "usage",
    "complet",
    "personne",
    "repondant",
    "repondante",
    "contact",
    "referent",
    "referente",
    "numero",
    "number",
    "professionnelle",
    "professionnel",
    "facultatif",
    "optionnel",
    "obligatoire",
    "date",
    "what",
    "is",
    "your",
    "the",
    "of",
    "and",
    "indiquez",
    "precisez",
];

/// The words that make a title personal wherever they stand in it.
const PERSONAL_ANYWHERE: [&str; 36] = [
    "e-mail",
    "courriel",
    "adresse mail",
    "adresse electronique",
    "adresse de messagerie",
    "email address",
    "telephone",
    "phone number",
    "nom et prenom",
    "prenom et nom",
    "nom, prenom",
    "votre nom",
    "vos nom",
    "nom de la personne",
    "nom du repondant",
    "date de naissance",
    "date of birth",
    "adresse postale",
    "adresse ip",
    "ip address",
    "coordonnees",
    "geolocation",
    "prenom",
    "prenoms",
    "first name",
    "firstname",
    "last name",
    "lastname",
    "full name",
    "family name",
    "surname",
    "surnom",
    "votre pseudo",
    "votre pseudonyme",
    "votre mot de passe",
    "your password",
];

/// Who answers, after « nom de » : « Nom de l’apprenant ».
const PEOPLE: [&str; 17] = [
    "apprenant",
    "apprenante",
    "beneficiaire",
    "directeur",
    "directrice",
    "eleve",
    "enquete",
    "etudiant",
    "etudiante",
    "interlocuteur",
    "participant",
    "participante",
    "personne",
    "referent",
    "repondant",
    "responsable",
    "stagiaire",
];

/// Whether a title announces a person's particulars.
pub fn is_personal_title(title: &str) -> bool {
    let key = matching::loose_key(title);
    let words = || {
        let separators = |c: char| !c.is_alphanumeric() && c != '-';
        key.split(separators).map(|word| word.trim_matches('-')).filter(|word| !word.is_empty())
    };
    let known = |word: &str| PARTICULARS.contains(&word) || BESIDE.contains(&word);
    let bare = words().any(|word| PARTICULARS.contains(&word)) && words().all(known);
    let place = ["latitude", "longitude"].iter().any(|end| key.ends_with(end));
    bare || place
        || names_somebody(&key)
        || PERSONAL_ANYWHERE.iter().any(|word| contains_word(&key, word))
}

/// Whether a title says where somebody was: `LocationLatitude`, `_gps_longitude`.
pub fn is_place_title(title: &str) -> bool {
    let key = matching::loose_key(title);
    ["latitude", "longitude"].iter().any(|end| key.ends_with(end))
}

/// « Nom de l’apprenant », « Noms des stagiaires ».
fn names_somebody(key: &str) -> bool {
    let mut words = key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let of = |word: &&str| !matches!(*word, "de" | "du" | "des" | "d" | "l" | "la" | "le" | "les");
    matches!(words.next(), Some("nom" | "noms"))
        && words.find(of).is_some_and(|word| {
            PEOPLE.contains(&word) || PEOPLE.contains(&word.trim_end_matches('s'))
        })
}

/// Whether a title asks for a way to reach somebody: whole numbers below it are
/// telephone numbers when they are long enough.
pub fn is_contact_title(title: &str) -> bool {
    let key = matching::loose_key(title);
    ["contact", "contacts", "tel", "telephone", "mobile", "portable", "phone", "whatsapp"]
        .iter()
        .any(|word| contains_word(&key, word))
}

fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// Whether a value is an address, a telephone number or a network address.
pub fn is_personal_value(text: &str) -> bool {
    let text = text.trim();
    is_mail(text) || is_telephone(text) || is_network_address(text) || is_coordinates(text)
}

fn is_mail(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let plain = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    plain(name) && plain(domain) && domain.contains('.') && !domain.contains('@')
}

/// Ten digits that begin with 0, or a number that begins with `+` or `00`.
fn is_telephone(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let others = text.chars().filter(|c| !c.is_ascii_digit());
    let punctuated = others.clone().all(|c| " .-()/+\u{A0}\u{202F}".contains(c));
    let french = digits.len() == 10 && digits.starts_with('0');
    let foreign =
        (9..=15).contains(&digits.len()) && (text.starts_with('+') || text.starts_with("00"));
    punctuated && (french || foreign)
}

fn is_network_address(text: &str) -> bool {
    text.parse::<std::net::Ipv4Addr>().is_ok()
        || (text.len() > 6 && text.parse::<std::net::Ipv6Addr>().is_ok())
}

/// A latitude and a longitude with three decimals at least, as map questions
/// give them, and perhaps an altitude and a precision; « 3.6, 3.7 » is a list.
fn is_coordinates(text: &str) -> bool {
    let parts: Vec<&str> = text.split([' ', ',', ';']).filter(|part| !part.is_empty()).collect();
    let within = |part: &str, most: f64| {
        let decimals = part.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        decimals >= 3 && part.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= most)
    };
    let (place, rest) = parts.split_at_checked(2).unwrap_or_default();
    matches!(place, [lat, lon] if within(lat, 90.0) && within(lon, 180.0))
        && rest.len() <= 2
        && rest.iter().all(|part| part.parse::<f64>().is_ok())
}

/// Whether a title is that of the « other: please specify » of a question.
pub fn is_other(name: &str) -> bool {
    let key = matching::loose_key(name);
    let words = ["other", "autre", "autres", "_other", "-oth-", "oth", "autre reponse"];
    let starts = ["autre", "other"].iter().any(|start| {
        let rest = key.strip_prefix(start);
        rest.is_some_and(|rest| rest.trim_start_matches('s').starts_with([' ', ':', '(', ',', '_']))
    });
    let asks = ["precis", "specif", "lequel", "laquelle", "lesquel"];
    words.contains(&key.as_str())
        || starts && key.chars().count() <= 60
        || asks.iter().any(|word| key.contains(word)) && key.contains("autre")
}

/// Whether a title is that of a comment beside an option.
pub fn is_comment(name: &str) -> bool {
    let key = matching::loose_key(name);
    let ends = ["comment", "comments", "commentaire", "commentaires", "commentaire]", "comment]"];
    ends.iter().any(|end| key.ends_with(end)) && !key.contains(' ')
        || ["[commentaire]", "[comment]", "- commentaire", "- comment"]
            .iter()
            .any(|end| key.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particulars_are_recognised_by_title_and_by_value() {
        for title in [
            "Nom",
            "Adresse de messagerie",
            "Votre e-mail :",
            "ipaddr",
            "Numéro de téléphone (facultatif)",
            "Nom et prénom de la personne qui répond",
            "Quel est votre nom ?",
            "NOM / Prénom",
            "Name",
            "username",
            "_gps_latitude",
            "Nom de l'apprenant",
            "Prénoms de l’apprenant",
            "Nom &amp; Post-nom /Firstname and Surname",
            "Full name (optional) – First name",
            "Votre mot de passe (pour vous reconnaître)",
        ] {
            assert!(is_personal_title(title), "{title}");
        }
        for title in [
            "Nom du projet",
            "Numéro",
            "Mobilier",
            "Nombre de participants",
            "Type d’adresse",
            "Nom de votre structure :",
            "Nom du centre",
            "Nom de l’organisme",
            "Contact",
        ] {
            assert!(!is_personal_title(title), "{title}");
        }
        for value in [
            "a.b@example.org",
            "06 39 98 12 34",
            "+33 1 99 00 00 00",
            "198.51.100.1",
            "48.8566 2.3522 0 0",
            "48.8566, 2.3522",
        ] {
            assert!(is_personal_value(value), "{value}");
        }
        for value in [
            "12",
            "2025",
            "a@b",
            "1.5",
            "0123",
            "0,5",
            "3.6, 3.7",
            "3.6, 3.7, 3.8, 3.9",
            "3.10, 3.11",
        ] {
            assert!(!is_personal_value(value), "{value}");
        }
    }

    #[test]
    fn yes_no_and_not_asked_in_both_languages() {
        assert_eq!(tick("Oui"), Tick::Yes);
        assert_eq!(tick("NOT SELECTED"), Tick::No);
        assert_eq!(tick("N/A"), Tick::NotAsked);
        assert_eq!(tick("Insertion"), Tick::Other);
    }
}
