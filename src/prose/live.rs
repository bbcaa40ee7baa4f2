//! Live figures: `{{id}}` and `{{id|region=bretagne}}` in a sentence.

use serde::Serialize;

/// A figure asked for in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    pub id: String,
    /// The région's name or slug.
    pub region: Option<String>,
    /// The other options, as written: name and value.
    pub options: Vec<(String, String)>,
}

/// A figure in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LiveFigure {
    #[serde(rename = "indicateur")]
    pub id: String,
    #[serde(rename = "texte")]
    pub text: String,
    /// Whether it was computed from the questionnaire's answers.
    #[serde(rename = "enquete")]
    pub from_answers: bool,
}

/// A text cut at its live figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// A request, and the text it was written as.
    Figure(Request, &'a str),
}

/// Cuts a text at its live figures. What is not closed is text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, written, inner, after)) = next_figure(rest) {
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Figure(request(inner), written));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// What stands before, the figure as written, what is inside, what follows.
fn next_figure(text: &str) -> Option<(&str, &str, &str, &str)> {
    let start = text.find("{{")?;
    let (before, from) = text.split_at(start);
    let inner = from.get(2..)?;
    let end = inner.find("}}")?;
    let written = from.get(..end + 4)?;
    Some((before, written, inner.get(..end)?, inner.get(end + 2..)?))
}

fn request(inner: &str) -> Request {
    let mut parts = inner.split('|').map(str::trim);
    let mut request =
        Request { id: parts.next().unwrap_or_default().to_string(), ..Request::default() };
    for part in parts {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match name.trim() {
            "region" => request.region = Some(value.trim().to_string()),
            name => request.options.push((name.to_string(), value.trim().to_string())),
        }
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_cut_out_with_their_options() {
        let found = pieces("a {{ x.y | region = Bretagne | format=mots }}b {{ouvert");
        let Piece::Figure(request, written) = &found[1] else { panic!("{found:?}") };
        assert_eq!(request.id, "x.y");
        assert_eq!(request.region.as_deref(), Some("Bretagne"));
        assert_eq!(request.options, [("format".to_string(), "mots".to_string())]);
        assert_eq!(*written, "{{ x.y | region = Bretagne | format=mots }}");
        assert_eq!(found[2], Piece::Text("b {{ouvert"));
    }
}
