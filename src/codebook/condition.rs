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
    let ordered = OPERATORS
        .iter()
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
    fn values_are_compared_as_labels_and_numbers() {
        let accepts = |text: &str, value: &str| Condition::parse(text).unwrap().accepts(value);
        assert!(accepts("s = terminé", "Terminé\u{A0}"));
        assert!(!accepts("s ≠ terminé", "TERMINÉ."));
        assert!(accepts("s ≠", "x"));
        assert!(accepts("n >= 1,5", "1.5"));
        assert!(!accepts("n > 3", "beaucoup"));
    }
}
