//! Arithmetic on indicators: `apprenants.moyenne * laureats * 3`.

use std::fmt;

/// A parsed expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    Number(f64),
    /// The identifier of another indicator.
    Indicator(String),
    Negative(Box<Expression>),
    Operation(Box<Expression>, Operation, Box<Expression>),
}

/// A value and its derivatives by the figures it is made of, each once, in the
/// order in which they come.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dual {
    pub value: f64,
    pub slopes: Vec<(String, f64)>,
}

/// One of the four operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl Operation {
    fn apply(self, left: f64, right: f64) -> Option<f64> {
        match self {
            Self::Add => Some(left + right),
            Self::Subtract => Some(left - right),
            Self::Multiply => Some(left * right),
            Self::Divide => (right != 0.0).then(|| left / right),
        }
    }

    /// The derivatives of the result by the left and by the right operand.
    fn slopes(self, left: f64, right: f64) -> (f64, f64) {
        match self {
            Self::Add => (1.0, 1.0),
            Self::Subtract => (1.0, -1.0),
            Self::Multiply => (right, left),
            Self::Divide => (1.0 / right, -left / (right * right)),
        }
    }

    /// The least and the greatest result of operands within bounds; none for a
    /// division by what may be zero.
    fn range(self, left: (f64, f64), right: (f64, f64)) -> Option<(f64, f64)> {
        if self == Self::Divide && right.0 <= 0.0 && right.1 >= 0.0 {
            return None;
        }
        // Each operation is monotonous in each operand: its ends are at corners.
        let corners = [
            self.apply(left.0, right.0)?,
            self.apply(left.0, right.1)?,
            self.apply(left.1, right.0)?,
            self.apply(left.1, right.1)?,
        ];
        let low = corners.iter().copied().fold(f64::INFINITY, f64::min);
        Some((low, corners.iter().copied().fold(f64::NEG_INFINITY, f64::max)))
    }

    fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "−",
            Self::Multiply => "×",
            Self::Divide => "÷",
        }
    }
}

impl Expression {
    /// Reads an expression: numbers (with a point or a comma), identifiers of
    /// indicators, `+ - * /` and parentheses.
    ///
    /// # Errors
    ///
    /// What was expected, in French, and where (a count of characters).
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { tokens: tokens(text)?, next: 0 };
        let expression = parser.sum()?;
        match parser.peek() {
            None => Ok(expression),
            Some(token) => Err(format!("« {token} » n’est pas attendu ici")),
        }
    }

    /// The indicators the expression names, in order, repeated ones too.
    pub fn indicators(&self) -> Vec<&str> {
        match self {
            Self::Number(_) => Vec::new(),
            Self::Indicator(id) => vec![id],
            Self::Negative(inner) => inner.indicators(),
            Self::Operation(left, _, right) => [left.indicators(), right.indicators()].concat(),
        }
    }

    /// The value, where each indicator has one; none for a division by zero.
    pub fn evaluate(&self, value: &impl Fn(&str) -> Option<f64>) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Indicator(id) => value(id),
            Self::Negative(inner) => inner.evaluate(value).map(|number| -number),
            Self::Operation(left, operation, right) => {
                operation.apply(left.evaluate(value)?, right.evaluate(value)?)
            }
        }
    }

    /// The value with its derivatives, by the chain rule; none where
    /// [`Expression::evaluate`] has none.
    pub fn differentiate(&self, of: &impl Fn(&str) -> Option<Dual>) -> Option<Dual> {
        match self {
            Self::Number(number) => Some(Dual { value: *number, slopes: Vec::new() }),
            Self::Indicator(id) => of(id),
            Self::Negative(inner) => {
                let inner = inner.differentiate(of)?;
                let slopes = scaled(&inner.slopes, -1.0).collect();
                Some(Dual { value: -inner.value, slopes })
            }
            Self::Operation(left, operation, right) => {
                let (left, right) = (left.differentiate(of)?, right.differentiate(of)?);
                let value = operation.apply(left.value, right.value)?;
                let (by_left, by_right) = operation.slopes(left.value, right.value);
                let terms = scaled(&left.slopes, by_left).chain(scaled(&right.slopes, by_right));
                Some(Dual { value, slopes: added(terms) })
            }
        }
    }

    /// The least and the greatest value, each indicator being anywhere within its
    /// bounds (interval arithmetic: never too narrow; too wide where an indicator
    /// comes twice). None where one has no bounds, or may make a divisor zero.
    pub fn range(&self, bounds: &impl Fn(&str) -> Option<(f64, f64)>) -> Option<(f64, f64)> {
        match self {
            Self::Number(number) => Some((*number, *number)),
            Self::Indicator(id) => bounds(id),
            Self::Negative(inner) => inner.range(bounds).map(|(low, high)| (-high, -low)),
            Self::Operation(left, operation, right) => {
                operation.range(left.range(bounds)?, right.range(bounds)?)
            }
        }
    }

    /// The expression with `show` in place of each indicator, for explaining a
    /// figure: `100,2 × 202 × 3`.
    pub fn spelled(&self, show: &impl Fn(&str) -> String) -> String {
        match self {
            Self::Number(number) => crate::typography::shortest(*number, 6),
            Self::Indicator(id) => show(id),
            Self::Negative(inner) => format!("−{}", inner.spelled(show)),
            Self::Operation(left, operation, right) => {
                let side = |side: &Self, strict: bool| match side {
                    Self::Operation(_, inner, _) if operation.binds_tighter(*inner, strict) => {
                        format!("({})", side.spelled(show))
                    }
                    other => other.spelled(show),
                };
                format!("{} {} {}", side(left, false), operation.symbol(), side(right, true))
            }
        }
    }
}

fn scaled(slopes: &[(String, f64)], by: f64) -> impl Iterator<Item = (String, f64)> {
    slopes.iter().map(move |(id, slope)| (id.clone(), by * slope))
}

fn added(terms: impl Iterator<Item = (String, f64)>) -> Vec<(String, f64)> {
    let mut sums: Vec<(String, f64)> = Vec::new();
    for (id, slope) in terms {
        match sums.iter_mut().find(|(known, _)| *known == id) {
            Some((_, sum)) => *sum += slope,
            None => sums.push((id, slope)),
        }
    }
    sums
}

impl Operation {
    /// Whether an operand that is itself an operation needs parentheses.
    fn binds_tighter(self, inner: Self, right: bool) -> bool {
        let rank = |operation| matches!(operation, Self::Multiply | Self::Divide);
        let same = rank(self) == rank(inner);
        (rank(self) && !rank(inner))
            || (right && same && matches!(self, Self::Subtract | Self::Divide))
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Name(String),
    Symbol(char),
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Name(name) => f.write_str(name),
            Self::Symbol(symbol) => write!(f, "{symbol}"),
        }
    }
}

/// Cuts a text into tokens. A hyphen inside a name belongs to it; a minus sign
/// stands between spaces or before a number.
fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '+' | '-' | '−' | '*' | '×' | '/' | '÷' | '(' | ')' => first.len_utf8(),
            _ if first.is_ascii_digit() => {
                run(rest, |c| c.is_ascii_digit() || c == '.' || c == ',')
            }
            _ if first.is_alphabetic() => run(rest, |c| c.is_alphanumeric() || "._-".contains(c)),
            _ => return Err(format!("« {first} » n’est pas attendu ici")),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token_of(token)?);
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| !belongs(c)).unwrap_or(text.len())
}

fn token_of(text: &str) -> Result<Token, String> {
    match text.chars().next() {
        Some(first) if first.is_ascii_digit() => {
            let number = text.replace(',', ".").parse().map_err(|_| not_a_number(text))?;
            Ok(Token::Number(number))
        }
        Some(first) if first.is_alphabetic() => Ok(Token::Name(text.to_string())),
        Some('−') => Ok(Token::Symbol('-')),
        Some('×') => Ok(Token::Symbol('*')),
        Some('÷') => Ok(Token::Symbol('/')),
        Some(symbol) => Ok(Token::Symbol(symbol)),
        None => Err("rien n’est écrit".to_string()),
    }
}

fn not_a_number(text: &str) -> String {
    format!("« {text} » n’est pas un nombre")
}

/// How deep parentheses and signs may be nested.
const DEPTH: usize = 64;

struct Parser {
    tokens: Vec<Token>,
    next: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.next += 1;
        token
    }

    fn take_operation(&mut self, among: &[(char, Operation)]) -> Option<Operation> {
        let Some(Token::Symbol(symbol)) = self.peek() else { return None };
        let operation = among.iter().find(|(candidate, _)| candidate == symbol)?.1;
        self.next += 1;
        Some(operation)
    }

    fn sum(&mut self) -> Result<Expression, String> {
        self.sum_at(0)
    }

    fn sum_at(&mut self, depth: usize) -> Result<Expression, String> {
        const SYMBOLS: [(char, Operation); 2] = [('+', Operation::Add), ('-', Operation::Subtract)];
        let mut left = self.product(depth)?;
        while let Some(operation) = self.take_operation(&SYMBOLS) {
            let right = self.product(depth)?;
            left = Expression::Operation(Box::new(left), operation, Box::new(right));
        }
        Ok(left)
    }

    fn product(&mut self, depth: usize) -> Result<Expression, String> {
        const SYMBOLS: [(char, Operation); 2] =
            [('*', Operation::Multiply), ('/', Operation::Divide)];
        let mut left = self.factor(depth)?;
        while let Some(operation) = self.take_operation(&SYMBOLS) {
            let right = self.factor(depth)?;
            left = Expression::Operation(Box::new(left), operation, Box::new(right));
        }
        Ok(left)
    }

    fn factor(&mut self, depth: usize) -> Result<Expression, String> {
        if depth > DEPTH {
            return Err("trop de parenthèses imbriquées".to_string());
        }
        match self.take() {
            Some(Token::Number(number)) => Ok(Expression::Number(number)),
            Some(Token::Name(name)) => Ok(Expression::Indicator(name)),
            Some(Token::Symbol('-')) => Ok(Expression::Negative(Box::new(self.factor(depth + 1)?))),
            Some(Token::Symbol('(')) => {
                let inner = self.sum_at(depth + 1)?;
                match self.take() {
                    Some(Token::Symbol(')')) => Ok(inner),
                    _ => Err("une parenthèse n’est pas fermée".to_string()),
                }
            }
            Some(token) => Err(format!("« {token} » n’est pas attendu ici")),
            None => Err("il manque un nombre ou un indicateur à la fin".to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<f64> {
        let values = |id: &str| match id {
            "laureats" => Some(202.0),
            "apprenants.moyenne" => Some(100.0),
            "taux-de-reponse" => Some(92.0),
            _ => None,
        };
        Expression::parse(text).unwrap().evaluate(&values)
    }

    #[test]
    fn operations_bind_as_in_arithmetic() {
        assert_eq!(value("apprenants.moyenne * laureats * 3"), Some(60_600.0));
        assert_eq!(value("1 + 2 × 3 − 4 ÷ 2"), Some(5.0));
        assert_eq!(value("-(1 + 2) * 2,5"), Some(-7.5));
        assert_eq!(value("10 - 3 - 2"), Some(5.0));
        assert_eq!(value("100 - taux-de-reponse"), Some(8.0));
        assert_eq!(value("1 / 0"), None);
        assert_eq!(value("absent + 1"), None);
    }

    #[test]
    fn derivatives_follow_the_chain_rule() {
        let dual = |id: &str| {
            let value = match id {
                "a" => 4.0,
                "b" => 2.0,
                _ => return None,
            };
            Some(Dual { value, slopes: vec![(id.to_string(), 1.0)] })
        };
        let of = |text: &str| Expression::parse(text).unwrap().differentiate(&dual);
        let slopes = |text: &str| of(text).unwrap().slopes.into_iter().map(|(_, slope)| slope);
        assert_eq!(slopes("a * 3 - b").collect::<Vec<_>>(), [3.0, -1.0]);
        assert_eq!(slopes("a / b").collect::<Vec<_>>(), [0.5, -1.0]);
        assert_eq!(slopes("a * a - (-b)").collect::<Vec<_>>(), [8.0, 1.0]);
        assert_eq!(slopes("3 * 2").count(), 0);
        assert_eq!(of("a / (b - 2)"), None);
        assert_eq!(of("a + c"), None);
    }

    #[test]
    fn a_range_holds_all_that_could_be() {
        let bounds = |id: &str| (id != "x").then_some((1.0, 2.0));
        let of = |text: &str| Expression::parse(text).unwrap().range(&bounds);
        assert_eq!(of("a * 3"), Some((3.0, 6.0)));
        assert_eq!(of("10 - a * b"), Some((6.0, 9.0)));
        assert_eq!(of("-a / b"), Some((-2.0, -0.5)));
        assert_eq!(of("1 / (a - 1.5)"), None);
        assert_eq!(of("a + x"), None);
    }

    #[test]
    fn faults_are_told_in_french() {
        let fault = |text: &str| Expression::parse(text).unwrap_err();
        assert_eq!(fault("1 +"), "il manque un nombre ou un indicateur à la fin");
        assert_eq!(fault("(1 + 2"), "une parenthèse n’est pas fermée");
        assert_eq!(fault("1 2"), "« 2 » n’est pas attendu ici");
        assert_eq!(fault("a % b"), "« % » n’est pas attendu ici");
        assert_eq!(fault("1.2.3"), "« 1.2.3 » n’est pas un nombre");
        assert_eq!(fault(&"(".repeat(10_000)), "trop de parenthèses imbriquées");
    }

    #[test]
    fn an_expression_is_spelled_with_its_numbers() {
        let spelled =
            |text: &str| Expression::parse(text).unwrap().spelled(&|id| format!("[{id}]"));
        assert_eq!(spelled("a * (b + 3) / 2"), "[a] × ([b] + 3) ÷ 2");
        assert_eq!(spelled("a - (b - c)"), "[a] − ([b] − [c])");
    }
}
