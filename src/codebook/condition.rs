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

impl std::fmt::Display for Condition {
    /// As a person would write it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let symbol = match self.operator {
            Operator::Equal => "=",
            Operator::Different => "≠",
            Operator::In => "parmi",
            Operator::Less => "<",
            Operator::LessOrEqual => "≤",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => "≥",
        };
        write!(f, "{} {symbol} {}", self.subject, self.values.join(", "))
    }
}

impl Condition {
    /// Reads `subject operator value`. Nothing where there is no operator, no
    /// subject, or no value after an operator of order.
    ///
    /// The value of `=` and `≠` may be empty: `statut ≠` keeps what is filled.
    /// The values after `parmi` are separated by commas.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, symbol, operator) = first_operator(text)?;
        let subject = unquoted(text.get(..at)?);
        let rest = text.get(at + symbol.len()..)?;
        let values: Vec<String> = match operator {
            Operator::In => rest.split(',').map(unquoted).collect(),
            _ => vec![unquoted(rest)],
        };
        let ordered = !matches!(operator, Operator::Equal | Operator::Different);
        let lacks_value = ordered && values.iter().any(String::is_empty);
        (!subject.is_empty() && !lacks_value).then_some(Self { subject, operator, values })
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

fn unquoted(text: &str) -> String {
    text.trim().trim_matches(['"', '\'', '«', '»']).trim().to_string()
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
        assert!(Condition::parse("statut").is_none());
        assert!(Condition::parse("= 3").is_none());
        assert!(Condition::parse("âge >").is_none());
    }

    #[test]
    fn a_title_may_hold_the_word_of_an_operator() {
        let (subject, operator, values) = condition("Laquelle parmi elles ? = A");
        assert_eq!((subject.as_str(), operator), ("Laquelle parmi elles ?", Operator::Equal));
        assert_eq!(values, ["A"]);
        // Found by `any_condition_is_read_or_not`.
        let odd = Condition::parse("a parmi=,").unwrap();
        assert_eq!(Condition::parse(&odd.to_string()), Some(odd));
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

    proptest! {
        /// Whatever is written as a condition, an equality that was read says
        /// itself again, and any condition compares with any answer.
        #[test]
        fn any_condition_is_read_or_not(
            text in "[a-cé0-9 ]{0,6}(=|!=|≠|<=?|≤|>|≥|parmi|«|\\[|\"| ){0,3}[a-cé0-9,; ≠=\"«»]{0,8}",
            answer in "[a-c0-9, ]{0,6}",
        ) {
            if let Some(condition) = Condition::parse(&text) {
                let again = Condition::parse(&condition.to_string());
                let equal = matches!(condition.operator, Operator::Equal | Operator::Different);
                prop_assert!(again.is_some() || !equal, "{text:?}: {condition}");
                let _ = condition.accepts(&answer);
            }
        }
    }
}
