//! The words that exports use for yes, no and not asked, whatever the codebook
//! says. They are given in the form of `matching::key`.

/// A ticked option.
pub const TICKED: [&str; 15] = [
    "oui",
    "yes",
    "y",
    "o",
    "1",
    "1.0",
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
pub const UNTICKED: [&str; 15] = [
    "non",
    "no",
    "n",
    "0",
    "0.0",
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
pub const ABSENT: [&str; 8] =
    ["n/a", "na", "#null!", "{question not shown}", "{question_not_shown}", "null", "nan", "<na>"];

/// A question that was not asked.
pub const NOT_ASKED: [&str; 12] = [
    "n/a",
    "na",
    "sans objet",
    "non concerné",
    "non concernée",
    "not applicable",
    "#null!",
    "{question not shown}",
    "{question_not_shown}",
    "null",
    "nan",
    "<na>",
];
