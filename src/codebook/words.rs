//! The words that exports use for yes, no and not asked, whatever the codebook
//! says. They are given in the form of `matching::key`.

/// A ticked option.
pub const TICKED: [&str; 14] = [
    "oui",
    "yes",
    "y",
    "o",
    "1",
    "vrai",
    "true",
    "x",
    "✓",
    "✔",
    "selected",
    "checked",
    "coché",
    "sélectionné",
];

/// An option that is not ticked.
pub const UNTICKED: [&str; 14] = [
    "non",
    "no",
    "n",
    "0",
    "faux",
    "false",
    "not selected",
    "unchecked",
    "non coché",
    "non sélectionné",
    "not checked",
    "-",
    "–",
    "☐",
];

/// What exports write for a question that was not asked, and nobody offers as
/// an answer.
pub const ABSENT: [&str; 4] = ["n/a", "na", "#null!", "{question not shown}"];

/// A question that was not asked.
pub const NOT_ASKED: [&str; 8] = [
    "n/a",
    "na",
    "sans objet",
    "non concerné",
    "non concernée",
    "not applicable",
    "#null!",
    "{question not shown}",
];
