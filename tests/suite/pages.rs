//! Laid-out pages, looked at as a reader would: does a text run out of the
//! page, stand on another, or a heading stand alone at the foot of a page?

use bilan::report::CONTROL;
use typst::foundations::NativeElement;
use typst::introspection::Tag;
use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst::model::HeadingElem;
use typst_layout::{Page, PagedDocument};

/// The margins of the pages of `theme.typ`, in points.
const SIDE: f64 = 56.6;
/// That of the report of checks, whose lines are long.
const NARROW_SIDE: f64 = 39.6;
const TOP: f64 = 76.0;
const BOTTOM: f64 = 65.0;

/// What stands somewhere on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// The text; none for a picture.
    pub text: Option<String>,
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
    /// Whether it belongs to a heading.
    pub heading: bool,
}

impl Piece {
    fn meets(&self, other: &Self) -> bool {
        self.left + 0.7 < other.right
            && other.left + 0.7 < self.right
            && self.top + 0.5 < other.bottom
            && other.top + 0.5 < self.bottom
    }

    /// Whether it stands between the header and the footer.
    fn in_body(&self, height: f64) -> bool {
        self.bottom > TOP - 2.0 && self.top < height - BOTTOM
    }

    fn shown(&self) -> String {
        let text = self.text.clone().unwrap_or_else(|| "une image".to_string());
        let start: String = text.chars().take(40).collect();
        format!("« {start} » ({:.0}, {:.0})", self.left, self.top)
    }
}

/// The faults of the pages of a document, by its name; the first and last pages
/// of the brochure are covers, whose pictures run off the paper.
pub fn faults(document: &PagedDocument, name: &str) -> Vec<String> {
    let last = document.pages().len().saturating_sub(1);
    let mut faults = Vec::new();
    let (covers, side) = (name == "bilan", if name == CONTROL { NARROW_SIDE } else { SIDE });
    for (rank, page) in document.pages().iter().enumerate() {
        let cover = covers && (rank == 0 || rank == last);
        let found = faults_of(page, cover, side);
        faults.extend(found.into_iter().map(|fault| format!("page {} : {fault}", rank + 1)));
    }
    faults
}

fn faults_of(page: &Page, cover: bool, side: f64) -> Vec<String> {
    let pieces = pieces(page);
    let size = page.frame.size();
    let (width, height) = (size.x.to_pt(), size.y.to_pt());
    let texts: Vec<&Piece> = pieces.iter().filter(|piece| piece.text.is_some()).collect();
    let mut faults = Vec::new();
    let side = if cover { 0.0 } else { side };
    for piece in &texts {
        // A hyphen at the end of a line hangs in the margin.
        let inside = piece.left >= side - 1.0
            && piece.right <= width - side + 3.0
            && piece.top >= 0.0
            && piece.bottom <= height;
        if !inside {
            faults.push(format!("{} sort des marges, à {:.0}", piece.shown(), piece.right));
        }
    }
    for (rank, piece) in texts.iter().enumerate() {
        let on = texts.iter().skip(rank + 1).find(|other| piece.meets(other));
        faults.extend(on.map(|on| format!("{} sur {}", piece.shown(), on.shown())));
    }
    if !cover {
        faults.extend(picture_faults(&pieces, height));
        faults.extend(lonely_heading(&pieces, height));
    }
    faults
}

/// Pictures stay in the body of the page, and no text stands on them.
fn picture_faults(pieces: &[Piece], height: f64) -> Vec<String> {
    let mut faults = Vec::new();
    for picture in pieces.iter().filter(|piece| piece.text.is_none()) {
        if picture.bottom > height - BOTTOM + 2.0 || picture.top < 0.0 {
            faults.push(format!("{} sort du corps de la page", picture.shown()));
        }
        let on = pieces.iter().find(|piece| piece.text.is_some() && piece.meets(picture));
        faults.extend(on.map(|on| format!("{} sur une image", on.shown())));
    }
    faults
}

/// The lowest heading of a page has something below it.
fn lonely_heading(pieces: &[Piece], height: f64) -> Option<String> {
    let body = || pieces.iter().filter(|piece| piece.in_body(height));
    let heading = body().filter(|piece| piece.heading).max_by(|a, b| a.top.total_cmp(&b.top))?;
    let below = body().any(|piece| !piece.heading && piece.bottom > heading.bottom + 1.0);
    (!below).then(|| format!("le titre {} est seul en bas de page", heading.shown()))
}

/// The texts and pictures of a page.
pub fn pieces(page: &Page) -> Vec<Piece> {
    let mut walk = Walk { pieces: Vec::new(), headings: Vec::new() };
    walk.frame(&page.frame, Transform::identity());
    walk.pieces
}

struct Walk {
    pieces: Vec<Piece>,
    /// The headings that are open.
    headings: Vec<typst::introspection::Location>,
}

impl Walk {
    fn frame(&mut self, frame: &Frame, transform: Transform) {
        for (point, item) in frame.items() {
            let here = transform.pre_concat(Transform::translate(point.x, point.y));
            match item {
                FrameItem::Group(group) => {
                    self.frame(&group.frame, here.pre_concat(group.transform));
                }
                FrameItem::Text(text) => {
                    if text.text.chars().any(|c| !c.is_whitespace()) {
                        // From the height of a small letter to the base line:
                        // what would be hard to read under another text.
                        let (up, down) = (text.size * -0.55, text.size * 0.05);
                        self.add(Some(text.text.to_string()), here, text.width(), up, down);
                    }
                }
                FrameItem::Image(_, size, _) => {
                    self.add(None, here, size.x, Abs::zero(), size.y);
                }
                FrameItem::Tag(Tag::Start(element, _)) => {
                    if element.elem() == HeadingElem::ELEM {
                        self.headings.extend(element.location());
                    }
                }
                FrameItem::Tag(Tag::End(location, ..)) => {
                    self.headings.retain(|open| open != location);
                }
                FrameItem::Shape(..) | FrameItem::Link(..) => {}
            }
        }
    }

    fn add(&mut self, text: Option<String>, at: Transform, width: Abs, up: Abs, down: Abs) {
        let corner = |x: Abs, y: Abs| Point::new(x, y).transform(at);
        let (start, end) = (corner(Abs::zero(), up), corner(width, down));
        self.pieces.push(Piece {
            text,
            left: start.x.to_pt(),
            top: start.y.to_pt(),
            right: end.x.to_pt(),
            bottom: end.y.to_pt(),
            heading: !self.headings.is_empty(),
        });
    }
}
