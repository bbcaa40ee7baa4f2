//! A condition on a column or a question: `formations = prequalifiantes`.

use crate::matching;

/// A test of one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The question or the column that is tested.
    pub subject: String,
    pub operator: Operator,
    /// The values compared with; one unless the operator is `In`.
    pub values: Vec<String>,
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Equal,
    Different,
    /// One of a list.
    In,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The operators as people write them, the longest first.
const OPERATORS: [(&str, Operator); 10] = [
    (" parmi ", Operator::In),
    ("!=", Operator::Different),
    ("<>", Operator::Different),
    ("≠", Operator::Different),
    ("<=", Operator::LessOrEqual),
    ("≤", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("≥", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

/// Why a text is no condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCondition {
    Operator,
    Subject,
    Value,
}

impl NoCondition {
    /// What to do, in French.
    pub fn help(self) -> &'static str {
        match self {
            Self::Operator => "écrivez « colonne = valeur », avec =, ≠, <, ≤, >, ≥ ou parmi",
            Self::Subject => {
                "écrivez à gauche le titre de la colonne, entre guillemets s’il contient =, ≠, <, \
                 > ou parmi"
            }
            Self::Value => {
                "écrivez une valeur après ce signe ; plusieurs après « parmi », entre virgules"
            }
        }
    }
}

impl std::fmt::Display for Condition {
    /// As a person would write it: quoted only where it would not be read otherwise.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let written = |subject: &str, values: &[String]| {
            let values = values.join(", ");
            format!("{subject} {} {values}", self.operator.symbol()).trim_end().to_string()
        };
        let values: Vec<String> = self.values.iter().map(|value| in_quotes(value)).collect();
        let plain = written(&self.subject, &self.values);
        let careful = written(&self.subject, &values);
        let is_read = |text: &String| Self::parse(text).as_ref() == Ok(self);
        let text = [plain, careful].into_iter().find(is_read);
        f.write_str(&text.unwrap_or_else(|| written(&in_quotes(&self.subject), &values)))
    }
}

impl Operator {
    /// As it is written.
    fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Different => "≠",
            Self::In => "parmi",
            Self::Less => "<",
            Self::LessOrEqual => "≤",
            Self::Greater => ">",
            Self::GreaterOrEqual => "≥",
        }
    }

    /// Whether it compares numbers.
    fn is_order(self) -> bool {
        !matches!(self, Self::Equal | Self::Different | Self::In)
    }
}

impl Condition {
    /// Reads a condition:
    ///
    /// ```text
    /// condition = subject operator values
    /// operator  = "=" | "≠" | "!=" | "<>" | "<" | "≤" | "<=" | ">" | "≥" | ">=" | "parmi"
    /// values    = value, or after "parmi" several with commas between them
    /// subject, value = quoted | plain
    /// quoted    = "…" as it stands, a quotation mark written twice; or « … » without
    ///             the spaces inside
    /// ```
    ///
    /// What is plain holds no operator: the first one outside of quotation marks
    /// counts; the word `parmi` only between spaces, and only where no sign of
    /// equality stands between spaces (`Laquelle parmi elles ? = A`).
    ///
    /// The value of `=` and `≠` may be empty: `statut ≠` keeps what is filled. After
    /// `parmi` an empty value is quoted.
    pub fn parse(text: &str) -> Result<Self, NoCondition> {
        let (subject, rest, operator) = match quoted_subject(text) {
            Some(parts) => parts,
            None => plain_subject(text).ok_or(NoCondition::Operator)?,
        };
        if subject.is_empty() {
            return Err(NoCondition::Subject);
        }
        let values = match operator {
            Operator::In => list(rest).ok_or(NoCondition::Value)?,
            _ => vec![item(rest)],
        };
        let lacks_value = operator.is_order() && values.iter().any(String::is_empty);
        if lacks_value {
            return Err(NoCondition::Value);
        }
        Ok(Self { subject, operator, values })
    }

    /// Whether a value passes. Texts are compared as labels are; an order is
    /// one of numbers, and nothing that is not a number passes it.
    pub fn accepts(&self, value: &str) -> bool {
        let key = matching::key(value);
        let equal = || self.values.iter().any(|wanted| matching::key(wanted) == key);
        match self.operator {
            Operator::Equal | Operator::In => equal(),
            Operator::Different => !equal(),
            Operator::Less => self.compares(value, |a, b| a < b),
            Operator::LessOrEqual => self.compares(value, |a, b| a <= b),
            Operator::Greater => self.compares(value, |a, b| a > b),
            Operator::GreaterOrEqual => self.compares(value, |a, b| a >= b),
        }
    }

    fn compares(&self, value: &str, test: impl Fn(f64, f64) -> bool) -> bool {
        let number = crate::spreadsheet::parse_number(value);
        let wanted = self.values.first().and_then(|text| crate::spreadsheet::parse_number(text));
        number.zip(wanted).is_some_and(|(number, wanted)| test(number, wanted))
    }
}

/// A subject in quotation marks, what stands behind its operator, and the operator.
fn quoted_subject(text: &str) -> Option<(String, &str, Operator)> {
    let (subject, rest) = quoted(text.trim_start())?;
    let rest = rest.trim_start();
    let symbols = OPERATORS.iter().chain(&[("=", Operator::Equal)]);
    let written = symbols.map(|(symbol, operator)| (symbol.trim(), *operator));
    let (symbol, operator) = written.clone().find(|(symbol, _)| rest.starts_with(symbol))?;
    let values = rest.get(symbol.len()..)?;
    let apart = values.starts_with(|c: char| c.is_whitespace() || OPENING.contains(&c));
    (operator != Operator::In || apart).then_some((subject, values, operator))
}

/// A subject without quotation marks around it, what stands behind its operator,
/// and the operator.
fn plain_subject(text: &str) -> Option<(String, &str, Operator)> {
    let (at, symbol, operator) = first_operator(&masked(text))?;
    Some((item(text.get(..at)?), text.get(at + symbol.len()..)?, operator))
}

fn first_operator(text: &str) -> Option<(usize, &'static str, Operator)> {
    // The word may be one of the title's: `Laquelle parmi elles ? = A`.
    let is_word = [" = ", " ≠ ", " != ", " <> "].iter().any(|symbol| text.contains(symbol));
    let ordered = OPERATORS
        .iter()
        .filter(|(_, operator)| *operator != Operator::In || !is_word)
        .filter_map(|(symbol, operator)| Some((text.find(symbol)?, *symbol, *operator)))
        .min_by_key(|(at, symbol, _)| (*at, std::cmp::Reverse(symbol.len())));
    let equal = text.find('=').map(|at| (at, "=", Operator::Equal));
    match (ordered, equal) {
        (Some(ordered), Some(equal)) if equal.0 < ordered.0 => Some(equal),
        (Some(ordered), _) => Some(ordered),
        (None, equal) => equal,
    }
}

/// The marks that open a quotation.
const OPENING: [char; 2] = ['"', '«'];

/// A quotation at the beginning of a text, and what stands behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let opening = text.chars().next().filter(|c| OPENING.contains(c))?;
    let closing = if opening == '"' { '"' } else { '»' };
    let mut inside = String::new();
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character != closing {
            inside.push(character);
        } else if characters.next_if(|(_, next)| *next == closing).is_some() {
            inside.push(closing);
        } else {
            let rest = text.get(at + closing.len_utf8()..)?;
            let spaced = opening == '«';
            return Some((if spaced { inside.trim().to_string() } else { inside }, rest));
        }
    }
    None
}

/// A text between quotation marks.
fn in_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The text with its quotations blotted out, byte for byte: those that begin a word.
fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let begins = !masked.ends_with(|c: char| c.is_alphanumeric() || c == '"');
        let behind = quoted(rest).filter(|_| begins).map(|(_, behind)| behind.len());
        let length = behind.map_or(character.len_utf8(), |behind| rest.len() - behind);
        let (taken, behind_it) = rest.split_at(length);
        match behind {
            Some(_) => masked.extend(std::iter::repeat_n('x', taken.len())),
            None => masked.push_str(taken),
        }
        rest = behind_it;
    }
    masked
}

/// The values of a list, with commas between them; none where one is missing.
fn list(text: &str) -> Option<Vec<String>> {
    let mut values = Vec::new();
    let mut rest = text;
    loop {
        let after = |(value, rest): (String, &'_ str)| {
            let rest = rest.trim_start();
            let ends = rest.is_empty() || rest.starts_with(',');
            ends.then(|| (value, text.len() - rest.len()))
        };
        let (value, end) = match quoted(rest.trim_start()).and_then(after) {
            Some(quoted) => quoted,
            None => {
                let start = text.len() - rest.len();
                let end = rest.find(',').map_or(text.len(), |at| start + at);
                let value = item(text.get(start..end)?);
                if value.is_empty() {
                    return None;
                }
                (value, end)
            }
        };
        values.push(value);
        match text.get(end..)?.strip_prefix(',') {
            Some(more) => rest = more,
            None => return Some(values),
        }
    }
}

/// A subject or a value, without the spaces and the quotation marks around it.
fn item(text: &str) -> String {
    let text = text.trim();
    if let Some((inside, "")) = quoted(text) {
        return inside;
    }
    let single = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    let text = single.unwrap_or(text);
    // The quotation marks of a title are its own; one without the other is a slip.
    let slip = |(open, close): (char, char)| match open == close {
        true => !text.matches(open).count().is_multiple_of(2),
        false => text.matches(open).count() != text.matches(close).count(),
    };
    let pairs = [('"', '"'), ('«', '»')].into_iter().filter(|pair| slip(*pair));
    let marks: Vec<char> = pairs.flat_map(|(open, close)| [open, close]).collect();
    text.trim_matches(marks.as_slice()).trim().to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn condition(text: &str) -> (String, Operator, Vec<String>) {
        let condition = Condition::parse(text).unwrap();
        (condition.subject, condition.operator, condition.values)
    }

    #[test]
    fn conditions_are_read_as_people_write_them() {
        let one = |value: &str| vec![value.to_string()];
        assert_eq!(
            condition("statut = \"Terminé\""),
            ("statut".into(), Operator::Equal, one("Terminé"))
        );
        assert_eq!(condition("a != b"), ("a".into(), Operator::Different, one("b")));
        assert_eq!(condition("âge >= 18"), ("âge".into(), Operator::GreaterOrEqual, one("18")));
        let values = vec!["x".to_string(), "y".to_string()];
        assert_eq!(condition("f parmi x, y"), ("f".into(), Operator::In, values));
        assert_eq!(
            condition("Test[SQ001]=Faux"),
            ("Test[SQ001]".into(), Operator::Equal, one("Faux"))
        );
        assert_eq!(Condition::parse("statut"), Err(NoCondition::Operator));
        assert_eq!(Condition::parse("= 3"), Err(NoCondition::Subject));
        assert_eq!(Condition::parse("âge >"), Err(NoCondition::Value));
        assert_eq!(Condition::parse("f parmi a,, b"), Err(NoCondition::Value));
    }

    #[test]
    fn a_title_may_hold_the_word_of_an_operator() {
        let (subject, operator, values) = condition("Laquelle parmi elles ? = A");
        assert_eq!((subject.as_str(), operator), ("Laquelle parmi elles ?", Operator::Equal));
        assert_eq!(values, ["A"]);
        // Found by `any_condition_says_itself_again`.
        let odd = Condition::parse("a parmi=,").unwrap();
        assert_eq!(Condition::parse(&odd.to_string()), Ok(odd));
    }

    #[test]
    fn quotation_marks_hold_what_is_not_plain() {
        let read = |text: &str| {
            let (subject, operator, values) = condition(text);
            (subject, operator, values.join("|"))
        };
        let told = |subject: &str, operator, values: &str| {
            (subject.to_string(), operator, values.to_string())
        };
        assert_eq!(read("\"a = b\" = c"), told("a = b", Operator::Equal, "c"));
        assert_eq!(read("« x ≥ 3 ? » ≥ 4"), told("x ≥ 3 ?", Operator::GreaterOrEqual, "4"));
        assert_eq!(read("« Un « mot »» » = « oui »"), told("Un « mot »", Operator::Equal, "oui"));
        assert_eq!(read("t parmi \"a, b\", c, « d = e »"), told("t", Operator::In, "a, b|c|d = e"));
        assert_eq!(read("t parmi \"\", a"), told("t", Operator::In, "|a"));
        assert_eq!(
            read("Avez-vous lu « Germinal » = Oui"),
            told("Avez-vous lu « Germinal »", Operator::Equal, "Oui")
        );
        assert_eq!(read("\"dit \"\"oui\"\"\"=x"), told("dit \"oui\"", Operator::Equal, "x"));
        // Slips, as they were read before.
        assert_eq!(read("statut = «Terminé"), told("statut", Operator::Equal, "Terminé"));
        assert_eq!(read("'statut' = 'd’accord'"), told("statut", Operator::Equal, "d’accord"));
        assert_eq!(read("écran 5\" = oui"), told("écran 5", Operator::Equal, "oui"));
    }

    #[test]
    fn a_condition_is_written_as_a_person_would() {
        let written = |subject: &str, operator, values: &[&str]| {
            let values = values.iter().map(|value| value.to_string()).collect();
            Condition { subject: subject.to_string(), operator, values }.to_string()
        };
        assert_eq!(
            written("Date de soumission", Operator::Different, &[""]),
            "Date de soumission ≠"
        );
        assert_eq!(written("t", Operator::In, &["a", "b"]), "t parmi a, b");
        assert_eq!(written("t", Operator::In, &["a, b"]), "t parmi \"a, b\"");
        assert_eq!(written("a = b", Operator::Less, &["3"]), "\"a = b\" < \"3\"");
        assert_eq!(written("l’âge d'or", Operator::Greater, &["3"]), "l’âge d'or > 3");
    }

    #[test]
    fn values_are_compared_as_labels_and_numbers() {
        let accepts = |text: &str, value: &str| Condition::parse(text).unwrap().accepts(value);
        assert!(accepts("s = terminé", "Terminé\u{A0}"));
        assert!(!accepts("s ≠ terminé", "TERMINÉ."));
        assert!(accepts("s ≠", "x"));
        assert!(accepts("n >= 1,5", "1.5"));
        assert!(!accepts("n > 3", "beaucoup"));
    }

    fn any_text() -> impl Strategy<Value = String> {
        prop_oneof!["[a-cé0-9 ,=≠<>«»\"'!]{0,8}", "(a|b| parmi |=|\"|«|»| |,){0,6}", "\\PC{0,6}"]
    }

    /// What fuzzing found.
    #[test]
    fn quotation_marks_without_their_other_half_say_themselves_again() {
        for text in ["« \" \"=", "a parmi=,"] {
            let condition = Condition::parse(text).unwrap();
            assert_eq!(Condition::parse(&condition.to_string()), Ok(condition), "{text}");
        }
    }

    proptest! {
        /// Any condition is read as it was written.
        #[test]
        fn any_condition_says_itself_again(
            subject in any_text().prop_filter("a subject", |text| !text.is_empty()),
            operator in prop::sample::select(vec![
                Operator::Equal,
                Operator::Different,
                Operator::In,
                Operator::Less,
                Operator::LessOrEqual,
                Operator::Greater,
                Operator::GreaterOrEqual,
            ]),
            values in prop::collection::vec(any_text(), 1..4),
        ) {
            let single = operator != Operator::In;
            let values: Vec<String> = values.into_iter().take(if single { 1 } else { 3 }).collect();
            prop_assume!(!operator.is_order() || !values.iter().any(String::is_empty));
            let condition = Condition { subject, operator, values };
            let text = condition.to_string();
            prop_assert_eq!(Condition::parse(&text), Ok(condition), "{}", text);
        }

        /// Whatever is written as a condition is read or not; one that was read says
        /// itself again, and compares with any answer.
        #[test]
        fn any_condition_is_read_or_not(
            text in "[a-cé0-9 ]{0,6}(=|!=|≠|<=?|≤|>|≥|parmi|«|\\[|\"| ){0,3}[a-cé0-9,; ≠=\"«»]{0,8}",
            answer in "[a-c0-9, ]{0,6}",
        ) {
            if let Ok(condition) = Condition::parse(&text) {
                let again = Condition::parse(&condition.to_string());
                let _ = condition.accepts(&answer);
                prop_assert_eq!(again, Ok(condition), "{:?}", text);
            }
        }
    }
}
